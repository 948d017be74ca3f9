package decnet.topology;

import static decnet.topology.Drawings.at;
import static decnet.topology.Drawings.dmz;
import static decnet.topology.Drawings.lan;
import static decnet.topology.Drawings.member;
import static decnet.topology.Drawings.topology;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.DeckyName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoutesTest {
    private static final DeckyName WEB = new DeckyName("lab-web");
    private static final DeckyName GATE = new DeckyName("lab-gate");
    private static final DeckyName JUMP = new DeckyName("lab-jump");
    private static final DeckyName PLC = new DeckyName("lab-plc");
    private static final DeckyName PRINTER = new DeckyName("lab-printer");

    private final Routes routes = Routes.of(Drawings.small());

    @Test
    void aPacketGoesByTheMachinesThatForward() {
        assertThat(routes.path(WEB, PLC)).contains(List.of(GATE, JUMP));
        assertThat(routes.path(PLC, WEB)).contains(List.of(JUMP, GATE));
        assertThat(routes.path(WEB, PRINTER)).contains(List.of(GATE));
    }

    @Test
    void machinesOfOneLanReachEachOtherDirectly() {
        assertThat(routes.path(PRINTER, GATE)).contains(List.of());
        assertThat(routes.path(PRINTER, JUMP)).contains(List.of());
        assertThat(routes.path(PRINTER, PRINTER)).contains(List.of());
    }

    @Test
    void aRouterIsReachedAtItsFarAddressByItself() {
        assertThat(routes.way(WEB, Drawings.address("172.16.1.1")).map(Routes.Way::hops))
                .contains(List.of());
        assertThat(routes.way(WEB, Drawings.address("172.16.2.1")).map(Routes.Way::hops))
                .contains(List.of(GATE));
        assertThat(routes.way(WEB, Drawings.address("172.16.2.99"))).isEmpty();
    }

    @Test
    void linesOnTheWayAddUp() {
        Routes.Way way = routes.way(WEB, PLC).orElseThrow();

        assertThat(way.latencyMillis()).isEqualTo(20);
        assertThat(way.lossPerMille()).isEqualTo(100);
        assertThat(routes.way(PRINTER, GATE).orElseThrow().latencyMillis()).isZero();
        assertThat(routes.way(PRINTER, JUMP).orElseThrow().latencyMillis()).isEqualTo(20);
    }

    @Test
    void eachMachineHasTheRoutesThatItsGatewayIsNotFor() {
        assertThat(routes.gateway(WEB)).contains(route("0.0.0.0/0", "192.168.7.1", "lab.dmz"));
        assertThat(routes.routes(WEB))
                .containsExactly(
                        route("172.16.1.0/24", "192.168.7.21", "lab.dmz"),
                        route("172.16.2.0/24", "192.168.7.21", "lab.dmz"));
        assertThat(routes.gateway(GATE)).contains(route("0.0.0.0/0", "192.168.7.1", "lab.dmz"));
        assertThat(routes.routes(GATE)).containsExactly(route("172.16.2.0/24", "172.16.1.31", "lab.office"));
        assertThat(routes.gateway(PRINTER)).contains(route("0.0.0.0/0", "172.16.1.1", "lab.office"));
        assertThat(routes.routes(PRINTER)).containsExactly(route("172.16.2.0/24", "172.16.1.31", "lab.office"));
        assertThat(routes.gateway(JUMP)).contains(route("0.0.0.0/0", "172.16.1.1", "lab.office"));
        assertThat(routes.routes(JUMP)).isEmpty();
        assertThat(routes.gateway(PLC)).contains(route("0.0.0.0/0", "172.16.2.1", "lab.plant"));
        assertThat(routes.routes(PLC)).isEmpty();
    }

    @Test
    void whoDoesNotForwardIsNoWayForPackets() {
        Topology topology = Drawings.replace(
                Drawings.small(),
                member("lab-jump", "linux-server", false, at("plant", "172.16.2.1"), at("office", "172.16.1.31")));
        Routes without = Routes.of(topology);

        assertThat(without.path(WEB, PLC)).isEmpty();
        assertThat(without.path(JUMP, PLC)).contains(List.of());
        assertThat(without.path(WEB, JUMP)).contains(List.of(GATE));
        assertThat(without.way(WEB, Drawings.address("172.16.2.1"))).isEmpty();
    }

    @Test
    void ofTwoWaysTheShorterOneIsTakenAndOfTwoEqualOnesTheFirstByName() {
        Topology topology = topology(
                "t",
                List.of(dmz("10.0.0.0/24"), lan("a", "10.0.1.0/24"), lan("b", "10.0.2.0/24")),
                List.of(
                        member("from", "web-server", false, at("dmz", "10.0.0.9")),
                        member("r1", "web-server", true, at("dmz", "10.0.0.11"), at("a", "10.0.1.1")),
                        member("r2", "web-server", true, at("a", "10.0.1.2"), at("b", "10.0.2.2")),
                        member("s-b", "web-server", true, at("dmz", "10.0.0.13"), at("b", "10.0.2.3")),
                        member("s-a", "web-server", true, at("dmz", "10.0.0.14"), at("b", "10.0.2.4")),
                        member("to", "web-server", false, at("b", "10.0.2.9"))));
        Routes two = Routes.of(topology);

        assertThat(two.path(new DeckyName("from"), new DeckyName("to"))).contains(List.of(new DeckyName("s-a")));
        assertThat(two.path(new DeckyName("r2"), new DeckyName("from"))).contains(List.of(new DeckyName("r1")));
    }

    @Test
    void packetsThatFollowTheTablesArriveByTheWayThatIsSaid() {
        Topology topology = TopologyGenerator.generate("lab", crossed(7), Surroundings.NONE);
        Routes tables = Routes.of(topology);
        List<DeckyName> names = names(topology);

        for (DeckyName from : names.subList(0, 6)) {
            for (TopologyMember to : topology.design().members()) {
                TopologyAttachment target = to.attachments().getFirst();
                Optional<Routes.Way> way = tables.way(from, Drawings.address(target.address()));
                assertThat(way).isPresent();
                assertThat(followed(topology, tables, from, target))
                        .isEqualTo(way.get().hops());
            }
        }
    }

    /** Hands a packet on as the kernel would, by the machines' tables alone. */
    private static List<DeckyName> followed(
            Topology topology, Routes tables, DeckyName from, TopologyAttachment target) {
        java.net.InetAddress address = Drawings.address(target.address());
        List<DeckyName> hops = new ArrayList<>();
        TopologyMember at = topology.design().member(from.text()).orElseThrow();
        while (!has(at, target.address()) && !at.on(target.lan())) {
            DeckyName name = new DeckyName(at.name());
            java.net.InetAddress via = tables.routes(name).stream()
                    .filter(route -> route.destination().contains(address))
                    .findFirst()
                    .or(() -> tables.gateway(name))
                    .orElseThrow()
                    .via();
            at = topology.design().members().stream()
                    .filter(one -> has(one, via.getHostAddress()))
                    .findFirst()
                    .orElseThrow();
            if (!has(at, target.address())) {
                hops.add(new DeckyName(at.name()));
            }
            assertThat(hops).hasSizeLessThan(64);
        }
        return hops;
    }

    private static boolean has(TopologyMember member, String address) {
        return member.attachments().stream().anyMatch(one -> one.address().equals(address));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whereAllForwardEveryMachineIsReachedFromTheDmz(long seed) {
        Topology topology = TopologyGenerator.generate("lab", crossed(seed), Surroundings.NONE);
        Routes all = Routes.of(topology);
        DeckyName from = new DeckyName(topology.design().members().stream()
                .filter(member -> member.attachments().getFirst().lan().equals("dmz"))
                .findFirst()
                .orElseThrow()
                .name());

        assertThat(names(topology)).allSatisfy(to -> {
            assertThat(all.path(from, to)).isPresent();
            assertThat(all.path(to, from)).isPresent();
            assertThat(all.path(from, to).orElseThrow()).hasSizeLessThanOrEqualTo(8);
        });
    }

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    private static TopologyParameters crossed(long seed) {
        TopologyParameters standard = TopologyParameters.standard(seed);
        return new TopologyParameters(
                seed,
                standard.depth(),
                standard.branching(),
                1,
                4,
                1,
                0.3,
                standard.base(),
                Optional.empty(),
                List.of(),
                List.of(),
                20,
                TopologyParameters.Dmz.INNER);
    }

    private static List<DeckyName> names(Topology topology) {
        return topology.design().members().stream()
                .map(member -> new DeckyName(member.name()))
                .toList();
    }

    @Test
    void fiveHundredMachinesAreQuick() {
        Topology topology = LongStream.range(0, 100)
                .mapToObj(RoutesTest::large)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
        List<DeckyName> names = names(topology);
        assertThat(names.size()).isGreaterThan(350);
        long start = System.nanoTime();

        Routes all = Routes.of(topology);
        names.forEach(name -> assertThat(all.routes(name)).isNotNull());
        names.forEach(name -> assertThat(all.path(names.getFirst(), name)).isPresent());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    /** One of more than 350 machines, if that seed gives one. */
    private static Optional<Topology> large(long seed) {
        TopologyParameters parameters = new TopologyParameters(
                seed,
                3,
                4,
                12,
                12,
                1,
                0.2,
                TopologyParameters.DEFAULT_BASE,
                Optional.empty(),
                List.of(),
                List.of(),
                0,
                TopologyParameters.Dmz.INNER);
        try {
            return Optional.of(TopologyGenerator.generate("lab", parameters, Surroundings.NONE))
                    .filter(topology -> topology.design().members().size() > 350);
        } catch (FleetException e) {
            return Optional.empty(); // larger than is possible
        }
    }

    private static Route route(String destination, String via, String lan) {
        return new Route(Subnet.parse(destination), Drawings.address(via), lan);
    }
}
