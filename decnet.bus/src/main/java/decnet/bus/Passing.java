package decnet.bus;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** A message on its way through the broker. Valid as long as the decoder's view of its frame. */
final class Passing {
    /** Where an answer is awaited; empty text if none is. */
    final String reply;

    private final FrameDecoder frame;
    private final boolean withHeaders;
    private final byte[] tail;
    private final int tailFrom;
    private final int tailTo;
    private byte @Nullable [] plain;
    private @Nullable ByteBuf shared;

    Passing(FrameDecoder frame, String reply) {
        this.frame = frame;
        this.reply = reply;
        this.withHeaders = frame.verb() == FrameDecoder.Verb.HPUB;
        if (frame.canonical()) {
            // behind the subject a PUB looks as the MSG does
            this.tail = frame.bytes();
            this.tailFrom = frame.argFrom(1);
            this.tailTo = frame.frameTo();
        } else {
            this.tail = rebuilt(withHeaders);
            this.tailFrom = 0;
            this.tailTo = tail.length;
        }
    }

    private byte[] rebuilt(boolean keepHeaders) {
        int from = keepHeaders ? frame.blockFrom() : frame.blockFrom() + frame.headerLength();
        int size = frame.blockTo() - from;
        String line =
                (reply.isEmpty() ? "" : reply + " ") + (keepHeaders ? frame.headerLength() + " " : "") + size + "\r\n";
        byte[] rebuilt = new byte[line.length() + size + 2];
        System.arraycopy(WireAscii.bytes(line), 0, rebuilt, 0, line.length());
        System.arraycopy(frame.bytes(), from, rebuilt, line.length(), size);
        rebuilt[rebuilt.length - 2] = '\r';
        rebuilt[rebuilt.length - 1] = '\n';
        return rebuilt;
    }

    /** @param prefix of an HMSG; false if the receiver is too far behind */
    boolean appendTo(Outbox outbox, byte[] prefix, boolean headersWanted, ByteBufAllocator allocator) {
        if (withHeaders && !headersWanted) {
            byte[] stripped = plain;
            if (stripped == null) {
                stripped = rebuilt(false);
                plain = stripped;
            }
            return outbox.append(prefix, 1, stripped, 0, stripped.length);
        }
        int prefixFrom = withHeaders ? 0 : 1;
        int length = tailTo - tailFrom;
        if (length < Outbox.SHARED_FROM) {
            return outbox.append(prefix, prefixFrom, tail, tailFrom, tailTo);
        }
        ByteBuf block = shared;
        if (block == null) {
            block = allocator.directBuffer(length).writeBytes(tail, tailFrom, length);
            shared = block;
        }
        return outbox.append(prefix, prefixFrom, tail, tailFrom, tailFrom) && outbox.appendShared(block);
    }

    void release() {
        ByteBuf block = shared;
        if (block != null) {
            shared = null;
            block.release();
        }
    }
}
