package decnet.topology;

import static decnet.topology.Drawings.at;
import static decnet.topology.Drawings.member;
import static decnet.topology.Drawings.replace;
import static decnet.topology.Drawings.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.DeckyName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyPlanTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final DeckyName GATE = new DeckyName("lab-gate");

    @TempDir
    Path state;

    private FleetStore fleet() {
        return new FleetStore(state.resolve("fleet"));
    }

    private TopologyPlan plan(Topology topology) {
        return TopologyPlan.make(topology, fleet(), InstallationSecret.open(state), NOW);
    }

    private Fleet apply(Topology topology) {
        return plan(topology).apply(fleet()).orElseThrow();
    }

    private TopologyDeployment deployment() {
        return new TopologyDeployment(
                new TopologyStore(state.resolve("topologies")),
                fleet(),
                () -> InstallationSecret.open(state),
                () -> NOW);
    }

    private Topology stored(Topology topology) {
        return new TopologyStore(state.resolve("topologies")).write(topology).orElseThrow();
    }

    @Test
    void theDesiredStateIsWhatIsDrawn() {
        apply(small());
        Fleet fleet = fleet().read();

        assertThat(fleet.lans()).extracting(Lan::name).containsExactly("lab.dmz", "lab.office", "lab.plant");
        assertThat(fleet.lan("lab.dmz").orElseThrow().uplink()).contains("eth0");
        assertThat(fleet.lan("lab.office").orElseThrow().gateway()).contains(Drawings.address("172.16.1.1"));
        Decky gate = fleet.decky(GATE).orElseThrow();
        assertThat(gate.placement().scope()).isEqualTo("lab");
        assertThat(gate.placement().forwards()).isTrue();
        assertThat(gate.placement().attachments()).extracting(Attachment::lan).containsExactly("lab.office", "lab.dmz");
        assertThat(gate.address()).isEqualTo(Drawings.address("172.16.1.1"));
        assertThat(gate.services()).extracting(DeckyService::port).containsExactly(21, 80);
        assertThat(fleet.deckies())
                .allSatisfy(decky -> assertThat(decky.persona().site().address())
                        .isEqualTo(decky.address().getHostAddress()));
        assertThat(fleet.decky(new DeckyName("lab-jump"))
                        .orElseThrow()
                        .placement()
                        .attachments()
                        .getLast()
                        .link())
                .isEqualTo(new Link(20, 100));
        assertThat(TopologyDiff.toDeploy(fleet, small())).isEmpty();
        assertThat(Routes.of(fleet).routes(GATE)).isEqualTo(Routes.of(small()).routes(GATE));
    }

    @Test
    void machinesOfOneTopologyKnowEachOtherByTheirRealAddresses() {
        Fleet fleet = apply(small());

        assertThat(fleet.deckies().stream()
                        .flatMap(decky -> decky.persona().site().neighbours().stream())
                        .map(SiteView.Neighbour::address))
                .isNotEmpty()
                .allMatch(address -> fleet.deckies().stream()
                        .anyMatch(decky -> decky.address().getHostAddress().equals(address)));
    }

    @Test
    void aSecondPlanChangesNothingAndWhoStaysKeepsItsPersona() {
        Fleet first = apply(small());
        assertThat(plan(small()).changesNothing()).isTrue();
        Topology moved = replace(small(), member("lab-web", "web-server", false, at("dmz", "192.168.7.99")));

        TopologyPlan plan = plan(moved);
        Fleet second = plan.apply(fleet()).orElseThrow();

        assertThat(plan.changed()).containsExactly(new DeckyName("lab-web"));
        assertThat(plan.added()).isEmpty();
        assertThat(plan.removed()).isEmpty();
        Persona before = first.decky(new DeckyName("lab-web")).orElseThrow().persona();
        Persona after = second.decky(new DeckyName("lab-web")).orElseThrow().persona();
        assertThat(after.identity()).isEqualTo(before.identity());
        assertThat(after.site().address()).isEqualTo("192.168.7.99");
        assertThat(second.decky(GATE)).isEqualTo(first.decky(GATE));
    }

    @Test
    void onlyTheOwnScopeIsReplaced() {
        FleetPlan.make(
                        FleetFile.parse("t", "[a]\narchetype = iot-device"),
                        fleet(),
                        InstallationSecret.open(state),
                        NOW)
                .apply(fleet());
        Fleet before = fleet().read();
        apply(small());

        TopologyPlan removal = TopologyPlan.removal("lab", fleet());
        Fleet after = removal.apply(fleet()).orElseThrow();

        assertThat(removal.removed()).hasSize(5);
        assertThat(after.deckies()).isEqualTo(before.deckies());
        assertThat(after.lans()).isEmpty();
    }

    @Test
    void aNameThatIsTakenIsRefused() {
        FleetPlan.make(
                        FleetFile.parse("t", "[lab-gate]\narchetype = iot-device"),
                        fleet(),
                        InstallationSecret.open(state),
                        NOW)
                .apply(fleet());

        assertThatThrownBy(() -> plan(small()))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("lab-gate is deployed already");
    }

    @Test
    void aPlanAgainstAnOldVersionIsNotApplied() {
        TopologyPlan old = plan(small());
        apply(small());

        assertThat(old.apply(fleet())).isEmpty();
    }

    @Test
    void accountsAndOwnServicesAreMade() {
        Fleet fleet = apply(replace(
                small(),
                new TopologyMember(
                        "lab-gate",
                        "linux-server",
                        Optional.of("debian12"),
                        List.of("ssh", "custom-echo"),
                        Map.of(
                                "ssh",
                                Map.of("user", "joe", "password", "secret1"),
                                "custom-echo",
                                Map.of("port", "7777", "transport", "udp")),
                        List.of(at("office", "172.16.1.1"), at("dmz", "192.168.7.21")),
                        true)));

        Decky gate = fleet.decky(GATE).orElseThrow();
        assertThat(gate.persona().os().slug()).isEqualTo("debian12");
        assertThat(gate.persona().login("joe", "secret1")).isPresent();
        assertThat(gate.services().getFirst().ports()).containsExactly(ServicePort.udp(7777));
    }

    @Test
    void theStatusFollowsWhatHappens() {
        stored(small());

        TopologyDeployment.Outcome deployed = deployment().deploy("lab", Optional.empty(), Drawings.host());
        assertThat(deployed.topology().status()).isEqualTo(TopologyStatus.DEPLOYING);
        assertThat(deployed.plan().orElseThrow().added()).hasSize(5);
        assertThat(deployment()
                        .settle("lab", TopologyStatus.ACTIVE, "all there")
                        .status())
                .isEqualTo(TopologyStatus.ACTIVE);
        assertThat(deployment()
                        .settle("lab", TopologyStatus.DEGRADED, "one is not")
                        .status())
                .isEqualTo(TopologyStatus.DEGRADED);
        assertThat(deployment().settle("lab", TopologyStatus.ACTIVE, "healed").status())
                .isEqualTo(TopologyStatus.ACTIVE);
        assertThat(deployment()
                        .deploy("lab", Optional.empty(), Drawings.host())
                        .topology()
                        .status())
                .as("nothing to do")
                .isEqualTo(TopologyStatus.ACTIVE);

        TopologyDeployment.Outcome gone = deployment().teardown("lab");
        assertThat(gone.topology().status()).isEqualTo(TopologyStatus.TORN_DOWN);
        assertThat(gone.topology().history())
                .extracting(Topology.Transition::reason)
                .contains("healed");
        assertThat(fleet().read().deckies()).isEmpty();
        assertThat(deployment().teardown("lab").topology().version())
                .isEqualTo(gone.topology().version());
        assertThat(deployment()
                        .deploy("lab", Optional.empty(), Drawings.host())
                        .topology()
                        .status())
                .isEqualTo(TopologyStatus.DEPLOYING);
        assertThat(fleet().read().deckies()).hasSize(5);
    }

    @Test
    void aFailedTopologyIsDeployedAgain() {
        stored(small());
        deployment().deploy("lab", Optional.empty(), Drawings.host());
        deployment().settle("lab", TopologyStatus.FAILED, "no such interface");

        assertThat(deployment()
                        .deploy("lab", Optional.empty(), Drawings.host())
                        .topology()
                        .status())
                .isEqualTo(TopologyStatus.DEPLOYING);
    }

    @Test
    void withAnErrorNothingIsDone() {
        Topology wrong = stored(replace(small(), member("lab-web", "toaster", false, at("dmz", "192.168.7.20"))));

        TopologyDeployment.Outcome outcome = deployment().deploy("lab", Optional.empty(), Drawings.host());

        assertThat(outcome.plan()).isEmpty();
        assertThat(outcome.issues()).extracting(Issue::code).containsExactly("UNKNOWN_ARCHETYPE");
        assertThat(outcome.topology()).isEqualTo(wrong);
        assertThat(fleet().read().version()).isZero();
    }

    @Test
    void aPreviewChangesNothing() {
        Topology before = stored(small());

        TopologyDeployment.Outcome outcome = deployment().preview("lab", Optional.of("eth0"), Drawings.host());

        assertThat(outcome.plan().orElseThrow().added()).hasSize(5);
        assertThat(new TopologyStore(state.resolve("topologies")).read("lab")).contains(before);
        assertThat(fleet().read().version()).isZero();
    }

    @Test
    void anotherInterfaceIsKept() {
        stored(small());

        deployment().deploy("lab", Optional.of("eth9"), HostNetworks.NONE);

        assertThat(fleet().read().lan("lab.dmz").orElseThrow().uplink()).contains("eth9");
        assertThat(new TopologyStore(state.resolve("topologies"))
                        .read("lab")
                        .orElseThrow()
                        .design()
                        .dmz()
                        .orElseThrow()
                        .uplink())
                .contains("eth9");
    }
}
