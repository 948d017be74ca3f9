package decnet.topology;

import static decnet.topology.Chance.pick;

import decnet.core.DeckyName;
import decnet.topology.SiteView.Colleague;
import decnet.topology.SiteView.Neighbour;
import java.net.InetAddress;
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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Makes personas. What it makes is stored; making a second one for the same decky would be another machine. Not thread-safe. */
final class PersonaMaker {
    /** Services that speak TLS, from the first byte on or after a word. */
    private static final Set<String> TLS = Set.of(
            "https", "rdp", "smtp", "imap", "pop3", "ldap", "mssql", "postgres", "docker_api", "k8s", "mqtt", "sip");

    private static final int NEIGHBOURS = 6;
    private static final int COLLEAGUES = 8;

    private final InstallationSecret secret;
    private final Site site;
    private final Instant now;
    private final CertificateMaker certificates;

    /**
     * A machine that is to be there.
     *
     * @param services slugs
     * @param tls whether one of them speaks TLS although its name does not say so
     * @param stored who it is already, if it was there before
     * @param address it has on a network; without one it says that it has one of the site's
     */
    record Wanted(
            DeckyName name,
            Archetype archetype,
            Optional<String> distribution,
            Set<String> services,
            boolean tls,
            Optional<Persona> stored,
            Optional<InetAddress> address) {
        Wanted {
            services = Set.copyOf(services);
        }

        /** Without a network of its own. */
        Wanted(
                DeckyName name,
                Archetype archetype,
                Optional<String> distribution,
                Set<String> services,
                boolean tls,
                Optional<Persona> stored) {
            this(name, archetype, distribution, services, tls, stored, Optional.empty());
        }
    }

    /** @param authority of the site; asked only if a certificate of its is to be made */
    PersonaMaker(InstallationSecret secret, Instant now, Supplier<SiteAuthority> authority) {
        this(secret, new Site(secret), now, authority);
    }

    /** @param chance what is drawn follows from it; other machines than {@code secret}'s on the same site if it is another one */
    PersonaMaker(InstallationSecret chance, Site site, Instant now, Supplier<SiteAuthority> authority) {
        this.secret = chance;
        this.site = site;
        this.now = now;
        this.certificates = new CertificateMaker(now, authority);
    }

