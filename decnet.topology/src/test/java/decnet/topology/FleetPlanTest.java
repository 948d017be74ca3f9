package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.DeckyName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetPlanTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    @TempDir
    Path state;

    private FleetStore store() {
        return new FleetStore(state.resolve("fleet"));
    }

    private Fleet deploy(String text) {
        FleetPlan plan = FleetPlan.make(FleetFile.parse("t", text), store(), InstallationSecret.open(state), NOW);
        return plan.apply(store()).orElseThrow();
    }

    @Test
    void whatIsStoredIsReadBackTheSame() {
        Fleet written =
                deploy("[a]\narchetype = database-server\n[b]\narchetype = iot-device\n[c]\narchetype = web-server");

        assertThat(store().read()).isEqualTo(written);
        assertThat(written.version()).isEqualTo(1);
        assertThat(written.decky(new DeckyName("a")).orElseThrow().persona().hostKeys())
                .hasSize(3);
        assertThat(written.deckies()).allSatisfy(decky -> {
            assertThat(decky.address().getHostAddress()).startsWith("127.").isNotEqualTo("127.0.0.1");
            assertThat(decky.services())
                    .allSatisfy(service -> assertThat(service.port()).isGreaterThan(10_000));
            assertThat(decky.persona().hostname()).isNotEqualTo(decky.name().text());
        });
    }

    @Test
    void whoStaysKeepsEverythingAndWhoComesBackIsTheSame() {
        Fleet first = deploy("[a]\narchetype = iot-device\n[b]\narchetype = web-server");
        Fleet without = deploy("[b]\narchetype = web-server");
        Fleet again = deploy("[a]\narchetype = iot-device\n[b]\narchetype = web-server\n[c]\narchetype = web-server");

        DeckyName a = new DeckyName("a");
        DeckyName b = new DeckyName("b");
        assertThat(without.decky(a)).isEmpty();
        assertThat(without.decky(b)).isEqualTo(first.decky(b));
        assertThat(again.decky(a).orElseThrow().persona())
                .isEqualTo(first.decky(a).orElseThrow().persona());
        assertThat(again.decky(b)).isEqualTo(first.decky(b));
    }

    @Test
    void aSecondPlanOfTheSameFileChangesNothing() {
        String text = "[a]\narchetype = linux-server\n[a.ssh]\nuser = joe\npassword = secret1";
        Fleet fleet = deploy(text);

        assertThat(fleet.deckies().getFirst().persona().login("joe", "secret1")).isPresent();
        assertThat(FleetPlan.make(FleetFile.parse("t", text), store(), InstallationSecret.open(state), NOW)
                        .changesNothing())
                .isTrue();
    }

    @Test
    void aPlanAgainstAnOldVersionIsNotApplied() {
        FleetPlan old = FleetPlan.make(
                FleetFile.parse("t", "[a]\narchetype = web-server"), store(), InstallationSecret.open(state), NOW);
        deploy("[b]\narchetype = web-server");

        assertThat(old.apply(store())).isEmpty();
        assertThat(store().read().deckies())
                .extracting(decky -> decky.name().text())
                .containsExactly("b");
    }

    @Test
    void noTwoMachinesShareWhatTellsThemApart() {
        Fleet fleet = deploy("[w]\n"
                + "archetype = web-server\n"
                + "services = http, ftp\n"
                + "amount = 60\n"
                + "[d]\n"
                + "archetype = iot-device\n"
                + "amount = 40");

        List<Persona> personas = fleet.deckies().stream().map(Decky::persona).toList();
        assertThat(personas).extracting(Persona::hostname).doesNotHaveDuplicates();
        assertThat(personas).extracting(Persona::mac).doesNotHaveDuplicates();
        assertThat(fleet.deckies()).extracting(Decky::address).doesNotHaveDuplicates();
        Set<String> texts = new HashSet<>();
        assertThat(personas.stream().flatMap(one -> one.bait().stream()).map(Bait::text))
                .allMatch(texts::add);
        assertThat(personas)
                .extracting(Persona::domain)
                .containsOnly(personas.getFirst().domain());
    }

    @Test
    void baitOfAFleetWorksInTheFleet() {
        Fleet fleet = deploy("""
            [web]
            archetype = web-server
            services = http, ftp
            amount = 5
            [files]
            archetype = file-server
            services = ftp
            amount = 5
            [app]
            archetype = linux-server
            services = http, telnet
            amount = 5
            [eye]
            archetype = camera
            amount = 5
            """);

        List<String> bad = new ArrayList<>();
        int all = 0;
        for (Decky decky : fleet.deckies()) {
            for (Bait bait : decky.persona().bait()) {
                for (BaitCredential pair : bait.credentials()) {
                    all++;
                    boolean works = fleet.deckies().stream()
                            .anyMatch(other -> !other.equals(decky)
                                    && (bait.text().contains(other.persona().hostname())
                                            || bait.text()
                                                    .contains(other.persona()
                                                            .site()
                                                            .address()))
                                    && other.persona()
                                            .login(
                                                    pair.principal(),
                                                    pair.secret().text())
                                            .isPresent());
                    if (!works) {
                        bad.add(decky.name() + " " + bait);
                    }
                }
            }
        }
        assertThat(all).isGreaterThan(50);
        assertThat(bad).hasSizeLessThanOrEqualTo(all / 2);
    }

    @Test
    void aMachineThatComesBackLateFindsItsNameStillItsOwn() {
        String name = deploy("[a]\narchetype = web-server\nservices = http")
                .deckies()
                .getFirst()
                .persona()
                .hostname();
        deploy("[b]\narchetype = web-server\nservices = http");

        Fleet both =
                deploy("[a]\narchetype = web-server\nservices = http\n[b]\narchetype = web-server\nservices = http");

        assertThat(both.decky(new DeckyName("a")).orElseThrow().persona().hostname())
                .isEqualTo(name);
        assertThat(both.decky(new DeckyName("b")).orElseThrow().persona().hostname())
                .isNotEqualTo(name);
    }

    @Test
    void anotherInstallationHasOtherMachines(@TempDir Path other) {
        Persona here =
                deploy("[a]\narchetype = iot-device").deckies().getFirst().persona();
        FleetStore there = new FleetStore(other.resolve("fleet"));
        Persona elsewhere = FleetPlan.make(
                        FleetFile.parse("t", "[a]\narchetype = iot-device"), there, InstallationSecret.open(other), NOW)
                .result()
                .getFirst()
                .persona();

        assertThat(elsewhere.hostname()).isNotEqualTo(here.hostname());
        assertThat(elsewhere.mac()).isNotEqualTo(here.mac());
    }

    @Test
    void theSecretIsForItsOwnerAndTheFleetForItsGroup() throws Exception {
        deploy("[a]\narchetype = iot-device");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("secret"))))
                .isEqualTo("rw-------");
        assertThat(store().readable()).hasSize(4).allSatisfy(path -> assertThat(
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .matches("rw(x|-)r-(x|-)---"));
    }
}
