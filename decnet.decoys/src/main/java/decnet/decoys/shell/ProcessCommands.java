package decnet.decoys.shell;

import decnet.decoys.Daemons;
import decnet.decoys.Login;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Commands on processes. Stateless. */
final class ProcessCommands {
    private static final DateTimeFormatter BOOT_DAY =
            DateTimeFormatter.ofPattern("MMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter YEAR =
            DateTimeFormatter.ofPattern(" yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private record Task(int pid, int parent, String user, String tty, String command, Instant from) {
        boolean kernel() {
            return command.startsWith("[");
        }

        /** Processor time so far, in seconds: some do much, most do nearly nothing. */
        long used(Instant now) {
            double rate = Math.pow(10, -3.2 - Math.floorMod(command.hashCode(), 30) / 10.0);
            return (long) (Duration.between(from, now).toSeconds() * (kernel() ? rate / 20 : rate));
        }
    }

    private ProcessCommands() {}

    static void addTo(Map<String, Command> map) {
        map.put("ps", ProcessCommands::ps);
        map.put("top", ProcessCommands::top);
        map.put("htop", ProcessCommands::top);
        map.put("kill", ProcessCommands::kill);
        map.put("pkill", call -> 1);
        map.put("killall", call -> call.fail(call.arg(call.count() - 1) + ": no process found"));
        map.put("pgrep", call -> {
            List<Task> found = all(call.shell()).stream()
                    .filter(one -> one.command().contains(call.arg(call.count() - 1)))
                    .toList();
            found.forEach(one -> call.line(Integer.toString(one.pid())));
            return found.isEmpty() ? 1 : 0;
        });
        map.put("lsof", call -> 0);
    }

    private static List<Task> all(ShellState shell) {
        List<Task> all = new ArrayList<>();
        boolean ash = shell.ash();
        all.add(new Task(1, 0, "root", "?", ash ? "init" : "/sbin/init", shell.persona.bootedAt()));
        int pid = 2;
        for (String kernel : List.of(
                "kthreadd",
                "rcu_gp",
                "rcu_par_gp",
                "kworker/0:0H-events_highpri",
                "mm_percpu_wq",
                "ksoftirqd/0",
                "rcu_preempt",
                "migration/0",
                "kdevtmpfs",
                "kauditd",
                "khungtaskd",
                "oom_reaper",
                "kcompactd0",
                "kswapd0")) {
            all.add(new Task(pid, pid == 2 ? 0 : 2, "root", "?", "[" + kernel + "]", shell.persona.bootedAt()));
            pid += pid < 6 ? 1 : 2;
        }
        Instant boot = shell.persona.bootedAt();
        for (Daemons.Daemon daemon : Daemons.of(shell.persona).all()) {
            all.add(new Task(daemon.pid(), 1, daemon.user(), "?", daemon.command(), boot));
        }
        for (Login login : shell.disk.chronicle().online(shell.context.clock().instant())) {
            if (!login.terminal().equals(shell.terminalName())) {
                session(all, ash, login.pid(), login.user(), login.terminal(), login.from());
            }
        }
        session(
                all,
                ash,
                shell.pid - 8,
                shell.account.name(),
                shell.interactive ? terminal(shell) : "?",
                shell.loginAt);
        return all;
    }

    private static String terminal(ShellState shell) {
        return shell.terminalName().isEmpty() ? "pts/0" : shell.terminalName();
    }

    private static void session(List<Task> all, boolean ash, int pid, String user, String tty, Instant from) {
        boolean terminal = !tty.equals("?");
        if (!ash) {
            all.add(new Task(pid, 1, "root", "?", "sshd: " + user + (terminal ? " [priv]" : "@notty"), from));
        }
        all.add(new Task(pid + 8, pid, user, tty, ash ? "-sh" : "-bash", from));
    }

    private static int ps(Call call) {
        ShellState shell = call.shell();
        List<Task> all = new ArrayList<>(all(shell));
        String typed = String.join(" ", call.args());
        all.add(new Task(
                shell.pid + 11 + shell.context.random().nextInt(40),
                shell.pid,
                shell.account.name(),
                shell.interactive ? terminal(shell) : "?",
                typed,
                shell.context.clock().instant()));
        String options = call.args().stream().skip(1).findFirst().orElse("");
        boolean bsd =
                options.contains("aux") || options.startsWith("au") || options.equals("ax") || options.equals("-aux");
        boolean full = options.startsWith("-") && (options.contains("e") || options.contains("A"));
        if (shell.ash()) {
            call.line("  PID USER       VSZ STAT COMMAND");
            all.forEach(one -> call.line(String.format(
                    "%5d %-8s %5s S    %s",
                    one.pid(), one.user(), one.command().startsWith("[") ? "0" : "2344", one.command())));
            return 0;
        }
        Instant now = shell.context.clock().instant();
        if (bsd) {
            call.line("USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND");
            for (Task one : all) {
                boolean kernel = one.command().startsWith("[");
                boolean own = one.pid() >= shell.pid - 8;
                call.line(String.format(
                        "%-10s %5d  0.0  0.%d %6d %5d %-8s %-4s %s %3d:%02d %s",
                        one.user(),
                        one.pid(),
                        kernel ? 0 : one.pid() % 5,
                        kernel ? 0 : 5600 + one.pid() * 37 % 22_000,
                        kernel ? 0 : 2100 + one.pid() * 13 % 9000,
                        one.tty(),
                        own ? "Ss" : kernel ? "I<" : "Ss",
                        start(one, now),
                        one.used(now) / 60,
                        one.used(now) % 60,
                        one.command()));
            }
        } else if (full) {
            call.line("UID          PID    PPID  C STIME TTY          TIME CMD");
            for (Task one : all) {
                call.line(String.format(
                        "%-8s %7d %7d  0 %s %-8s %02d:%02d:%02d %s",
                        one.user(),
                        one.pid(),
                        one.parent(),
                        start(one, now),
                        one.tty(),
                        one.used(now) / 3600,
                        one.used(now) / 60 % 60,
                        one.used(now) % 60,
                        one.command()));
            }
        } else {
            call.line("    PID TTY          TIME CMD");
            all.stream()
                    .filter(one -> shell.interactive && one.tty().equals(terminal(shell)))
                    .forEach(one -> call.line(String.format(
                            "%7d %-8s 00:00:00 %s",
                            one.pid(),
                            one.tty(),
                            one.command().equals("-bash")
                                    ? "bash"
                                    : one.command().split(" ", 2)[0])));
        }
        return 0;
    }

    /** Of today the time, of earlier the day, of other years the year. */
    private static String start(Task task, Instant now) {
        Duration since = Duration.between(task.from(), now);
        return (since.toHours() < 24 ? CLOCK : since.toDays() < 365 ? BOOT_DAY : YEAR).format(task.from());
    }

    private static int top(Call call) {
        ShellState shell = call.shell();
        List<Task> all = all(shell);
        call.line("top -" + TimeCommands.uptime(shell))
                .line("Tasks: " + all.size() + " total,   1 running, " + (all.size() - 1)
                        + " sleeping,   0 stopped,   0 zombie");
        call.line("%Cpu(s):  0.3 us,  0.2 sy,  0.0 ni, 99.5 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st")
                .line("")
                .line("    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND");
        all.stream()
                .limit(17)
                .forEach(one -> call.line(String.format(
                        "%7d %-8s  20   0 %7d %6d %6d S   0.0   0.%d   0:%02d.%02d %s",
                        one.pid(),
                        one.user(),
                        5600 + one.pid() * 37 % 22_000,
                        2100 + one.pid() * 13 % 9000,
                        1900,
                        one.pid() % 5,
                        one.pid() % 60,
                        one.pid() % 100,
                        one.command().split(" ", 2)[0])));
        return 0;
    }

    private static int kill(Call call) {
        int status = 0;
        for (String target : call.operands()) {
            if (!target.matches("\\d{1,7}")
                    || all(call.shell()).stream()
                            .noneMatch(one -> Integer.toString(one.pid()).equals(target))) {
                call.err()
                        .append(call.shell().name())
                        .append(": kill: (")
                        .append(target)
                        .append(") - No such process\n");
                status = 1;
            } else if (target.equals(Integer.toString(call.shell().pid))) {
                call.shell().exited = call.option('9');
            } else if (!call.shell().root()) {
                call.err()
                        .append(call.shell().name())
                        .append(": kill: (")
                        .append(target)
                        .append(") - Operation not permitted\n");
                status = 1;
            }
        }
        return status;
    }
}
