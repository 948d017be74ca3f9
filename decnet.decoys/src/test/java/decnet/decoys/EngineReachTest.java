package decnet.decoys;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Event;
import decnet.topology.Decky;
import decnet.topology.ServicePort;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The ways in: streams over IPv4 and IPv6, datagrams, descriptors of others, and lines between machines. */
class EngineReachTest {
    private static Decky custom(String options) {
        return ServiceFixture.onFreePorts(Fixtures.decky(
                "[host]\narchetype = database-server\nservices = custom-echo\n[host.custom-echo]\nport = 7\n"
                        + options));
    }

    private static Socket connect(Decky decky) throws Exception {
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(
                        decky.address(), decky.services().getFirst().port()),
                5000);
        socket.setSoTimeout(5000);
        return socket;
    }

    private static String read(Socket socket, int length) throws Exception {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    private static byte[] packet(int code, String... words) {
        ByteBuffer packet = ByteBuffer.allocate(200);
        packet.putShort((short) code);
        for (String word : words) {
            packet.put(word.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
        }
        byte[] bytes = new byte[packet.position()];
        packet.flip().get(bytes);
        return bytes;
    }

    private static byte[] exchange(DatagramSocket socket, InetSocketAddress to, byte[] packet) throws Exception {
        socket.send(new DatagramPacket(packet, packet.length, to));
        DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
        socket.receive(answer);
        return java.util.Arrays.copyOf(answer.getData(), answer.getLength());
    }

    @Test
    void aServiceIsServedOverIpv6() throws Exception {
        Decky decky = Fixtures.decky("[host]\narchetype = database-server\nservices = redis\n");
        Decky six = ServiceFixture.onFreePorts(decky, InetAddress.ofLiteral("::1"));
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            assertThat(running.engine.serve(List.of(six))).isEmpty();
            try (Socket socket = connect(six)) {
                socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(read(socket, 7)).isEqualTo("+PONG\r\n");
            }
            await(() -> assertThat(running.events("disconnect")).hasSize(1));
            assertThat(running.events.peek().dst().orElseThrow().address()).isEqualTo(six.address());
        }
    }

    @Test
    void aDatagramServiceAnswersEachPeerInItsOwnConversation() throws Exception {
        Decky decky = ServiceFixture.onFreePorts(Fixtures.decky("[host]\narchetype = file-server\nservices = tftp\n"));
        InetSocketAddress to = new InetSocketAddress(
                decky.address(), decky.services().getFirst().port());
        try (var running = new ServiceFixture.Running(Map.of("decoys.datagram-idle", "300ms"), DecoyServices.all());
                DatagramSocket one = new DatagramSocket();
                DatagramSocket other = new DatagramSocket()) {
            assertThat(running.engine.serve(List.of(decky))).isEmpty();
            one.setSoTimeout(5000);
            other.setSoTimeout(5000);

            byte[] ready = exchange(one, to, packet(2, "firmware.bin", "octet"));
            byte[] missing = exchange(other, to, packet(1, "no-such-file", "octet"));
            byte[] taken = exchange(one, to, new byte[] {0, 3, 0, 1, 'a', 'b', 'c'});

            assertThat(ready).containsExactly(0, 4, 0, 0);
            assertThat(new String(missing, StandardCharsets.US_ASCII)).contains("File not found");
            assertThat(taken).containsExactly(0, 4, 0, 1);
            await(() -> assertThat(running.events("disconnect")).hasSize(2));
            Event upload = running.events("file_upload").getFirst();
            assertThat(upload.fields()).containsEntry("name", "firmware.bin").containsEntry("bytes", "3");
            assertThat(running.blobs.get(upload.fields().get("sha256"))).isEqualTo(Payload.of("abc"));
            assertThat(running.engine.connections()).isZero();
        }
    }

    /** A datagram's sender may be a victim: what he would be sent is bounded by what came. */
    @Test
    void nobodyIsFloodedByAnswersHeDidNotAskFor() throws Exception {
        Decky decky = custom("transport = udp\n");
        DecoyService loud = new ServiceFixture.Made("custom-", false, opening -> new Dialogue() {
            @Override
            public Step opened(decnet.core.Peer peer) {
                return Step.NOTHING;
            }

            @Override
            public Step received(ByteBuffer bytes) {
                Step.Builder step = Step.builder();
                for (int i = 0; i < 100; i++) {
                    step.send(Payload.of(new byte[1000]));
                }
                return step.build();
            }
        });
        try (var running = new ServiceFixture.Running(Map.of(), List.of(loud));
                DatagramSocket socket = new DatagramSocket()) {
            running.engine.serve(List.of(decky));
            socket.setSoTimeout(300);
            byte[] one = {1};
            socket.send(new DatagramPacket(
                    one,
                    1,
                    new InetSocketAddress(
                            decky.address(), decky.services().getFirst().port())));
            int answers = 0;
            try {
                while (true) {
                    socket.receive(new DatagramPacket(new byte[2000], 2000));
                    answers++;
                }
            } catch (SocketTimeoutException e) {
                assertThat(answers).isBetween(1, 9);
            }
            assertThat(running.counters.value(DecoysCounter.DATAGRAMS_UNANSWERED))
                    .isGreaterThan(90);
        }
    }

    @Test
    void senders512OfOnePortAreTheMost() throws Exception {
        Decky decky = ServiceFixture.onFreePorts(Fixtures.decky("[host]\narchetype = file-server\nservices = tftp\n"));
        InetSocketAddress to = new InetSocketAddress(
                decky.address(), decky.services().getFirst().port());
        try (var running = new ServiceFixture.Running(
                Map.of("decoys.max-per-source", "1000", "decoys.rate-per-source", "10000"), DecoyServices.all())) {
            running.engine.serve(List.of(decky));
            List<DatagramSocket> sockets = new ArrayList<>(); // open to the end, so that no port comes twice
            try {
                for (int i = 0; i < 520; i++) {
                    DatagramSocket socket = new DatagramSocket();
                    sockets.add(socket);
                    socket.setSoTimeout(5000);
                    assertThat(exchange(socket, to, packet(2, "f" + i, "octet")))
                            .containsExactly(0, 4, 0, 0);
                }
            } finally {
                sockets.forEach(DatagramSocket::close);
            }
            await(() -> assertThat(running.engine.connections()).isEqualTo(512));
            assertThat(running.counters.value(DecoysCounter.DATAGRAM_PEERS_FORGOTTEN))
                    .isEqualTo(8);
        }
    }

    @Test
    void aSocketMadeBySomebodyElseIsServed() throws Exception {
        Decky decky = custom("banner = hello\\r\\n\n");
        int descriptor =
                listeningDescriptor(decky.address(), decky.services().getFirst().port());
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            assertThat(running.engine.serve(List.of(decky), (one, port) -> new Descriptors.Taken(descriptor)))
                    .isEmpty();
            try (Socket socket = connect(decky)) {
                assertThat(read(socket, 7)).isEqualTo("hello\r\n");
            }
            await(() -> assertThat(running.events("disconnect")).hasSize(1));
        }
    }

    /** As a helper with more rights would make it: by the system's own calls. */
    @SuppressWarnings("restricted")
    private static int listeningDescriptor(InetAddress address, int port) throws Exception {
        Linker linker = Linker.nativeLinker();
        var i = ValueLayout.JAVA_INT;
        try (Arena arena = Arena.ofConfined()) {
            var socket = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("socket"), FunctionDescriptor.of(i, i, i, i));
            var bind = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("bind"), FunctionDescriptor.of(i, i, ValueLayout.ADDRESS, i));
            var listen =
                    linker.downcallHandle(linker.defaultLookup().findOrThrow("listen"), FunctionDescriptor.of(i, i, i));
            int descriptor;
            MemorySegment where = arena.allocate(16);
            where.set(ValueLayout.JAVA_SHORT, 0, (short) 2);
            where.asSlice(2, 2).copyFrom(MemorySegment.ofArray(new byte[] {(byte) (port >> 8), (byte) port}));
            where.asSlice(4, 4).copyFrom(MemorySegment.ofArray(address.getAddress()));
            try {
                descriptor = (int) socket.invokeExact(2, 1 | 0x800, 0); // AF_INET, SOCK_STREAM | SOCK_NONBLOCK
                assertThat((int) bind.invokeExact(descriptor, where, 16)).isZero();
                assertThat((int) listen.invokeExact(descriptor, 16)).isZero();
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
            return descriptor;
        }
    }

    @Test
    void aServiceThatIsGoneLeavesNoDatagramPortOpen() throws Exception {
        Decky decky = ServiceFixture.onFreePorts(Fixtures.decky("[host]\narchetype = file-server\nservices = tftp\n"));
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            running.engine.serve(List.of(decky));
            running.engine.serve(List.of());
            try (DatagramSocket again =
                    new DatagramSocket(decky.services().getFirst().port(), decky.address())) {
                assertThat(again.isBound()).isTrue();
            }
        }
    }

    /** Connects to where it is told and says what it gets, for tests of lines. */
    private static DecoyService relay(InetAddress target, int port, LinkedBlockingQueue<String> told) {
        return new ServiceFixture.Made("custom-", true, opening -> new Dialogue() {
            @Override
            public Step opened(decnet.core.Peer peer) {
                return Step.NOTHING;
            }

            @Override
            public Step received(ByteBuffer bytes) {
                Reach reach = opening.outlet().connect(target, port, new Line.Visitor() {
                    @Override
                    public void received(Payload payload) {
                        opening.outlet().send(payload);
                    }

                    @Override
                    public void ended() {
                        told.add("ended");
                        opening.outlet().close();
                    }
                });
                told.add(reach.getClass().getSimpleName());
                if (reach instanceof Reach.Open open) {
                    open.line().send(Payload.of(bytes));
                }
                return Step.NOTHING;
            }
        });
    }

    private record Pair(Decky from, Decky to, List<DecoyService> services, LinkedBlockingQueue<String> told) {
        static Pair of(int port) {
            Decky from = custom("");
            Decky to = ServiceFixture.onFreePorts(
                    Fixtures.decky("[cache]\narchetype = database-server\nservices = redis\n"));
            LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
            return new Pair(
                    from, to, List.of(relay(to.address(), port, told), new decnet.decoys.redis.RedisService()), told);
        }
    }

    @Test
    void oneMachineReachesAnotherWithoutAPacketAndBothTellIt() throws Exception {
        Pair pair = Pair.of(6379);
        try (var running = new ServiceFixture.Running(Map.of(), pair.services())) {
            running.engine.serve(List.of(pair.from(), pair.to()));
            try (Socket socket = connect(pair.from())) {
                socket.getOutputStream().write("PING\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(read(socket, 12)).isEqualTo("+PONG\r\n+OK\r\n");
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(pair.told().poll(5, TimeUnit.SECONDS)).isEqualTo("Open");
            assertThat(pair.told().poll(5, TimeUnit.SECONDS)).isEqualTo("ended");
            await(() -> assertThat(running.events("disconnect")).hasSize(2));
            Event left = running.events("lateral_connect").getFirst();
            assertThat(left.decky()).isEqualTo(pair.from().name());
            assertThat(left.fields()).containsEntry("target", "cache").containsEntry("outcome", "open");
            Event came = running.events("connect").stream()
                    .filter(event -> event.decky().equals(pair.to().name()))
                    .findFirst()
                    .orElseThrow();
            assertThat(came.src().orElseThrow().address()).isEqualTo(pair.from().address());
            assertThat(came.fields())
                    .containsEntry("origin_decky", "host")
                    .containsEntry("origin_session", left.session().orElseThrow());
            assertThat(running.engine.connections()).isZero();
        }
    }

    @Test
    void aClosedPortOfAMachineRefusesAndAStrangersAddressIsSilent() throws Exception {
        Pair closed = Pair.of(23);
        try (var running = new ServiceFixture.Running(Map.of(), closed.services())) {
            running.engine.serve(List.of(closed.from(), closed.to()));
            try (Socket socket = connect(closed.from())) {
                socket.getOutputStream().write('x');
                assertThat(closed.told().poll(5, TimeUnit.SECONDS)).isEqualTo("Refused");
            }
            running.engine.serve(List.of(closed.from()));
            try (Socket socket = connect(closed.from())) {
                socket.getOutputStream().write('x');
                assertThat(closed.told().poll(5, TimeUnit.SECONDS)).isEqualTo("Silent");
            }
        }
    }

    @Test
    void aLineEndsWithTheConnectionItCameFrom() throws Exception {
        Pair pair = Pair.of(6379);
        try (var running = new ServiceFixture.Running(Map.of(), pair.services())) {
            running.engine.serve(List.of(pair.from(), pair.to()));
            try (Socket socket = connect(pair.from())) {
                socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(read(socket, 7)).isEqualTo("+PONG\r\n");
            }
            await(() -> assertThat(running.engine.connections()).isZero());
        }
    }

    @Test
    void moreLinesThanEightAtATimeAreNotAnswered() throws Exception {
        Pair pair = Pair.of(6379);
        try (var running = new ServiceFixture.Running(Map.of(), pair.services())) {
            running.engine.serve(List.of(pair.from(), pair.to()));
            try (Socket socket = connect(pair.from())) {
                for (int i = 0; i < 9; i++) {
                    socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertThat(pair.told().poll(5, TimeUnit.SECONDS)).isEqualTo(i < 8 ? "Open" : "Silent");
                }
            }
            await(() -> assertThat(running.engine.connections()).isZero());
        }
    }

    @Test
    void namesAndAddressesOfMachinesAreFound() throws Exception {
        Decky decky = custom("");
        Neighbourhood neighbourhood = Neighbourhood.of(List.of(decky), List.of(), java.util.Optional.empty());
        String host = decky.persona().hostname();

        assertThat(neighbourhood.resolve(host.toUpperCase(java.util.Locale.ROOT)))
                .contains(decky.address());
        assertThat(neighbourhood.resolve(decky.persona().fqdn())).contains(decky.address());
        assertThat(neighbourhood.resolve(decky.address().getHostAddress())).contains(decky.address());
        assertThat(neighbourhood.resolve("203.0.113.9")).isEmpty();
        assertThat(neighbourhood.resolve("no such name")).isEmpty();
        assertThat(ServicePort.udp(69)).hasToString("69/udp");
    }
}
