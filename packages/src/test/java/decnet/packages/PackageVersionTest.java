package decnet.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PackageVersionTest {
    private static final Instant TIME = Instant.parse("2026-03-01T10:20:30Z");

    private static String of(String build, String wanted, Instant time) {
        return PackageVersion.of(build, wanted, time).text();
    }

    @Test
    void aSnapshotNamesTheTimeOfItsSources() {
        assertThat(of("0.1.0-SNAPSHOT", "", TIME)).isEqualTo("0.1.0~SNAPSHOT+20260301.102030");
        assertThat(of("0.1.0", "", TIME)).isEqualTo("0.1.0");
        assertThat(of("0.1.0-SNAPSHOT", "2.0+mine", TIME)).isEqualTo("2.0+mine");
    }

    @Test
    void dpkgPutsSnapshotsInOrderAndBeforeTheRelease() {
        Tool.needs(false, "dpkg");
        List<String> versions = List.of(
                of("0.1.0", "", TIME),
                of("0.2.0-SNAPSHOT", "", TIME),
                of("0.2.0-SNAPSHOT", "", TIME.plusSeconds(1)),
                of("0.2.0", "", TIME));

        for (int i = 1; i < versions.size(); i++) {
            Tool.run(Duration.ofSeconds(20), "dpkg", "--compare-versions", versions.get(i - 1), "lt", versions.get(i))
                    .succeeded();
        }
    }

    @Test
    void whatDpkgWouldRefuseIsRefused() {
        for (String wanted : List.of("v1", "1:2", "1 2", "1/2", "")) {
            assertThatThrownBy(() -> PackageVersion.of("x", wanted, TIME)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theTimeCanBeGiven() throws IOException {
        assertThat(PackageVersion.timeOfSources(Path.of("/"), Map.of("SOURCE_DATE_EPOCH", "1000000000")))
                .isEqualTo(Instant.ofEpochSecond(1_000_000_000));
        assertThat(PackageVersion.timeOfSources(Path.of("/"), Map.of())).isEqualTo("1980-01-01T00:00:00Z");
    }
}
