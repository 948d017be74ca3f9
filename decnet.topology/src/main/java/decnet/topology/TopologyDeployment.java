package decnet.topology;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings topologies into the desired state and out of it, and keeps their status. The status is written first: whoever is interrupted in
 * between can do it again. Thread-safe, also with other processes.
 */
public final class TopologyDeployment {
    private static final int ATTEMPTS = 5;

    private final TopologyStore topologies;
    private final FleetStore fleet;
    private final Supplier<InstallationSecret> secret;
    private final InstantSource clock;

    /** @param secret asked only if something is to be deployed */
    public TopologyDeployment(
            TopologyStore topologies, FleetStore fleet, Supplier<InstallationSecret> secret, InstantSource clock) {
        this.topologies = topologies;
        this.fleet = fleet;
        this.secret = secret;
        this.clock = clock;
    }

    /**
     * What came of it.
     *
     * @param topology as it is stored now
     * @param issues what validation says
     * @param plan what changes; empty if an issue is an error, and nothing was done
     */
    public record Outcome(Topology topology, List<Issue> issues, Optional<TopologyPlan> plan) {
        public Outcome {
            issues = List.copyOf(issues);
        }
    }

    /** What there is beside a topology. @throws FleetException if it cannot be read */
    public Surroundings surroundings(HostNetworks host) {
        return new Surroundings(fleet.read(), topologies.all(), host);
    }

    /** What {@link #deploy} would do; nothing is written. @throws FleetException if something cannot be read, or there is no such topology */
    public Outcome preview(String name, Optional<String> uplink, HostNetworks host) {
        Topology topology = placed(existing(name), uplink);
        List<Issue> issues = TopologyValidation.check(topology, surroundings(host));
        return new Outcome(
                topology,
                issues,
                TopologyValidation.deployable(issues) ? Optional.of(plan(topology)) : Optional.empty());
    }

    /**
     * Writes a topology into the desired state, in the place of what is there of it. It is {@code deploying} from then on, until somebody
     * who sees the machines {@linkplain #settle says more}.
     *
     * @param uplink interface of the host for the DMZ; empty: as it is drawn
     * @throws FleetException if something cannot be read, there is no such topology, or others keep changing it or the desired state
     * @throws java.io.UncheckedIOException if something cannot be written
     */
    public Outcome deploy(String name, Optional<String> uplink, HostNetworks host) {
        Outcome preview = preview(name, uplink, host);
        if (preview.plan().isEmpty()) {
            return preview;
        }
        TopologyPlan plan = preview.plan().get();
        boolean same = plan.changesNothing() && preview.topology().equals(existing(name));
        Topology topology = preview.topology();
        boolean underWay = topology.status() == TopologyStatus.DEPLOYING || topology.status() == TopologyStatus.ACTIVE;
        if (same && underWay) {
            return preview;
        }
        if (topology.status() != TopologyStatus.DEPLOYING) {
            topology = topology.status() == TopologyStatus.TEARING_DOWN
                    ? topology.become(TopologyStatus.FAILED, clock.instant(), "taking it down was not finished")
                    : topology;
            topology = topology.become(TopologyStatus.DEPLOYING, clock.instant(), summary(plan));
        }
        topology = written(topology);
        for (int i = 0; i < ATTEMPTS; i++) {
            if (plan.changesNothing() || plan.apply(fleet).isPresent()) {
                return new Outcome(topology, preview.issues(), Optional.of(plan));
            }
            plan = plan(topology);
        }
        String reason = "the desired state kept changing; deploy it again";
        written(topology.become(TopologyStatus.FAILED, clock.instant(), reason));
        throw new FleetException(List.of("topology " + name + ": " + reason));
    }

    /**
     * Takes a topology out of the desired state. Who its machines are stays stored.
     *
     * @throws FleetException as {@link #deploy}
     */
    public Outcome teardown(String name) {
        Topology topology = existing(name);
        TopologyPlan plan = TopologyPlan.removal(name, fleet);
        if (plan.changesNothing() && !topology.status().present()) {
            return new Outcome(topology, List.of(), Optional.of(plan));
        }
        if (topology.status() != TopologyStatus.TEARING_DOWN) {
            topology = topology.status().present()
                    ? topology
                    : topology.become(TopologyStatus.DEPLOYING, clock.instant(), "machines of it were there");
            topology = written(topology.become(TopologyStatus.TEARING_DOWN, clock.instant(), summary(plan)));
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            if (plan.changesNothing() || plan.apply(fleet).isPresent()) {
                String reason = "no longer in the desired state";
                topology = written(topology.become(TopologyStatus.TORN_DOWN, clock.instant(), reason));
                return new Outcome(topology, List.of(), Optional.of(plan));
            }
            plan = TopologyPlan.removal(name, fleet);
        }
        throw new FleetException(List.of("topology " + name + ": the desired state kept changing; take it down again"));
    }

    /**
     * Records what became of a topology: {@code active}, {@code degraded} or {@code failed}.
     *
     * @return as it is stored now; unchanged if it has that status already
     * @throws IllegalStateException if that status cannot follow the present one
     * @throws FleetException if there is no such topology, or others keep changing it
     */
    public Topology settle(String name, TopologyStatus status, String reason) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Topology topology = existing(name);
            if (topology.status() == status) {
                return topology;
            }
            Optional<Topology> next = topologies.write(topology.become(status, clock.instant(), reason));
            if (next.isPresent()) {
                return next.get();
            }
        }
        throw new FleetException(List.of("topology " + name + " kept changing; try again"));
    }

    private Topology existing(String name) {
        return topologies
                .read(name)
                .orElseThrow(() -> new FleetException(List.of("there is no topology " + name + "; see topology list")));
    }

    private static Topology placed(Topology topology, Optional<String> uplink) {
        return uplink.map(device -> topology.withDesign(topology.design().withUplink(device)))
                .orElse(topology);
    }

    private TopologyPlan plan(Topology topology) {
        return TopologyPlan.make(topology, fleet, secret.get(), clock.instant());
    }

    private Topology written(Topology topology) {
        return topologies
                .write(topology)
                .orElseThrow(() -> new FleetException(
                        List.of("topology " + topology.name() + " was changed by somebody else just now; try again")));
    }

    private static String summary(TopologyPlan plan) {
        return "deckies: " + plan.added().size() + " added, " + plan.changed().size() + " changed, "
                + plan.removed().size() + " removed";
    }
}
