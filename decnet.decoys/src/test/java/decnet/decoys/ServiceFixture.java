package decnet.decoys;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Event;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.ServicePort;
import decnet.topology.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** Deckies on ports that are free here, and engines with services of a test's own. */
public final class ServiceFixture {
    private ServiceFixture() {}

    /** The same decky on free ports of {@code address}: tests on one machine must not meet. */
    public static Decky onFreePorts(Decky decky, InetAddress address) {
        List<DeckyService> services = new ArrayList<>();
        for (DeckyService service : decky.services()) {
            List<ServicePort> ports = service.ports().stream()
                    .map(port -> port.at(free(port, address)))
                    .toList();
            services.add(new DeckyService(service.slug(), ports, service.options()));
        }
        return new Decky(decky.name(), decky.persona(), address, services);
    }

    public static Decky onFreePorts(Decky decky) {
        return onFreePorts(decky, decky.address());
    }

    private static int free(ServicePort port, InetAddress address) {
        try {
            if (port.transport() == Transport.UDP) {
                try (DatagramSocket socket = new DatagramSocket(0, address)) {
                    return socket.getLocalPort();
                }
            }
            try (ServerSocket socket = new ServerSocket(0, 1, address)) {
                return socket.getLocalPort();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A service that a function of the opening makes. */
    record Made(String slug, boolean heavy, Function<DialogueFactory.Opening, Dialogue> maker) implements DecoyService {
        @Override
        public DialogueFactory on(DecoyContext context) {
            return new DialogueFactory() {
                @Override
                public Dialogue open(Opening opening) {
                    return maker.apply(opening);
                }

                @Override
                public boolean heavy() {
                    return heavy;
                }
            };
        }
    }

    /** An engine that keeps what it is given. */
    static final class Running implements AutoCloseable {
        final Queue<Event> events = new ConcurrentLinkedQueue<>();
        final Map<String, Payload> blobs = new ConcurrentHashMap<>();
        final Counters counters = new Counters();
        final Engine engine;

        Running(Map<String, String> settings, List<DecoyService> services) {
            engine = new Engine(
                    DecoysConfig.from(Config.of(settings)),
                    events::add,
                    content -> {
                        String name = Integer.toHexString(content.hashCode());
                        blobs.put(name, content);
                        return Optional.of(name);
                    },
                    InstantSource.system(),
                    counters,
                    services);
        }

        List<Event> events(String type) {
            return events.stream().filter(event -> event.type().equals(type)).toList();
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
