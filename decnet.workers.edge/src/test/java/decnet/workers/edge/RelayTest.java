package decnet.workers.edge;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.ByteSize;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Places;
import decnet.journal.Blob;
import decnet.journal.BlobStore;
import decnet.journal.BlobWriter;
import decnet.journal.JournalPosition;
import decnet.runtime.fixture.TestWorkerContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class RelayTest {
    @TempDir
    private Path dir;

    private Swarm swarm;

    @BeforeEach
    void foundASwarm() throws IOException {
        swarm = new Swarm(dir);
    }

    @Test
    void whatASensorRecordsReachesTheCentreInOrderWithItsIds() throws IOException {
        Places paris = swarm.sensor("paris-01");
        List<EventId> sent = new ArrayList<>(Swarm.record(paris, "collect", "paris-01", 0, 500));
        try (TestWorkerContext listener = swarm.listener();
                TestWorkerContext forwarder = swarm.forwarder(paris, "forwarder.batch", "7")) {
            await(() -> assertThat(swarm.arrived("paris-01")).isEqualTo(sent));
            sent.addAll(Swarm.record(paris, "collect", "paris-01", 500, 600));
            await(() -> assertThat(swarm.arrived("paris-01")).isEqualTo(sent));

            assertThat(Swarm.recorded(swarm.centre, "relay-paris-01")).isEqualTo(Swarm.recorded(paris, "collect"));
            assertThat(listener.counters().value(ListenerCounter.SENSOR_CLAIMS)).isZero();
            await(() -> assertThat(forwarder.state()).isEqualTo("ready"));
            await(() -> assertThat(forwarder.counters().value(ForwarderCounter.EVENTS))
                    .isEqualTo(600));
            assertThat(listener.state()).isEqualTo("ready");
        }
        // what was acknowledged need not be kept
        assertThat(Files.readString(paris.journal("collect").resolve("readers/forwarder-centre")))
                .startsWith("2:");
    }

    @Test
    void bothEndsMayGoAwayAtAnyTimeAndNothingIsLostOrDoubled() throws IOException {
        Places paris = swarm.sensor("paris-01");
        List<EventId> sent = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            sent.addAll(Swarm.record(paris, "collect", "paris-01", 100 * round, 100 * round + 100));
            try (TestWorkerContext _ = swarm.listener();
                    TestWorkerContext _ = swarm.forwarder(paris, "forwarder.batch", "3")) {
                int some = sent.size() - 90;
                await(() -> assertThat(swarm.arrived("paris-01")).hasSizeGreaterThan(some));
            }
        }
        try (TestWorkerContext _ = swarm.forwarder(paris)) { // it may well be first
            try (TestWorkerContext _ = swarm.listener()) {
                await(() -> assertThat(swarm.arrived("paris-01")).isEqualTo(sent));
            }
        }
    }

    @Test
    void aListenerKilledBeforeItSaidWhereItWasKeepsEventsOnce() throws IOException {
        Places paris = swarm.sensor("paris-01");
        List<EventId> sent = Swarm.record(paris, "collect", "paris-01", 0, 10);
        try (TestWorkerContext _ = swarm.listener();
                TestWorkerContext _ = swarm.forwarder(paris)) {
            await(() -> assertThat(swarm.arrived("paris-01")).isEqualTo(sent));
        }
        Path segment = swarm.centre.journal("relay-paris-01").resolve("000000000001.log");
        List<String> lines = Files.readAllLines(segment);
        int events =
                (int) lines.stream().takeWhile(line -> line.startsWith("<134>")).count();
        assertThat(events).isEqualTo(10);
        // killed in the middle of writing: six events and half a seventh, no word about the place
        Files.writeString(
                segment,
                String.join("\n", lines.subList(0, 6)) + "\n" + lines.get(6).substring(0, 40));

        try (TestWorkerContext listener = swarm.listener();
                TestWorkerContext _ = swarm.forwarder(paris)) {
            await(() -> assertThat(swarm.arrived("paris-01")).isEqualTo(sent));
            assertThat(listener.counters().value(ListenerCounter.DUPLICATES)).isEqualTo(6);
        }
    }

    @Test
    void everyJournalButTheDecoysIsSent() throws IOException {
        Places paris = swarm.sensor("paris-01");
        Swarm.record(paris, "decoys", "paris-01", 0, 5);
        List<EventId> collected = Swarm.record(paris, "collect", "paris-01", 0, 5);
        List<EventId> imported = Swarm.record(paris, "import", "paris-01", 5, 10);
        try (TestWorkerContext _ = swarm.listener();
                TestWorkerContext _ = swarm.forwarder(paris)) {
            await(() -> assertThat(swarm.arrived("paris-01")).hasSize(10));
        }
        assertThat(swarm.arrived("paris-01")).containsAll(collected).containsAll(imported);
    }

    @Test
    void aSensorSpeaksForItselfOnly() throws IOException {
        Places paris = swarm.sensor("paris-01");
        Instant future = Instant.now().plus(Duration.ofDays(3));
        Swarm.record(
                paris,
                "collect",
                List.of(
                        Swarm.command("a").withRecording(Instant.now(), "london-02"),
                        Swarm.command("b").withRecording(future, "paris-01")));
        try (TestWorkerContext listener = swarm.listener();
                TestWorkerContext _ = swarm.forwarder(paris)) {
            await(() -> assertThat(swarm.arrived("paris-01")).hasSize(2));

            assertThat(listener.counters().value(ListenerCounter.SENSOR_CLAIMS)).isEqualTo(1);
            assertThat(listener.counters().value(ListenerCounter.TIMES_REPLACED))
                    .isEqualTo(1);
        }
        List<Event> events = Swarm.recorded(swarm.centre, "relay-paris-01");
        assertThat(events).allMatch(event -> event.sensor().orElseThrow().equals("paris-01"));
        assertThat(events.getFirst().field("claimed_sensor")).contains("london-02");
        assertThat(events.getLast().recordedAt().orElseThrow())
                .isBefore(Instant.now().plusSeconds(1));
        assertThat(events.getLast().field("sensor_recorded_at"))
                .contains(
                        future.truncatedTo(java.time.temporal.ChronoUnit.MICROS).toString());
    }

    @Test
    void aLineThatIsNoEventIsKeptAsOneThatSaysSo() throws IOException {
        Places paris = swarm.sensor("paris-01");
        Swarm.record(paris, "collect", "paris-01", 0, 3);
        Files.writeString(
                paris.journal("collect").resolve("000000000001.log"), "what is this\n", StandardOpenOption.APPEND);
        try (TestWorkerContext _ = swarm.listener();
                TestWorkerContext forwarder = swarm.forwarder(paris)) {
            await(() -> assertThat(swarm.arrived("paris-01")).hasSize(4));
            assertThat(forwarder.counters().value(ForwarderCounter.BAD_LINES)).isEqualTo(1);
        }
        Event bad = Swarm.recorded(swarm.centre, "relay-paris-01").getLast();
        assertThat(bad.type()).isEqualTo("bad_line");
        assertThat(bad.field("line")).contains("what is this");
    }

    private static Event upload(Blob blob) {
        return Event.of(
                        Swarm.NOON,
                        new DeckyName("web-01"),
                        "ftp",
                        "file_upload",
                        Map.of("sha256", blob.sha256(), "size", Long.toString(blob.size())))
                .withRecording(Instant.now(), "paris-01");
    }

    private static Blob store(Places host, byte[] content) {
        BlobStore store = BlobStore.open(host.blobs(), ByteSize.mib(64), new Counters());
        try (BlobWriter writer = store.create(ByteSize.mib(16))) {
            writer.write(ByteBuffer.wrap(content));
            return writer.commit().orElseThrow();
        }
    }

    @Test
    void blobsFollowTheirEventsAndAreVerified() throws IOException {
        Places paris = swarm.sensor("paris-01");
        byte[] content = new byte[300_000];
        new SplittableRandom(7).nextBytes(content);
        Blob good = store(paris, content);
        Blob small = store(paris, new byte[] {0, '\n', ' ', ']'});
        Blob forged = store(paris, new byte[] {1, 2, 3});
        Files.write(BlobStore.find(paris.blobs(), forged.sha256()).orElseThrow(), new byte[] {3, 2, 1});
        Blob gone = new Blob("ab".repeat(32), 17);
        Swarm.record(paris, "collect", List.of(upload(good), upload(forged), upload(gone), upload(small)));
        Path centreBlobs = swarm.centre.state().resolve("blobs-relay");
        try (TestWorkerContext listener = swarm.listener();
                TestWorkerContext forwarder = swarm.forwarder(paris)) {
            await(() ->
                    assertThat(listener.counters().value(ListenerCounter.BLOBS)).isEqualTo(2));
            await(() -> assertThat(listener.counters().value(ListenerCounter.BLOBS_GIVEN_UP))
                    .isEqualTo(2));
            assertThat(listener.counters().value(ListenerCounter.BLOBS_WRONG)).isEqualTo(3);
            assertThat(forwarder.counters().value(ForwarderCounter.BLOBS_GONE)).isEqualTo(1);
        }
        assertThat(BlobStore.find(centreBlobs, good.sha256()).orElseThrow()).hasBinaryContent(content);
        assertThat(BlobStore.find(centreBlobs, small.sha256())).isPresent();
        assertThat(BlobStore.find(centreBlobs, forged.sha256())).isEmpty();
        try (var drafts = Files.list(centreBlobs.resolve("tmp"))) {
            assertThat(drafts).isEmpty();
        }
    }

    @Test
    void whatWasWantedIsStillWantedAfterARestart() throws IOException {
        Path file = dir.resolve("wanted");
        Blob blob = new Blob("cd".repeat(32), 5);
        WantedBlobs before = new WantedBlobs(file, dir.resolve("blobs"), 100, new Counters());
        before.note(List.of(Received.of(upload(blob)), Received.of(upload(new Blob("ef".repeat(32), 101)))));
        assertThat(before.ask(10)).containsExactly(blob);

        WantedBlobs after = new WantedBlobs(file, dir.resolve("blobs"), 100, new Counters());

        assertThat(after.ask(10)).containsExactly(blob);
        after.settled(blob);
        assertThat(new WantedBlobs(file, dir.resolve("blobs"), 100, new Counters()).size())
                .isZero();
    }

    @Test
    void aRevokedSensorIsCutAndToldWhy() throws IOException {
        Places paris = swarm.sensor("paris-01");
        Swarm.record(paris, "collect", "paris-01", 0, 3);
        try (TestWorkerContext listener = swarm.listener();
                TestWorkerContext forwarder = swarm.forwarder(paris)) {
            await(() -> assertThat(swarm.arrived("paris-01")).hasSize(3));
            assertThat(swarm.authority.revoke(new DeckyName("paris-01"))).isEqualTo(1);

            await(Duration.ofSeconds(30), () -> {
                assertThat(listener.counters().value(ListenerCounter.PEERS_REVOKED))
                        .isEqualTo(1);
                assertThat(forwarder.state()).contains("has refused our certificate as revoked, expired or foreign");
                assertThat(listener.counters().value(ListenerCounter.HANDSHAKES_FAILED))
                        .isPositive();
            });
            Swarm.record(paris, "collect", "paris-01", 3, 6);
        }
        assertThat(swarm.arrived("paris-01")).hasSize(3);
    }

    @Test
    void foreignExpiredAndMisnamedCertificatesAreRefusedOnBothSides() throws IOException {
        Places stranger = swarm.places("stranger");
        SwarmAuthority other = new SwarmAuthority(dir.resolve("other"), InstantSource.system());
        other.init("another authority");
        Swarm.install(other.issue(new DeckyName("paris-01"), List.of(), 1, other.bundle(new DeckyName("x"))), stranger);
        Files.copy(
                swarm.centre.state().resolve("swarm/ca.pem"),
                stranger.state().resolve("swarm/own/ca.pem"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.delete(stranger.state().resolve("swarm/own/crl.pem"));
        Places late = swarm.places("late");
        SwarmAuthority lastYear = new SwarmAuthority(
                swarm.centre.state().resolve("swarm"),
                InstantSource.fixed(Instant.now().minus(Duration.ofDays(40))));
        Swarm.install(lastYear.issue(new DeckyName("late"), List.of(), 30, dir.resolve("late-bundle")), late);
        Places lost = swarm.sensor("lost");
        Swarm.record(stranger, "collect", "x", 0, 3);
        Swarm.record(late, "collect", "x", 0, 3);
        Swarm.record(lost, "collect", "x", 0, 3);

        try (TestWorkerContext listener = swarm.listener();
                TestWorkerContext one = swarm.forwarder(stranger);
                TestWorkerContext two = swarm.forwarder(late);
                TestWorkerContext three = swarm.forwarder(lost, "forwarder.to", "localhost:" + swarm.port)) {
            await(() -> assertThat(one.state())
                    .startsWith("degraded: centre:")
                    .contains("a certificate that its own authority has issued"));
            await(() -> assertThat(two.state()).startsWith("degraded: centre:").contains("expired"));
            await(() ->
                    assertThat(three.state()).startsWith("degraded: centre:").contains("localhost"));
            await(() -> assertThat(listener.counters().value(ListenerCounter.HANDSHAKES_FAILED))
                    .isGreaterThanOrEqualTo(2));
            assertThat(listener.counters().value(ListenerCounter.EVENTS)).isZero();
        }
    }

    /** As a sensor that somebody has taken over would: with its certificate, but not our protocol. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "99999999 x",
                "GET / HTTP/1.1\r\n\r\n",
                "10 <135>1 x y",
                "HELLO,BATCH:0:0,0:5,3",
                "HELLO,BATCH:7:0,9:0,0",
                "HELLO,ACK"
            })
    void aCertifiedPeerThatBreaksTheRulesIsCut(String script) throws Exception {
        Places paris = swarm.sensor("paris-01");
        Path own = paris.state().resolve("swarm/own");
        TlsIdentity identity = TlsIdentity.load(new TlsFiles(
                java.util.Optional.of(new TlsFiles.Own(own.resolve("cert.pem"), own.resolve("key.pem"))),
                java.util.Optional.of(own.resolve("ca.pem")),
                java.util.Optional.empty()));
        HostPort to = new HostPort("127.0.0.1", swarm.port);
        try (TestWorkerContext listener = swarm.listener()) {
            await(() -> assertThat(listener.state()).isEqualTo("ready"));
            try (var socket = RelayLink.secure(
                    RelayLink.connect(to), to, identity, Duration.ofSeconds(5), RelayMessage.PROTOCOL)) {
                FrameWriter out = new FrameWriter(socket.getOutputStream());
                for (String step : script.split(",(?=[A-Z])")) {
                    Instant now = Instant.now();
                    if (step.equals("HELLO")) {
                        out.write(new RelayMessage.Hello(1, now).encode());
                    } else if (step.equals("ACK")) {
                        out.write(new RelayMessage.Ack(1, JournalPosition.START, now).encode());
                    } else if (step.startsWith("BATCH:")) {
                        String[] parts = step.substring(6).split(",");
                        out.write(new RelayMessage.Batch(
                                        1,
                                        JournalPosition.parse(parts[0]),
                                        JournalPosition.parse(parts[1]),
                                        Integer.parseInt(parts[2]),
                                        now)
                                .encode());
                    } else {
                        out.flush();
                        socket.getOutputStream().write(step.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    }
                }
                out.flush();
                await(() -> assertThat(listener.counters().value(ListenerCounter.PROTOCOL_ERRORS))
                        .isEqualTo(1));
            }
            assertThat(listener.counters().value(ListenerCounter.EVENTS)).isZero();
        }
    }

    @Test
    void strangersWhoSayNothingAreTurnedAwayOrCutInTime() throws Exception {
        try (TestWorkerContext listener = swarm.listener("listener.connections", "1")) {
            await(() -> assertThat(listener.state()).isEqualTo("ready"));
            try (var silent = new java.net.Socket("127.0.0.1", swarm.port);
                    var second = new java.net.Socket("127.0.0.1", swarm.port)) {
                assertThat(second.getInputStream().read()).isEqualTo(-1);
                await(() -> assertThat(listener.counters().value(ListenerCounter.CONNECTIONS_REFUSED))
                        .isEqualTo(1));
                silent.setSoTimeout(20_000);
                byte[] alert = silent.getInputStream().readAllBytes(); // ends, and not by our time-out
                assertThat(alert.length).isLessThan(100);
                await(() -> assertThat(listener.counters().value(ListenerCounter.HANDSHAKES_FAILED))
                        .isEqualTo(1)); // counted after the socket is closed
            }
        }
    }

    @Test
    void workersThatAreNotConfiguredAreReadyAndIdle() throws IOException {
        Places bare = swarm.places("bare");
        try (TestWorkerContext listener =
                        new TestWorkerContext("herd", decnet.core.Config.of(Map.of()), bare).start(new Listener());
                TestWorkerContext forwarder =
                        new TestWorkerContext("herd", decnet.core.Config.of(Map.of()), bare).start(new Forwarder())) {
            await(() -> assertThat(listener.state()).isEqualTo("ready"));
            await(() -> assertThat(forwarder.state()).isEqualTo("ready"));
        }
    }

    @Test
    void aMissingBundleIsNamedWithWhatToDo() throws IOException {
        Places bare = swarm.places("bare");
        try (TestWorkerContext forwarder = swarm.forwarder(bare)) {
            await(() -> assertThat(forwarder.state())
                    .contains("swarm/own/cert.pem is missing")
                    .contains("decnet swarm ca issue"));
        }
    }
}
