package decnet.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.linux.PacketQueue.Received;
import decnet.linux.PacketQueue.WhenFull;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against the kernel, in a namespace of the test's own. */
class PacketQueueTest {
    private static final int QUEUE = 5;
    private static final int PORT = 4000;
    private static final int IP_AND_UDP = 28;
    private static final int UDP_CHECKSUM = 26;
    private static final int PATIENCE_MILLIS = 10_000;

    @BeforeAll
    static void thisMachineCanDoIt() {
        String missing = TestNamespace.missing(PacketQueueTest.class, "ip", "iptables-nft");
        assumeTrue(missing.isEmpty(), missing);
    }

    /** A namespace whose datagrams to one port are queued, and both ends of that. */
    private static final class Datagrams implements AutoCloseable {
        private final TestNamespace home = TestNamespace.open();
        private final DatagramChannel receiver;
        private final DatagramChannel sender;

        Datagrams() throws Exception {
            home.exec(("iptables-nft -t mangle -A OUTPUT -p udp --dport " + PORT + " -j NFQUEUE --queue-num " + QUEUE
                            + " --queue-bypass")
                    .split(" "));
            receiver = home.namespace().call(() -> DatagramChannel.open(StandardProtocolFamily.INET)
                    .bind(new InetSocketAddress("127.0.0.1", PORT)));
            receiver.configureBlocking(false);
            sender = home.namespace().call(() -> DatagramChannel.open(StandardProtocolFamily.INET));
        }

