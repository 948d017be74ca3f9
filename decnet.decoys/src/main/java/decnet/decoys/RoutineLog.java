package decnet.decoys;

import decnet.decoys.LogLine.Facility;
import decnet.topology.Distribution;
import decnet.topology.Persona;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What a machine writes into its logs by itself: timers, jobs, its start. A day is the same each time one asks. Immutable. */
final class RoutineLog {
    private static final int DAY = 86_400;
    private static final int HOUR = 3600;

    private final Persona persona;
    private final Distribution os;
    private final Vitals vitals;
    private final Daemons daemons;
    private final boolean embedded;
    private final boolean rocky;

    RoutineLog(Persona persona, Vitals vitals) {
        this.persona = persona;
        this.os = persona.os();
        this.vitals = vitals;
        this.daemons = Daemons.of(persona);
        this.embedded = os.shell().equals("ash");
        this.rocky = Daemons.redHat(persona);
    }

    /** A job that runs once a day beside those of the system: its minute, hour and command, if the machine has one. */
    static Optional<String> job(Persona persona) {
        return persona.bait().stream()
                .map(one -> one.path())
                .filter(path -> path.matches("/opt/[^/]+/[^/]+\\.sh"))
                .findFirst()
                .map(path -> path + " >/dev/null 2>&1");
    }

    static int jobMinute(Persona persona) {
        return 1 + Math.floorMod(persona.seed() >> 24, 58);
    }

    static int jobHour(Persona persona) {
        return 1 + Math.floorMod(persona.seed() >> 32, 5);
    }

    /** All lines of a day, in order. */
    List<LogLine> on(long day) {
        Lines lines =
                new Lines(new SplittableRandom((persona.seed() ^ 0x726f7574696e65L) + day * 0x9e3779b97f4a7c15L), day);
        if (embedded) {
            device(lines);
        } else {
            cron(lines);
            timers(lines, LocalDate.ofEpochDay(day).getDayOfWeek());
            network(lines);
        }
        long boot = persona.bootedAt().getEpochSecond();
        if (boot >= day * DAY && boot < (day + 1) * DAY) {
            start(lines);
        }
        lines.all.sort(Comparator.comparing(LogLine::at));
        return lines.all;
    }

    private final class Lines {
        final SplittableRandom random;
        final long start;
        final List<LogLine> all = new ArrayList<>();

        Lines(SplittableRandom random, long day) {
            this.random = random;
            this.start = day * DAY;
        }

        Instant at(int second) {
            return Instant.ofEpochSecond(start + second).plusNanos(random.nextInt(1, 999_000) * 1000L);
        }

        void add(Instant at, Facility facility, String tag, int pid, String text) {
            // a machine that is not up says nothing
            if (!at.isBefore(persona.installedAt())) {
                all.add(new LogLine(at, facility, tag, pid, text));
            }
        }
    }

    private void cron(Lines lines) {
        boolean old = os.versionId().startsWith("20.");
        String gap = os.id().equals("debian") ? "" : "  ";
        for (int hour = 0; hour < 24; hour++) {
            if (rocky) {
                Instant at = lines.at(hour * HOUR + 61);
                int pid = vitals.pid(at);
                lines.add(at, Facility.CRON, "CROND", pid, "(root) CMD (run-parts /etc/cron.hourly)");
                lines.add(
                        LogLine.after(at, 4),
                        Facility.CRON,
                        "run-parts",
                        pid + 3,
                        "(/etc/cron.hourly) starting 0anacron");
                lines.add(
                        LogLine.after(at, 11),
                        Facility.CRON,
                        "run-parts",
                        pid + 9,
                        "(/etc/cron.hourly) finished 0anacron");
                lines.add(
                        LogLine.after(at, 12),
                        Facility.CRON,
                        "CROND",
                        pid - 1,
                        "(root) CMDEND (run-parts /etc/cron.hourly)");
            } else {
                run(lines, hour * HOUR + 17 * 60 + 1, gap + " cd / && run-parts --report /etc/cron.hourly", old);
            }
        }
        if (!rocky) {
            run(
                    lines,
                    6 * HOUR + 25 * 60 + 1,
                    gap + " test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }",
                    old);
        }
        job(persona).ifPresent(job -> run(lines, jobHour(persona) * HOUR + jobMinute(persona) * 60 + 1, job, old));
    }

