package decnet.decoys.command;

import decnet.core.Snippet;
import decnet.topology.Archetype;
import decnet.topology.Driver;
import decnet.topology.FleetException;
import decnet.topology.FleetFile;
import decnet.topology.FleetNetwork;
import decnet.topology.HostNetwork;
import decnet.topology.ServiceCatalogue;
import decnet.topology.ServiceSpec;
import decnet.topology.Subnet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which machines somebody wants: with a fleet file or without one. */
final class WantedFleet {
    static final int MOST = 1_000;
    private static final int MOST_SERVICES = 3;
    private static final int REDRAWS = 20;

    @Option(
            names = {"-f", "--deckies-file"},
            paramLabel = "FILE",
            description = "The fleet file.")
    private @Nullable Path file;

    @Option(
            names = {"-n", "--deckies"},
            paramLabel = "N",
            description = "As many machines, called decky-01 and so on, instead of a fleet file.")
    private int amount;

    @Option(
            names = {"-a", "--archetype"},
            paramLabel = "A",
            description = "With -n: what they are; else a mixture.")
    private @Nullable String archetype;

    @Option(
            names = "--services",
            split = ",",
            paramLabel = "S",
            description = "With -n: what they offer; else what their kind does.")
    private List<String> services = new ArrayList<>();

    @Option(names = "--randomize-services", description = "With -n: each offers one to three of all services.")
    private boolean randomize;

    @Option(names = "--driver", paramLabel = "D", description = "loopback or netns, where the file does not say it.")
    private @Nullable String driver;

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "I",
            description = "The interface of this host that they are put on; means --driver netns.")
    private @Nullable String uplink;

    @Option(names = "--subnet", paramLabel = "C", description = "Where they get their addresses, as 192.168.1.0/24.")
    private @Nullable String subnet;

    /** Whether somebody wants anything. */
    boolean given() {
        return file != null || amount != 0;
    }

    /**
     * What is wanted.
     *
     * @param path of a fleet file given without an option
     * @throws FleetException with everything that is wrong
     */
    FleetFile read(Optional<Path> path, RandomGenerator random) {
        Optional<Path> named = path.or(() -> Optional.ofNullable(file));
        FleetNetwork.Defaults defaults = defaults();
        if (named.isPresent()) {
            if (amount != 0 || archetype != null || randomize || !services.isEmpty()) {
                throw new FleetException(
                        List.of("-n, --archetype, --services and --randomize-services go without a fleet file"));
            }
            return FleetFile.read(named.get(), defaults);
        }
        if (amount < 1 || amount > MOST) {
            throw new FleetException(List.of("-n: expected 1 to " + MOST));
        }
        return FleetFile.parse("deploy", text(random), defaults);
    }

    FleetNetwork.Defaults defaults() {
        Optional<Driver> wanted = uplink != null ? Optional.of(Driver.NETNS) : Optional.empty();
        if (driver != null) {
            String text = driver;
            wanted = Optional.of(java.util.stream.Stream.of(Driver.values())
                    .filter(one -> one.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new FleetException(
                            List.of("--driver: " + Snippet.of(text) + ": expected loopback or netns"))));
        }
        Optional<Subnet> network = Optional.empty();
        if (subnet != null) {
            try {
                network = Optional.of(Subnet.parse(subnet));
            } catch (IllegalArgumentException e) {
                throw new FleetException(List.of("--subnet: " + e.getMessage()));
            }
        }
        return new FleetNetwork.Defaults(wanted, Optional.ofNullable(uplink), network, HostNetwork.read());
    }

    private String text(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        List<Archetype> kinds =
                Archetype.all().stream().filter(one -> !one.offered().isEmpty()).toList();
        Set<Set<String>> drawn = new HashSet<>();
        int digits = Math.max(2, Integer.toString(amount).length());
        for (int i = 1; i <= amount; i++) {
            String number = Integer.toString(i);
            text.append("[decky-")
                    .append("0".repeat(digits - number.length()))
                    .append(number)
                    .append("]\n");
            if (archetype != null) {
                text.append("archetype = ").append(archetype).append('\n');
            } else if (services.isEmpty() && !randomize) {
                text.append("archetype = ")
                        .append(kinds.get(random.nextInt(kinds.size())).slug())
                        .append('\n');
            }
            if (!services.isEmpty()) {
                text.append("services = ").append(String.join(", ", services)).append('\n');
            } else if (randomize) {
                text.append("services = ")
                        .append(String.join(", ", draw(random, drawn)))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** Another set than before, as long as that is easy. */
    private static Set<String> draw(RandomGenerator random, Set<Set<String>> drawn) {
        List<String> all =
                ServiceCatalogue.all().stream().map(ServiceSpec::slug).toList();
        Set<String> set = new TreeSet<>();
        for (int i = 0; i < REDRAWS; i++) {
            set.clear();
            int size = 1 + random.nextInt(MOST_SERVICES);
            while (set.size() < size) {
                set.add(all.get(random.nextInt(all.size())));
            }
            if (drawn.add(Set.copyOf(set))) {
                return set;
            }
        }
        return set;
    }
}
