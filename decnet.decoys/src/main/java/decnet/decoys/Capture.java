package decnet.decoys;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Collects an upload or a recording within a limit of its own and the process's budget. Not thread-safe. */
public final class Capture {
    private final Budget budget;
    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long offered;
    private boolean full;

    public Capture(Budget budget, int limit) {
        this.budget = budget;
        this.limit = limit;
    }

    /** Keeps what fits and counts the rest. */
    public void append(ByteBuffer chunk) {
        int length = chunk.remaining();
        offered += length;
        int keep = Math.min(length, limit - bytes.size());
        if (full || keep <= 0 || !budget.take(keep)) {
            full |= length > 0;
            return;
        }
        byte[] copy = new byte[keep];
        chunk.slice().get(copy);
        bytes.writeBytes(copy);
        full = keep < length;
    }

    public void append(byte[] chunk) {
        append(ByteBuffer.wrap(chunk));
    }

    /** Bytes offered, kept or not. */
    public long offered() {
        return offered;
    }

    public int size() {
        return bytes.size();
    }

    /** Whether something was not kept. */
    public boolean cut() {
        return full;
    }

    /** What was kept; the capture is empty afterwards and its budget given back. */
    public Payload finish() {
        Payload payload = Payload.of(bytes.toByteArray());
        budget.give(bytes.size());
        bytes.reset();
        return payload;
    }
}
