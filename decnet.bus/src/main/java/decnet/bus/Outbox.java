package decnet.bus;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to one client: appended piece by piece, handed to the channel in large pieces, sent at {@link #flush}.
 * Bounded in bytes; the caller cuts off who is over the bound. Confined to the event loop.
 */
final class Outbox {
    /** A block of at least this size is shared by its receivers, a smaller one copied to each. */
    static final int SHARED_FROM = 16 * 1024;

    private static final int LEAST = 1024;
    private static final int MOST = 64 * 1024;

    private final Channel channel;
    private final int maxPending;
    private @Nullable ByteBuf open;
    private int nextCapacity = LEAST;
    private int sinceFlush;
    private long issued;
    private long completedBefore;

    Outbox(Channel channel, int maxPending) {
        this.channel = channel;
        this.maxPending = maxPending;
    }

    /** Appends {@code a[aFrom..]} and {@code b[bFrom, bTo)}; false if that were too much, and nothing is appended. */
    boolean append(byte[] a, int aFrom, byte[] b, int bFrom, int bTo) {
        int aLength = a.length - aFrom;
        int bLength = bTo - bFrom;
        ByteBuf buffer = room(aLength + bLength);
        if (buffer == null) {
            return false;
        }
        buffer.writeBytes(a, aFrom, aLength);
        buffer.writeBytes(b, bFrom, bLength);
        return true;
    }

    /** Appends bytes that others get as well, without copying them; takes no reference over. */
    @SuppressWarnings("FutureReturnValueIgnored") // errors come to exceptionCaught
    boolean appendShared(ByteBuf shared) {
        int length = shared.readableBytes();
        if (pending() + length > maxPending) {
            return false;
        }
        handOver();
        issued++;
        sinceFlush += length;
        channel.write(shared.retainedDuplicate(), channel.voidPromise());
        return true;
    }

    private @Nullable ByteBuf room(int length) {
        ByteBuf buffer = open;
        if (buffer != null && buffer.writableBytes() >= length) {
            return buffer;
        }
        if (pending() + length > maxPending) {
            return null;
        }
        handOver();
        nextCapacity = Math.min(MOST, Math.max(nextCapacity * (buffer == null ? 1 : 2), LEAST));
        ByteBuf fresh = channel.alloc().directBuffer(Math.max(nextCapacity, length));
        open = fresh;
        return fresh;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // errors come to exceptionCaught
    private void handOver() {
        ByteBuf buffer = open;
        if (buffer != null) {
            open = null;
            issued++;
            sinceFlush += buffer.readableBytes();
            channel.write(buffer, channel.voidPromise());
        }
    }

    /** Bytes that were accepted and not yet taken by the peer's socket. */
    long pending() {
        ByteBuf buffer = open;
        ChannelOutboundBuffer handed = channel.unsafe().outboundBuffer();
        return (buffer == null ? 0 : buffer.readableBytes()) + (handed == null ? 0 : handed.totalPendingWriteBytes());
    }

    /** Sends what the peer's socket takes now; the event loop sends the rest when it can. */
    void flush() {
        handOver();
        channel.flush();
        // the next buffer is as large as what was needed this time
        nextCapacity = Math.min(MOST, Math.max(LEAST, Integer.highestOneBit(Math.max(1, sinceFlush)) * 2));
        sinceFlush = 0;
    }

    /** Whether something waits and nothing of it went out since the last call. */
    boolean stalled() {
        ChannelOutboundBuffer handed = channel.unsafe().outboundBuffer();
        int waiting = handed == null ? 0 : handed.size();
        long completed = issued - waiting;
        boolean stalled = waiting > 0 && completed == completedBefore;
        completedBefore = completed;
        return stalled;
    }

    /** Frees what was not handed to the channel. */
    void discard() {
        ByteBuf buffer = open;
        if (buffer != null) {
            open = null;
            buffer.release();
        }
    }
}
