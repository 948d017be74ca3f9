package decnet.workers.herd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Places;
import decnet.db.Database;
import decnet.db.fixture.TestDatabase;
import decnet.topology.ChangeLog;
import decnet.topology.Decky;
import decnet.topology.Fleet;
import decnet.topology.FleetChange;
import decnet.topology.InstallationSecret;
import decnet.topology.Mutator;
import decnet.topology.Rotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RotationsTest extends FleetCase {
    private static final Duration EVERY = Duration.ofHours(10);

    private final TestDatabase test = TestDatabase.create();
    private final List<FleetChange> told = new ArrayList<>();

    @AfterEach
    void close() {
        test.close();
    }

    private static MutateConfig settings() {
        return MutateConfig.from(decnet.core.Config.of(Map.of()));
    }

    private Mutator mutator() {
        return new Mutator(store, InstallationSecret.open(places.state()), () -> now);
    }

    private Rotations rotations(Database database) {
        return new Rotations(
                store, mutator(), places, new Visitors(database, counters), settings(), () -> now, counters);
    }

    private Rotations rotations() {
        return rotations(test.database());
    }

    private Fleet rotating(String text) {
        deploy(text);
        Fleet fleet = store.read();
        for (Decky decky : fleet.deckies()) {
            change(decky.name(), one -> one.withRotation(new Rotation(Optional.of(EVERY), now)));
        }
        return store.read();
    }

    private Set<DeckyName> round(Rotations rotations, DeckyName... asked) {
        says("decoys", WEB, IOT, new DeckyName("shell"));
        return rotations.round(List.of(asked));
    }

    private List<FleetChange> changes() {
        return store.changes().map(ChangeLog::changes).orElse(List.of());
    }

    private void session(DeckyName decky, Instant last, boolean open) {
        test.execute("insert into session (id, first_seen, last_seen, decky, service, event_count, command_count,"
                + " credential_count, upload_count, end_reason) values ('" + last + "', '" + last + "', '" + last
                + "', '"
                + decky + "', 'ssh', 1, 0, 0, 0, " + (open ? "null" : "'client'") + ")");
    }

    @Test
    void aMachineIsChangedWhenItsTurnComesAndNotBefore() {
        Fleet before = rotating(FILE);
        Rotations rotations = rotations();
        round(rotations);
        now = now.plus(Duration.ofHours(9)).minusSeconds(1);
        round(rotations);
        assertThat(changes()).isEmpty();

        now = now.plus(Duration.ofHours(2)).plusSeconds(1);
        round(rotations);
        round(rotations);

        assertThat(changes()).hasSize(2).allSatisfy(change -> {
            assertThat(change.trigger()).isEqualTo(FleetChange.Trigger.SCHEDULED);
            assertThat(change.newServices()).isNotEqualTo(change.oldServices()).hasSizeBetween(1, 3);
        });
        assertThat(store.read().version()).isEqualTo(before.version() + 2);
        assertThat(store.read().decky(WEB).orElseThrow().rotation()).isEqualTo(new Rotation(Optional.of(EVERY), now));
        assertThat(counters.value(MutateCounter.CHANGES)).isEqualTo(2);
    }

    @Test
    void aMachineWithoutIntervalOrOtherServicesStays() {
        deploy(FILE);
        now = now.plus(Duration.ofDays(900));
        round(rotations());
        assertThat(changes()).isEmpty();

        Fleet fleet = rotating("[shell]\narchetype = deaddeck\n");
        now = now.plus(Duration.ofDays(2));
        Rotations rotations = rotations();
        round(rotations);
        round(rotations);

        assertThat(store.read()).isEqualTo(fleet);
        assertThat(counters.value(MutateCounter.CHANGES)).isZero();
    }

    @Test
    void nobodyIsInterruptedUntilPatienceIsOver() {
        rotating(FILE);
        now = now.plus(Duration.ofHours(12));
        session(WEB, now.minus(Duration.ofHours(3)), true);
        session(IOT, now.minus(Duration.ofMinutes(9)), false);
        Rotations rotations = rotations();

        round(rotations);
        assertThat(changes()).isEmpty();
        assertThat(counters.value(MutateCounter.PUT_OFF)).isEqualTo(2);
        now = now.plus(Duration.ofMinutes(2)); // the one on iot has gone
        round(rotations);
        assertThat(changes()).extracting(FleetChange::decky).containsExactly(IOT);
        now = now.plus(Duration.ofHours(6)).minus(Duration.ofMinutes(3));
        round(rotations);
        assertThat(changes()).hasSize(1);

        now = now.plus(Duration.ofMinutes(3));
        round(rotations);

        assertThat(changes()).extracting(FleetChange::decky).containsExactly(IOT, WEB);
        assertThat(counters.value(MutateCounter.PUT_OFF)).isEqualTo(2);
        assertThat(counters.value(MutateCounter.IMPATIENT)).isEqualTo(1);
    }

    @Test
    void withoutDatabaseATurnIsPutOffToo() {
        rotating(FILE);
        now = now.plus(Duration.ofHours(12));
        Places nowhere =
                new Places(places.state().resolve("nowhere"), places.run().resolve("nowhere"));
        try (Database away = Database.open(decnet.core.Config.of(Map.of("db.connect-timeout", "300ms")), nowhere)) {
            Rotations rotations = rotations(away);
            round(rotations);
            assertThat(changes()).isEmpty();
            assertThat(counters.value(MutateCounter.STORE_FAILURES)).isEqualTo(1);

            now = now.plus(Duration.ofHours(6));
            round(rotations);
        }
        assertThat(changes()).hasSize(2);
    }

    @Test
    void whatIsFrozenOrUnknownIsLeftAlone() {
        rotating(FILE);
        now = now.plus(Duration.ofHours(12));
        store.freeze(Set.of(WEB), now.plusSeconds(60), "", now);
        Rotations rotations = rotations();

        says("decoys", WEB);
        rotations.round(List.of(WEB, IOT)); // nobody says how it stands with iot
        assertThat(changes()).isEmpty();
        now = now.plusSeconds(70);
        rotations.round(List.of()); // what was said is too old
        assertThat(changes()).isEmpty();

        round(rotations);

        assertThat(changes()).hasSize(2);
    }

    @Test
    void aMachineOnANetworkNeedsNetdToo() {
        deploy(FILE);
        connect(WEB);
        Rotations rotations = rotations();

        round(rotations, WEB);
        assertThat(changes()).isEmpty();
        says("netd", WEB);
        round(rotations, WEB);

        assertThat(changes()).singleElement().satisfies(change -> assertThat(change.trigger())
                .isEqualTo(FleetChange.Trigger.OPERATOR));
        assertThat(store.read().decky(WEB).orElseThrow().services())
                .allSatisfy(service -> assertThat(service.port()).isLessThan(10_000));
    }

    @Test
    void requestsOfTheBusAreNotAWayToShakeTheFleet() {
        deploy(FILE);
        Rotations rotations = rotations();
        session(WEB, now, true);

        round(rotations, WEB); // whoever is there
        round(rotations, WEB, new DeckyName("nobody"));
        now = now.plusSeconds(59);
        round(rotations, WEB);
        assertThat(changes()).hasSize(1);
        assertThat(counters.value(MutateCounter.REQUESTS_REFUSED)).isEqualTo(3);

        now = now.plusSeconds(1);
        round(rotations, WEB);

        assertThat(changes()).hasSize(2);
    }

    @Test
    void moreThanOneRoundCanDoWaitForTheNext() {
        deploy("[x]\narchetype = web-server\namount = 10\n");
        List<DeckyName> all = store.read().deckies().stream().map(Decky::name).toList();
        says("decoys", all.toArray(DeckyName[]::new));
        Rotations rotations = rotations();

        Set<DeckyName> left = rotations.round(all);
        assertThat(left).hasSize(2);
        assertThat(changes()).hasSize(8);
        says("decoys", all.toArray(DeckyName[]::new));
        assertThat(rotations.round(left)).isEmpty();

        assertThat(changes()).hasSize(10);
    }

    private NumberedJournal tell(NumberedJournal journal) {
        new MutationNews(store, journal, counters, told::add).tell();
        return journal;
    }

    @Test
    void everyChangeIsOneEventWhoeverMadeIt() throws Exception {
        deploy(FILE);
        mutator().set(WEB, List.of("https"));
        mutator().persona(IOT);
        try (NumberedJournal journal = journal("mutate")) {
            tell(tell(journal));
        }
        try (NumberedJournal journal = journal("mutate")) {
            tell(journal);
            mutator().set(WEB, List.of("http"));
            tell(journal);
        }
        Path last;
        try (Stream<Path> files = Files.list(places.journal("mutate"))) {
            last = files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()
                    .getLast();
        }
        List<String> lines = Files.readAllLines(last);
        Files.writeString(last, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n"); // killed
        try (NumberedJournal journal = journal("mutate")) {
            tell(journal);
        }

        List<Event> events = events("mutate");
        assertThat(events)
                .extracting(event ->
                        event.decky() + " " + event.field("old_services").orElseThrow() + " "
                                + event.field("new_services").orElseThrow() + " "
                                + event.field("trigger").orElseThrow() + " "
                                + event.field("persona").orElseThrow())
                .containsExactly(
                        "web ftp,http https operator no",
                        "iot http,telnet http,telnet operator yes",
                        "web https http operator no");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.type()).isEqualTo("decky_mutated");
            assertThat(event.recordedAt()).contains(event.at());
        });
        assertThat(counters.value(MutateCounter.MISSED)).isZero();
        assertThat(MutationNews.payload(told.getFirst())
                        .path("new_services")
                        .path(0)
                        .asText())
                .isEqualTo("https");
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new MutateConfig(second, 3, 2, second, second))
                .hasMessageContaining("mutate.services-min");
        assertThatThrownBy(() -> new MutateConfig(Duration.ofMillis(999), 1, 2, second, second))
                .hasMessageContaining("mutate.poll");
        assertThat(settings()).isEqualTo(new MutateConfig(ROUND, 1, 3, Duration.ofMinutes(10), Duration.ofHours(6)));
    }
}
