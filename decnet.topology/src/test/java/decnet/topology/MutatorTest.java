package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.DeckyName;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MutatorTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final DeckyName WEB = new DeckyName("web");
    private static final DeckyName IOT = new DeckyName("iot");
    private static final DeckyName SHELL = new DeckyName("shell");
    private static final String FILE = """
        [web]
        archetype = web-server
        [iot]
        archetype = iot-device
        [shell]
        archetype = deaddeck
        """;

    @TempDir
    private Path state = Path.of("replaced");

    private Instant now = NOW;

    private FleetStore store() {
        return new FleetStore(state.resolve("fleet"));
    }

    private InstallationSecret secret() {
        return InstallationSecret.open(state);
    }

    private Mutator mutator() {
        return new Mutator(store(), secret(), () -> now);
    }

    private Fleet deploy(String text) {
        return FleetPlan.make(FleetFile.parse("t", text), store(), secret(), NOW)
                .apply(store())
                .orElseThrow();
    }

    private Decky decky(DeckyName name) {
        return store().read().decky(name).orElseThrow();
    }

    private Mutator.Outcome draw(DeckyName name) {
        return mutator().draw(name, 1, 3, FleetChange.Trigger.SCHEDULED, any -> true);
    }

    @Test
    void aMachineGetsOtherServicesOfItsKindAndItsNeighboursStay() {
        Fleet before = deploy(FILE);

        Mutator.Outcome outcome = draw(WEB);

        assertThat(outcome).isInstanceOf(Mutator.Outcome.Changed.class);
        Fleet after = store().read();
        List<String> slugs = FleetChange.slugs(decky(WEB));
        assertThat(slugs)
                .isNotEmpty()
                .isNotEqualTo(FleetChange.slugs(before.decky(WEB).orElseThrow()))
                .isSubsetOf("http", "https", "ftp");
        assertThat(decky(WEB).services())
                .allSatisfy(service -> assertThat(service.port()).isGreaterThan(10_000));
        assertThat(decky(WEB).rotation().last()).isEqualTo(NOW);
        assertThat(after.decky(IOT)).isEqualTo(before.decky(IOT));
        assertThat(after.decky(SHELL)).isEqualTo(before.decky(SHELL));
        assertThat(store().changes().orElseThrow().changes()).singleElement().satisfies(change -> {
            assertThat(change.number()).isEqualTo(1);
            assertThat(change.version()).isEqualTo(after.version());
            assertThat(change.newServices()).isEqualTo(slugs);
            assertThat(change.persona()).isFalse();
        });
    }

    @Test
    void aKindWithOneServiceIsLeftAloneAndSaysSo() {
        Fleet before = deploy(FILE);

        assertThat(draw(SHELL))
                .isInstanceOfSatisfying(Mutator.Outcome.Unchanged.class, unchanged -> assertThat(unchanged.why())
                        .contains("deaddeck", "offers only ssh"));
        assertThat(draw(new DeckyName("nobody"))).isInstanceOf(Mutator.Outcome.Unchanged.class);

        assertThat(store().read()).isEqualTo(before);
    }

    @Test
    void setsItHadLatelyAreNotDrawnAgainUntilTheOthersWere() {
        deploy(FILE);
        Set<Set<String>> seen = new HashSet<>();
        seen.add(Set.copyOf(FleetChange.slugs(decky(WEB))));

        for (int i = 0; i < 6; i++) { // seven sets of one to three of three services, one of which it began with
            assertThat(draw(WEB)).isInstanceOf(Mutator.Outcome.Changed.class);
            seen.add(Set.copyOf(FleetChange.slugs(decky(WEB))));
        }

        assertThat(seen).hasSize(7);
    }

    @Test
    void optionsOfServicesThatStayAreKeptAndWhatSomebodyAddedStays() {
        deploy("""
            [web]
            archetype = web-server
            services = http, https, telnet
            [web.http]
            server = nginx
            """);
        Map<String, String> options = decky(WEB).services().getFirst().options();

        mutator().set(WEB, List.of("http", "ftp", "telnet"));

        assertThat(decky(WEB).services())
                .filteredOn(service -> service.slug().equals("http"))
                .singleElement()
                .satisfies(service ->
                        assertThat(service.options()).isEqualTo(options).containsEntry("server", "nginx"));
        for (int i = 0; i < 5; i++) {
            draw(WEB);
            assertThat(FleetChange.slugs(decky(WEB))).contains("telnet");
        }
    }

    @Test
    void whatItsKindDoesNotHaveIsRefused() {
        Fleet before = deploy(FILE);

        assertThatThrownBy(() -> mutator().set(WEB, List.of("http", "redis")))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("\"redis\" is no service of kind web-server");
        assertThatThrownBy(() -> mutator().set(WEB, List.of())).isInstanceOf(FleetException.class);

        assertThat(store().read()).isEqualTo(before);
    }

    @Test
    void aServiceThatComesHasWhatItNeeds() {
        deploy("[db]\narchetype = database-server\nservices = redis\n[w]\narchetype = web-server\nservices = http\n");
        DeckyName database = new DeckyName("db");
        DeckyName web = new DeckyName("w");
        assertThat(decky(database).persona().hostKeys()).isEmpty();
        assertThat(decky(web).persona().tls()).isEmpty();
        Identity identity = decky(database).persona().identity();

        mutator().set(database, List.of("ssh"));
        mutator().set(web, List.of("https"));

        assertThat(decky(database).persona().hostKeys()).hasSize(3);
        assertThat(decky(database).persona().identity()).isEqualTo(identity);
        assertThat(decky(web).persona().tls()).isPresent();
    }

    @Test
    void realPortsStayRealAndThoseOfTheLoopbackAreNot() {
        Decky web = deploy(FILE).decky(WEB).orElseThrow();
        Attachment attachment =
                new Attachment("lan", InetAddress.ofLiteral("10.0.0.7"), Optional.empty(), Link.PERFECT);
        Placement lan = new Placement("", List.of(attachment), false, Optional.empty());
        Decky networked = new Decky(WEB, web.persona(), web.address(), List.of(), lan, Rotation.NONE);
        Decky real = web.withServices(List.of(ServicePlacement.place("http", Map.of(), true)));

        assertThat(Mutation.services(web, List.of("ftp")).getFirst().port()).isEqualTo(10_021);
        assertThat(Mutation.services(networked, List.of("ftp")).getFirst().port())
                .isEqualTo(21);
        assertThat(Mutation.services(real, List.of("ftp")).getFirst().port()).isEqualTo(21);
    }

    @Test
    void anotherPersonaIsAnotherMachineOfTheSameKindAtTheSamePlace() {
        Fleet before = deploy("[web]\n"
                + "archetype = web-server\n"
                + "[sh]\n"
                + "archetype = linux-server\n"
                + "[sh.ssh]\n"
                + "user = eve\n"
                + "password = hunter2\n");
        DeckyName name = new DeckyName("sh");
        Decky old = before.decky(name).orElseThrow();

        Mutator.Outcome outcome = mutator().persona(name);

        Decky fresh = decky(name);
        assertThat(outcome).isInstanceOfSatisfying(Mutator.Outcome.Changed.class, changed -> assertThat(
                        changed.change().persona())
                .isTrue());
        assertThat(fresh.persona().hostname()).isNotEqualTo(old.persona().hostname());
        assertThat(fresh.persona().mac()).isNotEqualTo(old.persona().mac());
        assertThat(fresh.persona().seed()).isNotEqualTo(old.persona().seed());
        assertThat(fresh.persona().hostKeys())
                .isNotEqualTo(old.persona().hostKeys())
                .hasSize(3);
        assertThat(fresh.persona().domain()).isEqualTo(old.persona().domain());
        assertThat(fresh.persona().archetype()).isEqualTo(old.persona().archetype());
        assertThat(fresh.persona().login("eve", "hunter2")).isPresent();
        assertThat(fresh.services()).isEqualTo(old.services());
        assertThat(fresh.address()).isEqualTo(old.address());
        assertThat(store().read().decky(WEB)).isEqualTo(before.decky(WEB));
        assertThat(fresh.persona().site().neighbours()).isNotEmpty();

        mutator().persona(name);

        assertThat(decky(name).persona().mac())
                .isNotIn(fresh.persona().mac(), old.persona().mac());
    }

    @Test
    void aFrozenMachineStaysAsItIs() {
        Fleet before = deploy(FILE);
        store().freeze(Set.of(WEB), NOW.plusSeconds(60), "looking", NOW);

        assertThat(draw(WEB))
                .isInstanceOfSatisfying(Mutator.Outcome.Unchanged.class, unchanged -> assertThat(unchanged.why())
                        .contains("frozen until", "looking"));
        assertThat(mutator().persona(WEB)).isInstanceOf(Mutator.Outcome.Unchanged.class);
        assertThat(store().read()).isEqualTo(before);
        assertThat(draw(IOT)).isInstanceOf(Mutator.Outcome.Changed.class);

        now = NOW.plusSeconds(60);

        assertThat(draw(WEB)).isInstanceOf(Mutator.Outcome.Changed.class);
    }

    @Test
    void writersAtTheSameTimeLoseNothingOfEachOther() throws Exception {
        deploy(FILE);
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Mutator.Outcome>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                DeckyName name = i % 2 == 0 ? WEB : IOT;
                writers.add(() -> draw(name));
            }
            int changed = 0;
            for (Future<Mutator.Outcome> outcome : threads.invokeAll(writers)) {
                changed += outcome.get() instanceof Mutator.Outcome.Changed ? 1 : 0;
            }

            List<FleetChange> changes = store().changes().orElseThrow().changes();
            assertThat(changes).hasSize(changed).extracting(FleetChange::number).doesNotHaveDuplicates();
            assertThat(store().read().version()).isEqualTo(1 + changed);
            for (DeckyName name : List.of(WEB, IOT)) { // each follows from the one before
                List<FleetChange> its = changes.stream()
                        .filter(change -> change.decky().equals(name))
                        .toList();
                for (int i = 1; i < its.size(); i++) {
                    assertThat(its.get(i).oldServices())
                            .isEqualTo(its.get(i - 1).newServices());
                }
                assertThat(its.getLast().newServices()).isEqualTo(FleetChange.slugs(decky(name)));
            }
        }
    }

    @Test
    void aTurnThatSomebodyElseHasTakenMeanwhileIsNotTakenAgain() {
        deploy(FILE);
        Instant seen = decky(WEB).rotation().last();
        draw(WEB);
        Fleet once = store().read();

        Mutator.Outcome second = mutator().draw(WEB, 1, 3, FleetChange.Trigger.SCHEDULED, decky -> decky.rotation()
                .last()
                .equals(seen));

        assertThat(second).isInstanceOf(Mutator.Outcome.Unchanged.class);
        assertThat(store().read()).isEqualTo(once);
    }

    @Test
    void aChangeThatNeverCameToBeIsNeverTold() throws Exception {
        deploy(FILE);
        draw(WEB);
        Path desired = state.resolve("fleet/desired.json");
        byte[] before = Files.readAllBytes(desired);
        draw(IOT);
        Files.write(desired, before); // killed between the two files

        assertThat(store().changes().orElseThrow().changes())
                .extracting(FleetChange::decky)
                .containsExactly(WEB);

        deploy("[web]\narchetype = web-server\n");

        assertThat(store().changes().orElseThrow().changes())
                .extracting(FleetChange::decky)
                .containsExactly(WEB);
        draw(WEB);
        assertThat(store().changes().orElseThrow().changes())
                .extracting(FleetChange::number)
                .containsExactly(1L, 2L);
    }

    @Test
    void theLogKeepsTheNewestAndItsNumbers() {
        ChangeLog log = new ChangeLog(7, 0, List.of());
        FleetChange change =
                new FleetChange(0, 0, WEB, NOW, FleetChange.Trigger.OPERATOR, List.of("http"), List.of("ftp"), false);
        for (int i = 0; i < ChangeLog.MOST + 5; i++) {
            log = log.with(List.of(change), i + 1);
        }

        ChangeLog read = ChangeLog.read(log.toJson());

        assertThat(read).isEqualTo(log);
        assertThat(read.changes()).hasSize(ChangeLog.MOST);
        assertThat(read.changes().getFirst().number()).isEqualTo(6);
        assertThat(read.after(ChangeLog.MOST)).hasSize(5);
        assertThat(read.upTo(ChangeLog.MOST).last()).isEqualTo(ChangeLog.MOST);
    }

    @Test
    void aTurnComesATenthSoonerOrLaterAndTheSameForWhoeverAsks() {
        Decky decky = deploy(FILE).decky(WEB).orElseThrow();
        Set<Instant> all = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Instant last = NOW.plusSeconds(i);
            Decky rotating = decky.withRotation(new Rotation(Optional.of(Duration.ofHours(10)), last));
            Instant due = mutator().due(rotating).orElseThrow();

            assertThat(due).isBetween(last.plus(Duration.ofHours(9)), last.plus(Duration.ofHours(11)));
            assertThat(mutator().due(rotating)).contains(due);
            all.add(due.minusSeconds(i));
        }
        assertThat(all).hasSizeGreaterThan(40);
        assertThat(mutator().due(decky)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void drawnSetsAreWithinTheirBounds(long seed) {
        var random = new SplittableRandom(seed);
        Decky decky = deploy(FILE).decky(IOT).orElseThrow();
        for (int i = 0; i < 30; i++) {
            int least = random.nextInt(1, 4);
            int most = random.nextInt(least, 5);

            Optional<List<String>> drawn = Mutation.draw(decky, least, most, List.of(), random);

            int offered = Mutation.offered(decky).size();
            drawn.ifPresent(slugs -> assertThat(slugs)
                    .hasSizeBetween(Math.min(least, offered), most)
                    .isNotEqualTo(FleetChange.slugs(decky))
                    .isSorted());
        }
    }
}
