package decnet.decoys;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What carries the bytes of a {@link Connection}: a stream socket, the datagrams of one peer, or a line from another machine of the
 * fleet. Used on {@link #loop} only, but for {@link #writable}. It tells the connection what arrives, and once that it has ended.
 */
interface Carrier {
    EventLoop loop();

    /**
     * Takes bytes to be sent at the next {@link #flush}.
     *
     * @param done told on the loop: true when they are on their way, false if they will never be
     */
    void write(Payload bytes, Consumer<Boolean> done);

    void flush();

    /** Whether the peer takes what is sent. Thread-safe. */
    boolean writable();

    /** Lets more arrive. */
    void read();

    /** Speaks TLS from here on; {@link Connection#secured} or {@link Connection#tlsFailed} follows. */
    void startTls();

    /** Ends when what was written is sent. */
    void finish();

    /** Ends at once. */
    void close();

    /** After how long a silence it ends. */
    Duration idle();
}
