package decnet.netd.shape;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.core.Counters;
import decnet.linux.Namespace;
import decnet.linux.PacketQueue;
import decnet.linux.PacketQueue.WhenFull;
import decnet.linux.QueuedPacket;
import decnet.linux.SystemCallException;
import decnet.topology.OsFamily;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against the kernel, in namespaces of the test's own. */
class ShapeEngineTest {
    private static final int LINK_QUEUE = 3;
    private static final int WATCH_QUEUE = 9;
    private static final int PORT = 80;

    private final Counters counters = new Counters();

    @BeforeAll
    static void thisMachineCanDoIt() {
        String missing = Lab.missing("ip", "iptables-nft", "iptables-nft-restore");
        if (!missing.isEmpty()) {
            System.err.println("SKIPPED ShapeEngineTest: this machine lacks " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
    }

    private static void queue(Lab lab, String host, String rule) throws Exception {
        lab.exec(host, ("iptables-nft -t mangle -A " + rule + " --queue-bypass").split(" "));
    }

    private static Namespace shapedMachine(Lab lab, ShapeEngine engine, String name, OsFamily family) throws Exception {
        Namespace machine = lab.host(name);
        StackProfile profile = StackProfile.of(family);
        profile.writeSysctls(machine);
        engine.add(name, machine, profile, Instant.now().minus(Duration.ofDays(3)));
        lab.load(name, ShapeRules.of(profile));
        return machine;
    }

    /** What a caller sees as window in the SYN-ACK of a machine: looks at it by a queue of his own. */
    private static int windowSeen(Namespace caller, String address) throws Exception {
        QueuedPacket packet = new QueuedPacket();
        try (PacketQueue watch = PacketQueue.open(caller, WATCH_QUEUE, 10, WhenFull.ACCEPT);
                SocketChannel client = caller.call(SocketChannel::open)) {
            client.configureBlocking(false);
            client.connect(new InetSocketAddress(address, PORT));
            await(() -> assertThat(watch.receive(packet)).isEqualTo(PacketQueue.Received.PACKET));
            watch.accept(packet.id());
            await(() -> assertThat(client.finishConnect()).isTrue());
            return packet.payload().getShort(34) & 0xffff;
        }
    }

    @Test
    void aMachineIsShapedFromAddToRemove() throws Exception {
        try (Lab lab = Lab.open();
                ShapeEngine engine = ShapeEngine.start(counters, InstantSource.system())) {
            Namespace caller = lab.host("caller");
            queue(lab, "caller", "INPUT -p tcp --tcp-flags SYN,ACK SYN,ACK -j NFQUEUE --queue-num " + WATCH_QUEUE);
            Namespace machine = shapedMachine(lab, engine, "machine", OsFamily.WINDOWS_SERVER);
            try (LabServer server = LabServer.start(machine, StandardProtocolFamily.INET, Lab.address(2), PORT)) {
                assertThat(server).isNotNull();

                assertThat(windowSeen(caller, Lab.address(2))).isEqualTo(0x2000);
                await(() -> assertThat(counters.value(ShapeCounter.CHANGED)).isPositive());

                engine.remove("machine");
                engine.remove("machine");

                assertThat(windowSeen(caller, Lab.address(2))).isEqualTo(65_535);
            }
        }
    }

    @Test
    void aClosedEngineLetsItsMachinesLiveOn() throws Exception {
        try (Lab lab = Lab.open()) {
            Namespace caller = lab.host("caller");
            queue(lab, "caller", "INPUT -p tcp --tcp-flags SYN,ACK SYN,ACK -j NFQUEUE --queue-num " + WATCH_QUEUE);
            ShapeEngine engine = ShapeEngine.start(counters, InstantSource.system());
            Namespace machine = shapedMachine(lab, engine, "machine", OsFamily.CISCO);
            try (LabServer server = LabServer.start(machine, StandardProtocolFamily.INET, Lab.address(2), PORT)) {
                assertThat(server).isNotNull();
                assertThat(windowSeen(caller, Lab.address(2))).isEqualTo(4128);

                engine.close();
                engine.close();

                assertThat(windowSeen(caller, Lab.address(2))).isGreaterThan(4128);
                assertThatThrownBy(() -> engine.add("other", machine, StackProfile.of(OsFamily.CISCO), Instant.EPOCH))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void aMachineThatVanishesLeavesTheOthersAlone() throws Exception {
        try (Lab lab = Lab.open();
                ShapeEngine engine = ShapeEngine.start(counters, InstantSource.system())) {
            Namespace caller = lab.host("caller");
            queue(lab, "caller", "INPUT -p tcp --tcp-flags SYN,ACK SYN,ACK -j NFQUEUE --queue-num " + WATCH_QUEUE);
            shapedMachine(lab, engine, "gone", OsFamily.WINDOWS_SERVER);
            Namespace stays = shapedMachine(lab, engine, "stays", OsFamily.CISCO);
            try (LabServer server = LabServer.start(stays, StandardProtocolFamily.INET, Lab.address(3), PORT)) {
                assertThat(server).isNotNull();

                lab.remove("gone");

                assertThat(windowSeen(caller, Lab.address(3))).isEqualTo(4128);
                engine.remove("gone");
                assertThat(windowSeen(caller, Lab.address(3))).isEqualTo(4128);
            }
        }
    }

    @Test
    void twoMachinesMayNotShareOneQueue() throws Exception {
        try (Lab lab = Lab.open();
                ShapeEngine engine = ShapeEngine.start(counters, InstantSource.system())) {
            Namespace machine = shapedMachine(lab, engine, "machine", OsFamily.WINDOWS);
            AtomicInteger closed = new AtomicInteger();
            QueueHandler second = new QueueHandler() {
                @Override
                public void handle(QueuedPacket packet, long nanos, Verdicts verdicts) {}

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };

            assertThatThrownBy(() -> engine.add("two", machine, ShapeRules.QUEUE, 1, WhenFull.DROP, second))
                    .isInstanceOf(SystemCallException.class);

            assertThat(closed).hasValue(1);
        }
    }

    @Test
    void aHandlerThatFailsLetsPacketsPass() throws Exception {
        try (Lab lab = Lab.open();
                ShapeEngine engine = ShapeEngine.start(counters, InstantSource.system())) {
            Namespace machine = lab.host("machine");
            queue(lab, "machine", "OUTPUT -p tcp -j NFQUEUE --queue-num " + LINK_QUEUE);
            engine.add("machine", machine, LINK_QUEUE, 100, WhenFull.DROP, (packet, nanos, verdicts) -> {
                throw new IllegalStateException("on purpose");
            });
            try (LabServer server = LabServer.start(machine, StandardProtocolFamily.INET, Lab.address(1), PORT);
                    SocketChannel client =
                            machine.call(() -> SocketChannel.open(new InetSocketAddress(Lab.address(1), PORT)))) {
                assertThat(server).isNotNull();
                assertThat(client.isConnected()).isTrue();
            }
            await(() -> assertThat(counters.value(ShapeCounter.ERRORS)).isPositive());
            assertThat(counters.value(ShapeCounter.BROKEN)).isZero();
        }
    }

    @Test
    void aLinkTakesItsTimeAndWhatItLosesIsSentAgain() throws Exception {
        try (Lab lab = Lab.open();
                ShapeEngine engine = ShapeEngine.start(counters, InstantSource.system())) {
            Namespace caller = lab.host("caller");
            Namespace machine = lab.host("machine");
            queue(lab, "machine", "OUTPUT -p tcp -j NFQUEUE --queue-num " + LINK_QUEUE);
            DelayedLink link = new DelayedLink(Duration.ofMillis(40), 80, 1000, new SplittableRandom(11), counters);
            engine.add("machine", machine, LINK_QUEUE, 1000, WhenFull.DROP, link);
            byte[] body = new byte[100_000];
            new SplittableRandom(5).nextBytes(body);
            try (LabServer server = LabServer.start(machine, StandardProtocolFamily.INET, Lab.address(2), PORT)) {
                assertThat(server).isNotNull();

                long start = System.nanoTime();
                byte[] back = caller.call(() -> {
                    try (SocketChannel client = SocketChannel.open(new InetSocketAddress(Lab.address(2), PORT))) {
                        assertThat(System.nanoTime() - start).isGreaterThan(40_000_000);
                        return NmapTest.exchange(client, body);
                    }
                });

                assertThat(back).isEqualTo(body);
                assertThat(counters.value(ShapeCounter.LINK_LOST)).isPositive();
                assertThat(counters.value(ShapeCounter.LINK_FULL)).isZero();
            }
        }
    }

    @Test
    void aThousandQueuesHaveOneThread() throws Exception {
        int queues = 1000;
        AtomicInteger seen = new AtomicInteger();
        try (Lab lab = Lab.open();
                ShapeEngine engine = ShapeEngine.start(counters, InstantSource.system())) {
            Namespace machine = lab.host("machine");
            lab.exec(
                    "machine",
                    ("iptables-nft -t mangle -A OUTPUT -p udp --dport 9 -j NFQUEUE --queue-balance 0:" + (queues - 1))
                            .split(" "));
            for (int i = 0; i < queues; i++) {
                engine.add("machine " + i, machine, i, 100, WhenFull.DROP, (packet, nanos, verdicts) -> {
                    seen.incrementAndGet();
                    verdicts.drop(packet.id());
                });
            }
            try (DatagramChannel sender = machine.call(() -> DatagramChannel.open(StandardProtocolFamily.INET))) {
                for (int i = 0; i < 5000; i++) {
                    String to = "127.%d.%d.1".formatted(i >> 8, i & 255);
                    sender.send(ByteBuffer.allocate(8), new InetSocketAddress(to, 9));
                }
            }

            await(() -> assertThat(seen).hasValue(5000));
            for (int i = 0; i < queues; i++) {
                engine.remove("machine " + i);
            }
            assertThat(counters.value(ShapeCounter.BROKEN)).isZero();
        }
    }
}
