package decnet.topology;

import static decnet.topology.Chance.pick;

import decnet.core.Secret;
import decnet.topology.Contents.Database;
import decnet.topology.Contents.Mailbox;
import decnet.topology.Contents.Message;
import decnet.topology.Contents.Share;
import decnet.topology.Contents.SharedFile;
import decnet.topology.Contents.Table;
import decnet.topology.SiteView.Colleague;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/** Makes the mail, shares and databases of one machine, about the business of its site. Not thread-safe. */
final class ContentsMaker {
    private static final Set<String> MAIL = Set.of("smtp", "imap", "pop3");
    private static final Set<String> SHARES = Set.of("smb");
    private static final Set<String> DATABASES = Set.of("mysql", "postgres", "mssql", "mongodb");
    private static final List<String> SUPPLIERS = List.of(
            "Brandt Logistics",
            "Kessler & Sons",
            "Ardent Supplies",
            "Marlow Freight",
            "Vesta Components",
            "Quadra Print",
            "Halden Tools",
            "Pinnacle Paper");
    private static final List<String> WORDS = List.of(
            "invoice",
            "customers",
            "contract",
            "inventory",
            "budget",
            "staff",
            "meeting",
            "migration",
            "suppliers",
            "timesheet",
            "prices",
            "offers");

    private final Site site;
    private final Persona persona;
    private final SplittableRandom random;
    private final Instant now;

    ContentsMaker(Site site, Persona persona, SplittableRandom random, Instant now) {
        this.site = site;
        this.persona = persona;
        this.random = random;
        this.now = now;
    }

    /** What these services show, added to what the machine has already. */
    Contents make(Set<String> services) {
        Contents has = persona.contents();
        return new Contents(
                has.mailboxes().isEmpty() && meets(services, MAIL) ? mailboxes() : has.mailboxes(),
                has.shares().isEmpty() && meets(services, SHARES) ? shares() : has.shares(),
                has.databases().isEmpty() && meets(services, DATABASES) ? databases() : has.databases(),
                has.bait());
    }

    private static boolean meets(Set<String> services, Set<String> some) {
        return services.stream().anyMatch(some::contains);
    }

    private List<Mailbox> mailboxes() {
        List<Mailbox> boxes = new ArrayList<>();
        for (Colleague colleague : site.colleagues()) {
            if (persona.account(colleague.login()).isPresent()) {
                List<Message> messages = new ArrayList<>();
                for (Instant at : times(random.nextInt(3, 8), Duration.ofDays(60))) {
                    messages.add(message(colleague, at));
                }
                boxes.add(new Mailbox(colleague.login(), colleague.mail(), messages));
            }
        }
        return boxes;
    }

    private Message message(Colleague to, Instant at) {
        Colleague from = pick(random, site.colleagues());
        while (from.equals(to)) {
            from = pick(random, site.colleagues());
        }
        String project = pick(random, site.projects());
        String supplier = pick(random, SUPPLIERS);
        int number = random.nextInt(10_000, 99_999);
        String subject;
        String text;
        switch (random.nextInt(7)) {
            case 0 -> {
                subject = "Invoice " + number + " from " + supplier;
                text = "please check the invoice %d of %s, the amount of %d.%02d does not fit our order.\n"
                        .formatted(number, supplier, random.nextInt(200, 9000), random.nextInt(100));
            }
            case 1 -> {
                subject = Chance.capital(project) + ": maintenance on " + day(at.plus(Duration.ofDays(4)));
                text = ("%s will be down on %s from %d:00 on for about %d minutes.\n"
                                + "Tell me if that is a bad time.\n")
                        .formatted(
                                project,
                                day(at.plus(Duration.ofDays(4))),
                                random.nextInt(17, 23),
                                random.nextInt(2, 9) * 10);
            }
            case 2 -> {
                subject = "Re: " + pick(random, WORDS) + " list";
                text = "the new list lies in the project folder, %d lines changed since last month.\n"
                        .formatted(random.nextInt(3, 80));
            }
            case 3 -> {
                subject = "Ticket #" + number + " is waiting for you";
                text = "ticket %d (%s, \"%s\") has been waiting for %d days.\n"
                        .formatted(number, project, pick(random, WORDS) + " missing", random.nextInt(2, 14));
            }
            case 4 -> {
                subject = "Meeting about " + project;
                text = "can we move the meeting to %s, %d:30? %s cannot come before.\n"
                        .formatted(
                                day(at.plus(Duration.ofDays(random.nextInt(1, 9)))),
                                random.nextInt(8, 16),
                                pick(random, site.colleagues()).firstName());
            }
            case 5 -> {
                subject = "Order " + number + " / " + supplier;
                text = "%s confirmed order %d, delivery in week %d.\n"
                        .formatted(supplier, number, random.nextInt(1, 53));
            }
            default -> {
                subject = "Access to " + project;
                text = "your account for %s is ready; sign in with your usual name (%s).\n"
                        .formatted(project, to.login());
            }
        }
        return new Message(
                at,
                address(from),
                address(to),
                subject,
                Chance.token(random, 16) + "@" + site.domain(),
                "Hello " + to.firstName() + ",\n\n" + text + "\nRegards\n" + from.firstName() + "\n-- \n"
                        + from.fullName() + "\n" + site.company() + "\n");
    }

