package decnet.topology;

import static decnet.topology.Drawings.at;
import static decnet.topology.Drawings.lan;
import static decnet.topology.Drawings.member;
import static decnet.topology.Drawings.replace;
import static decnet.topology.Drawings.small;
import static decnet.topology.Drawings.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopologyDiffTest {
    @Test
    void aTopologyDoesNotDifferFromItself() {
        assertThat(TopologyDiff.between(small().design(), small().design())).isEmpty();
    }

    @Test
    void everyDifferenceIsALine() {
        TopologyDesign before = small().design();
        Topology changed = replace(
                replace(with(small(), lan("store", "172.16.3.0/24")), lan("plant", "172.16.9.0/24", "172.16.2.1")),
                new TopologyMember(
                        "lab-gate",
                        "linux-server",
                        Optional.of("debian12"),
                        List.of("ssh"),
                        Map.of("ssh", Map.of("user", "joe", "password", "geheim", "latency", "1ms..2ms")),
                        List.of(
                                new TopologyAttachment("office", "172.16.1.1", Optional.empty(), 5, 10),
                                at("dmz", "192.168.7.21")),
                        false));
        TopologyDesign after = with(changed, member("lab-nas", "nas", false, at("store", "172.16.3.10")))
                .design();
        TopologyDesign without = new TopologyDesign(
                after.lans(),
                after.members().stream()
                        .filter(one -> !one.name().equals("lab-plc"))
                        .toList());

        Golden.check(
                "topology-diff.txt",
                TopologyDiff.between(before, without).stream()
                        .map(change -> change + "\n")
                        .collect(Collectors.joining()));
    }

    @Test
    void passwordsAreNotShownAndLongTextsAreCut() {
        TopologyMember one = custom("a".repeat(5_000));
        TopologyMember two = custom("b".repeat(5_000));

        List<TopologyDiff.Change> changes = TopologyDiff.between(
                replace(small(), one).design(), replace(small(), two).design());

        assertThat(changes).hasSize(2);
        assertThat(changes.toString()).hasSizeLessThan(600).contains("[redacted]");
    }

    private static TopologyMember custom(String value) {
        return new TopologyMember(
                "lab-plc",
                "plc",
                Optional.empty(),
                List.of("http"),
                Map.of("http", Map.of("page", value, "password", value)),
                List.of(at("plant", "172.16.2.40")),
                false);
    }
}
