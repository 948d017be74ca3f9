package decnet.topology;

import static decnet.topology.Drawings.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TopologyHashTest {
    private static final TopologyMember GATE =
            Drawings.small().design().member("lab-gate").orElseThrow();
    private static final TopologyLan OFFICE =
            Drawings.small().design().lan("office").orElseThrow();

    private final String hash = TopologyHash.of(Drawings.small().design());

    @Test
    void itIsVersionedAndStable() {
        assertThat(hash)
                .matches("v1:[0-9a-f]{64}")
                .isEqualTo("v1:46db1fb5d4c665102ad4035bccc4b41b7b3c17376a8574aa4b2298b670b05d3b");
    }

    @Test
    void bookkeepingDoesNotCount() {
        Topology other = Drawings.small()
                .become(TopologyStatus.DEPLOYING, Instant.EPOCH, "why")
                .withVersion(17);

        assertThat(TopologyHash.of(other.design())).isEqualTo(hash);
        assertThat(TopologyHash.of(new Topology(
                                "other",
                                4,
                                TopologyStatus.ACTIVE,
                                List.of(),
                                other.design(),
                                Optional.of(TopologyParameters.standard(3)))
                        .design()))
                .isEqualTo(hash);
    }

    @Test
    void theOrderOfListsAndOptionsDoesNotCount() {
        List<TopologyLan> lans = new ArrayList<>(Drawings.small().design().lans());
        List<TopologyMember> members = new ArrayList<>(Drawings.small().design().members());
        Collections.reverse(lans);
        Collections.reverse(members);
        assertThat(TopologyHash.of(new TopologyDesign(lans, members))).isEqualTo(hash);

        Map<String, String> options = new LinkedHashMap<>();
        options.put("user", "joe");
        options.put("password", "x");
        Map<String, String> turned = new LinkedHashMap<>();
        turned.put("password", "x");
        turned.put("user", "joe");
        assertThat(of(gate(List.of("ssh", "http"), Map.of("ssh", options))))
                .isEqualTo(of(gate(List.of("http", "ssh"), Map.of("ssh", turned))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void everyRealSettingCounts(String what, Topology changed) {
        assertThat(TopologyHash.of(changed.design())).isNotEqualTo(hash);
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                lan(
                        "name",
                        new TopologyLan(
                                "x", OFFICE.subnet(), Optional.empty(), false, Optional.empty(), OFFICE.gateway())),
                lan(
                        "subnet",
                        new TopologyLan(
                                "office",
                                "172.16.9.0/24",
                                Optional.empty(),
                                false,
                                Optional.empty(),
                                OFFICE.gateway())),
                lan(
                        "subnet6",
                        new TopologyLan(
                                "office",
                                OFFICE.subnet(),
                                Optional.of("fd00::/64"),
                                false,
                                Optional.empty(),
                                OFFICE.gateway())),
                lan(
                        "dmz",
                        new TopologyLan(
                                "office", OFFICE.subnet(), Optional.empty(), true, Optional.empty(), OFFICE.gateway())),
                lan(
                        "uplink",
                        new TopologyLan(
                                "office",
                                OFFICE.subnet(),
                                Optional.empty(),
                                false,
                                Optional.of("eth1"),
                                OFFICE.gateway())),
                lan(
                        "gateway",
                        new TopologyLan(
                                "office",
                                OFFICE.subnet(),
                                Optional.empty(),
                                false,
                                Optional.empty(),
                                Optional.empty())),
                gate(
                        "archetype",
                        new TopologyMember(
                                "lab-gate",
                                "web-server",
                                Optional.empty(),
                                GATE.services(),
                                Map.of(),
                                GATE.attachments(),
                                true)),
                gate(
                        "distribution",
                        new TopologyMember(
                                "lab-gate",
                                GATE.archetype(),
                                Optional.of("debian12"),
                                GATE.services(),
                                Map.of(),
                                GATE.attachments(),
                                true)),
                gate(
                        "services",
                        new TopologyMember(
                                "lab-gate",
                                GATE.archetype(),
                                Optional.empty(),
                                List.of("ssh"),
                                Map.of(),
                                GATE.attachments(),
                                true)),
                gate("an option called version", gate(GATE.services(), Map.of("ssh", Map.of("version", "8.0")))),
                gate("an option called status", gate(GATE.services(), Map.of("ssh", Map.of("status", "x")))),
                gate(
                        "forwards",
                        new TopologyMember(
                                "lab-gate",
                                GATE.archetype(),
                                Optional.empty(),
                                GATE.services(),
                                Map.of(),
                                GATE.attachments(),
                                false)),
                gate("address", attached(at("office", "172.16.1.2"), at("dmz", "192.168.7.21"))),
                gate("attachment", attached(at("office", "172.16.1.1"))),
                gate("usual address", attached(at("dmz", "192.168.7.21"), at("office", "172.16.1.1"))),
                gate(
                        "address6",
                        attached(
                                new TopologyAttachment("office", "172.16.1.1", Optional.of("fd00::1"), 0, 0),
                                at("dmz", "192.168.7.21"))),
                gate(
                        "latency",
                        attached(
                                new TopologyAttachment("office", "172.16.1.1", Optional.empty(), 1, 0),
                                at("dmz", "192.168.7.21"))),
                gate(
                        "loss",
                        attached(
                                new TopologyAttachment("office", "172.16.1.1", Optional.empty(), 0, 1),
                                at("dmz", "192.168.7.21"))),
                Arguments.of(
                        "a machine more",
                        Drawings.with(Drawings.small(), Drawings.member("x", "plc", false, at("plant", "172.16.2.9")))),
                Arguments.of("a LAN more", Drawings.with(Drawings.small(), Drawings.lan("y", "172.16.3.0/24"))));
    }

    private static Arguments lan(String what, TopologyLan lan) {
        Topology without = Drawings.small()
                .withDesign(new TopologyDesign(
                        Drawings.small().design().lans().stream()
                                .filter(one -> !one.name().equals("office"))
                                .toList(),
                        Drawings.small().design().members()));
        return Arguments.of(what, Drawings.with(without, lan));
    }

    private static Arguments gate(String what, TopologyMember member) {
        return Arguments.of(what, Drawings.replace(Drawings.small(), member));
    }

    private static TopologyMember attached(TopologyAttachment... attachments) {
        return new TopologyMember(
                "lab-gate", GATE.archetype(), Optional.empty(), GATE.services(), Map.of(), List.of(attachments), true);
    }

    private static TopologyMember gate(List<String> services, Map<String, Map<String, String>> options) {
        return new TopologyMember(
                "lab-gate", GATE.archetype(), Optional.empty(), services, options, GATE.attachments(), true);
    }

    private static String of(TopologyMember member) {
        return TopologyHash.of(Drawings.replace(Drawings.small(), member).design());
    }
}