    private static String address(Colleague colleague) {
        return colleague.fullName() + " <" + colleague.mail() + ">";
    }

    private List<Share> shares() {
        List<Share> shares = new ArrayList<>();
        for (String name : Chance.some(
                random,
                List.of("public", "projects", "accounting", "it", "scans", "backup", "management"),
                random.nextInt(2, 5))) {
            List<SharedFile> files = new ArrayList<>();
            for (Instant at : times(random.nextInt(3, 8), Duration.ofDays(300))) {
                String word = pick(random, WORDS);
                String folder = random.nextBoolean() ? "" : pick(random, site.projects()) + "/";
                files.add(new SharedFile(
                        folder + word + "-" + day(at) + "-" + random.nextInt(100, 999) + ".csv", at, sheet(word)));
            }
            String path =
                    switch (persona.kind()) {
                        case WORKSTATION, WINDOWS_SERVER -> "D:\\" + Chance.capital(name);
                        case NAS -> "/volume1/" + name;
                        default -> "/srv/" + name;
                    };
            shares.add(new Share(name, comment(name), path, files));
        }
        return shares;
    }

    private String comment(String share) {
        return switch (share) {
            case "public" -> "For everybody";
            case "it" -> "IT department";
            case "scans" -> "Scanned documents";
            default -> site.company() + " " + share;
        };
    }

    private String sheet(String word) {
        StringBuilder text = new StringBuilder("id;" + word + ";person;amount\r\n");
        int id = random.nextInt(1000, 9000);
        for (int i = random.nextInt(5, 16); i > 0; i--) {
            id += random.nextInt(1, 9);
            text.append(id)
                    .append(';')
                    .append(pick(random, SUPPLIERS))
                    .append(';')
                    .append(pick(random, site.colleagues()).fullName())
                    .append(';')
                    .append(random.nextInt(20, 9000))
                    .append('.')
                    .append(random.nextInt(10, 100))
                    .append("\r\n");
        }
        return text.toString();
    }

    /** One for each project; names and passwords are those that configuration files of the site name. */
    private List<Database> databases() {
        List<Database> databases = new ArrayList<>();
        for (String project : site.projects()) {
            databases.add(new Database(
                    project, project, password(site, project), List.of(users(), customers(), documents(project))));
        }
        return databases;
    }

    /** The password of a project's database, wherever it is named. */
    static Secret password(Site site, String project) {
        return site.strong("database " + project);
    }

    private Table users() {
        List<List<String>> rows = new ArrayList<>();
        int id = 1;
        for (Colleague colleague : Chance.some(random, site.colleagues(), random.nextInt(5, 10))) {
            rows.add(List.of(
                    Integer.toString(id++),
                    colleague.login(),
                    colleague.mail(),
                    "$2y$10$" + Chance.text(random, Chance.CLEAR, 53),
                    timestamp(moment(Duration.ofDays(400)))));
        }
        return new Table(
                "users",
                List.of(
                        "id int",
                        "login varchar(64)",
                        "mail varchar(128)",
                        "password varchar(64)",
                        "created_at timestamp"),
                rows);
    }

    private Table customers() {
        List<List<String>> rows = new ArrayList<>();
        int id = random.nextInt(100, 900);
        for (String name : Chance.some(random, SUPPLIERS, random.nextInt(5, 8))) {
            id += random.nextInt(1, 30);
            rows.add(List.of(
                    Integer.toString(id),
                    name,
                    pick(random, List.of("active", "active", "active", "closed")),
                    random.nextInt(0, 90_000) + "." + random.nextInt(10, 100)));
        }
        return new Table(
                "customers",
                List.of("id int", "name varchar(120)", "state varchar(16)", "balance decimal(12,2)"),
                rows);
    }

    private Table documents(String project) {
        List<List<String>> rows = new ArrayList<>();
        int id = random.nextInt(1000, 60_000);
        for (Instant at : times(random.nextInt(6, 13), Duration.ofDays(200))) {
            id += random.nextInt(1, 12);
            rows.add(List.of(
                    Integer.toString(id),
                    pick(random, SUPPLIERS),
                    random.nextInt(20, 9000) + "." + random.nextInt(10, 100),
                    timestamp(at)));
        }
        return new Table(
                project.endsWith("s") ? project : project + "_items",
                List.of("id int", "customer varchar(120)", "amount decimal(12,2)", "at timestamp"),
                rows);
    }

    /** Ascending, all after the installation. */
    private List<Instant> times(int count, Duration back) {
        List<Instant> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            times.add(moment(back));
        }
        times.sort(null);
        return times;
    }

    private Instant moment(Duration back) {
        long age = Math.min(
                back.toSeconds(), Duration.between(persona.installedAt(), now).toSeconds());
        return Instant.ofEpochSecond(now.getEpochSecond() - random.nextLong(3600, Math.max(3601, age)));
    }

    private static String day(Instant at) {
        return at.toString().substring(0, 10);
    }

    private static String timestamp(Instant at) {
        return String.format(Locale.ROOT, "%1$tF %1$tT", at.atOffset(java.time.ZoneOffset.UTC));
    }
}
