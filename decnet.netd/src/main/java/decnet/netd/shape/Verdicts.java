package decnet.netd.shape;

import decnet.linux.SystemCallException;
import java.nio.ByteBuffer;

/** What a {@link QueueHandler} can do with the packets of its queue, at once or later. Only for the thread that calls the handler. */
public interface Verdicts {
    /** Lets a packet go on as it is. */
    void accept(int id) throws SystemCallException;

    /** Lets a packet go on with other bytes, from position to limit. */
    void accept(int id, ByteBuffer payload) throws SystemCallException;

    /** Ends a packet. */
    void drop(int id) throws SystemCallException;

    /**
     * Asks for {@link QueueHandler#timeReached} at {@code nanos} of the engine's clock, or a little later. A handler has one such wish
     * open; a new one replaces it.
     */
    void wakeAt(long nanos);
}
