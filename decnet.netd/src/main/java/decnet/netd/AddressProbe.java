package decnet.netd;

import decnet.linux.FrameSocket;
import decnet.linux.SystemCallException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks a segment of the real network whether somebody has an address already: ARP probes, RFC 5227 section 2.1. */
final class AddressProbe {
    private static final int ARP = 0x0806;
    private static final int FRAME = 42;
    private static final int ROUNDS = 2;
    private static final long WAIT_NANOS = 400_000_000;
    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    private final String uplink;

    /** @param uplink interface of the namespace of the calling thread */
    AddressProbe(String uplink) {
        this.uplink = uplink;
    }

    /**
     * Asks for all of them at once, which takes less than a second.
     *
     * @return hardware address of who answered, by the address asked for
     */
    Map<InetAddress, String> answers(Collection<InetAddress> addresses) throws IOException {
        if (addresses.isEmpty()) {
            return Map.of();
        }
        Path link = Path.of("/sys/class/net", uplink);
        int index = Integer.parseInt(Files.readString(link.resolve("ifindex")).strip());
        byte[] own = COLONS.parseHex(Files.readString(link.resolve("address")).strip());
        Map<InetAddress, String> found = new HashMap<>();
        Set<InetAddress> asked = Set.copyOf(addresses);
        try (FrameSocket socket = FrameSocket.open(index, ARP)) {
            for (int round = 0; round < ROUNDS; round++) {
                for (InetAddress address : asked) {
                    if (!found.containsKey(address)) {
                        socket.send(probe(own, address));
                    }
                }
                listen(socket, own, asked, found);
            }
        }
        return found;
    }

    private static void listen(FrameSocket socket, byte[] own, Set<InetAddress> asked, Map<InetAddress, String> found)
            throws SystemCallException {
        long end = System.nanoTime() + WAIT_NANOS;
        long left = WAIT_NANOS;
        while (left > 0) {
            Optional<ByteBuffer> frame = socket.receive((int) (left / 1_000_000) + 1);
            frame.flatMap(bytes -> owner(bytes, own))
                    .filter(owner -> asked.contains(owner.address()))
                    .ifPresent(owner -> found.put(owner.address(), owner.mac()));
            left = end - System.nanoTime();
        }
    }

    private record Owner(InetAddress address, String mac) {}

    /** Who says in a frame that an address is his; empty for a probe, and for what we have sent ourselves. */
    private static Optional<Owner> owner(ByteBuffer frame, byte[] own) {
        if (frame.remaining() < FRAME || frame.getShort(12) != ARP || frame.getInt(14) != 0x0001_0800) {
            return Optional.empty();
        }
        byte[] mac = new byte[6];
        byte[] address = new byte[4];
        frame.get(22, mac);
        frame.get(28, address);
        if (java.util.Arrays.equals(mac, own) || frame.getInt(28) == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Owner(InetAddress.getByAddress(address), COLONS.formatHex(mac)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an address", e);
        }
    }

    private static ByteBuffer probe(byte[] own, InetAddress address) {
        ByteBuffer frame = ByteBuffer.allocate(FRAME);
        frame.put(BROADCAST).put(own).putShort((short) ARP);
        frame.putInt(0x0001_0800).putShort((short) 0x0604).putShort((short) 1); // Ethernet, IPv4, request
        frame.put(own).putInt(0); // nobody's address yet
        frame.put(new byte[6]).put(address.getAddress());
        return frame.flip();
    }
}
