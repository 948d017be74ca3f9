package decnet.decoys;

import decnet.topology.Account;
import decnet.topology.Persona;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** When the machine's own people are at work on it: the same each time one asks about a day. Immutable. */
final class StaffLogins {
    private static final int DAY = 86_400;

    /**
     * One visit of one of them.
     *
     * @param sudo command run as root, or empty text
     */
    record Visit(Account account, Login login, int port, String sudo) {
        Instant from() {
            return login.from();
        }

        Instant until() {
            return login.until().orElseThrow();
        }
    }

    private static final List<String> SUDO = List.of(
            "/usr/bin/systemctl status",
            "/usr/bin/journalctl -xe",
            "/usr/bin/df -h",
            "/usr/bin/tail -n 200 /var/log/syslog",
            "/usr/bin/ss -tlnp",
            "/usr/bin/cat /etc/fstab",
            "/usr/bin/du -sh /var/log",
            "/usr/bin/ls -la /root");

    private final Persona persona;
    private final Vitals vitals;
    private final List<Account> people;
    private final boolean embedded;

    StaffLogins(Persona persona, Vitals vitals) {
        this.persona = persona;
        this.vitals = vitals;
        this.embedded = persona.os().shell().equals("ash");
        this.people = persona.accounts().stream()
                .filter(one -> one.person() && one.password().isPresent())
                .toList();
    }

    /** Visits that begin on a day, in their order. */
    List<Visit> on(long day) {
        SplittableRandom random = new SplittableRandom((persona.seed() ^ 0x7374616666L) + day * 0x9e3779b97f4a7c15L);
        int count = count(random, LocalDate.ofEpochDay(day).getDayOfWeek());
        List<Visit> visits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = random.nextInt(10) < 2 ? 0 : random.nextInt(people.size());
            Account account = people.get(number);
            Instant from = Instant.ofEpochSecond(day * DAY + 7 * 3600 + random.nextInt(10 * 3600))
                    .plusNanos(random.nextInt(1_000_000) * 1000L);
            Instant until = from.plusSeconds(random.nextInt(90, 70 * 60));
            boolean sudo = account.sudo() && account.uid() != 0 && random.nextInt(10) < 7;
            String command = SUDO.get(random.nextInt(SUDO.size()));
            Login login = new Login(
                    account.name(),
                    "pts/0",
                    desk(persona, number),
                    from,
                    java.util.Optional.of(until),
                    vitals.pid(from) + 1);
            visits.add(new Visit(account, login, random.nextInt(49_152, 65_000), sudo ? command : ""));
        }
        visits.sort(Comparator.comparing(Visit::from));
        return apart(visits);
    }

    private int count(SplittableRandom random, DayOfWeek weekday) {
        int chance = random.nextInt(100);
        if (people.isEmpty()) {
            return 0;
        }
        if (embedded) {
            return chance < 6 ? 1 : 0;
        }
        if (weekday == DayOfWeek.SATURDAY || weekday == DayOfWeek.SUNDAY) {
            return chance < 9 ? 1 : 0;
        }
        return chance < 38 ? 0 : chance < 82 ? 1 : 2;
    }

    /** Two at a time have two terminals. */
    private static List<Visit> apart(List<Visit> visits) {
        if (visits.size() < 2 || visits.get(1).from().isAfter(visits.get(0).until())) {
            return visits;
        }
        Visit second = visits.get(1);
        Login login = second.login();
        Login moved = new Login(login.user(), "pts/1", login.host(), login.from(), login.until(), login.pid() + 40);
        return List.of(visits.get(0), new Visit(second.account(), moved, second.port(), second.sudo()));
    }

    /** Visits that begin in a span, both ends included, after the machine was installed. */
    List<Visit> between(Instant from, Instant to) {
        List<Visit> visits = new ArrayList<>();
        Instant start = from.isBefore(persona.installedAt()) ? persona.installedAt() : from;
        for (long day = Math.floorDiv(start.getEpochSecond(), DAY);
                day <= Math.floorDiv(to.getEpochSecond(), DAY);
                day++) {
            for (Visit visit : on(day)) {
                boolean during = visit.from().isBefore(persona.bootedAt())
                        && visit.until().plus(Duration.ofMinutes(5)).isAfter(persona.bootedAt());
                if (!visit.from().isBefore(start) && !visit.from().isAfter(to) && !during) {
                    visits.add(visit);
                }
            }
        }
        return visits;
    }

    /** Address of the desk of the user of that number. */
    static String desk(Persona persona, int number) {
        return persona.site().network() + (220 + Math.floorMod(number * 7 + (int) persona.seed(), 30));
    }

    static long day(Instant at) {
        return at.atZone(ZoneOffset.UTC).toLocalDate().toEpochDay();
    }
}
