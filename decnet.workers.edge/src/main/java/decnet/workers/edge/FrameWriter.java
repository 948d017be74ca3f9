package decnet.workers.edge;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes octet-counted frames (RFC 5425 section 4.3) through a buffer. One owner thread. */
final class FrameWriter {
    private final OutputStream out;
    private final byte[] buffer = new byte[16 * 1024]; // as much as a record of TLS holds
    private int used;
    private long bytes;

    FrameWriter(OutputStream out) {
        this.out = out;
    }

    /** Bytes handed on so far, with what waits in the buffer. */
    long bytes() {
        return bytes;
    }

    void write(byte[] content) throws IOException {
        put(Integer.toString(content.length).getBytes(StandardCharsets.US_ASCII));
        put(new byte[] {' '});
        put(content);
    }

    private void put(byte[] part) throws IOException {
        bytes += part.length;
        int from = 0;
        while (from < part.length) {
            int take = Math.min(part.length - from, buffer.length - used);
            System.arraycopy(part, from, buffer, used, take);
            from += take;
            used += take;
            if (used == buffer.length) {
                push();
            }
        }
    }

    private void push() throws IOException {
        int count = used;
        used = 0;
        out.write(buffer, 0, count);
    }

    void flush() throws IOException {
        if (used > 0) {
            push();
        }
        out.flush();
    }
}
