package decnet.decoys;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Event;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineTest {
    private static final String REDIS = "[cache]\narchetype = database-server\nservices = redis\ndistro = debian12\n";

    /** The same decky on a port that is free here: tests on one machine must not meet. */
    private static Decky at(Decky decky, int port) {
        List<DeckyService> services = decky.services().stream()
                .map(service -> new DeckyService(
                        service.slug(), List.of(service.ports().getFirst().at(port)), service.options()))
                .toList();
        return new Decky(decky.name(), decky.persona(), decky.address(), services);
    }

    private static Decky redis() {
        Decky decky = Fixtures.decky(REDIS);
        try (ServerSocket free = new ServerSocket(0, 1, decky.address())) {
            return at(decky, free.getLocalPort());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Socket connect(Decky decky) throws IOException {
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(
                        decky.address(), decky.services().getFirst().port()),
                5000);
        socket.setSoTimeout(5000);
        return socket;
    }

    private static String ask(Socket socket, String text, int length) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        InputStream in = socket.getInputStream();
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aVisitIsToldFromConnectToDisconnectUnderOneSession() throws Exception {
        Decky decky = redis();
        try (var recorder = new Fixtures.Recorder(Map.of())) {
            assertThat(recorder.engine.serve(List.of(decky))).isEmpty();

            try (Socket socket = connect(decky)) {
                assertThat(ask(socket, "PING\r\n", 7)).isEqualTo("+PONG\r\n");
            }

            await(() -> assertThat(recorder.events)
                    .extracting(Event::type)
                    .containsExactly("connect", "command", "disconnect"));
            assertThat(recorder.events).allSatisfy(event -> {
                assertThat(event.decky()).isEqualTo(decky.name());
                assertThat(event.service()).isEqualTo("redis");
                assertThat(event.dst().orElseThrow().address()).isEqualTo(decky.address());
                assertThat(event.src().orElseThrow().port()).isPositive();
                assertThat(event.session().orElseThrow()).matches("[0-9a-f]{20}");
            });
            assertThat(recorder.events)
                    .extracting(Event::session)
                    .containsOnly(recorder.events.peek().session());
            assertThat(recorder.events("disconnect").getFirst().fields())
                    .containsEntry("bytes_in", "6")
                    .containsEntry("bytes_out", "7")
                    .containsEntry("reason", "peer");
        }
    }

    @Test
    void whileTheJournalIsFullNobodyIsAnsweredAndNothingIsLost() throws Exception {
        Decky decky = redis();
        try (var recorder = new Fixtures.Recorder(Map.of())) {
            recorder.engine.serve(List.of(decky));
            try (Socket socket = connect(decky)) {
                assertThat(ask(socket, "PING\r\n", 7)).isEqualTo("+PONG\r\n");
                recorder.full = true;

                socket.getOutputStream().write("PING\r\nECHO held\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.setSoTimeout(300);
                assertThat(org.assertj.core.api.Assertions.catchThrowable(
                                () -> socket.getInputStream().read()))
                        .isInstanceOf(java.net.SocketTimeoutException.class);
                recorder.full = false;

                socket.setSoTimeout(5000);
                assertThat(new String(socket.getInputStream().readNBytes(17), StandardCharsets.US_ASCII))
                        .isEqualTo("+PONG\r\n$4\r\nheld\r\n");
            }
            await(() -> assertThat(recorder.events)
                    .extracting(Event::type)
                    .containsExactly("connect", "command", "command", "command", "disconnect"));
            assertThat(recorder.counters.value(DecoysCounter.EVENTS_LOST)).isZero();
            assertThat(recorder.counters.value(DecoysCounter.EVENTS_HELD)).isEqualTo(1);
        }
    }

    @Test
    void aSourceWithTooManyConnectionsIsTurnedAwayAndToldOnce() throws Exception {
        Decky decky = redis();
        try (var recorder = new Fixtures.Recorder(Map.of("decoys.max-per-source", "2"))) {
            recorder.engine.serve(List.of(decky));
            List<Socket> open = new ArrayList<>();
            try {
                for (int i = 0; i < 2; i++) {
                    open.add(connect(decky));
                    ask(open.get(i), "PING\r\n", 7);
                }
                for (int i = 0; i < 3; i++) {
                    try (Socket refused = connect(decky)) {
                        assertThat(refused.getInputStream().read()).isEqualTo(-1);
                    } catch (java.net.SocketException e) {
                        assertThat(e).hasMessageContaining("reset");
                    }
                }
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
            await(() -> assertThat(recorder.engine.connections()).isZero());
            assertThat(recorder.events("limit_reached")).hasSize(1);
            assertThat(recorder.counters.value(DecoysCounter.REFUSED_SOURCE)).isEqualTo(3);
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        Decky decky = redis();
        try (var recorder = new Fixtures.Recorder(Map.of("decoys.idle-timeout", "200ms"))) {
            recorder.engine.serve(List.of(decky));
            try (Socket socket = connect(decky)) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            await(() -> assertThat(recorder.events("disconnect")).hasSize(1));
            assertThat(recorder.events("disconnect").getFirst().fields()).containsEntry("reason", "idle");
        }
    }

    @Test
    void aConnectionThatSendsTooMuchIsCut() throws Exception {
        Decky decky = redis();
        try (var recorder = new Fixtures.Recorder(Map.of("decoys.max-input", "10k"))) {
            recorder.engine.serve(List.of(decky));
            try (Socket socket = connect(decky)) {
                byte[] much = new byte[20_000];
                java.util.Arrays.fill(much, (byte) 'a');
                try {
                    socket.getOutputStream().write(much);
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                } catch (java.net.SocketException e) {
                    assertThat(e).isNotNull(); // reset, or a broken pipe
                }
            }
            await(() -> assertThat(recorder.events("limit_reached")).hasSize(1));
        }
    }

    @Test
    void anAddressInUseIsNamedAndTakenWhenItIsFree() throws Exception {
        Decky decky = redis();
        int port = decky.services().getFirst().port();
        try (var recorder = new Fixtures.Recorder(Map.of())) {
            try (ServerSocket taken = new ServerSocket(port, 1, decky.address())) {
                assertThat(taken.isBound()).isTrue();
                assertThat(recorder.engine.serve(List.of(decky)))
                        .singleElement()
                        .asString()
                        .contains(decky.address().getHostAddress() + ":" + port, "cache: redis");
            }

            assertThat(recorder.engine.serve(List.of(decky))).isEmpty();
            try (Socket socket = connect(decky)) {
                assertThat(ask(socket, "PING\r\n", 7)).isEqualTo("+PONG\r\n");
            }
        }
    }

    @Test
    void aDeckyThatIsGoneIsNoLongerServed() throws Exception {
        Decky decky = redis();
        try (var recorder = new Fixtures.Recorder(Map.of())) {
            recorder.engine.serve(List.of(decky));
            try (Socket socket = connect(decky)) {
                ask(socket, "PING\r\n", 7);

                recorder.engine.serve(List.of());

                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> connect(decky)))
                    .isInstanceOf(IOException.class);
        }
    }

    /** Answers from its own tasks, later. */
    private static final class LateService implements DecoyService {
        @Override
        public String slug() {
            return "redis";
        }

        @Override
        public DialogueFactory on(DecoyContext context) {
            return new DialogueFactory() {
                @Override
                public boolean heavy() {
                    return true;
                }

                @Override
                public Dialogue open(Opening opening) {
                    return new Dialogue() {
                        @Override
                        public Step opened(decnet.core.Peer peer) {
                            return Step.NOTHING;
                        }

                        @Override
                        public Step received(java.nio.ByteBuffer bytes) {
                            Payload payload = Payload.of(bytes);
                            Outlet outlet = opening.outlet();
                            outlet.schedule(
                                    java.time.Duration.ofMillis(20),
                                    () -> outlet.send(payload, sent -> {
                                        outlet.saw(Seen.of(
                                                "command",
                                                "command",
                                                Thread.currentThread().getName(),
                                                "sent",
                                                Boolean.toString(sent)));
                                        outlet.close();
                                    }));
                            return Step.NOTHING;
                        }
                    };
                }
            };
        }
    }

    @Test
    void aDialogueMayAnswerLaterFromItsOwnTasks() throws Exception {
        Decky decky = redis();
        java.util.Queue<Event> events = new java.util.concurrent.ConcurrentLinkedQueue<>();
        try (Engine engine = new Engine(
                DecoysConfig.from(decnet.core.Config.of(Map.of())),
                events::add,
                content -> java.util.Optional.empty(),
                java.time.InstantSource.system(),
                new decnet.core.Counters(),
                List.of(new LateService()))) {
            engine.serve(List.of(decky));
            try (Socket socket = connect(decky)) {
                assertThat(ask(socket, "late", 4)).isEqualTo("late");
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            await(() -> assertThat(events).extracting(Event::type).containsExactly("connect", "command", "disconnect"));
            assertThat(events.stream().toList().get(1).fields().get("command")).startsWith("worker-decoys-work-");
            assertThat(events.stream().toList().get(1).fields()).containsEntry("sent", "true");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomBytesEndNoEngine(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Decky decky = redis();
        try (var recorder = new Fixtures.Recorder(Map.of())) {
            recorder.engine.serve(List.of(decky));
            for (int i = 0; i < 20; i++) {
                try (Socket socket = connect(decky)) {
                    byte[] bytes = new byte[random.nextInt(1, 3000)];
                    random.nextBytes(bytes);
                    socket.getOutputStream().write(bytes);
                } catch (java.net.SocketException e) {
                    assertThat(e).isNotNull(); // it may close while we write
                }
            }
            await(() -> assertThat(recorder.engine.connections()).isZero());
            assertThat(recorder.counters.value(DecoysCounter.DIALOGUES_FAILED)).isZero();
        }
    }

    @Test
    void realRedisClientGetsAlong() throws Exception {
        Decky decky = redis();
        Assumptions.assumeTrue(
                java.nio.file.Files.exists(java.nio.file.Path.of("/usr/bin/redis-cli")),
                "redis-cli (Debian: redis-tools) is not installed");
        try (var recorder = new Fixtures.Recorder(Map.of())) {
            recorder.engine.serve(List.of(decky));
            InetAddress address = decky.address();
            Process process = new ProcessBuilder(
                            "redis-cli",
                            "-h",
                            address.getHostAddress(),
                            "-p",
                            Integer.toString(decky.services().getFirst().port()),
                            "SET",
                            "motd",
                            "hello")
                    .redirectErrorStream(true)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(out).isEqualTo("OK\n");
            await(() -> assertThat(recorder.events("command"))
                    .extracting(event -> event.fields().get("command"))
                    .contains("SET motd hello"));
        }
    }
}
