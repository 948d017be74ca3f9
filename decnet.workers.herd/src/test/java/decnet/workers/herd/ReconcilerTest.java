package decnet.workers.herd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Event;
import decnet.topology.ActualFleet;
import decnet.topology.DeckyState;
import decnet.topology.FleetException;
import decnet.topology.InstallationSecret;
import decnet.topology.Mutator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReconcilerTest extends FleetCase {
    private final List<Notice> told = new ArrayList<>();
    private NumberedJournal journal;
    private Reconciler reconciler;

    @BeforeEach
    void open() {
        journal = journal("reconciler");
        reconciler = reconciler();
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private Reconciler reconciler() {
        try {
            return new Reconciler(store, places, () -> now, counters, journal, told::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void restart() {
        journal.close();
        open();
    }

    /** A round ten seconds after the last one. */
    private void round() {
        now = now.plus(ROUND);
        reconciler.round();
    }

    private void rounds(int number, Runnable before) {
        for (int i = 0; i < number; i++) {
            now = now.plus(ROUND);
            before.run();
            reconciler.round();
        }
    }

    private void allIsWell() {
        says("netd", WEB);
        says("decoys", WEB, IOT);
    }

    private DeckyState state() {
        return reconciler.memory().machine(WEB).orElseThrow().state();
    }

    private List<String> states() {
        return events("reconciler").stream()
                .filter(event -> event.decky().equals(WEB))
                .map(event -> event.field("before").orElseThrow() + ">"
                        + event.field("state").orElseThrow())
                .toList();
    }

    @Test
    void aMachineIsPendingUntilSomebodyServesItAndThenRuns() {
        deploy(FILE);
        says("decoys", 0, now, List.of());
        reconciler.round();
        assertThat(states()).containsExactly("none>pending");

        rounds(1, this::allIsWell);
        assertThat(states()).containsExactly("none>pending");
        rounds(3, this::allIsWell);

        assertThat(states()).containsExactly("none>pending", "pending>running");
        Event event = events("reconciler").getLast();
        assertThat(event.type()).isEqualTo("decky_state");
        assertThat(event.sensor()).contains("here");
        assertThat(event.field("repair")).contains("no");
        assertThat(told).hasSize(4).allSatisfy(notice -> assertThat(
                        notice.toPayload().path("source").asText())
                .isEqualTo("fleet"));
        assertThat(told.getLast().transition()).isEqualTo("state_changed");
        assertThat(counters.value(ReconcilerCounter.STATES)).isEqualTo(4);
    }

    @Test
    void whatFlickersIsNotTold() {
        running();

        for (int i = 0; i < 5; i++) {
            now = now.plus(ROUND);
            says("decoys", List.of(unsound(WEB, "port 10080 is in use"), unsound(IOT)));
            reconciler.round();
            now = now.plusSeconds(1); // a hint: no round of its own
            reconciler.round();
            rounds(1, this::allIsWell);
        }

        assertThat(states()).containsExactly("none>pending", "pending>running");
    }

    private void running() {
        deploy(FILE);
        rounds(3, this::allIsWell);
        assertThat(state()).isEqualTo(DeckyState.RUNNING);
    }

    @Test
    void aProblemIsToldWithItsProcessAndBounded() {
        running();
        String[] many = new String[50];
        java.util.Arrays.fill(many, "x\n" + "y".repeat(500));

        rounds(2, () -> says("decoys", List.of(unsound(WEB, "port 10080 is in use"), unsound(IOT))));
        assertThat(state()).isEqualTo(DeckyState.DEGRADED);
        rounds(2, () -> says("decoys", List.of(unsound(WEB, many), unsound(IOT))));

        Event event = events("reconciler").getLast();
        assertThat(event.field("state")).contains("failed"); // it listens at two places, and at neither
        assertThat(event.field("problems").orElseThrow())
                .startsWith("decoys: x\\x0ayyy")
                .hasSizeLessThan(1001);
        assertThat(reconciler.memory().machine(WEB).orElseThrow().problems()).hasSize(Statement.MOST_PROBLEMS);
    }

    @Test
    void whoSaysNothingOrSaidItLongAgoIsNotTakenForNothingBeingThere() throws Exception {
        running();

        now = now.plus(Duration.ofSeconds(20)); // still believed
        reconciler.round();
        reconciler.round();
        assertThat(state()).isEqualTo(DeckyState.RUNNING);
        rounds(3, () -> {});
        assertThat(state()).isEqualTo(DeckyState.UNKNOWN);
        Files.delete(ActualFleet.file(places, "decoys"));
        rounds(5, () -> {});

        assertThat(states()).containsExactly("none>pending", "pending>running", "running>unknown");
        assertThat(events("reconciler").getLast().field("problems").orElseThrow())
                .startsWith("decoys has told nothing since");
        assertThat(store.repairRequest().number()).isZero();
        rounds(2, this::allIsWell);
        assertThat(state()).isEqualTo(DeckyState.RUNNING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"version\":1,\"at\":\"yesterday\"}",
                "{\"version\":1,\"at\":\"2026-11-20T12:00:00Z\",\"machines\":[{\"name\":\"../x\"}]}",
                "{\"version\":1,\"at\":\"2026-11-20T12:00:00Z\",\"machines\":[{}]}",
                "{\"version\":99,\"at\":\"%now\",\"machines\":[]}",
                "{\"version\":1,\"at\":\"2099-01-01T00:00:00Z\",\"machines\":[{\"name\":\"web\"}]}",
                "%large"
            })
    void whatAStrangerWroteIsRefusedAndTheMachineIsUnknown(String text) {
        running();

        rounds(4, () -> {
            String content =
                    text.replace("%now", now.toString()).replace("%large", "{\"x\":[" + "[],".repeat(100_000) + "[]]}");
            try {
                Files.writeString(ActualFleet.file(places, "decoys"), content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThat(state()).isEqualTo(DeckyState.UNKNOWN);
        assertThat(counters.value(ReconcilerCounter.REPORTS_REFUSED)).isPositive();
    }

    @Test
    void aLinkIsNotFollowedAndStrangersNamesChangeNothing() throws Exception {
        running();
        Path file = ActualFleet.file(places, "decoys");
        Path elsewhere = Files.move(file, places.run().resolve("elsewhere"));
        Files.createSymbolicLink(file, elsewhere);
        rounds(3, () -> {});
        assertThat(state()).isEqualTo(DeckyState.UNKNOWN);
        Files.delete(file);

        rounds(2, () -> says("decoys", WEB, IOT, new decnet.core.DeckyName("mallory")));

        assertThat(state()).isEqualTo(DeckyState.RUNNING);
        assertThat(reconciler.memory().machines()).hasSize(2);
        assertThat(counters.value(ReconcilerCounter.STRANGERS)).isEqualTo(2);
    }

    @Test
    void netdCountsOnlyForMachinesOnANetwork() {
        deploy(FILE);
        rounds(3, () -> {
            says("netd", List.of(unsound(WEB, "no link"), unsound(IOT, "no link")));
            says("decoys", WEB, IOT);
        });
        assertThat(state()).isEqualTo(DeckyState.RUNNING);

        connect(WEB);
        rounds(3, () -> {
            says("netd", List.of(unsound(WEB, "no link"), unsound(IOT, "no link")));
            says("decoys", WEB, IOT);
        });

        assertThat(state()).isEqualTo(DeckyState.DEGRADED);
        assertThat(reconciler.memory().machine(WEB).orElseThrow().problems()).containsExactly("netd: no link");
        assertThat(reconciler.memory().machine(IOT).orElseThrow().state()).isEqualTo(DeckyState.RUNNING);
        assertThat(store.repairRequest().names()).containsExactly(WEB);
    }

    @Test
    void aMachineOfWhichNothingIsThereHasFailedAndIsRepairedLessAndLessOften() {
        deploy(FILE);
        connect(WEB);
        rounds(3, this::allIsWell);

        rounds(2, () -> {
            says("netd");
            says("decoys", IOT);
        });

        assertThat(state()).isEqualTo(DeckyState.FAILED);
        assertThat(events("reconciler").getLast().field("repair")).contains("yes");
        assertThat(store.repairRequest().number()).isEqualTo(1);
        assertThat(store.repairRequest().names()).containsExactly(WEB);
        List<Long> rounds = new ArrayList<>();
        for (int i = 1; i <= 400; i++) {
            long before = store.repairRequest().number();
            rounds(1, () -> {
                says("netd");
                says("decoys", IOT);
            });
            if (store.repairRequest().number() > before) {
                rounds.add((long) i);
            }
        }
        // 10, 20, 40 … 600 s after the one before
        assertThat(rounds).containsExactly(1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L, 243L, 303L, 363L);
        assertThat(counters.value(ReconcilerCounter.REPAIRS)).isEqualTo(12);

        rounds(63, this::allIsWell); // ten minutes well
        rounds(4, () -> {
            says("netd");
            says("decoys", IOT);
        });
        assertThat(counters.value(ReconcilerCounter.REPAIRS)).isEqualTo(14);
    }

    @Test
    void whatIsFrozenIsToldAndNotRepaired() {
        deploy(FILE);
        connect(WEB);
        rounds(3, this::allIsWell);
        store.freeze(Set.of(WEB), now.plusSeconds(65), "looking", now);

        rounds(5, () -> {
            says("netd");
            says("decoys", IOT);
        });
        assertThat(state()).isEqualTo(DeckyState.FAILED);
        assertThat(events("reconciler").getLast().field("repair")).contains("no");
        assertThat(store.repairRequest().number()).isZero();

        rounds(2, () -> {
            says("netd");
            says("decoys", IOT);
        });
        assertThat(store.repairRequest().number()).isEqualTo(1);
    }

    @Test
    void aChangeHasItsGraceAndThenIsAProblem() {
        running();
        long before = store.read().version();
        change(WEB, one -> one.withServices(one.services().subList(0, 1)));

        rounds(2, () -> says("decoys", before, now, List.of(unsound(WEB), unsound(IOT))));
        assertThat(state()).isEqualTo(DeckyState.PENDING);
        assertThat(reconciler.memory().machine(IOT).orElseThrow().state()).isEqualTo(DeckyState.RUNNING);
        rounds(4, () -> says("decoys", before, now, List.of(unsound(WEB), unsound(IOT))));

        assertThat(state()).isEqualTo(DeckyState.DEGRADED);
        assertThat(reconciler.memory().machine(WEB).orElseThrow().problems())
                .containsExactly("decoys: has not taken over the last change");
        assertThat(reconciler.memory().machine(IOT).orElseThrow().state()).isEqualTo(DeckyState.RUNNING);
    }

    @Test
    void whatChangesIsNoticedWithWhy() {
        running();
        Mutator mutator = new Mutator(store, InstallationSecret.open(places.state()), () -> now);
        mutator.set(WEB, List.of("https"));
        mutator.persona(IOT);
        round();
        deploy("[web]\narchetype = web-server\nservices = http\n");
        round();

        List<String> notices = reconciler.memory().notices().stream()
                .filter(notice -> notice.kind() != Notice.Kind.STATE)
                .map(notice -> notice.decky() + " " + notice.kind().text() + " " + notice.trigger())
                .toList();
        assertThat(notices)
                .containsExactly(
                        "iot created deploy",
                        "web created deploy",
                        "iot persona operator",
                        "web services operator",
                        "web services deploy",
                        "iot removed teardown");
        assertThat(events("reconciler"))
                .anySatisfy(event -> assertThat(event.field("state")).contains("removed"));
        assertThat(told).extracting(Notice::transition).contains("deleted");
    }

    @Test
    void aRestartTellsNothingTwice() {
        running();
        List<Event> before = events("reconciler");

        restart();
        rounds(3, this::allIsWell);
        restart();
        rounds(3, this::allIsWell);

        assertThat(events("reconciler")).isEqualTo(before);
    }

    @Test
    void killedBeforeTheJournalHasItTheNextOneTellsIt() throws Exception {
        running();
        Path copy = copy(places.journal("reconciler"));
        rounds(2, () -> says("decoys", IOT));
        List<Event> whole = events("reconciler");
        journal.close();
        put(copy, places.journal("reconciler")); // what was remembered is on the disk, what was told is not

        open();
        rounds(1, () -> says("decoys", IOT));

        assertThat(events("reconciler")).isEqualTo(whole);
        assertThat(states()).containsExactly("none>pending", "pending>running", "running>failed");
    }

    @Test
    void killedBeforeTheCheckpointTheNextOneDoesNotTellItAgain() throws Exception {
        running();
        rounds(2, () -> says("decoys", IOT));
        List<Event> whole = events("reconciler");
        journal.close();
        Path segment = segments().getLast();
        List<String> lines = Files.readAllLines(segment);
        assertThat(lines.getLast()).contains("checkpoint");
        Files.writeString(segment, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n");

        open();
        rounds(1, () -> says("decoys", IOT));

        assertThat(events("reconciler")).isEqualTo(whole);
    }

    @Test
    void anOlderMemoryFromABackupTellsWhatIsNewAllTheSame() throws Exception {
        running();
        Path file = places.care().resolve("reconciler.json");
        byte[] old = Files.readAllBytes(file);
        rounds(2, () -> says("decoys", IOT));
        journal.close();
        Files.write(file, old);

        open();
        rounds(3, this::allIsWell);
        rounds(2, () -> says("decoys", IOT));

        assertThat(states()).containsExactly("none>pending", "pending>running", "running>failed", "running>failed");
        assertThat(events("reconciler")).extracting(Event::id).doesNotHaveDuplicates();
    }

    @Test
    void whatCannotBeWrittenIsToldOnceItCan() throws Exception {
        running();
        Path care = places.care();
        Path aside = places.state().resolve("aside");
        Files.move(care, aside);
        Files.writeString(care, "in the way");
        for (int i = 0; i < 2; i++) {
            now = now.plus(ROUND);
            says("decoys", IOT);
            if (i == 1) {
                assertThatThrownBy(() -> reconciler.round()).isInstanceOf(UncheckedIOException.class);
            } else {
                reconciler.round();
            }
        }
        assertThat(states()).doesNotContain("running>failed");
        Files.delete(care);
        Files.move(aside, care);

        rounds(1, () -> says("decoys", IOT));

        assertThat(states()).containsExactly("none>pending", "pending>running", "running>failed");
    }

    @Test
    void aDamagedDesiredStateChangesNothing() throws Exception {
        running();
        Files.writeString(places.fleet().resolve("desired.json"), "{");

        assertThatThrownBy(() -> reconciler.round()).isInstanceOf(FleetException.class);

        assertThat(reconciler.memory().machines()).hasSize(2);
    }

    @Test
    void noticesThatNobodyTakesAreBounded() {
        ReconcilerMemory memory = ReconcilerMemory.empty();
        int dropped = 0;
        for (int i = 0; i < ReconcilerMemory.MOST_NOTICES + 7; i++) {
            dropped += memory.notice(
                    now, WEB, Notice.Kind.STATE, decnet.core.Json.object(), decnet.core.Json.object(), "observed");
        }
        assertThat(dropped).isEqualTo(7);
        assertThat(memory.notices()).hasSize(ReconcilerMemory.MOST_NOTICES);
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(places.journal("reconciler"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private Path copy(Path from) throws IOException {
        Path to = places.state().resolve("copy");
        put(from, to);
        return to;
    }

    private static void put(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> old = Files.list(to)) {
            for (Path file : old.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
