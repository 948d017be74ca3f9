package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchetypeTest {
    /** What scanners count: five of these on one address are no machine that anybody runs. */
    private static final Set<String> LURES = Set.of(
            "ssh",
            "telnet",
            "ftp",
            "http",
            "smb",
            "redis",
            "smtp",
            "vnc",
            "sip",
            "mysql",
            "postgres",
            "git",
            "rdp",
            "httpproxy",
            "mssql",
            "mongodb");

    static List<Archetype> all() {
        return Archetype.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void noKindOfMachineOffersMoreLuresThanARealOne(Archetype archetype) {
        assertThat(archetype.services()).doesNotHaveDuplicates().isNotEmpty();
        assertThat(archetype.services().stream().filter(LURES::contains)).hasSizeLessThanOrEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("all")
    void itsSystemsAreKnownAndOfOneFamily(Archetype archetype) {
        List<Distribution> systems = archetype.distributions().stream()
                .map(slug -> Distribution.find(slug).orElseThrow())
                .toList();

        assertThat(systems)
                .extracting(Distribution::family)
                .containsOnly(systems.getFirst().family());
        assertThat(systems).allMatch(archetype::runs);
        assertThat(archetype.vendors()).isNotEmpty().allMatch(vendor -> vendor.matches("[0-9a-f]{2}(:[0-9a-f]{2}){2}"));
    }

    @Test
    void theKindsOfTheFirstVersionAreStillThere() {
        for (String slug : List.of("linux-server", "web-server", "database-server", "file-server", "iot-device")) {
            assertThat(Archetype.find(slug)).describedAs(slug).isPresent();
        }
        assertThat(Archetype.all())
                .extracting(Archetype::slug)
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(20);
    }

    @Test
    void whatOffersNothingYetIsRefusedWithWhatItWaitsFor() {
        Archetype waiting = Archetype.all().stream()
                .filter(one -> one.offered().isEmpty())
                .findFirst()
                .orElseThrow();

        FleetException problem = catchThrowableOfType(
                FleetException.class, () -> FleetFile.parse("f.ini", "[a]\narchetype = " + waiting.slug()));

        assertThat(problem.problems())
                .anyMatch(line -> line.startsWith("f.ini:1: ")
                        && line.contains("waits for " + String.join(", ", waiting.awaited())));
        assertThat(Archetype.slugs()).doesNotContain(waiting.slug());
    }

    @Test
    void aSystemThatNoSuchMachineRunsIsRefused() {
        FleetException problem = catchThrowableOfType(
                FleetException.class, () -> FleetFile.parse("f.ini", "[a]\narchetype = camera\ndistro = windows11"));

        assertThat(problem.problems()).anyMatch(line -> line.startsWith("f.ini:3: ") && line.contains("hikvision5"));
        assertThat(FleetFile.parse("f.ini", "[a]\narchetype = iot-device\ndistro = debian12")
                        .deckies())
                .hasSize(1);
    }

    @Test
    void everySystemSaysHowItsNetworkBehaves() {
        assertThat(Distribution.all()).extracting(Distribution::slug).doesNotHaveDuplicates();
        assertThat(Arrays.stream(OsFamily.values()).map(family -> OsFamily.parse(family.slug())))
                .containsExactly(OsFamily.values());
    }
}
