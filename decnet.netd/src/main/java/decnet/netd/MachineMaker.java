package decnet.netd;

import decnet.linux.Namespace;
import decnet.netd.shape.ShapeRules;
import decnet.netd.shape.StackProfile;
import decnet.topology.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes the networks of machines, many at once. The wall stands before a machine has a link, and its links come up last. For one
 * thread.
 */
final class MachineMaker {
    private static final int AT_ONCE = 2;

    private final NetworkNames names;
    private final NetdConfig config;
    private final NetworkTools tools;
    private final Segments segments;

    MachineMaker(NetworkNames names, NetdConfig config, NetworkTools tools, Segments segments) {
        this.names = names;
        this.config = config;
        this.tools = tools;
        this.segments = segments;
    }

    /**
     * What became of one.
     *
     * @param machine empty if it could not be made; then nothing is left of it
     * @param problem why; empty otherwise
     */
    record Result(MachineSpec spec, Optional<Machine> machine, String problem) {}

    List<Result> make(List<MachineSpec> specs) throws IOException, InterruptedException {
        Map<MachineSpec, String> failed = new HashMap<>();
        Map<MachineSpec, Machine> made = new LinkedHashMap<>();
        List<MachineSpec> attached = new ArrayList<>();
        for (MachineSpec spec : specs) {
            if (spec.attached()) {
                attached.add(spec);
            } else {
                made.put(spec, new Machine(spec, Optional.empty()));
            }
        }
        batch(attached, failed, spec -> List.of("netns add " + names.namespace(spec.name())));
        for (MachineSpec spec : attached) {
            if (!failed.containsKey(spec)) {
                made.put(spec, new Machine(spec, Optional.of(Namespace.named(names.namespace(spec.name())))));
            }
        }
        each(attached, failed, spec -> within(made, spec, () -> fence(spec)));
        batch(attached, failed, segments::outerLinks);
        if (attached.stream().anyMatch(spec -> !segments.innerLinks(spec).isEmpty())) {
            try (Namespace switches = segments.switches()) {
                NetworkTools.within(switches, () -> batch(attached, failed, segments::innerLinks));
            }
        }
        each(attached, failed, spec -> within(made, spec, () -> tools.ipAll(bringUp(spec))));
        batch(attached, failed, segments::hostRoutes);
        return results(specs, made, failed);
    }

    private List<Result> results(
            List<MachineSpec> specs, Map<MachineSpec, Machine> made, Map<MachineSpec, String> failed)
            throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        List<String> remains = new ArrayList<>();
        for (MachineSpec spec : specs) {
            Machine machine = made.get(spec);
            String problem = failed.get(spec);
            if (problem == null && machine != null) {
                results.add(new Result(spec, Optional.of(machine), ""));
                continue;
            }
            if (machine != null) {
                machine.close();
                remains.add("netns del " + names.namespace(spec.name()));
            }
            results.add(new Result(spec, Optional.empty(), String.valueOf(problem)));
        }
        tools.ip(remains);
        return results;
    }

    /** Before there is any link. */
    private void fence(MachineSpec spec) throws IOException, InterruptedException {
        Wall wall = new Wall(config.packetRate());
        StackProfile profile = StackProfile.of(spec.stack());
        ShapeRules shape = ShapeRules.of(profile);
        String lines = Lines.rules(spec);
        tools.rules(
                wall.rules4(spec) + Lines.into(shape.ipv4(), lines),
                wall.rules6(spec) + Lines.into(shape.ipv6(), lines));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("ipv4/ip_forward", spec.forwards() ? "1" : "0"); // first: it sets others
        settings.put("ipv6/conf/all/forwarding", spec.forwards() ? "1" : "0");
        // addresses are answered for where they are, and announced when they come up
        settings.put("ipv4/conf/all/arp_ignore", "1");
        settings.put("ipv4/conf/all/arp_announce", "2");
        settings.put("ipv4/conf/default/arp_notify", "1");
        settings.put("ipv4/conf/default/rp_filter", "0");
        settings.put("ipv4/conf/all/rp_filter", "0");
        settings.put("ipv4/conf/all/send_redirects", "0");
        settings.put("ipv4/conf/all/accept_redirects", "0");
        // nobody on the network gives it addresses or routes
        settings.put("ipv6/conf/default/accept_ra", "0");
        settings.put("ipv6/conf/default/autoconf", "0");
        settings.put("ipv6/conf/default/accept_redirects", "0");
        profile.sysctls()
                .forEach((name, value) ->
                        settings.put(name.substring("net.".length()).replace('.', '/'), value));
        NetworkTools.settings(settings);
    }

    private List<String> bringUp(MachineSpec spec) throws IOException {
        List<String> commands = new ArrayList<>(List.of("link set lo up"));
        for (MachineSpec.Interface one : spec.interfaces()) {
            commands.add("addr add " + one.cidr() + " brd + dev " + one.name());
            one.cidr6().ifPresent(cidr -> commands.add("addr add " + cidr + " dev " + one.name()));
            commands.add("link set " + one.name() + " up");
        }
        commands.addAll(segments.hostNeighbours(spec));
        for (Route route : spec.routes()) {
            commands.add(
                    "route add " + route.destination() + " via " + route.via().getHostAddress());
        }
        return commands;
    }

    /** The commands of one machine. */
    @FunctionalInterface
    private interface Commands {
        List<String> of(MachineSpec spec);
    }

    /** Runs those of all machines that have not failed yet, in one go. */
    private void batch(List<MachineSpec> specs, Map<MachineSpec, String> failed, Commands commands)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        List<MachineSpec> owners = new ArrayList<>();
        for (MachineSpec spec : specs) {
            if (!failed.containsKey(spec)) {
                for (String command : commands.of(spec)) {
                    all.add(command);
                    owners.add(spec);
                }
            }
        }
        tools.ip(all).forEach((number, problem) -> {
            if (number >= 0 && number < owners.size()) {
                failed.putIfAbsent(owners.get(number), problem);
            }
        });
    }

    /** What is done to one machine. */
    @FunctionalInterface
    private interface Work {
        void on(MachineSpec spec) throws IOException, InterruptedException;
    }

    private static void within(Map<MachineSpec, Machine> made, MachineSpec spec, NetworkTools.Step step)
            throws IOException, InterruptedException {
        Machine machine = made.get(spec);
        if (machine != null) {
            machine.within(step);
        }
    }

    private static void each(List<MachineSpec> specs, Map<MachineSpec, String> failed, Work work)
            throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().name("worker-netd-make-", 0).factory())) {
            Map<MachineSpec, Future<?>> running = new LinkedHashMap<>();
            for (MachineSpec spec : specs) {
                if (!failed.containsKey(spec)) {
                    running.put(spec, threads.submit(() -> {
                        work.on(spec);
                        return null;
                    }));
                }
            }
            for (Map.Entry<MachineSpec, Future<?>> one : running.entrySet()) {
                try {
                    one.getValue().get();
                } catch (ExecutionException e) {
                    failed.put(one.getKey(), reason(e));
                }
            }
        }
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    }
}
