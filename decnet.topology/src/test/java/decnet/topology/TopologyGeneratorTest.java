package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import decnet.core.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TopologyGeneratorTest {
    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsGeneratedIsFreeOfErrors(long seed) {
        Topology topology = TopologyGenerator.generate("lab", parameters(seed), around());

        List<Issue> issues = TopologyValidation.check(topology, around());

        assertThat(issues.stream().filter(Issue::error)).isEmpty();
        assertThat(issues).extracting(Issue::code).doesNotContain("GATEWAY_MISSING", "SERVICE_NONE", "ROUTER_SINGLE");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theSameSeedGivesTheSameBytes(long seed) {
        Topology one = TopologyGenerator.generate("lab", parameters(seed), around());
        Topology two = TopologyGenerator.generate("lab", parameters(seed), around());

        assertThat(Json.text(TopologyJson.write(two))).isEqualTo(Json.text(TopologyJson.write(one)));
        assertThat(TopologyHash.of(two.design())).isEqualTo(TopologyHash.of(one.design()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void eachLanHasAWayOutAndAsManyMachinesAsWanted(long seed) {
        TopologyParameters parameters = parameters(seed);
        Topology topology = TopologyGenerator.generate("lab", parameters, around());
        Map<String, Integer> counts = new HashMap<>();
        topology.design()
                .members()
                .forEach(member -> counts.merge(member.attachments().getFirst().lan(), 1, Integer::sum));

        assertThat(counts.keySet())
                .isEqualTo(Set.copyOf(
                        topology.design().lans().stream().map(TopologyLan::name).toList()));
        assertThat(counts.values())
                .allMatch(count -> count >= parameters.leastDeckies() && count <= parameters.mostDeckies());
        assertThat(topology.design().lans().stream().filter(TopologyLan::dmz)).hasSize(1);
        assertThat(topology.design().lans().stream().filter(lan -> !lan.dmz()))
                .allMatch(lan -> parameters.forwarding() < 1 || lan.gateway().isPresent());
    }

    @Test
    void thisIsWhatComesOfASeed() {
        TopologyParameters fixed = new TopologyParameters( // so that a larger catalogue does not matter
                4,
                2,
                2,
                1,
                3,
                0.8,
                0.3,
                TopologyParameters.DEFAULT_BASE,
                Optional.of(Subnet.parse("fd12:3456:789a::/48")),
                List.of("linux-server", "plc"),
                List.of("http"),
                20,
                TopologyParameters.Dmz.INNER);

        Topology topology = TopologyGenerator.generate("lab", fixed, Surroundings.NONE);

        Golden.check("topology-generated.json", Json.pretty(TopologyJson.write(topology)) + "\n");
    }

    @Test
    void withoutForwardingEveryInnerLanIsFoundByWalkingOnly() {
        TopologyParameters walked = with(TopologyParameters.standard(5), 0, 0);
        Topology topology = TopologyGenerator.generate("lab", walked, Surroundings.NONE);

        assertThat(topology.design().members()).noneMatch(TopologyMember::forwards);
        assertThat(TopologyValidation.check(topology, Surroundings.NONE))
                .filteredOn(issue -> issue.code().equals("DMZ_ORPHAN"))
                .hasSize(topology.design().lans().size() - 1)
                .noneMatch(Issue::error);
    }

    @Test
    void withoutCrossingsItIsATree() {
        for (long seed = 0; seed < 50; seed++) {
            Topology topology = TopologyGenerator.generate("lab", TopologyParameters.standard(seed), Surroundings.NONE);

            long bridges = topology.design().members().stream()
                    .filter(member -> member.attachments().size() == 2)
                    .count();
            assertThat(bridges)
                    .as("seed " + seed)
                    .isEqualTo(topology.design().lans().size() - 1);
        }
    }

    @Test
    void nobodyElsesNetworkAddressOrNameIsTaken() {
        Topology first = TopologyGenerator.generate("lab", TopologyParameters.standard(1), Surroundings.NONE);
        HostNetworks host = HostNetworks.of(List.of(Subnet.parse("172.16.0.0/16"), Subnet.parse("172.17.3.128/25")));
        Topology taken = new Topology("other", 1, TopologyStatus.ACTIVE, List.of(), first.design(), Optional.empty());

        Topology second =
                TopologyGenerator.generate("lab", TopologyParameters.standard(1), Drawings.around(host, taken));

        List<Subnet> subnets = second.design().lans().stream()
                .map(lan -> Subnet.parse(lan.subnet()))
                .toList();
        assertThat(subnets.getFirst().toString()).startsWith("172.17.");
        assertThat(subnets).noneMatch(Subnet.parse("172.16.0.0/16")::overlaps);
        assertThat(subnets).noneMatch(Subnet.parse("172.17.3.0/24")::overlaps);
        Set<String> names = new HashSet<>();
        first.design().members().forEach(member -> names.add(member.name()));
        assertThat(second.design().members()).noneMatch(member -> names.contains(member.name()));
    }

    @Test
    void aDmzOnARealNetworkKeepsAwayFromWhoIsThere() {
        TopologyParameters standard = TopologyParameters.standard(3);
        TopologyParameters real = new TopologyParameters(
                3,
                1,
                1,
                8,
                8,
                1,
                0,
                standard.base(),
                Optional.of(Subnet.parse("fd12:3456:789a::/48")),
                List.of(),
                List.of(),
                0,
                new TopologyParameters.Dmz(
                        Optional.of(Subnet.parse("192.168.7.0/24")),
                        Optional.of("eth0"),
                        Optional.of("192.168.7.1"),
                        Optional.of("192.168.7.240")));

        Topology topology = TopologyGenerator.generate("lab", real, Drawings.around(Drawings.host()));

        assertThat(TopologyValidation.check(topology, Drawings.around(Drawings.host())))
                .isEmpty();
        assertThat(topology.design().members().stream()
                        .flatMap(member -> member.attachments().stream())
                        .filter(one -> one.lan().equals("dmz")))
                .hasSize(9)
                .allMatch(one -> Integer.parseInt(one.address().substring("192.168.7.".length())) >= 240)
                .allMatch(one -> one.address6().isPresent());
    }

    @Test
    void givenServicesAndArchetypesAreUsed() {
        TopologyParameters standard = TopologyParameters.standard(3);
        TopologyParameters given = new TopologyParameters(
                3,
                2,
                2,
                1,
                3,
                1,
                0,
                standard.base(),
                Optional.empty(),
                List.of("web-server", "linux-server"),
                List.of("ssh", "telnet"),
                0,
                TopologyParameters.Dmz.INNER);

        Topology topology = TopologyGenerator.generate("lab", given, Surroundings.NONE);

        assertThat(topology.design().members())
                .allMatch(member -> member.services().equals(List.of("ssh", "telnet")))
                .extracting(TopologyMember::archetype)
                .isSubsetOf("web-server", "linux-server");
    }

    @Test
    void everyParameterOutOfBoundsIsTold() {
        FleetException problems = catchThrowableOfType(
                FleetException.class,
                () -> new TopologyParameters(
                        -1,
                        17,
                        0,
                        40,
                        3,
                        1.5,
                        Double.NaN,
                        Subnet.parse("10.0.0.0/25"),
                        Optional.of(Subnet.parse("10.0.0.0/8")),
                        List.of("toaster"),
                        List.of("gopher", "custom-x"),
                        5_000,
                        new TopologyParameters.Dmz(
                                Optional.of(Subnet.parse("10.0.0.0/24")),
                                Optional.empty(),
                                Optional.of("10.0.1.1"),
                                Optional.of("x"))));

        Golden.check(
                "topology-parameters.txt", Drawings.withoutCatalogue(String.join("\n", problems.problems()) + "\n"));
    }

    @Test
    void whatWouldBeTooLargeIsRefused() {
        TopologyParameters standard = TopologyParameters.standard(1);
        TopologyParameters deep = new TopologyParameters(
                1,
                16,
                8,
                1,
                1,
                1,
                0,
                standard.base(),
                Optional.empty(),
                List.of(),
                List.of(),
                0,
                TopologyParameters.Dmz.INNER);
        TopologyParameters narrow = new TopologyParameters(
                1,
                3,
                2,
                1,
                1,
                1,
                0,
                Subnet.parse("10.0.0.0/23"),
                Optional.empty(),
                List.of(),
                List.of(),
                0,
                TopologyParameters.Dmz.INNER);

        assertThatThrownBy(() -> TopologyGenerator.generate("lab", deep, Surroundings.NONE))
                .isInstanceOf(FleetException.class)
                .hasMessage("depth 16 and branching 8 make more than 64 LANs with seed 1; take smaller ones, or another"
                        + " seed");
        assertThatThrownBy(() -> TopologyGenerator.generate("lab", narrow, Surroundings.NONE))
                .isInstanceOf(FleetException.class)
                .hasMessage(
                        "no network of /24 is free in 10.0.0.0/23; give a larger base, or delete topologies that are"
                                + " not needed");
    }

    private static Surroundings around() {
        return Drawings.around(HostNetworks.of(List.of(Subnet.parse("172.16.2.0/23"))));
    }

    private static TopologyParameters with(TopologyParameters from, double forwarding, double crossing) {
        return new TopologyParameters(
                from.seed(),
                from.depth(),
                from.branching(),
                from.leastDeckies(),
                from.mostDeckies(),
                forwarding,
                crossing,
                from.base(),
                from.base6(),
                from.archetypes(),
                from.services(),
                from.mostLatencyMillis(),
                from.dmz());
    }

    /** Parameters drawn from the seed, so that many are tried. */
    private static TopologyParameters parameters(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int least = random.nextInt(1, 4);
        return new TopologyParameters(
                seed,
                random.nextInt(1, 4),
                random.nextInt(1, 4),
                least,
                least + random.nextInt(0, 4),
                random.nextBoolean() ? 1 : 0.7,
                random.nextBoolean() ? 0 : 0.4,
                TopologyParameters.DEFAULT_BASE,
                random.nextBoolean() ? Optional.empty() : Optional.of(Subnet.parse("fd12:3456:789a::/48")),
                List.of(),
                List.of(),
                random.nextInt(0, 50),
                TopologyParameters.Dmz.INNER);
    }
}
