package decnet.decoys;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.topology.Bait;
import decnet.topology.BaitCredential;
import decnet.topology.Decky;
import decnet.topology.FleetFile;
import decnet.topology.FleetPlan;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaitIndexTest {
    @Test
    void whoeverTriesAPairThatLiesAboutIsToldWithWhereItLies(@TempDir Path state) {
        FleetStore store = new FleetStore(state.resolve("fleet"));
        List<Decky> deckies = FleetPlan.make(
                        FleetFile.parse("test", "[a]\narchetype = linux-server\namount = 6\n"),
                        store,
                        InstallationSecret.open(state),
                        Fixtures.NOW)
                .result();
        Decky planted = deckies.stream()
                .filter(decky -> decky.persona().bait().stream()
                        .anyMatch(bait -> !bait.credentials().isEmpty()))
                .findFirst()
                .orElseThrow();
        Bait bait = planted.persona().bait().stream()
                .filter(one -> !one.credentials().isEmpty())
                .findFirst()
                .orElseThrow();
        BaitCredential pair = bait.credentials().getFirst();
        BaitIndex index = BaitIndex.of(deckies);

        Seen used = index.used(Seen.of(
                        "login_attempt",
                        "principal",
                        pair.principal(),
                        "secret",
                        pair.secret().text(),
                        "outcome",
                        "accepted"))
                .orElseThrow();

        assertThat(used.type()).isEqualTo("bait_used");
        assertThat(used.fields()).containsEntry("outcome", "accepted").doesNotContainKey("secret");
        assertThat(used.fields().get("planted_on")).contains(planted.name().text());
        assertThat(used.fields().get("planted_path")).contains(bait.path());
        assertThat(index.used(Seen.of("login_attempt", "principal", "root", "secret", "123456")))
                .isEmpty();
        assertThat(index.used(Seen.of(
                        "command",
                        "principal",
                        pair.principal(),
                        "secret",
                        pair.secret().text())))
                .isEmpty();
    }
}
