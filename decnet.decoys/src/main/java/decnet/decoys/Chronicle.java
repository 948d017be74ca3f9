package decnet.decoys;

import decnet.core.Peer;
import decnet.decoys.LogBook.Entry;
import decnet.decoys.LogLine.Facility;
import decnet.topology.Distribution;
import decnet.topology.Persona;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a machine remembers of the time since it was installed: its own routine, its own people, and its visitors. Made anew whenever
 * somebody asks, from persona, clock and {@link LogBook}: the same question gets the same lines, a later one more of them. Thread-safe.
 */
public final class Chronicle {
    /** How far back people's last log-ins are looked for. */
    private static final Duration LONG_AGO = Duration.ofDays(60);

    private static final DateTimeFormatter PRECISE = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /** Of syslog (RFC 3164): the day is padded with a blank. */
    private static final DateTimeFormatter PLAIN =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Persona persona;
    private final LogBook book;
    private final Vitals vitals;
    private final StaffLogins staff;
    private final RoutineLog routine;
    private final Daemons daemons;
    private final boolean embedded;

    Chronicle(Persona persona, LogBook book, Vitals vitals) {
        this.persona = persona;
        this.book = book;
        this.vitals = vitals;
        this.staff = new StaffLogins(persona, vitals);
        this.routine = new RoutineLog(persona, vitals);
        this.daemons = Daemons.of(persona);
        this.embedded = persona.os().shell().equals("ash");
    }

    /** Lines of a span, both ends included, in the order of time. */
    public List<LogLine> between(Instant from, Instant to) {
        List<LogLine> lines = new ArrayList<>();
        for (long day = StaffLogins.day(from) - 1; day <= StaffLogins.day(to); day++) {
            lines.addAll(routine.on(day));
        }
        Sessions sessions = new Sessions(to);
        for (StaffLogins.Visit visit : staff.between(from.minus(Duration.ofHours(2)), to)) {
            staff(visit, sessions, lines);
        }
        for (Entry entry : book.entries()) {
            visitor(entry, sessions, lines);
        }
        lines.removeIf(line -> line.at().isBefore(from) || line.at().isAfter(to));
        lines.sort(Comparator.comparing(LogLine::at));
        return lines;
    }

    /** Numbers of sessions since the machine started, as its log-in manager gives them. */
    private final class Sessions {
        private final List<Instant> starts;

        Sessions(Instant to) {
            starts = staff.between(persona.bootedAt(), to).stream()
                    .map(StaffLogins.Visit::from)
                    .toList();
        }

        int number(Instant at, int visitorsBefore) {
            return 1 + (int) starts.stream().filter(one -> one.isBefore(at)).count() + visitorsBefore;
        }
    }

    private void staff(StaffLogins.Visit visit, Sessions sessions, List<LogLine> lines) {
        Login login = visit.login();
        Instant from = visit.from();
        if (embedded) {
            lines.add(new LogLine(
                    from, Facility.AUTH, "login", login.pid(), login.user() + " login on '" + login.terminal() + "'"));
            return;
        }
        opened(
                lines,
                "sshd",
                login.user(),
                login.host(),
                visit.port(),
                login.pid(),
                from,
                sessions.number(from, book.acceptedBefore(from)));
        if (!visit.sudo().isEmpty()) {
            Instant at = from.plusSeconds(20 + login.pid() % 50);
            int uid = visit.account().uid();
            lines.add(new LogLine(
                    at,
                    Facility.AUTH,
                    "sudo",
                    0,
                    String.format(
                            "%8s : TTY=%s ; PWD=%s ; USER=root ; COMMAND=%s",
                            login.user(), login.terminal(), visit.account().home(), visit.sudo())));
            lines.add(new LogLine(
                    LogLine.after(at, 3),
                    Facility.AUTH,
                    "sudo",
                    0,
                    "pam_unix(sudo:session): session opened for user root" + (older() ? "" : "(uid=0)") + " by "
                            + login.user() + "(uid=" + uid + ")"));
            lines.add(new LogLine(
                    LogLine.after(at, 240),
                    Facility.AUTH,
                    "sudo",
                    0,
                    "pam_unix(sudo:session): session closed for user root"));
        }
        closed(
                lines,
                "sshd",
                login.user(),
                login.host(),
                visit.port(),
                login.pid(),
                visit.until(),
                sessions.number(from, book.acceptedBefore(from)));
    }

