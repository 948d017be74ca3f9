package decnet.netd;

import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Peer;
import decnet.netd.shape.QueueHandler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Drops what a machine must not send, and tells of it: a machine sends nothing unasked, so each such packet may be the sign that somebody
 * has broken out of a decoy. The first of a kind is told at once, later ones within a minute as one number. Thread-safe.
 */
final class ForbiddenPackets {
    /** Type of the events. */
    static final String TYPE = "egress_denied";

    private static final System.Logger LOG = System.getLogger(ForbiddenPackets.class.getName());
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration LINE_PERIOD = Duration.ofSeconds(10);
    private static final InetAddress ANYWHERE = InetAddress.ofLiteral("0.0.0.0");
    private static final int MOST_KINDS = 1024;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final Predicate<Event> sink;
    private final InstantSource clock;
    private final Counters counters;
    private final Map<Kind, Summed> kinds = new HashMap<>();
    private Instant nextLine = Instant.MIN;

    /** @param sink takes an event, or says that it cannot */
    ForbiddenPackets(Predicate<Event> sink, InstantSource clock, Counters counters) {
        this.sink = sink;
        this.clock = clock;
        this.counters = counters;
    }

    /** Packets that are told together. */
    private record Kind(DeckyName decky, String protocol, InetAddress from, InetAddress to, int port) {}

    private static final class Summed {
        private final Instant since;
        private int more;

        Summed(Instant since) {
            this.since = since;
        }
    }

    /** For the queue of one machine. */
    QueueHandler handler(DeckyName decky) {
        return (packet, nanos, verdicts) -> {
            verdicts.drop(packet.id());
            saw(decky, packet.payload());
        };
    }

    void saw(DeckyName decky, ByteBuffer packet) {
        counters.increment(NetdCounter.FORBIDDEN);
        kind(decky, packet).ifPresent(this::saw);
    }

    /** What a packet is, by its header; empty for what is none. */
    private static Optional<Kind> kind(DeckyName decky, ByteBuffer packet) {
        int length = packet.limit();
        int version = length == 0 ? 0 : packet.get(0) >> 4 & 0xf;
        if (version == 4 && length >= 20) {
            return Optional.of(kind(decky, packet, packet.get(9) & 0xff, (packet.get(0) & 0xf) * 4, 12, 4));
        }
        if (version == 6 && length >= 40) {
            return Optional.of(kind(decky, packet, packet.get(6) & 0xff, 40, 8, 16));
        }
        return Optional.empty();
    }

    private static Kind kind(DeckyName decky, ByteBuffer packet, int protocol, int header, int addresses, int size) {
        byte[] from = new byte[size];
        byte[] to = new byte[size];
        packet.get(addresses, from);
        packet.get(addresses + size, to);
        boolean ports = (protocol == TCP || protocol == UDP) && packet.limit() >= header + 4;
        String name =
                switch (protocol) {
                    case TCP -> "tcp";
                    case UDP -> "udp";
                    case 1 -> "icmp";
                    case 58 -> "icmp6";
                    default -> Integer.toString(protocol);
                };
        return new Kind(decky, name, address(from), address(to), ports ? packet.getShort(header + 2) & 0xffff : 0);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    /** Whoever tries every address and port of the world is told as one kind, once there are many others. */
    private Kind bounded(Kind kind) {
        return kinds.size() < MOST_KINDS || kinds.containsKey(kind)
                ? kind
                : new Kind(kind.decky(), "many", ANYWHERE, ANYWHERE, 0);
    }

    private synchronized void saw(Kind seen) {
        Instant now = clock.instant();
        Kind kind = bounded(seen);
        Summed summed = kinds.get(kind);
        if (summed != null && now.isBefore(summed.since.plus(PERIOD))) {
            summed.more++;
            counters.increment(NetdCounter.FORBIDDEN_SUMMED);
            return;
        }
        int more = summed == null ? 0 : summed.more;
        kinds.put(kind, new Summed(now));
        tell(kind, 1 + more, now);
        if (now.isBefore(nextLine)) {
            return; // the events tell
        }
        nextLine = now.plus(LINE_PERIOD);
        LOG.log(
                WARNING,
                () -> "a machine was to send what it must not decky=" + kind.decky() + " protocol=" + kind.protocol()
                        + " to=" + kind.to().getHostAddress() + " port=" + kind.port());
    }

    /** Tells of what has been summed long enough. To be called now and then. */
    synchronized void settle(Instant now) {
        Map<Kind, Summed> over = new LinkedHashMap<>();
        kinds.forEach((kind, summed) -> {
            if (!now.isBefore(summed.since.plus(PERIOD))) {
                over.put(kind, summed);
            }
        });
        over.forEach((kind, summed) -> {
            kinds.remove(kind);
            if (summed.more > 0) {
                tell(kind, summed.more, now);
            }
        });
    }

    private void tell(Kind kind, int packets, Instant now) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("protocol", kind.protocol());
        fields.put("packets", Integer.toString(packets));
        Event event = new Event(
                Optional.empty(),
                now,
                Optional.of(now),
                Optional.empty(),
                kind.decky(),
                "network",
                TYPE,
                Optional.empty(),
                Optional.of(new Peer(kind.from(), 0)),
                Optional.of(new Peer(kind.to(), kind.port())),
                fields);
        if (!sink.test(event)) {
            counters.increment(NetdCounter.EVENTS_LOST);
        }
    }
}
