package decnet.topology;

import static decnet.topology.Chance.pick;

import decnet.core.Secret;
import decnet.topology.SiteView.Colleague;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Makes the users of a machine, with the weak passwords that such machines have. Not thread-safe. */
final class AccountMaker {
    private static final List<String> ROLE_USERS =
            List.of("admin", "ubuntu", "deploy", "backup", "oracle", "test", "dev", "support", "user");
    private static final List<String> WEAK = List.of(
            "123456",
            "password",
            "admin123",
            "12345678",
            "qwerty",
            "1q2w3e4r",
            "passw0rd",
            "letmein",
            "welcome1",
            "root123",
            "P@ssw0rd",
            "changeme",
            "abc123",
            "toor",
            "test123",
            "qwerty123",
            "111111",
            "password1",
            "admin@123",
            "1qaz2wsx",
            "server",
            "manager",
            "master",
            "dragon",
            "123qwe",
            "zaq12wsx",
            "welcome",
            "secret",
            "server123",
            "Passw0rd!");
    private static final List<String> DEVICE_WEAK = List.of(
            "12345",
            "admin",
            "vizxv",
            "xc3511",
            "888888",
            "666666",
            "54321",
            "1111",
            "pass",
            "klv123",
            "7ujMko0admin",
            "jvbzd");
    /** What a password policy lets through. */
    private static final List<String> WINDOWS_WEAK = List.of(
            "P@ssw0rd",
            "Passw0rd!",
            "Welcome1",
            "Welcome123",
            "Password1",
            "Password123",
            "Admin123!",
            "Qwerty123",
            "Summer2024",
            "Winter2024!",
            "Changeme1",
            "Abc12345");

    private static final List<String> HYPERVISOR_WEAK =
            List.of("VMware1!", "P@ssw0rd", "vmware", "Passw0rd!", "Esxi1234", "Admin123!", "root123", "VMware123!");
    private static final List<String> PRINTER_WEAK =
            List.of("admin", "Admin", "12345678", "initpass", "access", "1234", "0000", "password");
    private static final List<String> PLANT_WEAK = List.of("admin", "USER", "siemens", "plc", "1234", "12345", "100");

    private final Site site;
    private final SplittableRandom random;
    private final List<Account> accounts = new ArrayList<>();

    AccountMaker(Site site, SplittableRandom random) {
        this.site = site;
        this.random = random;
    }

    List<Account> make(Archetype archetype, Distribution os, String hostname, Set<String> services) {
        MachineKind kind = archetype.with(os);
        switch (kind) {
            case SERVER -> server(os, archetype, hostname, services);
            case WORKSTATION, WINDOWS_SERVER -> windows(kind, hostname);
            case HYPERVISOR -> hypervisor(hostname);
            case NAS -> nas(hostname);
            case CAMERA, DEVICE -> device(kind, hostname);
            case PLC -> plant(hostname);
            case PRINTER -> add("admin", 1, "", "/", "", Optional.of(weak(PRINTER_WEAK)), true);
        }
        return accounts;
    }