    private void run(Lines lines, int second, String command, boolean old) {
        Instant at = lines.at(second);
        int pid = vitals.pid(at);
        String tag = rocky ? "CROND" : "CRON";
        String text = os.id().equals("debian") ? command.strip() : command;
        if (!rocky) {
            lines.add(
                    at,
                    Facility.AUTH,
                    tag,
                    pid,
                    "pam_unix(cron:session): session opened for user root" + (old ? "" : "(uid=0)") + " by (uid=0)");
        }
        lines.add(LogLine.after(at, 2), Facility.CRON, tag, pid + 1, "(root) CMD (" + text + ")");
        if (!rocky) {
            lines.add(
                    LogLine.after(at, 9 + lines.random.nextInt(30)),
                    Facility.AUTH,
                    tag,
                    pid,
                    "pam_unix(cron:session): session closed for user root");
        }
    }

    private void timers(Lines lines, DayOfWeek weekday) {
        SplittableRandom random = lines.random;
        unit(lines, random.nextInt(1, 40), "logrotate", "Rotate log files", random.nextInt(200, 900));
        lines.add(
                lines.at(random.nextInt(41, 59)),
                Facility.DAEMON,
                "rsyslogd",
                0,
                "[origin software=\"rsyslogd\" swVersion=\"" + rsyslog() + "\" x-pid=\"" + daemons.pid("rsyslogd")
                        + "\" x-info=\"https://www.rsyslog.com\"] rsyslogd was HUPed");
        int clean = Math.floorMod(persona.bootedAt().getEpochSecond() + 900, DAY);
        unit(lines, clean, "systemd-tmpfiles-clean", "Cleanup of Temporary Directories", random.nextInt(20, 90));
        if (rocky) {
            for (int hour = 0; hour < 24; hour++) {
                unit(lines, hour * HOUR + random.nextInt(60, 3500), "dnf-makecache", "dnf makecache", 700);
            }
            return;
        }
        unit(lines, random.nextInt(0, 12 * HOUR), "man-db", "Daily man-db regeneration", random.nextInt(400, 3000));
        unit(lines, 6 * HOUR + random.nextInt(6 * HOUR), "apt-daily", "Daily apt download activities", 900);
        unit(lines, 18 * HOUR + random.nextInt(5 * HOUR), "apt-daily", "Daily apt download activities", 900);
        unit(
                lines,
                6 * HOUR + random.nextInt(HOUR),
                "apt-daily-upgrade",
                "Daily apt upgrade and clean activities",
                random.nextInt(1200, 9000));
        if (named()) {
            unit(lines, random.nextInt(1, 40), "dpkg-db-backup", "Daily dpkg database backup service", 400);
        }
        if (os.id().equals("ubuntu")) {
            unit(lines, random.nextInt(0, 12 * HOUR), "motd-news", "Message of the Day", 800);
            unit(lines, 12 * HOUR + random.nextInt(0, 11 * HOUR), "motd-news", "Message of the Day", 800);
        }
        if (weekday == DayOfWeek.SUNDAY) {
            unit(
                    lines,
                    3 * HOUR + 10 * 60 + random.nextInt(60),
                    "e2scrub_all",
                    "Online ext4 Metadata Check for All Filesystems",
                    60);
        }
        if (weekday == DayOfWeek.MONDAY) {
            int second = random.nextInt(60, 6000);
            unit(lines, second, "fstrim", "Discard unused blocks on filesystems from /etc/fstab", 1900);
            long trimmed = persona.hardware().diskKib() / 3 + random.nextInt(1 << 20);
            Instant at = lines.at(second + 1);
            lines.add(
                    at,
                    Facility.DAEMON,
                    "fstrim",
                    vitals.pid(at),
                    String.format(
                            java.util.Locale.ROOT,
                            "/: %.1f GiB (%d bytes) trimmed on /dev/sda1",
                            trimmed / 1048576.0,
                            trimmed * 1024));
        }
    }

    private String rsyslog() {
        return switch (os.slug()) {
            case "debian12" -> "8.2302.0";
            case "ubuntu20" -> "8.2001.0";
            case "rocky9" -> "8.2310.0-4.el9";
            default -> "8.2112.0";
        };
    }

    /** Whether systemd names units beside their descriptions. */
    private boolean named() {
        return os.id().equals("debian") && !os.versionId().startsWith("11")
                || os.versionId().startsWith("24.");
    }

