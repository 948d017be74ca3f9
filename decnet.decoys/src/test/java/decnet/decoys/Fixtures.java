package decnet.decoys;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Event;
import decnet.topology.Decky;
import decnet.topology.Fleet;
import decnet.topology.FleetFile;
import decnet.topology.FleetPlan;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import decnet.topology.Persona;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What tests of dialogues and engine share. */
public final class Fixtures {
    public static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private Fixtures() {}

    /** A decky from one fleet file section. */
    public static Decky decky(String section) {
        try {
            Path state = Files.createTempDirectory("decnet-decoys");
            FleetStore store = new FleetStore(state.resolve("fleet"));
            FleetPlan plan =
                    FleetPlan.make(FleetFile.parse("test", section), store, InstallationSecret.open(state), NOW);
            Fleet fleet = plan.apply(store).orElseThrow();
            return fleet.deckies().getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static DecoyContext context(Persona persona, Map<String, String> options) {
        return context(persona, options, InstantSource.fixed(NOW));
    }

    public static DecoyContext context(Persona persona, Map<String, String> options, InstantSource clock) {
        return new DecoyContext(
                persona,
                options,
                clock,
                new SplittableRandom(7),
                new Budget(1 << 20),
                new Disk(persona, clock),
                Neighbours.NONE,
                1 << 16);
    }

    /** An engine that keeps what it is given. */
    public static final class Recorder implements AutoCloseable {
        public final Queue<Event> events = new ConcurrentLinkedQueue<>();
        public final Map<String, Payload> blobs = new ConcurrentHashMap<>();
        public final Counters counters = new Counters();
        public final Engine engine;
        public volatile boolean full;

        public Recorder(Map<String, String> settings) {
            engine = new Engine(
                    DecoysConfig.from(Config.of(settings)),
                    event -> !full && events.add(event),
                    content -> {
                        String name = Integer.toHexString(content.hashCode());
                        blobs.put(name, content);
                        return Optional.of(name);
                    },
                    InstantSource.system(),
                    counters,
                    DecoyServices.all());
        }

        public List<Event> events(String type) {
            return events.stream().filter(event -> event.type().equals(type)).toList();
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
