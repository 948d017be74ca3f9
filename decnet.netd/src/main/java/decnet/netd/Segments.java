package decnet.netd;

import decnet.linux.Namespace;
import decnet.topology.Lan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The segments that machines are on: interfaces of this host for those on the real network, bridges in a namespace of their own for the
 * others, so that no packet between machines of ours comes near this host. For one thread.
 */
final class Segments {
    private final NetworkNames names;
    private final NetdConfig config;
    private final NetworkTools tools;
    private final Map<String, Uplink> uplinks = new HashMap<>();
    private final Map<String, String> problems = new HashMap<>();
    private final Set<String> inner = new HashSet<>();

    Segments(NetworkNames names, NetdConfig config, NetworkTools tools) {
        this.names = names;
        this.config = config;
        this.tools = tools;
    }

    /** Makes what is missing of these, and removes the bridges of all others. */
    void converge(List<Lan> lans) throws IOException, InterruptedException {
        uplinks.clear();
        problems.clear();
        inner.clear();
        for (Lan lan : lans) {
            if (lan.uplink().isEmpty()) {
                inner.add(lan.name());
                continue;
            }
            try {
                uplinks.put(lan.name(), Uplink.find(lan.uplink().get(), config));
            } catch (IOException e) {
                problems.put(lan.name(), String.valueOf(e.getMessage()));
            }
        }
        bridges();
        shims();
    }

    private void bridges() throws IOException, InterruptedException {
        if (inner.isEmpty()) {
            if (Namespace.exists(names.switches())) {
                tools.ipAll(List.of("netns del " + names.switches()));
            }
            return;
        }
        if (!Namespace.exists(names.switches())) {
            tools.ipAll(List.of("netns add " + names.switches()));
        }
        try (Namespace switches = switches()) {
            NetworkTools.within(switches, () -> {
                Set<String> wanted = new HashSet<>();
                List<String> commands = new ArrayList<>();
                Set<String> present = links();
                for (String lan : inner) {
                    String bridge = names.bridge(lan);
                    wanted.add(bridge);
                    if (!present.contains(bridge)) {
                        commands.add(
                                "link add " + bridge + " type bridge forward_delay 0 stp_state 0 mcast_snooping 0");
                        commands.add("link set " + bridge + " up");
                    }
                }
                for (String link : present) {
                    if (link.startsWith(names.linkPrefix() + "b") && !wanted.contains(link)) {
                        commands.add("link del " + link);
                    }
                }
                // the bridge itself says nothing on the segment
                NetworkTools.settings(Map.of("ipv6/conf/default/disable_ipv6", "1"));
                tools.ipAll(commands);
            });
        }
    }

    /** That of the segments without an uplink; there if some machine is on one. */
    Namespace switches() throws IOException {
        return Namespace.named(names.switches());
    }

