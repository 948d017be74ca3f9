package decnet.decoys.shell;

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
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private record Task(int pid, int parent, String user, String tty, String command) {}

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
        all.add(new Task(1, 0, "root", "?", ash ? "init" : "/sbin/init"));
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
            all.add(new Task(pid, pid == 2 ? 0 : 2, "root", "?", "[" + kernel + "]"));
            pid += pid < 6 ? 1 : 2;
        }
        int base = 300 + Math.floorMod((int) shell.persona.seed(), 200);
        List<String> daemons = new ArrayList<>();
        if (ash) {
            daemons.addAll(List.of(
                    "root /sbin/syslogd -n",
                    "root /sbin/klogd -n",
                    "root /usr/sbin/telnetd -F",
                    "www-data lighttpd -f /etc/lighttpd/lighttpd.conf",
                    "root /usr/bin/streamer -c /etc/config/rtsp.conf",
                    "root /sbin/getty -L ttyS0 115200 vt100"));
        } else {
            daemons.addAll(List.of(
                    "root /lib/systemd/systemd-journald",
                    "root /lib/systemd/systemd-udevd",
                    "systemd-network /lib/systemd/systemd-networkd",
                    "messagebus /usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile"
                            + " --systemd-activation --syslog-only",
                    "root /usr/sbin/cron -f",
                    "root /usr/sbin/rsyslogd -n -iNONE",
                    "root /lib/systemd/systemd-logind",
                    "root /sbin/agetty -o -p -- \\u --noclear - linux",
                    "root sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"));
            for (String unit : SystemCommands.units(shell)) {
                switch (unit) {
                    case "apache2" ->
                        daemons.addAll(
                                List.of("root /usr/sbin/apache2 -k start", "www-data /usr/sbin/apache2 -k start"));
                    case "redis-server" -> daemons.add("redis /usr/bin/redis-server 0.0.0.0:6379");
                    case "vsftpd" -> daemons.add("root /usr/sbin/vsftpd /etc/vsftpd.conf");
                    default -> {}
                }
            }
        }
        for (String daemon : daemons) {
            int blank = daemon.indexOf(' ');
            String user = daemon.substring(0, blank);
            boolean known = shell.persona.account(user).isPresent();
            all.add(new Task(base, 1, known ? user : "root", "?", daemon.substring(blank + 1)));
            base += 7 + base % 23;
        }
        String user = shell.account.name();
        String tty = shell.interactive ? "pts/0" : "?";
        if (!ash) {
            all.add(new Task(
                    shell.pid - 8, base, "root", "?", "sshd: " + user + (shell.interactive ? " [priv]" : "@notty")));
        }
        all.add(new Task(shell.pid, shell.pid - 8, user, tty, ash ? "-sh" : "-bash"));
        return all;
    }

    private static int ps(Call call) {
        ShellState shell = call.shell();
        List<Task> all = new ArrayList<>(all(shell));
        String typed = String.join(" ", call.args());
        all.add(new Task(
                shell.pid + 11 + shell.context.random().nextInt(40),
                shell.pid,
                shell.account.name(),
                shell.interactive ? "pts/0" : "?",
                typed));
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
        String day = BOOT_DAY.format(shell.persona.bootedAt());
        String now = CLOCK.format(shell.loginAt);
        if (bsd) {
            call.line("USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND");
            for (Task one : all) {
                boolean kernel = one.command().startsWith("[");
                boolean own = one.pid() >= shell.pid - 8;
                call.line(String.format(
                        "%-10s %5d  0.0  0.%d %6d %5d %-8s %-4s %s   0:%02d %s",
                        one.user(),
                        one.pid(),
                        kernel ? 0 : one.pid() % 5,
                        kernel ? 0 : 5600 + one.pid() * 37 % 22_000,
                        kernel ? 0 : 2100 + one.pid() * 13 % 9000,
                        one.tty(),
                        own ? "Ss" : kernel ? "I<" : "Ss",
                        own ? now : day,
                        kernel ? 0 : one.pid() % 40,
                        one.command()));
            }
        } else if (full) {
            call.line("UID          PID    PPID  C STIME TTY          TIME CMD");
            for (Task one : all) {
                boolean own = one.pid() >= shell.pid - 8;
                call.line(String.format(
                        "%-8s %7d %7d  0 %s %-8s 00:00:%02d %s",
                        one.user(),
                        one.pid(),
                        one.parent(),
                        own ? now : day,
                        one.tty(),
                        one.pid() % 20,
                        one.command()));
            }
        } else {
            call.line("    PID TTY          TIME CMD");
            all.stream()
                    .filter(one -> one.tty().equals("pts/0"))
                    .forEach(one -> call.line(String.format(
                            "%7d pts/0    00:00:00 %s",
                            one.pid(),
                            one.command().equals("-bash")
                                    ? "bash"
                                    : one.command().split(" ", 2)[0])));
        }
        return 0;
    }

    private static int top(Call call) {
        ShellState shell = call.shell();
        List<Task> all = all(shell);
        call.line("top -" + SystemCommands.uptime(shell))
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
