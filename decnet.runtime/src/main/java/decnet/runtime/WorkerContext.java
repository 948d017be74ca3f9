package decnet.runtime;

import decnet.bus.Bus;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Places;
import java.time.Duration;
import java.time.InstantSource;

/** What a worker gets from its process. Thread-safe. */
public interface WorkerContext {
    /** The worker's name. */
    String name();

    /** The process's name, for example {@code herd}: journals and process files are called after it. */
    String process();

    Config config();

    Places places();

    InstantSource clock();

    /** The process's one bus connection. */
    Bus bus();

    /** The process's counters. */
    Counters counters();

    /**
     * The process's one instance of {@code type}, opened on first use and closed when the process ends, after all workers.
     *
     * @throws Exception what {@code opener} throws; the next caller tries again
     */
    <T extends AutoCloseable> T shared(Class<T> type, Opener<T> opener) throws Exception;

    /** Whether the worker was asked to stop. */
    boolean stopping();

    /**
     * Waits until {@link #wake}, stop, or {@code atMost} has passed. A wake between two pauses is not lost; many count as one.
     *
     * @return false if the worker was asked to stop
     * @throws InterruptedException if the worker is being ended by force
     */
    boolean pause(Duration atMost) throws InterruptedException;

    /** Ends the present or else the next {@link #pause}. Cheap; may be called from any thread, such as a bus handler. */
    void wake();

    /** Says that the worker does its work. Until the first call it counts as starting. */
    void ready();

    /** Says that the worker lives but cannot do its work, for example as the database is away; {@link #ready} ends that. */
    void degraded(String reason);

    /** Opens what is shared. */
    @FunctionalInterface
    interface Opener<T> {
        T open() throws Exception;
    }
}