    /** The links of the namespace of the calling thread. */
    static Set<String> links() throws IOException {
        Set<String> names = new HashSet<>();
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/dev"))) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                names.add(line.substring(0, colon).strip());
            }
        }
        return names;
    }

    /** This host's own stand on each interface that has macvlan links, which its real one cannot talk to. */
    private void shims() throws IOException, InterruptedException {
        Set<String> wanted = new HashSet<>();
        for (Uplink uplink : uplinks.values()) {
            if (!uplink.bridge() && uplink.host().isPresent()) {
                String shim = names.shim(uplink.name());
                wanted.add(shim);
                if (!links().contains(shim)) {
                    tools.ipAll(List.of("link add " + shim + " link " + uplink.name() + " type macvlan mode bridge"));
                    // it never answers for this host's address, which is that of the real interface
                    NetworkTools.settings(Map.of(
                            "ipv4/conf/" + shim + "/arp_ignore", "8",
                            "ipv6/conf/" + shim + "/disable_ipv6", "1"));
                    tools.ipAll(List.of("link set " + shim + " up"));
                }
            }
        }
        List<String> commands = new ArrayList<>();
        for (String link : hostLinks()) {
            if (link.startsWith(names.linkPrefix() + "h") && !wanted.contains(link)) {
                commands.add("link del " + link);
            }
        }
        tools.ipAll(commands);
    }

    /** Links of ours in this host's own namespace. */
    List<String> hostLinks() throws IOException {
        return links().stream()
                .filter(name -> name.startsWith(names.linkPrefix()))
                .sorted()
                .toList();
    }

    /** What stands in the way of a machine, if anything does. */
    Optional<String> problem(MachineSpec spec) {
        return spec.interfaces().stream()
                .map(one -> problems.get(one.lan().name()))
                .filter(java.util.Objects::nonNull)
                .findFirst();
    }

    private Optional<Uplink> uplink(MachineSpec.Interface one) {
        return Optional.ofNullable(uplinks.get(one.lan().name()));
    }

    /** Commands in this host's namespace that give a machine its interfaces on the real network. */
    List<String> outerLinks(MachineSpec spec) {
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < spec.interfaces().size(); i++) {
            MachineSpec.Interface one = spec.interfaces().get(i);
            Optional<Uplink> uplink = uplink(one);
            if (uplink.isEmpty()) {
                continue;
            }
            String namespace = names.namespace(spec.name());
            if (uplink.get().bridge()) {
                String port = names.port(spec.name(), i);
                commands.add("link add " + port + " type veth peer name " + one.name() + " address " + one.mac()
                        + " netns " + namespace);
                commands.add("link set " + port + " master " + uplink.get().name() + " up");
            } else {
                commands.add("link add link " + uplink.get().name() + " name " + one.name() + " netns " + namespace
                        + " address " + one.mac() + " type macvlan mode bridge");
            }
        }
        return commands;
    }

    /** Commands in the namespace of {@link #switches} that give a machine its interfaces on the other segments. */
    List<String> innerLinks(MachineSpec spec) {
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < spec.interfaces().size(); i++) {
            MachineSpec.Interface one = spec.interfaces().get(i);
            if (inner.contains(one.lan().name())) {
                String port = names.port(spec.name(), i);
                commands.add("link add " + port + " type veth peer name " + one.name() + " address " + one.mac()
                        + " netns " + names.namespace(spec.name()));
                commands.add(
                        "link set " + port + " master " + names.bridge(one.lan().name()) + " up");
            }
        }
        return commands;
    }

    /** Commands in this host's namespace after which it reaches a machine, over IPv4. */
    List<String> hostRoutes(MachineSpec spec) {
        return hostRoutes("replace", spec);
    }

    /** Commands that take back {@link #hostRoutes}. */
    List<String> hostRoutesGone(MachineSpec spec) {
        return hostRoutes("del", spec);
    }

    private List<String> hostRoutes(String verb, MachineSpec spec) {
        List<String> commands = new ArrayList<>();
        for (MachineSpec.Interface one : spec.interfaces()) {
            uplink(one).filter(uplink -> !uplink.bridge()).ifPresent(uplink -> uplink.host()
                    .ifPresent(host ->
                            commands.add("route " + verb + " " + one.address().getHostAddress() + "/32 dev "
                                    + names.shim(uplink.name()) + " src " + host.getHostAddress())));
        }
        return commands;
    }

    /** Commands within a machine after which it reaches this host. */
    List<String> hostNeighbours(MachineSpec spec) throws IOException {
        List<String> commands = new ArrayList<>();
        for (MachineSpec.Interface one : spec.interfaces()) {
            Optional<Uplink> uplink =
                    uplink(one).filter(found -> !found.bridge() && found.host().isPresent());
            if (uplink.isPresent()) {
                commands.add("neigh replace "
                        + uplink.get().host().orElseThrow().getHostAddress() + " lladdr "
                        + Uplink.mac(names.shim(uplink.get().name())) + " dev " + one.name() + " nud permanent");
            }
        }
        return commands;
    }
}