    private boolean older() {
        return persona.os().versionId().startsWith("20.");
    }

    private void opened(
            List<LogLine> lines, String program, String user, String host, int port, int pid, Instant at, int session) {
        int uid = persona.account(user).map(one -> one.uid()).orElse(0);
        String whom = user + (older() ? "" : "(uid=" + uid + ")");
        if (program.equals("sshd")) {
            lines.add(new LogLine(
                    at,
                    Facility.AUTH,
                    program,
                    pid,
                    "Accepted password for " + user + " from " + host + " port " + port + " ssh2"));
        }
        lines.add(new LogLine(
                LogLine.after(at, 2),
                Facility.AUTH,
                program,
                pid,
                "pam_unix(" + (program.equals("sshd") ? "sshd" : "login") + ":session): session opened for user " + whom
                        + " by (uid=0)"));
        lines.add(new LogLine(
                LogLine.after(at, 8),
                Facility.AUTH,
                "systemd-logind",
                daemons.pid("systemd-logind"),
                "New session " + session + " of user " + user + "."));
        String scope = "session-" + session + ".scope";
        lines.add(new LogLine(
                LogLine.after(at, 21),
                Facility.DAEMON,
                "systemd",
                1,
                "Started " + (precise() ? scope + " - " : "") + "Session " + session + " of User " + user + "."));
        if (program.equals("login")) {
            lines.add(new LogLine(
                    LogLine.after(at, 25),
                    Facility.AUTH,
                    program,
                    pid,
                    (uid == 0 ? "ROOT LOGIN  on '/dev/pts/0' from '" : "LOGIN ON '/dev/pts/0' BY " + user + " FROM '")
                            + host + "'"));
        }
    }

    private void closed(
            List<LogLine> lines, String program, String user, String host, int port, int pid, Instant at, int session) {
        if (program.equals("sshd")) {
            lines.add(new LogLine(
                    at,
                    Facility.AUTH,
                    program,
                    pid + 6,
                    "Received disconnect from " + host + " port " + port + ":11: disconnected by user"));
            lines.add(new LogLine(
                    LogLine.after(at, 0),
                    Facility.AUTH,
                    program,
                    pid + 6,
                    "Disconnected from user " + user + " " + host + " port " + port));
        }
        lines.add(new LogLine(
                LogLine.after(at, 1),
                Facility.AUTH,
                program,
                pid,
                "pam_unix(" + program + ":session): session closed for user " + user));
        int logind = daemons.pid("systemd-logind");
        lines.add(new LogLine(
                LogLine.after(at, 4),
                Facility.AUTH,
                "systemd-logind",
                logind,
                "Session " + session + " logged out. Waiting for processes to exit."));
        lines.add(new LogLine(
                LogLine.after(at, 5), Facility.AUTH, "systemd-logind", logind, "Removed session " + session + "."));
        lines.add(new LogLine(
                LogLine.after(at, 5),
                Facility.DAEMON,
                "systemd",
                1,
                "session-" + session + ".scope: " + (older() ? "Succeeded." : "Deactivated successfully.")));
    }

