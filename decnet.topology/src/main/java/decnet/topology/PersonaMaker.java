package decnet.topology;

import decnet.core.DeckyName;
import decnet.core.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Makes personas. What it makes is stored; making a second one for the same decky would be another machine. Not thread-safe. */
final class PersonaMaker {
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
    private static final List<String> FIRST_NAMES = List.of(
            "anna", "mark", "peter", "julia", "thomas", "laura", "david", "sarah", "michael", "nina", "stefan",
            "carlos", "maria", "james", "emma", "lucas", "oliver", "eva", "martin", "paul", "simon", "helen", "robert",
            "alice");
    private static final List<String> LAST_NAMES = List.of(
            "weber", "miller", "novak", "silva", "jensen", "moreau", "rossi", "keller", "brown", "wright", "lang",
            "fischer", "kovacs", "berg", "santos", "dubois", "hughes", "baker", "vogel", "marino");
    private static final List<String> ROLE_USERS =
            List.of("admin", "ubuntu", "deploy", "backup", "oracle", "test", "dev", "support", "user", "ansible");
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

    private final InstallationSecret secret;
    private final Instant now;

    PersonaMaker(InstallationSecret secret, Instant now) {
        this.secret = secret;
        this.now = now;
    }

    /** @param taken host names in use; the new one is added */
    Persona make(DeckyName decky, Archetype archetype, Optional<String> distribution, Set<String> taken) {
        SplittableRandom random = secret.random("persona " + decky.text() + " " + archetype.slug());
        SplittableRandom site = secret.random("site");
        String domain = pick(site, COMPANY_HEAD) + pick(site, COMPANY_TAIL) + "." + pick(site, DOMAIN_TAIL);
        int style = site.nextInt(3);
        Distribution os = Distribution.find(distribution.orElseGet(() -> pick(random, archetype.distributions())))
                .orElseThrow(() -> new IllegalArgumentException("unknown distribution"));
        Instant installed = now.minus(Duration.ofSeconds(random.nextLong(
                Duration.ofDays(120).toSeconds(), Duration.ofDays(700).toSeconds())));
        Instant booted = now.minus(Duration.ofSeconds(random.nextLong(
                Duration.ofHours(30).toSeconds(), Duration.ofDays(96).toSeconds())));
        String hostname = hostname(random, archetype, os, style, taken);
        List<Account> accounts =
                os.shell().equals("ash") ? deviceAccounts(random) : serverAccounts(random, os, archetype);
        Map<String, String> serviceSecrets = Map.of("redis", pick(random, WEAK) + random.nextInt(10, 100));
        Persona plain = new Persona(
                archetype.slug(),
                hostname,
                domain,
                os,
                hardware(random, os, archetype),
                mac(random, archetype),
                installed,
                booted,
                accounts,
                serviceSecrets,
                List.of(),
                List.of(),
                random.nextLong());
        List<Bait> bait = new BaitMaker(plain, random).make();
        return new Persona(
                plain.archetype(),
                hostname,
                domain,
                os,
                plain.hardware(),
                plain.mac(),
                installed,
                booted,
                accounts,
                serviceSecrets,
                List.of(),
                bait,
                plain.seed());
    }