        void send(String text) throws Exception {
            sender.send(
                    ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)),
                    new InetSocketAddress("127.0.0.1", PORT));
        }

        /** What has arrived; delivery on a loopback interface is done when the sender's call, or the verdict's, returns. */
        List<String> arrived() throws Exception {
            List<String> texts = new ArrayList<>();
            ByteBuffer in = ByteBuffer.allocate(2000);
            while (receiver.receive(in) != null) {
                in.flip();
                texts.add(StandardCharsets.US_ASCII.decode(in).toString());
                in.clear();
            }
            return texts;
        }

        @Override
        public void close() throws java.io.IOException {
            sender.close();
            receiver.close();
            home.close();
        }
    }

    private static void next(Poller poller, PacketQueue queue, QueuedPacket packet) throws SystemCallException {
        assertThat(poller.await(PATIENCE_MILLIS)).isEqualTo(1);
        assertThat(poller.ready(0)).isEqualTo(queue.descriptor());
        assertThat(queue.receive(packet)).isEqualTo(Received.PACKET);
    }

    @Test
    void aPacketWaitsForItsVerdict() throws Exception {
        QueuedPacket packet = new QueuedPacket();
        try (Datagrams datagrams = new Datagrams();
                PacketQueue queue = PacketQueue.open(datagrams.home.namespace(), QUEUE, 100, WhenFull.DROP);
                Poller poller = Poller.open()) {
            poller.add(queue.descriptor());
            assertThat(queue.receive(packet)).isEqualTo(Received.NOTHING);
            datagrams.send("accepted");
            datagrams.send("dropped");
            datagrams.send("changed");
            assertThat(datagrams.arrived()).isEmpty();

            next(poller, queue, packet);
            assertThat(packet.hook()).isEqualTo(3);
            assertThat(packet.payload().get(0)).isEqualTo((byte) 0x45);
            queue.accept(packet.id());
            next(poller, queue, packet);
            queue.drop(packet.id());
            next(poller, queue, packet);
            ByteBuffer payload = packet.payload();
            payload.put(IP_AND_UDP, (byte) 'C').putShort(UDP_CHECKSUM, (short) 0); // none is needed
            queue.accept(packet.id(), payload);

            assertThat(datagrams.arrived()).containsExactly("accepted", "Changed");
            assertThat(queue.receive(packet)).isEqualTo(Received.NOTHING);
        }
    }

    @Test
    void aVerdictOnNoPacketIsAnsweredAndDoesNoHarm() throws Exception {
        QueuedPacket packet = new QueuedPacket();
        try (Datagrams datagrams = new Datagrams();
                PacketQueue queue = PacketQueue.open(datagrams.home.namespace(), QUEUE, 100, WhenFull.DROP);
                Poller poller = Poller.open()) {
            poller.add(queue.descriptor());

            queue.accept(4711);

            assertThat(queue.receive(packet)).isEqualTo(Received.OTHER);
            datagrams.send("one");
            next(poller, queue, packet);
            queue.accept(packet.id());
            assertThat(datagrams.arrived()).containsExactly("one");
        }
    }

    @Test
    void aLargePacketComesAndGoesWhole() throws Exception {
        QueuedPacket packet = new QueuedPacket();
        String text = "x".repeat(1900);
        try (Datagrams datagrams = new Datagrams();
                PacketQueue queue = PacketQueue.open(datagrams.home.namespace(), QUEUE, 100, WhenFull.DROP);
                Poller poller = Poller.open()) {
            poller.add(queue.descriptor());
            datagrams.send(text);

            next(poller, queue, packet);
            assertThat(packet.payload().remaining()).isEqualTo(text.length() + IP_AND_UDP);
            packet.payload().putShort(UDP_CHECKSUM, (short) 0);
            queue.accept(packet.id(), packet.payload());

            assertThat(datagrams.arrived()).containsExactly(text);
        }
    }

    @Test
    void aFullQueueLetsPacketsPassOrLosesThem() throws Exception {
        try (Datagrams datagrams = new Datagrams()) {
            for (WhenFull whenFull : WhenFull.values()) {
                try (PacketQueue queue = PacketQueue.open(datagrams.home.namespace(), QUEUE, 2, whenFull)) {
                    assertThat(queue.descriptor()).isPositive();
                    for (int i = 0; i < 4; i++) {
                        datagrams.send("datagram " + i);
                    }

                    assertThat(datagrams.arrived()).hasSize(whenFull == WhenFull.ACCEPT ? 2 : 0);
                }
            }
        }
    }

    @Test
    void withoutAReaderPacketsGoOn() throws Exception {
        try (Datagrams datagrams = new Datagrams()) {
            PacketQueue.open(datagrams.home.namespace(), QUEUE, 100, WhenFull.DROP)
                    .close();

            datagrams.send("nobody reads");

            assertThat(datagrams.arrived()).containsExactly("nobody reads");
        }
    }

    @Test
    void aQueueHasOneReader() throws Exception {
        try (TestNamespace one = TestNamespace.open();
                TestNamespace other = TestNamespace.open();
                PacketQueue first = PacketQueue.open(one.namespace(), QUEUE, 100, WhenFull.DROP);
                PacketQueue elsewhere = PacketQueue.open(other.namespace(), QUEUE, 100, WhenFull.DROP)) {
            assertThat(elsewhere.descriptor()).isNotEqualTo(first.descriptor());

            assertThatThrownBy(() -> PacketQueue.open(one.namespace(), QUEUE, 100, WhenFull.DROP))
                    .isInstanceOf(SystemCallException.class)
                    .hasMessageContaining("another process has it");
        }
    }

    @Test
    void whatIsNoQueueIsRefused() throws Exception {
        try (TestNamespace home = TestNamespace.open()) {
            assertThatThrownBy(() -> PacketQueue.open(home.namespace(), 65_536, 1, WhenFull.DROP))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> PacketQueue.open(home.namespace(), 0, 0, WhenFull.DROP))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aRawSocketSendsWhatItIsGivenAndMarksIt() throws Exception {
        QueuedPacket packet = new QueuedPacket();
        try (Datagrams datagrams = new Datagrams();
                RawSocket raw = RawSocket.open(datagrams.home.namespace(), 0x77);
                PacketQueue queue = PacketQueue.open(datagrams.home.namespace(), QUEUE, 100, WhenFull.DROP);
                Poller poller = Poller.open()) {
            poller.add(queue.descriptor());
            datagrams.send("one");
            next(poller, queue, packet);
            assertThat(packet.mark()).isZero();
            byte[] copy = new byte[packet.payload().remaining()];
            packet.payload().get(copy);
            queue.drop(packet.id());

            raw.send(ByteBuffer.wrap(copy));

            next(poller, queue, packet);
            assertThat(packet.mark()).isEqualTo(0x77);
            queue.accept(packet.id());
            assertThat(datagrams.arrived()).containsExactly("one");
            assertThatThrownBy(() -> raw.send(ByteBuffer.allocate(19))).isInstanceOf(IllegalArgumentException.class);
            copy[16] = 10; // no route there
            assertThatThrownBy(() -> raw.send(ByteBuffer.wrap(copy))).isInstanceOf(SystemCallException.class);
        }
    }
}
