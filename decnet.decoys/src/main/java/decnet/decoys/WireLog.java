package decnet.decoys;

import decnet.core.Peer;
import decnet.topology.Transport;
import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The first bytes of a connection in both directions, as a capture file that Wireshark reads: what arrived at and left the service,
 * decrypted, in packets that we make up (addresses, ports, order, times and contents are true; sequence numbers begin at 1). What is
 * kept is taken from a budget. Not thread-safe.
 *
 * <p>Format: pcap 2.4 with microseconds, link type 101 (raw IP); IPv4 (RFC 791) or IPv6 (RFC 8200), TCP (RFC 9293) or UDP (RFC 768).
 */
final class WireLog {
    private static final int MAX_SEGMENT = 16_000;
    private static final int PUSH_ACK = 0x18;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final Budget budget;
    private final int limit;
    private final Peer source;
    private final Peer destination;
    private final Transport transport;
    private final List<Segment> segments = new ArrayList<>(4);
    private int kept;
    private boolean cut;

    private record Segment(Instant at, boolean in, byte[] bytes) {}

    /** @param limit most bytes that are kept, both directions together */
    WireLog(Budget budget, int limit, Peer source, Peer destination, Transport transport) {
        this.budget = budget;
        this.limit = limit;
        this.source = source;
        this.destination = destination;
        this.transport = transport;
    }

    void in(Instant at, ByteBuffer bytes) {
        add(at, true, bytes.duplicate());
    }

    void out(Instant at, Payload bytes) {
        add(at, false, bytes.buffer());
    }

    private void add(Instant at, boolean in, ByteBuffer bytes) {
        int keep = Math.min(bytes.remaining(), limit - kept);
        if (cut || keep <= 0 || !budget.take(keep)) {
            cut = true;
            return;
        }
        cut = keep < bytes.remaining();
        kept += keep;
        byte[] copy = new byte[keep];
        bytes.get(copy);
        segments.add(new Segment(at, in, copy));
    }

    boolean empty() {
        return segments.isEmpty();
    }

    /** Whether something was not kept. */
    boolean cut() {
        return cut;
    }

    /** Gives back what is held. */
    void close() {
        budget.give(kept);
        kept = 0;
        segments.clear();
    }

    /** The capture file; nothing is given back yet. */
    Payload pcap() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(kept + 100 * segments.size() + 24);
        ByteBuffer head = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(262_144)
                .putInt(101);
        out.writeBytes(head.array());
        int[] next = {1, 1}; // sequence numbers: of who came, of us
        for (Segment segment : segments) {
            for (int from = 0; from < segment.bytes().length || from == 0; from += MAX_SEGMENT) {
                int length = Math.min(MAX_SEGMENT, segment.bytes().length - from);
                packet(out, segment, from, length, next);
                next[segment.in() ? 0 : 1] += length;
            }
        }
        return Payload.of(out.toByteArray());
    }

    private void packet(ByteArrayOutputStream out, Segment segment, int from, int length, int[] next) {
        Peer sender = segment.in() ? source : destination;
        Peer receiver = segment.in() ? destination : source;
        boolean six = sender.address() instanceof Inet6Address || receiver.address() instanceof Inet6Address;
        int transportHead = transport == Transport.TCP ? 20 : 8;
        int ipHead = six ? 40 : 20;
        int total = ipHead + transportHead + length;
        ByteBuffer packet = ByteBuffer.allocate(total);
        if (six) {
            packet.putInt(0x6000_0000)
                    .putShort((short) (transportHead + length))
                    .put((byte) protocol())
                    .put((byte) 64)
                    .put(address(sender, 16))
                    .put(address(receiver, 16));
        } else {
            packet.putShort((short) 0x4500)
                    .putShort((short) total)
                    .putInt(0)
                    .put((byte) 64)
                    .put((byte) protocol())
                    .putShort((short) 0)
                    .put(address(sender, 4))
                    .put(address(receiver, 4));
            packet.putShort(10, (short) checksum(packet.array(), 0, 20, 0));
        }
        int at = packet.position();
        packet.putShort((short) sender.port()).putShort((short) receiver.port());
        int sumAt;
        if (transport == Transport.TCP) {
            packet.putInt(next[segment.in() ? 0 : 1])
                    .putInt(next[segment.in() ? 1 : 0])
                    .put((byte) 0x50)
                    .put((byte) PUSH_ACK)
                    .putShort((short) 65_535)
                    .putInt(0);
            sumAt = at + 16;
        } else {
            packet.putShort((short) (8 + length)).putShort((short) 0);
            sumAt = at + 6;
        }
        packet.put(segment.bytes(), from, length);
        // the pseudo header: addresses, protocol, length
        int addresses = checksumPart(packet.array(), six ? 8 : 12, at);
        int sum = checksum(packet.array(), at, total, addresses + protocol() + transportHead + length);
        packet.putShort(sumAt, (short) (sum == 0 && transport == Transport.UDP ? 0xffff : sum));
        ByteBuffer record = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, segment.at());
        record.putInt((int) (micros / 1_000_000))
                .putInt((int) (micros % 1_000_000))
                .putInt(total)
                .putInt(total);
        out.writeBytes(record.array());
        out.writeBytes(packet.array());
    }

    private int protocol() {
        return transport == Transport.TCP ? TCP : UDP;
    }

    /** IPv4 addresses among IPv6 ones are mapped (RFC 4291 section 2.5.5.2). */
    private static byte[] address(Peer peer, int length) {
        byte[] bytes = peer.address().getAddress();
        if (bytes.length == length) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return mapped;
    }

    private static int checksumPart(byte[] bytes, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | (i + 1 < to ? bytes[i + 1] & 0xff : 0);
        }
        return sum;
    }

    /** RFC 1071. */
    private static int checksum(byte[] bytes, int from, int to, int start) {
        int sum = start + checksumPart(bytes, from, to);
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return ~sum & 0xffff;
    }
}
