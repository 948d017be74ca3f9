package decnet.topology;

import static decnet.topology.Chance.capital;
import static decnet.topology.Chance.pick;

import decnet.core.Secret;
import decnet.topology.SiteView.Colleague;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The place where all machines of an installation stand: company, people, service accounts, and how machines are named. All of it
 * follows from the installation secret, so a machine that is deployed years later still belongs; what a persona has taken from it is
 * stored there. Immutable.
 */
final class Site {
    private static final List<String> COMPANY_HEAD = List.of(
            "north",
            "east",
            "blue",
            "silver",
            "alpen",
            "river",
            "harbor",
            "stone",
            "meridian",
            "cedar",
            "summit",
            "delta",
            "vector",
            "orion",
            "falcon",
            "granite",
            "lumen",
            "atlas",
            "polar",
            "amber");
    private static final List<String> COMPANY_TAIL = List.of(
            "tech", "soft", "systems", "works", "logic", "data", "labs", "media", "trade", "health", "energy", "foods",
            "metal", "parts", "print", "care");
    private static final List<String> DOMAIN_TAIL = List.of("lan", "local", "internal", "corp", "intra");
    private static final List<String> LEGAL_FORM = List.of("Ltd", "GmbH", "Inc", "AG", "SAS", "BV");
    private static final List<String> FIRST_NAMES = List.of(
            "anna", "mark", "peter", "julia", "thomas", "laura", "david", "sarah", "michael", "nina", "stefan",
            "carlos", "maria", "james", "emma", "lucas", "oliver", "eva", "martin", "paul", "simon", "helen", "robert",
            "alice");
    private static final List<String> LAST_NAMES = List.of(
            "weber", "miller", "novak", "silva", "jensen", "moreau", "rossi", "keller", "brown", "wright", "lang",
            "fischer", "kovacs", "berg", "santos", "dubois", "hughes", "baker", "vogel", "marino");
    private static final List<String> PROJECTS = List.of(
            "billing",
            "orders",
            "warehouse",
            "crm",
            "reports",
            "tickets",
            "payroll",
            "shop",
            "sync",
            "gateway",
            "archive");
    private static final int STAFF = 16;

    private final InstallationSecret secret;
    private final String company;
    private final String legalForm;
    private final String domain;
    private final int style;
    private final int loginStyle;
    private final int second;
    private final boolean renamesPcs;
    private final List<Colleague> colleagues;
    private final List<String> projects;
    private final List<SiteAccount> accounts;

    Site(InstallationSecret secret) {
        this.secret = secret;
        SplittableRandom random = secret.random("site");
        // these four draws are those of the first version: a site that is there keeps its domain and its names
        this.company = pick(random, COMPANY_HEAD) + pick(random, COMPANY_TAIL);
        this.domain = company + "." + pick(random, DOMAIN_TAIL);
        this.style = random.nextInt(3);
        this.legalForm = pick(random, LEGAL_FORM);
        this.loginStyle = random.nextInt(3);
        this.second = random.nextInt(8, 230);
        this.renamesPcs = random.nextBoolean();
        this.colleagues = people(secret.random("site people"));
        this.projects = Chance.some(secret.random("site projects"), PROJECTS, 3);
        this.accounts = serviceAccounts();
    }

    private List<Colleague> people(SplittableRandom random) {
        List<Colleague> people = new ArrayList<>();
        Set<String> logins = new HashSet<>();
        while (people.size() < STAFF) {
            String first = pick(random, FIRST_NAMES);
            String last = pick(random, LAST_NAMES);
            String login =
                    switch (loginStyle) {
                        case 0 -> first;
                        case 1 -> first.charAt(0) + last;
                        default -> first + "." + last;
                    };
            if (logins.add(login)) {
                people.add(new Colleague(capital(first), capital(last), login, first + "." + last + "@" + domain));
            }
        }
        return people;
    }

    private List<SiteAccount> serviceAccounts() {
        SplittableRandom random = secret.random("site accounts");
        return List.of(
                account(
                        pick(random, List.of("svc_backup", "svc-backup", "backupsvc", "veeam")),
                        "Backup",
                        EnumSet.of(
                                MachineKind.SERVER,
                                MachineKind.NAS,
                                MachineKind.HYPERVISOR,
                                MachineKind.WINDOWS_SERVER)),
                account(
                        pick(random, List.of("ansible", "automation", "svc_deploy", "rollout")),
                        "Configuration management",
                        EnumSet.of(MachineKind.SERVER)),
                account(
                        pick(random, List.of("svc_monitor", "nagios", "icinga", "zbxagent")),
                        "Monitoring",
                        EnumSet.of(MachineKind.SERVER, MachineKind.HYPERVISOR, MachineKind.WINDOWS_SERVER)),
                account(
                        pick(random, List.of("ftpsync", "upload", "filedrop", "transfer")),
                        "File transfer",
                        EnumSet.of(MachineKind.SERVER, MachineKind.NAS)),
                account(
                        pick(random, List.of("scan", "scanner", "svc_scan", "scan2folder")),
                        "Scan to folder",
                        EnumSet.of(MachineKind.SERVER, MachineKind.NAS, MachineKind.WINDOWS_SERVER)),
                account(
                        pick(random, List.of("nvr", "vms", "recorder", "viewer")),
                        "Video",
                        EnumSet.of(MachineKind.CAMERA, MachineKind.DEVICE, MachineKind.NAS)),
                account(
                        pick(random, List.of("scada", "hmi", "engineering", "maintenance")),
                        "Plant",
                        EnumSet.of(MachineKind.PLC)),
                account(
                        pick(random, List.of("svc_sql", "svc_app", "svc_iis", "svc_task")),
                        "Application service",
                        EnumSet.of(MachineKind.WINDOWS_SERVER, MachineKind.WORKSTATION)));
    }

