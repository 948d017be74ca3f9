package decnet.decoys;

import decnet.decoys.Disk.Kind;
import decnet.decoys.Disk.Node;
import decnet.decoys.LogLine.Facility;
import decnet.topology.Account;
import decnet.topology.Persona;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;

/**
 * Files of a machine that change by themselves: logs with their weekly rotation, records of log-ins, and the kernel's own. They are
 * made when they are read; nothing is kept. Thread-safe.
 */
final class LiveFiles {
    private static final int ROTATIONS = 4;
    private static final Duration WEEK = Duration.ofDays(7);
    /** Records of log-ins of numbers beyond this are left out: the file would be large for nothing. */
    private static final int MAX_UID = 5000;
    /** Seconds after midnight: when the log files are renamed. */
    private static final int ROTATES_AT = 40;

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** A log file and what goes into it. */
    private record Log(String path, Set<Facility> facilities) {}

    private final Persona persona;
    private final Chronicle chronicle;
    private final Vitals vitals;
    private final boolean embedded;
    private final boolean rocky;
    private final List<Log> logs;

    LiveFiles(Persona persona, Chronicle chronicle) {
        this.persona = persona;
        this.chronicle = chronicle;
        this.vitals = chronicle.vitals();
        this.embedded = persona.os().shell().equals("ash");
        this.rocky = Daemons.redHat(persona);
        this.logs = logs();
    }

    private List<Log> logs() {
        Set<Facility> everything = EnumSet.allOf(Facility.class);
        if (embedded) {
            return List.of(new Log("/var/log/messages", everything));
        }
        if (rocky) {
            return List.of(
                    new Log("/var/log/messages", EnumSet.of(Facility.DAEMON, Facility.KERN)),
                    new Log("/var/log/secure", EnumSet.of(Facility.AUTH)),
                    new Log("/var/log/cron", EnumSet.of(Facility.CRON)));
        }
        List<Log> all = new ArrayList<>(List.of(
                new Log("/var/log/syslog", EnumSet.complementOf(EnumSet.of(Facility.AUTH))),
                new Log("/var/log/auth.log", EnumSet.of(Facility.AUTH)),
                new Log("/var/log/kern.log", EnumSet.of(Facility.KERN))));
        if (persona.os().id().equals("debian")) {
            all.add(new Log("/var/log/cron.log", EnumSet.of(Facility.CRON)));
        }
        return all;
    }

    /** The file at a path, if it is one of these. */
    Optional<Node> find(String path, Instant now) {
        if (!persona.os().unix()) {
            return Optional.empty();
        }
        if (path.startsWith("/var/log/")) {
            return log(path, now);
        }
        if (path.equals("/run/utmp") && !embedded) {
            return Optional.of(record(0664, utmp(now), now));
        }
        if (path.startsWith("/proc/")) {
            return proc(path, now).map(text -> new Node(Kind.FILE, 0444, "root", "root", now, 0, Payload.of(text)));
        }
        return Optional.empty();
    }

    /** Names in a folder that are files of this kind. */
    Set<String> names(String folder, Instant now) {
        Set<String> names = new TreeSet<>();
        if (!persona.os().unix()) {
            return names;
        }
        switch (folder) {
            case "/var/log" -> {
                for (Log log : logs) {
                    String name = log.path().substring("/var/log/".length());
                    names.add(name);
                    for (int i = 1; i <= ROTATIONS; i++) {
                        if (log(folder + "/" + rotated(name, i, now), now).isPresent()) {
                            names.add(rotated(name, i, now));
                        }
                    }
                }
                if (!embedded) {
                    names.addAll(List.of("wtmp", "btmp", "lastlog"));
                }
            }
            case "/run" -> {
                if (!embedded) {
                    names.add("utmp");
                }
            }
            case "/proc" -> names.addAll(List.of("uptime", "loadavg", "stat", "meminfo"));
            case "/proc/net" -> names.add("dev");
            default -> {}
        }
        return names;
    }

