package decnet.netd.shape;

import decnet.linux.QueuedPacket;
import decnet.linux.SystemCallException;
import java.io.IOException;

/**
 * Decides about the packets of one queue of one machine. Called by the engine's only thread, so it neither blocks nor needs locks. If it
 * throws, the packet goes on as it is.
 */
public interface QueueHandler extends AutoCloseable {
    /**
     * Takes a packet, which waits in the kernel until {@code verdicts} hears its id.
     *
     * @param packet valid during this call only
     * @param nanos the engine's clock
     */
    void handle(QueuedPacket packet, long nanos, Verdicts verdicts) throws SystemCallException;

    /** The time that {@link Verdicts#wakeAt} was told has come. */
    default void timeReached(long nanos, Verdicts verdicts) throws SystemCallException {}

    /** The queue is no longer served; packets that wait are dropped by the kernel. */
    @Override
    default void close() throws IOException {}
}
