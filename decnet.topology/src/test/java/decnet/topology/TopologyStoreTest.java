package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import decnet.core.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyStoreTest {
    @TempDir
    Path state;

    private TopologyStore store() {
        return new TopologyStore(state.resolve("topologies"));
    }

    @Test
    void whatIsStoredIsReadBackTheSame() {
        Topology topology = TopologyGenerator.generate("lab", TopologyParameters.standard(9), Surroundings.NONE)
                .become(TopologyStatus.DEPLOYING, Instant.parse("2026-03-04T05:06:07Z"), "because");
        Topology rich = Drawings.replace(
                topology,
                new TopologyMember(
                        "x",
                        "linux-server",
                        Optional.of("debian12"),
                        List.of("ssh"),
                        Map.of("ssh", Map.of("user", "joe", "password", "p")),
                        List.of(new TopologyAttachment("dmz", "172.16.0.77", Optional.of("fd00::1"), 7, 8)),
                        false));

        Topology stored = store().write(rich).orElseThrow();

        assertThat(stored.version()).isEqualTo(1);
        assertThat(store().read("lab")).contains(stored);
        assertThat(store().all()).containsExactly(stored);
        assertThat(stored.design()).isEqualTo(rich.design());
        assertThat(stored.origin()).contains(TopologyParameters.standard(9));
    }

    @Test
    void whoChangesAnOldVersionChangesNothing() {
        Topology first = store().write(Drawings.small()).orElseThrow();
        Topology second = store().write(first).orElseThrow();

        assertThat(store().write(first)).isEmpty();
        assertThat(store().write(Drawings.small())).isEmpty();
        assertThat(store().delete("lab", first.version())).isFalse();
        assertThat(store().read("lab")).contains(second);
        assertThat(store().delete("lab", second.version())).isTrue();
        assertThat(store().read("lab")).isEmpty();
        assertThat(store().delete("lab", second.version())).isFalse();
        assertThat(store().write(second)).isEmpty();
    }

    @Test
    void ofManyWritersOfOneVersionOneWins() throws Exception {
        Topology first = store().write(Drawings.small()).orElseThrow();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Topology>>> results = IntStream.range(0, 8)
                    .mapToObj(i -> pool.submit(() -> store().write(first)))
                    .toList();
            int written = 0;
            for (Future<Optional<Topology>> result : results) {
                written += result.get().isPresent() ? 1 : 0;
            }
            assertThat(written).isEqualTo(1);
        }
    }

    @Test
    void itIsReadableByTheGroupOnly() throws Exception {
        store().write(Drawings.small());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("topologies/lab.json"))))
                .isEqualTo("rw-r-----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("topologies"))))
                .isEqualTo("rwxr-x---");
    }

    @Test
    void aNameIsNoPath() {
        assertThatThrownBy(() -> store().read("../fleet/desired")).hasMessageContaining("not a name of a topology");
        assertThatThrownBy(() -> store().delete("a/b", 1)).hasMessageContaining("not a name of a topology");
    }

    @Test
    void whatHasNoFormIsToldWithItsPlace() {
        FleetException problems =
                catchThrowableOfType(FleetException.class, () -> TopologyJson.read(Json.parseObject("""
                    {"name": "Lab", "version": "one", "status": "lost", "colour": 1, "lans": [{"name": "dmz", "dmz": "yes"}, 7],
                     "deckies": [{"name": "a", "archetype": "plc", "services": [1], "options": {"ssh": {"user": 1}, "x": 2},
                      "attachments": [{"lan": "dmz", "latency_ms": 99999999999, "adress": "x"}]}],
                     "generated": {"seed": 1}, "history": {}}
                    """)));

        Golden.check("topology-form.txt", String.join("\n", problems.problems()) + "\n");
    }

    @Test
    void aFileThatIsDamagedIsNamed() throws Exception {
        store().write(Drawings.small());
        Files.writeString(state.resolve("topologies/lab.json"), "{");

        assertThatThrownBy(() -> store().all())
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("topologies/lab.json");
    }
}
