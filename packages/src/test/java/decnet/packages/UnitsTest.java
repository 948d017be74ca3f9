package decnet.packages;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Catalogue;
import decnet.runtime.Plan;
import decnet.runtime.PlanRequest;
import decnet.runtime.ProcessSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UnitsTest {
    private static final Catalogue CATALOGUE = new Catalogue(
            Map.of(),
            Map.of(
                    "bus",
                    "bus",
                    "decoys",
                    "decoy",
                    "collect",
                    "capture",
                    "probe",
                    "capture",
                    "ingest",
                    "herd",
                    "webhook",
                    "herd",
                    "profiler",
                    "heavy",
                    "ttp",
                    "heavy"),
            Map.of(),
            Map.of(),
            List.of(
                    new Catalogue.Image("bus", false, Set.of("bus")),
                    new Catalogue.Image("decoy", false, Set.of("bus", "decoys")),
                    new Catalogue.Image("capture", false, Set.of("bus", "collect", "probe")),
                    new Catalogue.Image("herd", true, Set.of("bus", "ingest", "webhook")),
                    new Catalogue.Image("heavy", true, Set.of("bus", "profiler", "ttp"))),
            Set.of("ingest", "webhook", "profiler", "ttp"));

    private final Map<String, Units.Unit> units =
            new Units(CATALOGUE).all().stream().collect(Collectors.toMap(Units.Unit::name, Function.identity()));

    private Units.Unit unit(String name) {
        return Objects.requireNonNull(units.get(name), name);
    }

    private String text(String unit) {
        return unit(unit).file().text();
    }

    @Test
    void everyProcessOfThePlanHasAUnitThatStartsItAsThePlanSays() {
        for (ProcessSpec spec : Plan.of(PlanRequest.of("tiered"), CATALOGUE).processes()) {
            Units.Unit unit = unit("decnet-" + spec.name() + ".service");

            assertThat(unit.use()).isEqualTo(Units.Use.ENABLED);
            assertThat(unit.image()).isEqualTo(spec.image());
            assertThat(unit.file().text())
                    .contains("\nUser=" + spec.account() + "\n")
                    .contains(
                            "\nExecStart=/usr/lib/decnet/" + spec.image() + "/bin/java " + String.join(" ", spec.jvm()))
                    .contains(" process " + spec.name() + " " + String.join(",", spec.workers()) + "\n")
                    .contains("\nType=notify\n", "\nWatchdogSec=30\n", "\nNoNewPrivileges=yes\n")
                    .contains("\nMemoryMax=" + spec.memoryMaxMib() + "M\n");
        }
    }

    @Test
    void aWorkerOfAGroupCanRunAloneButNotBesideItsGroup() {
        assertThat(unit("decnet-webhook.service").use()).isEqualTo(Units.Use.ON_DEMAND);
        assertThat(text("decnet-webhook.service")).contains("\nConflicts=decnet-herd.service\n");
        assertThat(text("decnet-herd.service")).contains("\nConflicts=decnet-ingest.service decnet-webhook.service\n");
        assertThat(text("decnet-ttp.service")).doesNotContain("Conflicts=");
    }

    @Test
    void onlyWhoNeedsTheDatabaseGetsItsSecrets() {
        List<String> given = units.values().stream()
                .filter(unit -> unit.file().text().contains("database.env"))
                .map(Units.Unit::name)
                .sorted()
                .toList();

        assertThat(given)
                .containsExactly(
                        "decnet-herd.service",
                        "decnet-ingest.service",
                        "decnet-migrate.service",
                        "decnet-profiler.service",
                        "decnet-ttp.service",
                        "decnet-webhook.service");
    }

    @Test
    void whoeverTalksToAttackersWritesOnlyItsOwnFolders() {
        assertThat(text("decnet-decoys.service"))
                .contains("\nReadWritePaths=/run/decnet /var/lib/decnet/journal/decoys /var/lib/decnet/blobs"
                        + " /var/lib/decnet/disks /var/lib/decnet/ledger/decoys /var/lib/decnet/profiles\n");
    }

    @Test
    void everythingEndsWithTheTarget() {
        assertThat(units.values())
                .filteredOn(unit -> unit.name().endsWith(".service"))
                .allMatch(unit -> unit.file().text().contains("\nPartOf=decnet.target\n"));
        assertThat(text("decnet.target")).contains("\nWantedBy=multi-user.target\n");
    }
}
