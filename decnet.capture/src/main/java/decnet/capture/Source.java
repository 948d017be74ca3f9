package decnet.capture;

import decnet.core.Event;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where events come from, on one channel. All methods are called by the thread of {@code collect}.
 *
 * <p>A source that can go back tells its {@link #position}. It is written behind the events of each {@link #read}; after a crash the
 * source is opened there, gives the rest again, and what was recorded already is known by its id. So such events carry ids of their
 * own, the same each time, and a position that makes up ids is told, and durable, before the first event that has one of them.
 */
interface Source extends AutoCloseable {
    /** Of its checkpoints: 1 to 64 of {@code a-z 0-9 . -}. */
    String name();

    /**
     * What is new, in order.
     *
     * @param most most events, but for the last line, which may tell several
     * @param now when they come in
     */
    List<Event> read(int most, Instant now);

    /** Where the next {@link #read} goes on; empty for a source that cannot go back. */
    Optional<String> position();

    /** Everything that was read is durable. */
    default void durable() {}

    /** Why it gives nothing although it should, for a person; empty if all is well. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    void close();
}