    private SiteAccount account(String name, String gecos, Set<MachineKind> kinds) {
        return new SiteAccount(name, gecos, strong("account " + name), kinds);
    }

    /** A password that nobody guesses; the same for the same {@code label}. */
    Secret strong(String label) {
        SplittableRandom random = secret.random("site secret " + label);
        return new Secret(Chance.token(random, random.nextInt(13, 19)));
    }

    String domain() {
        return domain;
    }

    /** With its legal form: {@code Northtech Ltd}. */
    String company() {
        return capital(company) + " " + legalForm;
    }

    /** Three letters that stand before names of Windows machines. */
    String code() {
        return company.substring(0, 3).toUpperCase(Locale.ROOT);
    }

    List<Colleague> colleagues() {
        return colleagues;
    }

    List<String> projects() {
        return projects;
    }

    List<SiteAccount> accounts() {
        return accounts;
    }

    /** Name of the authority that signs the site's certificates. */
    String authority() {
        return switch (style) {
            case 0 -> capital(company) + " Internal CA";
            case 1 -> company + "-" + code() + "-DC01-CA";
            default -> capital(company) + " " + legalForm + " Root CA";
        };
    }

    /** The service accounts that a machine of that name has. */
    List<SiteAccount> accountsOf(String hostname, MachineKind kind) {
        SplittableRandom random = secret.random("site accounts of " + hostname);
        List<SiteAccount> possible =
                accounts.stream().filter(one -> one.kinds().contains(kind)).toList();
        List<SiteAccount> has = new ArrayList<>();
        for (SiteAccount account : possible) {
            if (random.nextInt(10) < 6) {
                has.add(account);
            }
        }
        if (has.isEmpty() && !possible.isEmpty()) {
            has.add(pick(random, possible));
        }
        return has;
    }

    /**
     * The names that machines of an archetype get here, one after another: who is deployed later takes the next one. Only for kinds
     * that people name.
     */
    String hostname(Archetype archetype, Set<String> taken) {
        SplittableRandom random = secret.random("site names " + archetype.slug());
        for (int i = 0; ; i++) {
            String role = pick(random, archetype.roles());
            int number = random.nextInt(1, 12 + i);
            String name = named(archetype.kind(), role, number, random);
            if (!taken.contains(name)) {
                return name;
            }
        }
    }

    /** Whether {@link #hostname} gives the names of that kind; others are named for a number of theirs. */
    static boolean names(MachineKind kind) {
        return switch (kind) {
            case SERVER, WORKSTATION, WINDOWS_SERVER, HYPERVISOR, NAS, PLC -> true;
            case CAMERA, DEVICE, PRINTER -> false;
        };
    }

    private String named(MachineKind kind, String role, int number, SplittableRandom random) {
        return switch (kind) {
            case WORKSTATION ->
                renamesPcs
                        ? code() + "-" + role + String.format("%04d", number * 7 + random.nextInt(7))
                        : (role.equals("NB") ? "LAPTOP-" : "DESKTOP-") + Chance.text(random, Chance.CAPITALS, 7);
            case WINDOWS_SERVER -> code() + (style == 2 ? "" : "-") + role + String.format("%02d", number);
            case PLC -> role + "-" + pick(random, List.of("line", "cell", "hall")) + number;
            default ->
                switch (style) {
                    case 0 -> String.format("%s%02d", role, number);
                    case 1 -> String.format("srv-%s-%02d", role, number);
                    default -> String.format("%s-%d", role, number);
                };
        };
    }

    /**
     * An address on the internal network that is not taken yet. Servers, PCs and devices have networks of their own.
     *
     * @param taken addresses in use; the new one is added
     */
    String address(String hostname, MachineKind kind, Set<String> taken) {
        int third =
                switch (kind) {
                    case SERVER, WINDOWS_SERVER, NAS -> 10;
                    case HYPERVISOR -> 15;
                    case WORKSTATION, PRINTER -> 20;
                    case CAMERA, DEVICE -> 30;
                    case PLC -> 40;
                };
        int from = secret.random("site address of " + hostname).nextInt(20, 250);
        for (int i = 0; i < 230 * 200; i++) { // when a network is full, the next one
            int last = 20 + (from - 20 + i) % 230;
            String address = "10." + second + "." + (third + i / 230) + "." + last;
            if (taken.add(address)) {
                return address;
            }
        }
        throw new IllegalStateException("no room for " + hostname + " in 10." + second + ".0.0/16");
    }

    String nameserver() {
        return "10." + second + ".10.5";
    }
}