    /**
     * The personas, in the same order: stored ones with what new services of theirs need, and new ones, which know all others. Keys are
     * made on all processors; a machine with a secure shell takes about half a second of one.
     *
     * @param known every other persona that is stored, whose names and addresses stay theirs
     */
    List<Persona> make(List<Wanted> wanted, Collection<Persona> known) {
        Set<String> hostnames = new HashSet<>();
        Set<String> addresses = new HashSet<>();
        List<Persona> all = new ArrayList<>(known);
        wanted.forEach(one -> one.stored().ifPresent(all::add));
        for (Persona persona : all) {
            hostnames.add(persona.hostname());
            addresses.add(persona.site().address());
        }
        List<Persona> plain = new ArrayList<>();
        Targets targets = new Targets(site);
        for (Wanted one : wanted) {
            Persona persona = one.stored().orElseGet(() -> fresh(one, hostnames, addresses));
            plain.add(persona);
            targets.add(persona, one.services());
        }
        List<Persona> furnished = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Wanted one = wanted.get(i);
            Persona persona = plain.get(i);
            SplittableRandom random = secret.random("contents " + one.name().text() + " " + persona.archetype());
            persona = persona.withContents(new ContentsMaker(site, persona, random, now).make(one.services()));
            furnished.add(one.stored().isPresent() ? persona : settled(one, persona, targets));
        }
        return keyed(wanted, furnished);
    }

    private Persona fresh(Wanted wanted, Set<String> hostnames, Set<String> addresses) {
        Archetype archetype = wanted.archetype();
        SplittableRandom random = secret.random("persona " + wanted.name().text() + " " + archetype.slug());
        Distribution system = Distribution.find(
                        wanted.distribution().orElseGet(() -> pick(random, archetype.distributions())))
                .orElseThrow(() -> new IllegalArgumentException("unknown distribution"));
        MachineKind kind = archetype.with(system);
        Instant installed = now.minus(Duration.ofSeconds(random.nextLong(
                Duration.ofDays(120).toSeconds(), Duration.ofDays(700).toSeconds())));
        Instant booted = now.minus(Duration.ofSeconds(random.nextLong(
                Duration.ofHours(30).toSeconds(), Duration.ofDays(96).toSeconds())));
        String mac;
        String serial;
        String hostname;
        do { // names that come from a number are taken with it
            mac = DeviceMaker.mac(random, archetype, system);
            serial = DeviceMaker.serialNumber(random, system, mac);
            hostname = Site.names(kind)
                    ? site.hostname(archetype, hostnames)
                    : DeviceMaker.hostname(random, archetype, system, mac, serial);
        } while (!hostnames.add(hostname));
        Hardware hardware = DeviceMaker.hardware(random, archetype, system, mac);
        Identity identity = new Identity(hostname, site.domain(), mac, serial, installed, booted, random.nextLong());
        String address = wanted.address().isPresent()
                ? wanted.address().get().getHostAddress()
                : site.address(hostname, kind, addresses);
        List<Account> accounts = new AccountMaker(site, random).make(archetype, system, hostname, wanted.services());
        SiteView view = new SiteView(
                site.company(),
                address,
                address.substring(0, address.lastIndexOf('.') + 1),
                site.nameserver(),
                colleagues(random, accounts),
                List.of());
        return new Persona(
                archetype.slug(),
                identity,
                DeviceMaker.system(system, hardware, hostname, serial),
                hardware,
                view,
                accounts,
                new Keyring(Map.of("redis", AccountMaker.weakWithNumber(random)), List.of(), Optional.empty()),
                Contents.NONE);
    }

    /** Its own users, and some more. */
    private List<Colleague> colleagues(SplittableRandom random, List<Account> accounts) {
        List<Colleague> known = new ArrayList<>(site.colleagues());
        known.removeIf(
                one -> accounts.stream().noneMatch(account -> account.name().equals(one.login())));
        for (Colleague other : Chance.some(random, site.colleagues(), COLLEAGUES)) {
            if (known.size() < COLLEAGUES && !known.contains(other)) {
                known.add(other);
            }
        }
        return known;
    }

    /** With neighbours and bait, which name other machines. */
    private Persona settled(Wanted wanted, Persona persona, Targets targets) {
        SplittableRandom random = secret.random("bait " + wanted.name().text() + " " + persona.archetype());
        List<Neighbour> neighbours = Chance.some(random, targets.others(persona.hostname()), NEIGHBOURS).stream()
                .map(target -> new Neighbour(target.hostname(), target.address()))
                .toList();
        Persona neighbour = persona.withSite(persona.site().withNeighbours(neighbours));
        return neighbour.withContents(
                neighbour.contents().withBait(new BaitMaker(site, neighbour, targets, random).make()));
    }

    private List<Persona> keyed(List<Wanted> wanted, List<Persona> personas) {
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("persona-keys-", 0).factory())) {
            List<Future<Persona>> results = new ArrayList<>();
            for (int i = 0; i < wanted.size(); i++) {
                Wanted one = wanted.get(i);
                Persona persona = personas.get(i);
                results.add(pool.submit(() -> keyed(one, persona)));
            }
            List<Persona> finished = new ArrayList<>();
            for (Future<Persona> result : results) {
                finished.add(result.get());
            }
            return finished;
        } catch (ExecutionException e) {
            throw new IllegalStateException("keys cannot be made: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keys were made", e);
        }
    }

    private Persona keyed(Wanted wanted, Persona persona) {
        Persona result = persona;
        if (result.hostKeys().isEmpty() && wanted.services().contains("ssh")) {
            result = result.withHostKeys(hostKeys());
        }
        boolean tls = wanted.tls() || wanted.services().stream().anyMatch(TLS::contains);
        if (tls && (result.tls().isEmpty() || certificates.due(result))) {
            result = result.withKeys(result.keys().withTls(certificates.make(result)));
        }
        return result;
    }

    /** Fresh keys, as the package's installation makes them. Takes up to a second. */
    private static List<HostKey> hostKeys() {
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
}