    /** Fresh keys, as the package's installation makes them. Takes up to a second. */
    static List<HostKey> hostKeys() {
        return List.of(
                hostKey("ssh-rsa", "RSA", new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4)),
                hostKey("ecdsa-sha2-nistp256", "EC", new ECGenParameterSpec("secp256r1")),
                hostKey("ssh-ed25519", "Ed25519", java.security.spec.NamedParameterSpec.ED25519));
    }

    private static HostKey hostKey(String type, String algorithm, AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters);
            KeyPair pair = generator.generateKeyPair();
            Base64.Encoder base64 = Base64.getEncoder();
            return new HostKey(
                    type,
                    base64.encodeToString(pair.getPrivate().getEncoded()),
                    base64.encodeToString(pair.getPublic().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java 25 makes keys of type " + algorithm, e);
        }
    }

    private static String hostname(
            SplittableRandom random, Archetype archetype, Distribution os, int style, Set<String> taken) {
        while (true) {
            String role = pick(random, archetype.role());
            int number = random.nextInt(1, 40);
            String name;
            if (os.shell().equals("ash")) {
                name = String.format("%s-%06x", role, random.nextInt(1 << 24));
            } else if (style == 0) {
                name = String.format("%s%02d", role, number);
            } else if (style == 1) {
                name = String.format("srv-%s-%02d", role, number);
            } else {
                name = String.format("%s-%d", role, number);
            }
            if (taken.add(name)) {
                return name;
            }
        }
    }

    private static List<Account> serverAccounts(SplittableRandom random, Distribution os, Archetype archetype) {
        List<Account> accounts = new ArrayList<>();
        boolean debian = !os.id().equals("rocky");
        accounts.add(new Account("root", 0, "root", "/root", "/bin/bash", Optional.of(weak(random, WEAK)), true));
        String nologin = debian ? "/usr/sbin/nologin" : "/sbin/nologin";
        daemon(accounts, "daemon", debian ? 1 : 2, "daemon", debian ? "/usr/sbin" : "/sbin", nologin);
        daemon(accounts, "bin", debian ? 2 : 1, "bin", "/bin", nologin);
        daemon(accounts, "mail", 8, "mail", debian ? "/var/mail" : "/var/spool/mail", nologin);
        if (debian) {
            daemon(accounts, "sys", 3, "sys", "/dev", nologin);
            daemon(accounts, "sync", 4, "sync", "/bin", "/bin/sync");
            daemon(accounts, "games", 5, "games", "/usr/games", nologin);
            daemon(accounts, "man", 6, "man", "/var/cache/man", nologin);
            daemon(accounts, "www-data", 33, "www-data", "/var/www", nologin);
            daemon(accounts, "_apt", 42, "", "/nonexistent", nologin);
            daemon(accounts, "nobody", 65534, "nobody", "/nonexistent", nologin);
            daemon(accounts, "systemd-network", 998, "systemd Network Management", "/", nologin);
        } else {
            daemon(accounts, "apache", 48, "Apache", "/usr/share/httpd", nologin);
            daemon(accounts, "nobody", 65534, "Kernel Overflow User", "/", nologin);
            daemon(accounts, "chrony", 994, "chrony system user", "/var/lib/chrony", nologin);
        }
        daemon(accounts, "messagebus", debian ? 100 : 81, "", debian ? "/nonexistent" : "/", nologin);
        daemon(accounts, "sshd", debian ? 101 : 74, debian ? "" : "Privilege-separated SSH", "/run/sshd", nologin);
        if (archetype.services().contains("redis")) {
            daemon(accounts, "redis", 103, "", "/var/lib/redis", nologin);
        }
        if (archetype.services().contains("ftp")) {
            daemon(accounts, "ftp", 104, "ftp daemon", "/srv/ftp", nologin);
        }
        String role = pick(random, ROLE_USERS);
        person(accounts, role, 1000, role.equals("ubuntu") ? "Ubuntu" : "", weak(random, WEAK), true);
        String first = pick(random, FIRST_NAMES);
        String last = pick(random, LAST_NAMES);
        String name = random.nextBoolean() ? first : first.charAt(0) + last;
        Secret password = random.nextBoolean() ? new Secret(first + random.nextInt(1, 1000)) : weak(random, WEAK);
        person(accounts, name, 1001, capital(first) + " " + capital(last), password, false);
        return accounts;
    }

    private static List<Account> deviceAccounts(SplittableRandom random) {
        List<Account> accounts = new ArrayList<>();
        accounts.add(new Account("root", 0, "root", "/root", "/bin/sh", Optional.of(weak(random, DEVICE_WEAK)), true));
        daemon(accounts, "daemon", 1, "daemon", "/usr/sbin", "/bin/false");
        daemon(accounts, "www-data", 33, "www-data", "/var/www", "/bin/false");
        daemon(accounts, "nobody", 65534, "nobody", "/home", "/bin/false");
        accounts.add(new Account(
                "admin",
                1000,
                "Linux User,,,",
                "/home/admin",
                "/bin/sh",
                Optional.of(weak(random, DEVICE_WEAK)),
                false));
        return accounts;
    }

    private static void daemon(List<Account> accounts, String name, int uid, String gecos, String home, String shell) {
        accounts.add(new Account(name, uid, gecos, home, shell, Optional.empty(), false));
    }

    private static void person(
            List<Account> accounts, String name, int uid, String gecos, Secret password, boolean sudo) {
        accounts.add(new Account(name, uid, gecos + ",,,", "/home/" + name, "/bin/bash", Optional.of(password), sudo));
    }

    private static Secret weak(SplittableRandom random, List<String> pool) {
        return new Secret(pick(random, pool));
    }

    private static Hardware hardware(SplittableRandom random, Distribution os, Archetype archetype) {
        if (os.shell().equals("ash")) {
            return new Hardware(
                    "", "HI3516", "ARMv7 Processor rev 5 (v7l)", 1, 124_416 + 4L * random.nextInt(800), 32_768);
        }
        boolean metal =
                archetype.slug().equals("database-server") || archetype.slug().equals("file-server");
        int cores = metal ? 8 << random.nextInt(2) : 2 << random.nextInt(2);
        long memory = (metal ? 32L << random.nextInt(2) : 4L << random.nextInt(2)) * 1_048_576
                - random.nextInt(45_000, 105_000) * 4L;
        long disk = (metal ? 900L : 40L + 20L * random.nextInt(4)) * 1_048_576 - random.nextInt(225_000) * 4L;
        String cpu = pick(
                random,
                List.of(
                        "Intel(R) Xeon(R) Silver 4210 CPU @ 2.20GHz",
                        "Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz",
                        "Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz",
                        "AMD EPYC 7302 16-Core Processor"));
        String model = pick(random, List.of("PowerEdge R640", "PowerEdge R740", "PowerEdge R440"));
        return metal
                ? new Hardware("Dell Inc.", model, cpu, cores, memory, disk)
                : new Hardware("VMware, Inc.", "VMware Virtual Platform", cpu, cores, memory, disk);
    }

    private static String mac(SplittableRandom random, Archetype archetype) {
        return String.format(
                "%s:%02x:%02x:%02x",
                pick(random, archetype.vendors()), random.nextInt(1, 256), random.nextInt(256), random.nextInt(1, 255));
    }

    static <T> T pick(SplittableRandom random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