    private void visitor(Entry entry, Sessions sessions, List<LogLine> lines) {
        if (embedded) {
            deviceVisitor(entry, lines);
            return;
        }
        switch (entry.what()) {
            case REFUSED -> refused(entry, lines);
            case ACCEPTED -> {
                if (entry.door() != LogBook.Door.FTP) {
                    String program = entry.door() == LogBook.Door.SSH ? "sshd" : "login";
                    opened(
                            lines,
                            program,
                            entry.user(),
                            entry.host(),
                            entry.port(),
                            entry.pid(),
                            entry.at(),
                            number(entry, sessions));
                }
            }
            case ENDED -> {
                if (entry.door() != LogBook.Door.FTP) {
                    String program = entry.door() == LogBook.Door.SSH ? "sshd" : "login";
                    closed(
                            lines,
                            program,
                            entry.user(),
                            entry.host(),
                            entry.port(),
                            entry.pid(),
                            entry.at(),
                            number(entry, sessions));
                }
            }
            case TERMINAL_OPENED, TERMINAL_CLOSED -> {} // these are in wtmp
        }
    }

    /** The start of a session says its number; the end repeats it. */
    private int number(Entry entry, Sessions sessions) {
        Instant start = book.entries().stream()
                .filter(one -> one.what() == LogBook.What.ACCEPTED
                        && one.number() == entry.number()
                        && one.port() == entry.port())
                .map(Entry::at)
                .findFirst()
                .orElse(entry.at());
        return sessions.number(start, entry.number());
    }

    private void refused(Entry entry, List<LogLine> lines) {
        Instant at = entry.at();
        int pid = entry.pid();
        boolean known = persona.account(entry.user()).isPresent();
        String from = " from " + entry.host() + " port " + entry.port();
        String user = known ? "  user=" + entry.user() : " ";
        switch (entry.door()) {
            case SSH -> {
                if (!known) {
                    lines.add(new LogLine(at, Facility.AUTH, "sshd", pid, "Invalid user " + entry.user() + from));
                    lines.add(new LogLine(
                            LogLine.after(at, 1),
                            Facility.AUTH,
                            "sshd",
                            pid,
                            "pam_unix(sshd:auth): check pass; user unknown"));
                }
                lines.add(new LogLine(
                        LogLine.after(at, 2),
                        Facility.AUTH,
                        "sshd",
                        pid,
                        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost="
                                + entry.host() + user));
                lines.add(new LogLine(
                        LogLine.after(at, 1900 + (pid + entry.port()) % 700),
                        Facility.AUTH,
                        "sshd",
                        pid,
                        "Failed password for " + (known ? "" : "invalid user ") + entry.user() + from + " ssh2"));
            }
            case TELNET -> {
                lines.add(new LogLine(
                        at,
                        Facility.AUTH,
                        "login",
                        pid,
                        "pam_unix(login:auth): " + (known ? "" : "check pass; user unknown")
                                + (known
                                        ? "authentication failure; logname= uid=0 euid=0 tty=/dev/pts/0 ruser= rhost="
                                                + entry.host() + user
                                        : "")));
                lines.add(new LogLine(
                        LogLine.after(at, 2300),
                        Facility.AUTH,
                        "login",
                        pid,
                        "FAILED LOGIN (1) on '/dev/pts/0' from '" + entry.host() + "' FOR '"
                                + (known ? entry.user() : "UNKNOWN")
                                + "', "
                                + (known
                                        ? "Authentication failure"
                                        : "User not known to the underlying authentication module")));
            }
            case FTP ->
                lines.add(new LogLine(
                        at,
                        Facility.AUTH,
                        "vsftpd",
                        0,
                        "pam_unix(vsftpd:auth): "
                                + (known ? "" : "check pass; user unknown; ")
                                + "authentication failure; logname= uid=0 euid=0 tty=ftp ruser=" + entry.user()
                                + " rhost=" + entry.host() + user));
        }
    }

    private static void deviceVisitor(Entry entry, List<LogLine> lines) {
        String text =
                switch (entry.what()) {
                    case REFUSED -> "invalid password for '" + entry.user() + "' on 'pts/0'";
                    case ACCEPTED -> entry.user() + " login on 'pts/0'";
                    case ENDED, TERMINAL_OPENED, TERMINAL_CLOSED -> "";
                };
        if (!text.isEmpty()) {
            lines.add(new LogLine(entry.at(), Facility.AUTH, "login", entry.pid(), text));
        }
    }

