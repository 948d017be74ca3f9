package decnet.decoys;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The engine's side of one connection, for dialogues whose answers come later than the call that caused them. Thread-safe; after
 * the connection has ended its methods do nothing.
 *
 * <p>Tasks and callbacks run where the dialogue's own calls run, one at a time and never beside one of those.
 */
public interface Outlet {
    /**
     * Sends. More than {@code decoys.max-output} waiting ends the connection.
     *
     * @param done told true when the bytes are with the operating system, false if the connection ended before
     */
    void send(Payload bytes, Consumer<Boolean> done);

    default void send(Payload bytes) {
        send(bytes, sent -> {});
    }

    /** Whether the peer takes what is sent: if not, a producer waits for the {@code done} of what it sent last. */
    boolean writable();

    void saw(Seen seen);

    /** Ends the connection when everything is sent. */
    void close();

    void execute(Runnable task);

    void schedule(Duration after, Runnable task);

    /**
     * Connects to another machine of the fleet, within this process: no packet leaves. At most eight at a time for each connection.
     *
     * @param port as on a real network
     * @param visitor told what comes back, where the dialogue's own calls run
     */
    Reach connect(InetAddress address, int port, Line.Visitor visitor);
}
