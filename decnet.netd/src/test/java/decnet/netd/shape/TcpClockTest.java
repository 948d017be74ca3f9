package decnet.netd.shape;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.linux.Namespace;
import decnet.linux.PacketQueue;
import decnet.linux.PacketQueue.WhenFull;
import decnet.linux.QueuedPacket;
import decnet.linux.SystemCallException;
import decnet.linux.TcpClock;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Here as it needs a {@link Lab}. */
class TcpClockTest {
    private static final int WATCH_QUEUE = 9;
    private static final Duration RUNNING = Duration.ofDays(12);

    private static TcpClock clock(Namespace machine) throws Exception {
        try {
            return TcpClock.open(machine, RUNNING);
        } catch (SystemCallException e) {
            System.err.println("SKIPPED TcpClockTest: this kernel cannot do it: " + e.getMessage());
            assumeTrue(false, e.getMessage());
            throw e;
        }
    }

    /** The time in the SYN-ACK that {@code address} answers with. */
    private static long told(Namespace caller, String address) throws Exception {
        QueuedPacket packet = new QueuedPacket();
        try (PacketQueue watch = PacketQueue.open(caller, WATCH_QUEUE, 10, WhenFull.ACCEPT);
                SocketChannel client = caller.call(SocketChannel::open)) {
            client.configureBlocking(false);
            client.connect(new InetSocketAddress(address, 80));
            await(() -> assertThat(watch.receive(packet)).isEqualTo(PacketQueue.Received.PACKET));
            watch.accept(packet.id());
            await(() -> assertThat(client.finishConnect()).isTrue());
            ByteBuffer synAck = packet.payload();
            for (int at = address.contains(":") ? 60 : 40; ; at++) {
                if (synAck.getShort(at) == 0x080a) {
                    return Integer.toUnsignedLong(synAck.getInt(at + 2));
                }
            }
        }
    }

    @Test
    void afterwardsTimestampsAreTheKernelsAgain() throws Exception {
        assumeTrue(Lab.missing("ip").isEmpty());
        try (Lab lab = Lab.open()) {
            Namespace machine = lab.host("machine");
            TcpClock clock = clock(machine);
            assertThat(StackProfileTest.setting(machine, "net/ipv4/tcp_timestamps"))
                    .isEqualTo("2");

            clock.close();
            clock.close();

            assertThat(StackProfileTest.setting(machine, "net/ipv4/tcp_timestamps"))
                    .isEqualTo("1");
        }
    }

    @Test
    void callersAreToldHowLongTheMachineHasBeenRunning() throws Exception {
        String missing = Lab.missing("ip", "iptables-nft");
        if (!missing.isEmpty()) {
            System.err.println("SKIPPED TcpClockTest: this machine lacks " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
        byte[] body = new byte[1 << 20];
        new SplittableRandom(8).nextBytes(body);
        try (Lab lab = Lab.open()) {
            Namespace caller = lab.host("caller");
            for (String tables : new String[] {"iptables-nft", "ip6tables-nft"}) {
                lab.exec(
                        "caller",
                        (tables + " -t mangle -A INPUT -p tcp --tcp-flags SYN,ACK SYN,ACK -j NFQUEUE --queue-num "
                                        + WATCH_QUEUE + " --queue-bypass")
                                .split(" "));
            }
            Namespace machine = lab.host("machine");
            for (StandardProtocolFamily family :
                    new StandardProtocolFamily[] {StandardProtocolFamily.INET, StandardProtocolFamily.INET6}) {
                String address = family == StandardProtocolFamily.INET ? Lab.address(2) : Lab.address6(2);
                try (LabServer server = LabServer.start(machine, family, address, 80);
                        TcpClock clock = clock(machine)) {
                    assertThat(server).isNotNull();
                    assertThat(clock).isNotNull();

                    assertThat(told(caller, address)).isCloseTo(RUNNING.toMillis(), within(10_000L));
                    assertThat(told(caller, address)).isCloseTo(RUNNING.toMillis(), within(10_000L));

                    long start = System.nanoTime();
                    byte[] back = caller.call(() -> {
                        try (SocketChannel client = SocketChannel.open(new InetSocketAddress(address, 80))) {
                            return NmapTest.exchange(client, body);
                        }
                    });
                    assertThat(back).isEqualTo(body);
                    assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L); // nothing was sent again
                }
            }
        }
    }
}
