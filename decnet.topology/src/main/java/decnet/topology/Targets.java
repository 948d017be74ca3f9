package decnet.topology;

import decnet.core.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Machines that a bait can point at, with the service accounts that log in there: those of the fleet, and those that will get the
 * next names of the site when somebody deploys them. Not thread-safe.
 */
final class Targets {
    /** Services where an account of the machine logs in. */
    private static final Set<String> DOORS =
            Set.of("ssh", "telnet", "ftp", "http", "https", "smb", "rdp", "imap", "pop3");
    /** Kinds of which a site surely has one more. */
    private static final List<String> TO_COME = List.of("linux-server", "file-server", "nas", "linux-server");

    private final Site site;
    private final List<Target> fleet = new ArrayList<>();
    private final Set<String> hostnames = new HashSet<>();

    /**
     * A machine.
     *
     * @param address on the internal network; empty for one that is still to come
     * @param services slugs
     */
    record Target(String hostname, String address, MachineKind kind, Set<String> services, List<Login> logins) {
        /** Whether one of its services is among {@code some}. */
        boolean offers(Set<String> some) {
            return services.stream().anyMatch(some::contains);
        }
    }

    /** A pair that logs in. */
    record Login(String name, Secret password) {}

    Targets(Site site) {
        this.site = site;
    }

    /** A machine of the fleet. */
    void add(Persona persona, Set<String> services) {
        hostnames.add(persona.hostname());
        List<Login> logins = site.accounts().stream()
                .filter(account ->
                        persona.login(account.name(), account.password().text()).isPresent())
                .map(account -> new Login(account.name(), account.password()))
                .toList();
        Target target =
                new Target(persona.hostname(), persona.site().address(), persona.kind(), Set.copyOf(services), logins);
        fleet.add(target);
    }

    /** Machines of the fleet beside {@code self}. */
    List<Target> others(String self) {
        return fleet.stream().filter(one -> !one.hostname().equals(self)).toList();
    }

    /** A machine beside {@code self} that has service accounts and one of these services: mostly one of the fleet. */
    Target draw(SplittableRandom random, String self, Set<String> services) {
        List<Target> fitting = fleet.stream()
                .filter(one -> !one.hostname().equals(self)
                        && !one.logins().isEmpty()
                        && one.offers(DOORS)
                        && one.offers(services))
                .toList();
        if (!fitting.isEmpty() && random.nextInt(8) > 0) {
            return Chance.pick(random, fitting);
        }
        List<String> kinds = TO_COME.stream()
                .filter(slug ->
                        Archetype.find(slug).orElseThrow().services().stream().anyMatch(services::contains))
                .toList();
        return toCome(Chance.pick(random, kinds.isEmpty() ? TO_COME : kinds));
    }

    /** Where the site's databases are. */
    Target database(SplittableRandom random, String self) {
        List<Target> fitting = fleet.stream()
                .filter(one -> !one.hostname().equals(self) && one.offers(Set.of("mysql", "postgres", "redis")))
                .toList();
        return fitting.isEmpty() ? toCome("database-server") : Chance.pick(random, fitting);
    }

    private Target toCome(String slug) {
        Archetype archetype = Archetype.find(slug).orElseThrow();
        String hostname = site.hostname(archetype, hostnames);
        List<Login> logins = site.accountsOf(hostname, archetype.kind()).stream()
                .map(account -> new Login(account.name(), account.password()))
                .toList();
        return new Target(hostname, "", archetype.kind(), Set.copyOf(archetype.offered()), logins);
    }
}