    private void server(Distribution os, Archetype archetype, String hostname, Set<String> services) {
        boolean debian = os.id().equals("debian") || os.id().equals("ubuntu");
        add("root", 0, "root", "/root", "/bin/bash", Optional.of(weak(WEAK)), true);
        String nologin = debian ? "/usr/sbin/nologin" : "/sbin/nologin";
        daemon("daemon", debian ? 1 : 2, "daemon", debian ? "/usr/sbin" : "/sbin", nologin);
        daemon("bin", debian ? 2 : 1, "bin", "/bin", nologin);
        daemon("mail", 8, "mail", debian ? "/var/mail" : "/var/spool/mail", nologin);
        if (debian) {
            daemon("sys", 3, "sys", "/dev", nologin);
            daemon("sync", 4, "sync", "/bin", "/bin/sync");
            daemon("games", 5, "games", "/usr/games", nologin);
            daemon("man", 6, "man", "/var/cache/man", nologin);
            daemon("www-data", 33, "www-data", "/var/www", nologin);
            daemon("_apt", 42, "", "/nonexistent", nologin);
            daemon("nobody", 65534, "nobody", "/nonexistent", nologin);
            daemon("systemd-network", 998, "systemd Network Management", "/", nologin);
        } else {
            daemon("apache", 48, "Apache", "/usr/share/httpd", nologin);
            daemon("nobody", 65534, "Kernel Overflow User", "/", nologin);
            daemon("chrony", 994, "chrony system user", "/var/lib/chrony", nologin);
        }
        daemon("messagebus", debian ? 100 : 81, "", debian ? "/nonexistent" : "/", nologin);
        daemon("sshd", debian ? 101 : 74, debian ? "" : "Privilege-separated SSH", "/run/sshd", nologin);
        if (services.contains("redis")) {
            daemon("redis", 103, "", "/var/lib/redis", nologin);
        }
        if (services.contains("ftp")) {
            daemon("ftp", 104, "ftp daemon", "/srv/ftp", nologin);
        }
        if (services.contains("mysql")) {
            daemon("mysql", 105, "MySQL Server,,,", "/nonexistent", "/bin/false");
        }
        if (services.contains("postgres")) {
            daemon("postgres", 106, "PostgreSQL administrator,,,", "/var/lib/postgresql", "/bin/bash");
        }
        String role = pick(random, ROLE_USERS);
        person(role, 1000, role.equals("ubuntu") ? "Ubuntu" : "", weak(WEAK), true);
        int uid = 1001;
        for (SiteAccount account : site.accountsOf(hostname, MachineKind.SERVER)) {
            if (accounts.stream().noneMatch(one -> one.name().equals(account.name()))) {
                person(
                        account.name(),
                        uid++,
                        account.gecos(),
                        account.password(),
                        account.gecos().startsWith("Configuration"));
            }
        }
        int people = archetype.slug().equals("mail-server") ? random.nextInt(4, 7) : 1;
        for (Colleague colleague : Chance.some(random, site.colleagues(), people)) {
            if (accounts.stream().noneMatch(one -> one.name().equals(colleague.login()))) {
                person(colleague.login(), uid++, colleague.fullName(), personal(colleague), false);
            }
        }
    }

    private Secret personal(Colleague colleague) {
        String first = colleague.firstName().toLowerCase(java.util.Locale.ROOT);
        return random.nextBoolean() ? new Secret(first + random.nextInt(1, 1000)) : weak(WEAK);
    }

    private void windows(MachineKind kind, String hostname) {
        add("Administrator", 500, "", "C:\\Users\\Administrator", "", Optional.of(weak(WINDOWS_WEAK)), true);
        add("Guest", 501, "", "", "", Optional.empty(), false);
        add("DefaultAccount", 503, "", "", "", Optional.empty(), false);
        add("WDAGUtilityAccount", 504, "", "", "", Optional.empty(), false);
        int uid = 1000 + random.nextInt(1, 9);
        for (SiteAccount account : site.accountsOf(hostname, kind)) {
            windowsUser(account.name(), uid++, account.gecos(), account.password(), false);
        }
        Colleague colleague = pick(random, site.colleagues());
        windowsUser(
                colleague.login(), uid, colleague.fullName(), weak(WINDOWS_WEAK), kind == MachineKind.WINDOWS_SERVER);
    }

    private void windowsUser(String name, int uid, String gecos, Secret password, boolean administrator) {
        add(name, uid, gecos, "C:\\Users\\" + name, "", Optional.of(password), administrator);
    }

