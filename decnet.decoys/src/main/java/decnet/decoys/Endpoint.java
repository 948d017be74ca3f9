package decnet.decoys;

import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.ServicePort;
import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A place where a service of a decky listens, and the connections it took. Thread-safe. */
final class Endpoint {
    private final Decky decky;
    private final DeckyService service;
    private final ServicePort port;
    private final ServicePort wellKnown;
    private final DialogueFactory factory;
    private final Pace pace;
    private final CaptureMode capture;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Supplier<TlsServer> tlsMaker;
    private @Nullable TlsServer tls;
    private volatile @Nullable Channel channel;

    /**
     * @param port where it listens
     * @param wellKnown the port it stands for on a real network
     * @param tls made when it is first needed
     */
    Endpoint(
            Decky decky,
            DeckyService service,
            ServicePort port,
            ServicePort wellKnown,
            DialogueFactory factory,
            Supplier<TlsServer> tls) {
        this.decky = decky;
        this.service = service;
        this.port = port;
        this.wellKnown = wellKnown;
        this.factory = factory;
        this.pace = Pace.of(decky.persona(), service);
        this.capture = CaptureMode.of(service.options().getOrDefault("capture", "odd"));
        this.tlsMaker = tls;
    }

    Decky decky() {
        return decky;
    }

    DeckyService service() {
        return service;
    }

    ServicePort port() {
        return port;
    }

    ServicePort wellKnown() {
        return wellKnown;
    }

    DialogueFactory factory() {
        return factory;
    }

    Pace pace() {
        return pace;
    }

    CaptureMode capture() {
        return capture;
    }

    Set<Connection> connections() {
        return connections;
    }

    /** @throws IllegalArgumentException if the decky has no certificate that can be used */
    synchronized TlsServer tls() {
        if (tls == null) {
            tls = tlsMaker.get();
        }
        return tls;
    }

    void listening(Channel listener) {
        channel = listener;
    }

    /** The listening channel, once there is one. */
    java.util.Optional<Channel> channel() {
        return java.util.Optional.ofNullable(channel);
    }

    /** Whether it serves {@code other}'s service just as well. */
    boolean same(Decky other, DeckyService otherService) {
        return decky.name().equals(other.name())
                && decky.persona().equals(other.persona())
                && service.equals(otherService);
    }

    /** Where it is, for a person: {@code ssh at 10.1.2.3:22/tcp}. */
    String place() {
        return service.slug() + " at " + decky.address().getHostAddress() + ":" + port;
    }

    /** For a person. */
    @Override
    public String toString() {
        return decky.name() + " " + place();
    }
}
