package decnet.runtime;

import static java.lang.System.Logger.Level.WARNING;

import decnet.bus.Bus;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Places;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** What the workers of one process share; closed after all of them, last opened first. Thread-safe. */
final class ProcessResources implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ProcessResources.class.getName());

    private final String process;
    private final Config config;
    private final Places places;
    private final InstantSource clock;
    private final Bus bus;
    private final Counters counters;
    private final Map<Class<?>, AutoCloseable> shared = new HashMap<>();
    private final Deque<AutoCloseable> openings = new ArrayDeque<>();

    ProcessResources(String process, Config config, Places places, InstantSource clock, Bus bus, Counters counters) {
        this.process = process;
        this.config = config;
        this.places = places;
        this.clock = clock;
        this.bus = bus;
        this.counters = counters;
    }

    String process() {
        return process;
    }

    Config config() {
        return config;
    }

    Places places() {
        return places;
    }

    InstantSource clock() {
        return clock;
    }

    Bus bus() {
        return bus;
    }

    Counters counters() {
        return counters;
    }

    synchronized <T extends AutoCloseable> T shared(Class<T> type, WorkerContext.Opener<T> opener) throws Exception {
        AutoCloseable known = shared.get(type);
        if (known == null) {
            known = opener.open();
            shared.put(type, known);
            openings.push(known);
        }
        return type.cast(known);
    }

    @Override
    public synchronized void close() {
        while (!openings.isEmpty()) {
            AutoCloseable opened = openings.pop();
            try {
                opened.close();
            } catch (Exception e) {
                // one that cannot close must not keep the others open
                LOG.log(WARNING, () -> "cannot close " + opened.getClass().getSimpleName(), e);
            }
        }
        shared.clear();
        bus.close();
    }
}