    private void hypervisor(String hostname) {
        add("root", 0, "Administrator", "/", "/bin/sh", Optional.of(weak(HYPERVISOR_WEAK)), true);
        daemon("daemon", 2, "System daemons", "/", "/sbin/nologin");
        daemon("nfsnobody", 65534, "Anonymous NFS User", "/", "/sbin/nologin");
        daemon("dcui", 100, "DCUI User", "/", "/bin/sh");
        daemon("vpxuser", 500, "VMware VirtualCenter administration account", "/", "/bin/sh");
        int uid = 1000;
        for (SiteAccount account : site.accountsOf(hostname, MachineKind.HYPERVISOR)) {
            add(account.name(), uid++, account.gecos(), "/", "/bin/sh", Optional.of(account.password()), true);
        }
        Colleague colleague = pick(random, site.colleagues());
        add(colleague.login(), uid, colleague.fullName(), "/", "/bin/sh", Optional.of(weak(HYPERVISOR_WEAK)), true);
    }

    private void nas(String hostname) {
        add("root", 0, "", "/root", "/bin/ash", Optional.empty(), true);
        daemon("anonymous", 21, "", "/nonexist", "/sbin/nologin");
        daemon("http", 1023, "", "/var/lib/httpd", "/sbin/nologin");
        daemon("nobody", 65534, "", "/home", "/sbin/nologin");
        nasUser("admin", 1024, "System default user", Optional.of(weak(WEAK)), true);
        nasUser("guest", 1025, "Guest", Optional.empty(), false);
        int uid = 1026;
        for (SiteAccount account : site.accountsOf(hostname, MachineKind.NAS)) {
            nasUser(account.name(), uid++, account.gecos(), Optional.of(account.password()), false);
        }
        Colleague colleague = pick(random, site.colleagues());
        nasUser(colleague.login(), uid, colleague.fullName(), Optional.of(personal(colleague)), false);
    }

    private void nasUser(String name, int uid, String gecos, Optional<Secret> password, boolean administrator) {
        add(name, uid, gecos, "/var/services/homes/" + name, "/bin/sh", password, administrator);
    }

    private void device(MachineKind kind, String hostname) {
        add("root", 0, "root", "/root", "/bin/sh", Optional.of(weak(DEVICE_WEAK)), true);
        daemon("daemon", 1, "daemon", "/usr/sbin", "/bin/false");
        daemon("www-data", 33, "www-data", "/var/www", "/bin/false");
        daemon("nobody", 65534, "nobody", "/home", "/bin/false");
        int uid = 1001;
        for (SiteAccount account : site.accountsOf(hostname, kind)) {
            add(
                    account.name(),
                    uid++,
                    "Linux User,,,",
                    "/home/" + account.name(),
                    "/bin/sh",
                    Optional.of(account.password()),
                    false);
        }
        add("admin", 1000, "Linux User,,,", "/home/admin", "/bin/sh", Optional.of(weak(DEVICE_WEAK)), false);
    }

    private void plant(String hostname) {
        add("admin", 1, "", "/", "", Optional.of(weak(PLANT_WEAK)), true);
        int uid = 2;
        for (SiteAccount account : site.accountsOf(hostname, MachineKind.PLC)) {
            add(account.name(), uid++, "", "/", "", Optional.of(account.password()), false);
        }
    }

    private void daemon(String name, int uid, String gecos, String home, String shell) {
        add(name, uid, gecos, home, shell, Optional.empty(), false);
    }

    private void person(String name, int uid, String gecos, Secret password, boolean sudo) {
        add(name, uid, gecos + ",,,", "/home/" + name, "/bin/bash", Optional.of(password), sudo);
    }

    private void add(
            String name, int uid, String gecos, String home, String shell, Optional<Secret> password, boolean sudo) {
        accounts.add(new Account(name, uid, gecos, home, shell, password, sudo));
    }

    private Secret weak(List<String> pool) {
        return new Secret(pick(random, pool));
    }

    /** A weak password for a service without users. */
    static String weakWithNumber(SplittableRandom random) {
        return pick(random, WEAK) + random.nextInt(10, 100);
    }
}