    /** Log-ins at terminals that begin in a span, in their order; what is not over yet has no end. */
    public List<Login> logins(Instant from, Instant to) {
        List<Login> logins = new ArrayList<>();
        for (StaffLogins.Visit visit : staff.between(from, to)) {
            Login login = visit.login();
            logins.add(new Login(
                    login.user(),
                    login.terminal(),
                    login.host(),
                    login.from(),
                    login.until().filter(end -> !end.isAfter(to)),
                    login.pid()));
        }
        Map<String, Entry> open = new HashMap<>();
        for (Entry entry : book.entries()) {
            if (entry.at().isAfter(to)) {
                break;
            }
            switch (entry.what()) {
                case TERMINAL_OPENED -> open.put(entry.terminal(), entry);
                case TERMINAL_CLOSED -> {
                    Entry start = open.remove(entry.terminal());
                    if (start != null && !start.at().isBefore(from)) {
                        logins.add(login(start, Optional.of(entry.at())));
                    }
                }
                case REFUSED, ACCEPTED, ENDED -> {}
            }
        }
        open.values().stream()
                .filter(start -> !start.at().isBefore(from))
                .forEach(start -> logins.add(login(start, Optional.empty())));
        logins.sort(Comparator.comparing(Login::from));
        return logins;
    }

    private static Login login(Entry start, Optional<Instant> until) {
        return new Login(start.user(), start.terminal(), start.host(), start.at(), until, start.pid());
    }

    /** Who is at a terminal, in the order they came. */
    public List<Login> online(Instant now) {
        Instant since = now.minus(LONG_AGO);
        return logins(since.isBefore(persona.bootedAt()) ? persona.bootedAt() : since, now).stream()
                .filter(one -> one.until().isEmpty())
                .toList();
    }

    /** The last time somebody logged in at a terminal before {@code moment}. */
    public Optional<Login> lastLogin(String user, Instant moment) {
        return logins(moment.minus(LONG_AGO), moment).stream()
                .filter(one -> one.user().equals(user) && one.from().isBefore(moment))
                .reduce((first, second) -> second);
    }

    /** Wrong passwords and names that came from outside, in the order of time. */
    public List<Login> failures(Instant from, Instant to) {
        return book.entries().stream()
                .filter(one -> one.what() == LogBook.What.REFUSED
                        && one.door() != LogBook.Door.FTP
                        && !one.at().isBefore(from)
                        && !one.at().isAfter(to))
                .map(one -> new Login(
                        persona.account(one.user()).isPresent() || one.door() == LogBook.Door.SSH
                                ? one.user()
                                : "UNKNOWN",
                        one.door() == LogBook.Door.SSH ? "ssh:notty" : "pts/0",
                        one.host(),
                        one.at(),
                        Optional.of(one.at()),
                        one.pid()))
                .toList();
    }

    /** Gives a terminal to somebody who got in. */
    public LogBook.Stay terminal(String user, Peer from, Instant now) {
        Set<String> taken = online(now).stream().map(Login::terminal).collect(Collectors.toSet());
        return book.terminal(user, from, taken);
    }

    public Vitals vitals() {
        return vitals;
    }

    private boolean precise() {
        Distribution os = persona.os();
        return os.id().equals("debian") && !os.versionId().startsWith("11")
                || os.versionId().startsWith("24.");
    }

    /** A line as the machine's log files have it, without its end. */
    public String inFile(LogLine line) {
        if (embedded) {
            String level = line.facility() == Facility.AUTH
                    ? "auth.info"
                    : line.facility() == Facility.KERN ? "kern.info" : "daemon.info";
            return PLAIN.format(line.at()) + " " + persona.hostname() + " " + level + " " + line.message();
        }
        return (precise() ? PRECISE : PLAIN).format(line.at()) + " " + persona.hostname() + " " + line.message();
    }

    /** A line as {@code journalctl} shows it. */
    public String inJournal(LogLine line) {
        return PLAIN.format(line.at()) + " " + persona.hostname() + " " + line.message();
    }
}
