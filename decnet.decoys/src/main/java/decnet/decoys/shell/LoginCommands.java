package decnet.decoys.shell;

import decnet.decoys.Login;
import decnet.decoys.Utmp;
import decnet.topology.Account;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Commands that tell who is, and who was, at the machine. Stateless. */
final class LoginCommands {
    private LoginCommands() {}

    static void addTo(Map<String, Command> map) {
        map.put("users", call -> {
            List<String> names = online(call).stream().map(Login::user).sorted().toList();
            return names.isEmpty() ? 0 : call.line(String.join(" ", names)).status();
        });
        map.put("who", LoginCommands::who);
        map.put("w", LoginCommands::w);
        map.put("last", call -> last(call, "/var/log/wtmp"));
        map.put(
                "lastb",
                call -> call.shell().root()
                        ? last(call, "/var/log/btmp")
                        : call.fail("cannot open /var/log/btmp: Permission denied"));
        map.put("lastlog", LoginCommands::lastlog);
    }

    private static DateTimeFormatter time(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    private static Instant now(Call call) {
        return call.shell().context.clock().instant();
    }

    private static List<Login> online(Call call) {
        return call.shell().disk.chronicle().online(now(call));
    }

    private static int who(Call call) {
        if (call.option('b')) {
            return call.line("         system boot  "
                            + time("yyyy-MM-dd HH:mm")
                                    .format(call.shell().persona.bootedAt()))
                    .status();
        }
        boolean mine = call.option('m') || call.operands().size() == 2;
        List<Login> online = online(call);
        if (call.option('q')) {
            call.line(String.join(" ", online.stream().map(Login::user).toList()));
            return call.line("# users=" + online.size()).status();
        }
        if (call.option('H')) {
            call.line("NAME     LINE         TIME             COMMENT");
        }
        for (Login login : online) {
            if (!mine || login.terminal().equals(call.shell().terminalName())) {
                call.line(String.format(
                        "%-8s %-12s %s (%s)",
                        login.user(), login.terminal(), time("yyyy-MM-dd HH:mm").format(login.from()), login.host()));
            }
        }
        return 0;
    }

    private static int w(Call call) {
        ShellState shell = call.shell();
        Instant now = now(call);
        if (!call.option('h')) {
            call.line(TimeCommands.uptime(shell))
                    .line("USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT");
        }
        for (Login login : online(call)) {
            boolean own = login.terminal().equals(shell.terminalName());
            Duration here = Duration.between(login.from(), now);
            call.line(String.format(
                    "%-8.8s %-8s %-16.16s %s  %6s  0.0%ds  0.0%ds %s",
                    login.user(),
                    login.terminal(),
                    login.host(),
                    since(login.from(), here),
                    own ? "0.00s" : idle(here),
                    2 + login.pid() % 7,
                    login.pid() % 3,
                    own ? String.join(" ", call.args()) : "-" + (shell.ash() ? "sh" : "bash")));
        }
        return 0;
    }

    private static String since(Instant from, Duration here) {
        return here.toHours() < 12
                ? time("HH:mm").format(from) + " "
                : time(here.toDays() < 7 ? "EEEHH " : "ddMMMuu").format(from);
    }

    private static String idle(Duration here) {
        long seconds = here.toSeconds() * 3 / 5;
        return seconds < 60
                ? seconds + ".00s"
                : seconds < 3600
                        ? String.format("%d:%02d", seconds / 60, seconds % 60)
                        : String.format("%d:%02dm", seconds / 3600, seconds / 60 % 60);
    }

    private record Ended(Utmp.Entry start, Optional<Instant> end) {}

    private static int last(Call call, String standard) {
        int option = call.args().indexOf("-f");
        String file = option > 0 ? call.arg(option + 1) : standard;
        var node = call.shell().follow(file);
        if (node.isEmpty()) {
            return call.fail("cannot open " + file + ": No such file or directory");
        }
        List<Utmp.Entry> records = Utmp.read(node.get().content().bytes());
        List<Ended> shown = new ArrayList<>();
        Map<String, Instant> ends = new HashMap<>();
        for (Utmp.Entry one : records.reversed()) {
            if (one.type() == Utmp.DEAD) {
                ends.put(one.line(), one.at());
            } else if (!one.user().isEmpty()) {
                shown.add(new Ended(one, Optional.ofNullable(ends.remove(one.line()))));
            }
        }
        long most = limit(call);
        List<String> wanted = call.operands("nf", java.util.Set.of("limit", "file"));
        shown.stream()
                .filter(one -> wanted.isEmpty()
                        || wanted.contains(one.start().user())
                        || wanted.contains(one.start().line()))
                .limit(most)
                .forEach(one -> call.line(row(one, call.option('F'))));
        Instant begin =
                records.isEmpty() ? node.get().modified() : records.getFirst().at();
        String name = file.substring(file.lastIndexOf('/') + 1);
        return call.line("")
                .line(name + " begins " + time("EEE MMM ppd HH:mm:ss yyyy").format(begin))
                .status();
    }

    private static long limit(Call call) {
        List<String> args = call.args();
        for (int i = 1; i < args.size(); i++) {
            String number =
                    args.get(i).equals("-n") ? call.arg(i + 1) : args.get(i).replaceFirst("^-n?", "");
            if (args.get(i).startsWith("-") && number.matches("\\d{1,6}")) {
                return Long.parseLong(number);
            }
        }
        return Long.MAX_VALUE;
    }

    private static String row(Ended ended, boolean full) {
        Utmp.Entry start = ended.start();
        DateTimeFormatter day = time(full ? "EEE MMM ppd HH:mm:ss yyyy" : "EEE MMM ppd HH:mm");
        boolean boot = start.type() == Utmp.BOOT;
        String end = ended.end()
                .map(at ->
                        "- " + (full ? day : time("HH:mm")).format(at) + " " + span(Duration.between(start.at(), at)))
                .orElse(boot ? "  still running" : "  still logged in");
        return String.format(
                "%-8.8s %-12.12s %-16.16s %s %s",
                start.user(), boot ? "system boot" : start.line(), start.host(), day.format(start.at()), end);
    }

    private static String span(Duration time) {
        String clock = String.format("%02d:%02d", time.toHoursPart(), time.toMinutesPart());
        return time.toDays() > 0 ? "(" + time.toDays() + "+" + clock + ")" : " (" + clock + ")";
    }

    private static int lastlog(Call call) {
        ShellState shell = call.shell();
        Instant now = now(call);
        int option = call.args().indexOf("-u");
        String only = option > 0 ? call.arg(option + 1) : "";
        call.line("Username         Port     From                                       Latest");
        for (Account account : shell.persona.accounts()) {
            if (!only.isEmpty() && !only.equals(account.name())) {
                continue;
            }
            Optional<Login> last = shell.disk.chronicle().lastLogin(account.name(), now);
            call.line(last.map(login -> String.format(
                            "%-16s %-8s %-42s %s",
                            account.name(),
                            login.terminal(),
                            login.host(),
                            time("EEE MMM ppd HH:mm:ss xx yyyy").format(login.from())))
                    .orElse(String.format("%-16s %-8s %-42s **Never logged in**", account.name(), "", "")));
        }
        return 0;
    }
}
