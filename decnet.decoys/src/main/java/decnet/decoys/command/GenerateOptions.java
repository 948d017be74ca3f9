package decnet.decoys.command;

import decnet.core.Snippet;
import decnet.topology.FleetException;
import decnet.topology.HostNetworks;
import decnet.topology.Subnet;
import decnet.topology.TopologyParameters;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code topology generate}. Filled on the thread of the command line. */
final class GenerateOptions {
    @Option(names = "--seed", paramLabel = "N", description = "Draws the same topology again; else one is drawn.")
    private @Nullable Long seed;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "3",
            description = "Levels of LANs behind the DMZ, 1 to 16.")
    private int depth = 3;

    @Option(names = "--branching", paramLabel = "N", defaultValue = "2", description = "Most LANs behind one, 1 to 8.")
    private int branching = 2;

    @Option(
            names = "--deckies",
            paramLabel = "MIN..MAX",
            defaultValue = "1..3",
            description = "Machines of each LAN, 1 to 32.")
    private String deckies = "1..3";

    @Option(
            names = "--forwarding",
            paramLabel = "P",
            defaultValue = "1",
            description = "Share of machines between two LANs that forward, 0 to 1.")
    private double forwarding = 1;

    @Option(
            names = "--crossing",
            paramLabel = "P",
            defaultValue = "0",
            description = "Share of LANs with a second way out, 0 to 1.")
    private double crossing;

    @Option(names = "--base", paramLabel = "NET", description = "Where networks of /24 are taken from: 172.16.0.0/12.")
    private @Nullable String base;

    @Option(names = "--base6", paramLabel = "NET", description = "Where networks of /64 are taken from; else no IPv6.")
    private @Nullable String base6;

    @Option(
            names = "--archetypes",
            paramLabel = "SLUG",
            split = ",",
            description = "Kinds of machines; else those that fit each LAN.")
    private List<String> archetypes = new ArrayList<>();

    @Option(
            names = "--services",
            paramLabel = "SLUG",
            split = ",",
            description = "Services of each machine; else those of its kind.")
    private List<String> services = new ArrayList<>();

    @Option(
            names = "--latency",
            paramLabel = "MS",
            defaultValue = "0",
            description = "Most that the line of a machine between two LANs adds, in milliseconds.")
    private int latency;

    @Option(names = "--interface", paramLabel = "I", description = "Interface of the real network for the DMZ.")
    private @Nullable String uplink;

    @Option(names = "--dmz-subnet", paramLabel = "NET", description = "Network of the DMZ; else that of the interface.")
    private @Nullable String dmzSubnet;

    @Option(names = "--dmz-gateway", paramLabel = "IP", description = "Router of that network; else that of this host.")
    private @Nullable String dmzGateway;

    @Option(names = "--dmz-from", paramLabel = "IP", description = "Lowest address that machines in the DMZ get.")
    private @Nullable String dmzFrom;

    /** @throws FleetException with everything that is wrong with them */
    TopologyParameters parameters(HostNetworks host) {
        List<String> problems = new ArrayList<>();
        int dots = deckies.indexOf("..");
        int least = number(problems, dots < 0 ? deckies : deckies.substring(0, dots));
        int most = number(problems, dots < 0 ? deckies : deckies.substring(dots + 2));
        Optional<Subnet> subnet = Optional.ofNullable(base).flatMap(text -> subnet(problems, "--base", text));
        Optional<Subnet> subnet6 = Optional.ofNullable(base6).flatMap(text -> subnet(problems, "--base6", text));
        TopologyParameters.Dmz dmz = dmz(problems, host);
        if (!problems.isEmpty()) {
            throw new FleetException(problems);
        }
        return new TopologyParameters(
                seed == null ? new SplittableRandom().nextLong(1_000_000) : seed,
                depth,
                branching,
                least,
                most,
                forwarding,
                crossing,
                subnet.orElse(TopologyParameters.DEFAULT_BASE),
                subnet6,
                archetypes,
                services,
                latency,
                dmz);
    }

    private TopologyParameters.Dmz dmz(List<String> problems, HostNetworks host) {
        Optional<String> device = Optional.ofNullable(uplink);
        Optional<Subnet> subnet = Optional.ofNullable(dmzSubnet)
                .flatMap(text -> subnet(problems, "--dmz-subnet", text))
                .or(() -> device.flatMap(host::at));
        if (device.isPresent() && subnet.isEmpty() && problems.isEmpty()) {
            problems.add("--interface: " + Snippet.of(device.get())
                    + " has no address of IPv4 on this host; give --dmz-subnet too, or another interface");
        }
        Optional<String> gateway = Optional.ofNullable(dmzGateway).or(() -> device.flatMap(host::gateway)
                .filter(address -> subnet.filter(net -> net.usable(address)).isPresent())
                .map(InetAddress::getHostAddress));
        return new TopologyParameters.Dmz(subnet, device, gateway, Optional.ofNullable(dmzFrom));
    }

    private static int number(List<String> problems, String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            problems.add("--deckies: " + Snippet.of(text) + ": expected a number, or two as 1..3");
            return 1;
        }
    }

    private static Optional<Subnet> subnet(List<String> problems, String option, String text) {
        try {
            return Optional.of(Subnet.parse(text));
        } catch (IllegalArgumentException e) {
            problems.add(option + ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