    /** A file that somebody wrote: if it is a log, what the machine has added since comes behind it, until its rotation. */
    Optional<Node> grown(String path, Node written, Instant now) {
        Optional<Log> log = logs.stream().filter(one -> one.path().equals(path)).findFirst();
        boolean logins = path.equals("/var/log/wtmp") || path.equals("/var/log/btmp");
        if (written.kind() != Kind.FILE || log.isEmpty() && !logins) {
            return Optional.of(written);
        }
        Instant since = written.modified().plusNanos(1);
        if (logins) {
            byte[] more = Utmp.write(path.endsWith("wtmp") ? wtmp(since, now) : btmp(since, now));
            return Optional.of(joined(written, more, more.length == 0 ? written.modified() : now));
        }
        if (written.modified().isBefore(rotation(now))) {
            return find(path, now);
        }
        List<LogLine> lines = lines(log.get(), since, now);
        return Optional.of(
                lines.isEmpty()
                        ? written
                        : joined(written, bytes(lines), lines.getLast().at()));
    }

    private static Node joined(Node written, byte[] more, Instant modified) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(written.content().bytes());
        all.writeBytes(more);
        return new Node(
                Kind.FILE,
                written.mode(),
                written.owner(),
                written.group(),
                modified,
                all.size(),
                Payload.of(all.toByteArray()));
    }

    /** The date of a file that others change now and then. */
    Node touched(String path, Node node, Instant now) {
        if (path.startsWith("/proc")) {
            return node.touched(now);
        }
        return switch (path) {
            case "/tmp", "/var/tmp", "/run", "/run/lock" -> node.touched(latest(daily(now, 900), node));
            case "/var/log" -> node.touched(latest(rotation(now), node));
            case "/var/lib/apt/periodic/update-stamp", "/var/cache/apt/pkgcache.bin", "/var/lib/logrotate/status" ->
                node.touched(latest(daily(now, 6 * 3600 + persona.hostname().hashCode() % 1800), node));
            default ->
                persona.accounts().stream()
                        .filter(one ->
                                one.person() && (path.equals(one.home()) || path.equals(one.home() + "/.bash_history")))
                        .findFirst()
                        .flatMap(one -> left(one, now))
                        .map(at -> node.touched(latest(at, node)))
                        .orElse(node);
        };
    }

    private static Instant latest(Instant at, Node node) {
        return at.isAfter(node.modified()) ? at : node.modified();
    }

    private Optional<Instant> left(Account account, Instant now) {
        return chronicle.logins(now.minus(WEEK.multipliedBy(3)), now).stream()
                .filter(one -> one.user().equals(account.name()))
                .flatMap(one -> one.until().stream())
                .reduce((first, second) -> second);
    }

    /** The last time that second of the day passed. */
    private static Instant daily(Instant now, int second) {
        Instant today = now.atZone(ZoneOffset.UTC)
                .toLocalDate()
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .plusSeconds(second);
        return today.isAfter(now) ? today.minus(Duration.ofDays(1)) : today;
    }

    /** When the log files were renamed last. */
    private Instant rotation(Instant now) {
        DayOfWeek weekday = DayOfWeek.of(1 + (int) Math.floorMod(persona.seed() >> 40, 7L));
        LocalDate day = now.atZone(ZoneOffset.UTC).toLocalDate().with(TemporalAdjusters.previousOrSame(weekday));
        Instant at = day.atStartOfDay(ZoneOffset.UTC).toInstant().plusSeconds(ROTATES_AT);
        return at.isAfter(now) ? at.minus(WEEK) : at;
    }

    private String rotated(String name, int number, Instant now) {
        if (embedded) {
            return name + "." + (number - 1);
        }
        if (rocky) {
            return name + "-" + DAY.format(rotation(now).minus(WEEK.multipliedBy(number - 1)));
        }
        return name + "." + number + (number > 1 ? ".gz" : "");
    }

    private Optional<Node> log(String path, Instant now) {
        switch (path) {
            case "/var/log/wtmp" -> {
                return embedded ? Optional.empty() : Optional.of(record(0664, wtmp(month(now), now), now));
            }
            case "/var/log/btmp" -> {
                return embedded ? Optional.empty() : Optional.of(record(0660, btmp(month(now), now), now));
            }
            case "/var/log/lastlog" -> {
                return embedded ? Optional.empty() : Optional.of(lastLog(now));
            }
            default -> {
                for (Log log : logs) {
                    if (!path.startsWith(log.path())) {
                        continue;
                    }
                    Instant start = rotation(now);
                    if (path.equals(log.path())) {
                        return Optional.of(text(log, start, now, start, false));
                    }
                    for (int i = 1; i <= (embedded ? 1 : ROTATIONS); i++) {
                        Instant from = start.minus(WEEK.multipliedBy(i));
                        boolean its =
                                path.equals("/var/log/" + rotated(log.path().substring(9), i, now));
                        if (its && from.plus(WEEK).isAfter(persona.installedAt())) {
                            Node node = text(log, from, from.plus(WEEK).minusNanos(1), from, path.endsWith(".gz"));
                            // an empty file is not renamed
                            return node.size() == 0 ? Optional.empty() : Optional.of(node);
                        }
                    }
                }
                return Optional.empty();
            }
        }
    }

    private List<LogLine> lines(Log log, Instant from, Instant to) {
        return chronicle.between(from, to).stream()
                .filter(line -> log.facilities().contains(line.facility()))
                .toList();
    }

    private byte[] bytes(List<LogLine> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(chronicle.inFile(line)).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private Node text(Log log, Instant from, Instant to, Instant made, boolean packed) {
        List<LogLine> lines = lines(log, from, to);
        byte[] bytes = bytes(lines);
        if (packed && bytes.length > 0) {
            bytes = packed(bytes);
        }
        String owner = persona.os().id().equals("ubuntu") ? "syslog" : "root";
        Instant modified = lines.isEmpty() ? made : lines.getLast().at();
        return new Node(
                Kind.FILE,
                embedded ? 0644 : rocky ? 0600 : 0640,
                owner,
                embedded || rocky ? "root" : "adm",
                modified,
                bytes.length,
                Payload.of(bytes));
    }

    private static byte[] packed(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        byte[] packed = out.toByteArray();
        packed[9] = 3; // RFC 1952: made on Unix
        return packed;
    }

    private static Node record(int mode, List<Utmp.Entry> entries, Instant now) {
        byte[] bytes = Utmp.write(entries);
        Instant modified =
                entries.stream().map(Utmp.Entry::at).max(Instant::compareTo).orElse(month(now));
        return new Node(Kind.FILE, mode, "root", "utmp", modified, bytes.length, Payload.of(bytes));
    }

    private static Instant month(Instant now) {
        return now.atZone(ZoneOffset.UTC)
                .toLocalDate()
                .withDayOfMonth(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .plusSeconds(ROTATES_AT);
    }

    private List<Utmp.Entry> wtmp(Instant from, Instant now) {
        List<Utmp.Entry> entries = new ArrayList<>();
        Instant boot = persona.bootedAt();
        if (!boot.isBefore(from) && !boot.isAfter(now)) {
            entries.add(bootRecord());
        }
        for (Login login : chronicle.logins(from.minus(Duration.ofDays(1)), now)) {
            if (!login.from().isBefore(from)) {
                entries.add(user(login));
            }
            login.until()
                    .filter(end -> !end.isBefore(from))
                    .ifPresent(
                            end -> entries.add(new Utmp.Entry(Utmp.DEAD, login.pid(), login.terminal(), "", "", end)));
        }
        entries.sort(java.util.Comparator.comparing(Utmp.Entry::at));
        return entries;
    }

    private Utmp.Entry bootRecord() {
        return new Utmp.Entry(Utmp.BOOT, 0, "~", "reboot", persona.os().kernelRelease(), persona.bootedAt());
    }

    private static Utmp.Entry user(Login login) {
        return new Utmp.Entry(Utmp.USER, login.pid(), login.terminal(), login.user(), login.host(), login.from());
    }

    private List<Utmp.Entry> utmp(Instant now) {
        List<Utmp.Entry> entries = new ArrayList<>(List.of(bootRecord()));
        chronicle.online(now).forEach(login -> entries.add(user(login)));
        return entries;
    }

    private List<Utmp.Entry> btmp(Instant from, Instant now) {
        return chronicle.failures(from, now).stream()
                .map(one -> new Utmp.Entry((short) 6, one.pid(), one.terminal(), one.user(), one.host(), one.from()))
                .toList();
    }

    private Node lastLog(Instant now) {
        Map<Integer, Login> last = new HashMap<>();
        Instant latest = month(now);
        for (Login login : chronicle.logins(now.minus(Duration.ofDays(60)), now)) {
            Optional<Account> account = persona.account(login.user()).filter(one -> one.uid() <= MAX_UID);
            if (account.isPresent()) {
                last.put(account.get().uid(), login);
                latest = login.from();
            }
        }
        byte[] bytes = Utmp.lastLog(last);
        return new Node(Kind.FILE, 0664, "root", "utmp", latest, bytes.length, Payload.of(bytes));
    }

    private Optional<String> proc(String path, Instant now) {
        return switch (path) {
            case "/proc/uptime" ->
                Optional.of(String.format(
                        Locale.ROOT,
                        "%.2f %.2f\n",
                        vitals.uptime(now).toMillis() / 1000.0,
                        vitals.idleTicks(now) / 100.0));
            case "/proc/loadavg" ->
                Optional.of(vitals.loadText(now).replace(",", "") + " 1/" + (embedded ? 48 : 118 + vitals.pid(now) % 21)
                        + " " + vitals.pid(now) + "\n");
            case "/proc/meminfo" -> Optional.of(memory(vitals.memory(now)));
            case "/proc/stat" -> Optional.of(stat(now));
            case "/proc/net/dev" -> Optional.of(traffic(now));
            default -> Optional.empty();
        };
    }

    private String memory(Vitals.Memory memory) {
        StringBuilder text = new StringBuilder();
        row(text, "MemTotal", memory.total());
        row(text, "MemFree", memory.free());
        row(text, "MemAvailable", memory.available());
        row(text, "Buffers", memory.buffers());
        row(text, "Cached", memory.cached());
        row(text, "SwapCached", 0);
        row(text, "Active", memory.cached() / 20 * 9);
        row(text, "Inactive", memory.cached() / 20 * 11);
        row(text, "SwapTotal", memory.swapTotal());
        row(text, "SwapFree", memory.swapFree());
        row(text, "Dirty", memory.free() % 640);
        row(text, "Writeback", 0);
        row(text, "Shmem", memory.shared());
        row(text, "Slab", memory.reclaimable() / 3 * 4);
        row(text, "SReclaimable", memory.reclaimable());
        row(text, "SUnreclaim", memory.reclaimable() / 3);
        row(text, "CommitLimit", memory.swapTotal() + memory.total() / 2);
        return text.toString();
    }

    private static void row(StringBuilder text, String name, long kib) {
        text.append(String.format("%-15s %8d kB%n", name + ":", kib));
    }

    private String stat(Instant now) {
        int cores = persona.hardware().cores();
        StringBuilder text = new StringBuilder();
        long busy = vitals.busyTicks(now);
        long idle = vitals.idleTicks(now);
        text.append("cpu  ").append(ticks(busy, idle));
        for (int i = 0; i < cores; i++) {
            text.append("cpu").append(i).append(' ').append(ticks(busy / cores, idle / cores));
        }
        long seconds = vitals.uptime(now).toSeconds();
        return text.append("intr ")
                .append(seconds * 61 + busy * 2)
                .append("\nctxt ")
                .append(seconds * 117 + busy * 5)
                .append("\nbtime ")
                .append(persona.bootedAt().getEpochSecond())
                .append("\nprocesses ")
                .append(vitals.pid(now))
                .append("\nprocs_running 1\nprocs_blocked 0\n")
                .toString();
    }

    private static String ticks(long busy, long idle) {
        return busy * 6 / 10 + " " + busy / 50 + " " + busy * 3 / 10 + " " + idle + " " + busy / 20 + " 0 " + busy / 40
                + " 0 0 0\n";
    }

    private String traffic(Instant now) {
        long bytes = vitals.received(now);
        String device = embedded ? "eth0" : persona.hardware().maker().startsWith("VMware") ? "ens192" : "eno1";
        return "Inter-|   Receive                                                |  Transmit\n"
            + " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls"
            + " carrier compressed\n"
            + "    lo:   18732     214    0    0    0     0          0         0    18732     214    0    0    0     0"
            + "       0          0\n"
                + String.format(
                        "%6s: %d %d    0    0    0     0          0         0 %d %d    0    0    0     0       0      "
                                + "    0\n",
                        device, bytes, bytes / 411, bytes / 3, bytes / 702);
    }
}
