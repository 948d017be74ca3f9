package decnet.netd;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.DeckyName;
import decnet.linux.ListeningSocket;
import decnet.linux.Namespace;
import decnet.topology.ActualFleet;
import decnet.topology.Fleet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The network of this host's machines. Everything is made anew for a machine, or left alone: a change of one never touches another. One
 * owner thread; {@link #socket} by any.
 */
final class Network implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Network.class.getName());
    private static final Path NAMESPACES = Path.of("/run/netns");
    /** How long an address that somebody has is left alone before it is asked for again. */
    private static final Duration CONFLICT_REST = Duration.ofSeconds(60);

    private final NetworkNames names;
    private final NetdConfig config;
    private final NetworkTools tools = new NetworkTools();
    private final Segments segments;
    private final MachineMaker maker;
    private final MadeRecord record;
    private final InstantSource clock;
    private final Map<DeckyName, Machine> machines = new ConcurrentHashMap<>();
    private final Map<DeckyName, List<String>> problems = new LinkedHashMap<>();
    private final Map<DeckyName, Instant> conflicts = new HashMap<>();
    private final MachineObserver observer;
    private List<MachineSpec> wanted = List.of();
    private long version;

    /** @param record where it is kept what was made */
    Network(NetworkNames names, NetdConfig config, Path record, MachineObserver observer, InstantSource clock) {
        this.names = names;
        this.config = config;
        this.segments = new Segments(names, config, tools);
        this.maker = new MachineMaker(names, config, tools, segments);
        this.record = new MadeRecord(record);
        this.observer = observer;
        this.clock = clock;
    }

    NetworkNames names() {
        return names;
    }

    /** Makes the network equal to the desired state, as far as it can be; what cannot is in {@link #actual}. */
    void converge(Fleet fleet) throws IOException, InterruptedException {
        wanted = MachineSpec.of(fleet);
        version = fleet.version();
        problems.clear();
        Map<DeckyName, MachineSpec> byName = new LinkedHashMap<>();
        wanted.forEach(spec -> byName.put(spec.name(), spec));
        removeUnwanted(byName);
        if (NetworkTools.missing().isEmpty()) {
            segments.converge(fleet.lans());
        }
        adopt(byName);
        make();
        for (MachineSpec spec : wanted) {
            Machine machine = machines.get(spec.name());
            if (machine != null) {
                machine.become(spec);
                machine.listen().forEach(problem -> problem(spec, problem));
            }
        }
    }

    private void removeUnwanted(Map<DeckyName, MachineSpec> byName) throws IOException, InterruptedException {
        List<Machine> gone = machines.values().stream()
                .filter(machine -> !same(machine, byName.get(machine.spec().name())))
                .toList();
        remove(gone);
        Set<String> keep = new HashSet<>(Set.of(names.switches()));
        byName.keySet().forEach(name -> keep.add(names.namespace(name)));
        List<String> commands = new ArrayList<>();
        for (String namespace : namespaces()) {
            if (!keep.contains(namespace)) {
                dropLinks(namespace);
                commands.add("netns del " + namespace);
            }
        }
        tools.ip(commands).values().forEach(problem -> LOG.log(WARNING, problem));
    }

    private static boolean same(Machine machine, @org.jspecify.annotations.Nullable MachineSpec spec) {
        return spec != null && machine.spec().fingerprint().equals(spec.fingerprint());
    }

    private List<String> namespaces() throws IOException {
        if (!Files.isDirectory(NAMESPACES)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(NAMESPACES)) {
            return all.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.startsWith(names.namespacePrefix()))
                    .sorted()
                    .toList();
        }
    }

    private void remove(List<Machine> gone) throws IOException, InterruptedException {
        for (Machine machine : gone) {
            if (machine.spec().attached()) {
                dropLinks(names.namespace(machine.spec().name()));
            }
        }
        delete(gone);
    }

    private void delete(List<Machine> gone) throws IOException, InterruptedException {
        List<String> commands = new ArrayList<>();
        for (Machine machine : gone) {
            MachineSpec spec = machine.spec();
            observer.leaving(spec.name());
            machines.remove(spec.name());
            if (spec.attached()) {
                commands.add("netns del " + names.namespace(spec.name()));
                commands.addAll(segments.hostRoutesGone(spec));
            }
            machine.close();
        }
        record.remove(gone.stream().map(machine -> machine.spec().name()).toList());
        tools.ip(commands).values().forEach(problem -> LOG.log(WARNING, problem));
    }

    /** The decoys may still hold sockets in it: without its links it is nowhere. */
    private void dropLinks(String namespace) throws InterruptedException {
        try (Namespace found = Namespace.named(namespace)) {
            NetworkTools.within(found, () -> {
                List<String> commands = Segments.links().stream()
                        .filter(link -> link.startsWith("eth"))
                        .map(link -> "link del " + link)
                        .toList();
                tools.ip(commands);
            });
        } catch (IOException e) {
            LOG.log(WARNING, () -> "cannot take the links of " + namespace + ": " + e.getMessage());
        }
    }

    /** Takes over what an earlier run has made, if it is as it should be. */
    private void adopt(Map<DeckyName, MachineSpec> byName) throws IOException, InterruptedException {
        Map<DeckyName, String> made = record.read();
        List<String> commands = new ArrayList<>();
        int adopted = 0;
        for (String namespace : namespaces()) {
            if (namespace.equals(names.switches())) {
                continue;
            }
            DeckyName name =
                    new DeckyName(namespace.substring(names.namespacePrefix().length()));
            MachineSpec spec = byName.get(name);
            if (machines.containsKey(name) || spec == null) {
                continue;
            }
            Machine machine = new Machine(spec, Optional.of(Namespace.named(namespace)));
            if (spec.fingerprint().equals(made.get(name))
                    && MachineCheck.problems(machine, names).isEmpty()) {
                machines.put(name, machine);
                observer.arrived(machine);
                adopted++;
            } else {
                machine.close();
                dropLinks(namespace);
                commands.add("netns del " + namespace);
            }
        }
        tools.ip(commands).values().forEach(problem -> LOG.log(WARNING, problem));
        if (adopted > 0) {
            int count = adopted;
            LOG.log(INFO, () -> "machines of an earlier run taken over count=" + count);
        }
    }

    private void make() throws IOException, InterruptedException {
        List<MachineSpec> missing = new ArrayList<>();
        String tools = NetworkTools.missing();
        for (MachineSpec spec : wanted) {
            Optional<String> obstacle = spec.attached() && !tools.isEmpty()
                    ? Optional.of("not installed: " + tools)
                    : segments.problem(spec);
            if (machines.containsKey(spec.name())) {
                obstacle.ifPresent(problem -> problem(spec, problem));
            } else if (obstacle.isPresent()) {
                problem(spec, obstacle.get());
            } else {
                missing.add(spec);
            }
        }
        if (config.probe()) {
            missing.removeAll(taken(missing));
        }
        for (MachineMaker.Result result : maker.make(missing)) {
            MachineSpec spec = result.spec();
            if (result.machine().isPresent()) {
                Machine machine = result.machine().get();
                machines.put(spec.name(), machine);
                observer.arrived(machine);
            } else {
                problem(spec, result.problem());
            }
        }
        record.add(missing.stream()
                .filter(spec -> spec.attached() && machines.containsKey(spec.name()))
                .toList());
    }

    /** Those whose address somebody else has. */
    private List<MachineSpec> taken(List<MachineSpec> missing) throws IOException {
        Map<String, Map<InetAddress, MachineSpec>> asked = new LinkedHashMap<>();
        for (MachineSpec spec : missing) {
            for (MachineSpec.Interface one : spec.interfaces()) {
                one.lan().uplink().ifPresent(uplink -> asked.computeIfAbsent(uplink, _ -> new LinkedHashMap<>())
                        .put(one.address(), spec));
            }
        }
        List<MachineSpec> taken = new ArrayList<>();
        for (Map.Entry<String, Map<InetAddress, MachineSpec>> segment : asked.entrySet()) {
            new AddressProbe(segment.getKey())
                    .answers(segment.getValue().keySet())
                    .forEach((address, mac) -> {
                        MachineSpec spec = segment.getValue().get(address);
                        if (spec != null) {
                            taken.add(spec);
                            conflicts.put(spec.name(), clock.instant());
                            problem(
                                    spec,
                                    "address " + address.getHostAddress() + " is in use by " + mac
                                            + "; not brought up, asked for again every " + CONFLICT_REST.toSeconds()
                                            + " s");
                        }
                    });
        }
        return taken;
    }

    private void problem(MachineSpec spec, String problem) {
        problems.computeIfAbsent(spec.name(), _ -> new ArrayList<>()).add(problem);
    }

    /** Whether something could be tried again now. */
    boolean worthTrying() {
        Instant before = clock.instant().minus(CONFLICT_REST);
        return problems.keySet().stream()
                .anyMatch(name -> conflicts.getOrDefault(name, Instant.MIN).isBefore(before));
    }

    /** Removes the machines that are not as they should be, so that the next {@link #converge} makes them anew. */
    void discard(Set<DeckyName> broken) throws IOException, InterruptedException {
        remove(machines.values().stream()
                .filter(machine -> broken.contains(machine.spec().name()))
                .toList());
    }

    /** Looks at everything that was made. */
    ActualFleet actual() throws IOException, InterruptedException {
        List<ActualFleet.Machine> all = new ArrayList<>();
        Set<String> known = new HashSet<>(Set.of(names.switches()));
        for (MachineSpec spec : wanted) {
            known.add(names.namespace(spec.name()));
            List<String> found = new ArrayList<>(problems.getOrDefault(spec.name(), List.of()));
            Machine machine = machines.get(spec.name());
            if (machine != null && spec.attached()) {
                found.addAll(MachineCheck.problems(machine, names));
            } else if (machine == null && found.isEmpty()) {
                found.add("not made yet");
            }
            boolean there = machine != null && spec.attached();
            all.add(new ActualFleet.Machine(spec.name(), found, there ? made(spec.name()) : 0));
        }
        List<String> leftovers = new ArrayList<>(namespaces());
        leftovers.removeAll(known);
        return new ActualFleet(version, clock.instant(), all, leftovers);
    }

    /** The number of its namespace, which no other one has as long as somebody holds a socket in it. */
    private long made(DeckyName name) {
        try {
            return (Long) Files.getAttribute(NAMESPACES.resolve(names.namespace(name)), "unix:ino");
        } catch (IOException e) {
            return 0; // taken away by somebody: among the problems
        }
    }

    /**
     * What was asked for: the socket of a port, which stays the machine's, or one for a conversation, which is the caller's.
     *
     * @return empty if there is no such machine or port
     */
    Optional<ListeningSocket> socket(SocketRequest request) throws IOException, InterruptedException {
        Machine machine = machines.get(request.decky());
        if (machine == null) {
            return Optional.empty();
        }
        return request.port().isPresent() ? machine.socket(request.port().get()) : Optional.of(machine.dataSocket());
    }

    /** Takes everything away that carries a name of ours, quickly: the decoys have ended before, or their sockets are of no use. */
    void removeAll() throws IOException, InterruptedException {
        delete(List.copyOf(machines.values()));
        List<String> commands = new ArrayList<>();
        for (String namespace : namespaces()) {
            commands.add("netns del " + namespace);
        }
        for (String link : segments.hostLinks()) {
            commands.add("link del " + link);
        }
        tools.ip(commands).values().forEach(problem -> LOG.log(WARNING, problem));
        record.clear();
    }

    /** Lets go of everything; the network stays. */
    @Override
    public void close() {
        machines.values().forEach(machine -> {
            observer.leaving(machine.spec().name());
            machine.close();
        });
        machines.clear();
    }
}