    private void unit(Lines lines, int second, String unit, String description, int millis) {
        Instant at = lines.at(second);
        Instant end = LogLine.after(at, millis);
        String label = named() ? unit + ".service - " + description : description;
        lines.add(at, Facility.DAEMON, "systemd", 1, "Starting " + label + "...");
        lines.add(
                end,
                Facility.DAEMON,
                "systemd",
                1,
                unit + ".service: " + (os.versionId().startsWith("20.") ? "Succeeded." : "Deactivated successfully."));
        lines.add(LogLine.after(end, 1), Facility.DAEMON, "systemd", 1, "Finished " + label + ".");
    }

    private void network(Lines lines) {
        for (int i = lines.random.nextInt(3); i > 0; i--) {
            Instant at = lines.at(lines.random.nextInt(DAY));
            if (rocky) {
                lines.add(
                        at,
                        Facility.DAEMON,
                        "chronyd",
                        daemons.pid("chronyd"),
                        "Selected source " + persona.site().gateway());
            } else {
                int pid = daemons.pid("systemd-networkd") + 5;
                String server =
                        persona.site().gateway() + ":123 (" + persona.site().gateway() + ")";
                lines.add(
                        at,
                        Facility.DAEMON,
                        "systemd-timesyncd",
                        pid,
                        "Timed out waiting for reply from " + server + ".");
                lines.add(
                        at.plusSeconds(11),
                        Facility.DAEMON,
                        "systemd-timesyncd",
                        pid,
                        "Contacted time server " + server + ".");
            }
        }
    }

    private void device(Lines lines) {
        for (int hour = lines.random.nextInt(6); hour < 24; hour += 6) {
            Instant at = lines.at(hour * HOUR + lines.random.nextInt(HOUR));
            lines.add(
                    at,
                    Facility.DAEMON,
                    "ntpd",
                    daemons.pid("klogd") + 31,
                    String.format(
                            java.util.Locale.ROOT,
                            "reply from %s: offset:%+f delay:%f",
                            persona.site().gateway(),
                            (lines.random.nextDouble() - 0.5) / 20,
                            lines.random.nextDouble() / 100));
        }
        for (int i = lines.random.nextInt(4); i > 0; i--) {
            int streamer = daemons.pid("streamer");
            Instant at = lines.at(lines.random.nextInt(DAY));
            lines.add(
                    at,
                    Facility.DAEMON,
                    "streamer",
                    streamer,
                    "client " + StaffLogins.desk(persona, lines.random.nextInt(4)) + " connected, ch0"
                            + lines.random.nextInt(2));
            lines.add(
                    at.plusSeconds(lines.random.nextInt(20, 4000)),
                    Facility.DAEMON,
                    "streamer",
                    streamer,
                    "client gone, " + lines.random.nextInt(300, 90_000) + " frames");
        }
    }

    private void start(Lines lines) {
        Instant boot = persona.bootedAt();
        for (BootMessages.Message message : BootMessages.of(persona)) {
            String text = rocky ? message.text() : message.stamped();
            lines.add(boot.plusNanos(message.micros() * 1000), Facility.KERN, "kernel", 0, text);
        }
        Instant up = boot.plusSeconds(7);
        int step = 0;
        for (Daemons.Daemon daemon : daemons.all()) {
            Instant at = LogLine.after(up, ++step * 83L);
            if (embedded) {
                lines.add(at, Facility.DAEMON, daemon.name(), daemon.pid(), "started");
            } else {
                lines.add(
                        at, Facility.DAEMON, "systemd", 1, "Started " + daemon.name() + (named() ? ".service." : "."));
            }
        }
        if (!embedded) {
            int sshd = daemons.pid("sshd");
            lines.add(LogLine.after(up, 900), Facility.AUTH, "sshd", sshd, "Server listening on 0.0.0.0 port 22.");
            lines.add(LogLine.after(up, 901), Facility.AUTH, "sshd", sshd, "Server listening on :: port 22.");
            lines.add(
                    LogLine.after(up, 950),
                    Facility.AUTH,
                    "systemd-logind",
                    daemons.pid("systemd-logind"),
                    "New seat seat0.");
            lines.add(
                    up.plusSeconds(2),
                    Facility.DAEMON,
                    "systemd",
                    1,
                    "Reached target " + (named() ? "multi-user.target - " : "") + "Multi-User System.");
            lines.add(
                    LogLine.after(up, 2030),
                    Facility.DAEMON,
                    "systemd",
                    1,
                    String.format(
                            java.util.Locale.ROOT,
                            "Startup finished in %.3fs (kernel) + %.3fs (userspace) = %.3fs.",
                            2.1 + Math.floorMod(persona.seed(), 900) / 1000.0,
                            6.4,
                            8.5 + Math.floorMod(persona.seed(), 900) / 1000.0));
        }
    }
}
