package decnet.workers.edge;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads octet-counted frames (RFC 5425 section 4.3, RFC 6587 section 3.4.1).
 *
 * <pre>
 * frame   = MSG-LEN SP SYSLOG-MSG
 * MSG-LEN = NONZERO-DIGIT *DIGIT                 ; at most {@value #MAX_FRAME}
 * line    = SYSLOG-MSG LF                        ; RFC 6587 section 3.4.2, where asked for; begins with "&lt;", so it is no frame
 * </pre>
 *
 * A length is checked before anything is allocated for it. A frame that has begun must end within a limit of time, however
 * slowly its bytes drip. One owner thread.
 */
final class FrameReader {
    /** Longest frame in bytes: an event's line of 65536 characters, each of up to four. */
    static final int MAX_FRAME = 4 * 65_536;

    private static final int MAX_DIGITS = 6;

    private final InputStream in;
    private final long frameNanos;
    private final byte[] buffer = new byte[16 * 1024];
    private int at;
    private int end;
    private long bytes;
    private long begun;
    private boolean inside;

    /** @param frameNanos longest time from the first byte of a frame to its last */
    FrameReader(InputStream in, long frameNanos) {
        this.in = in;
        this.frameNanos = frameNanos;
    }

    /** Bytes taken from the stream so far. */
    long bytes() {
        return bytes;
    }

    /** Whether a part of a next frame is here already; reading on then need not wait long. */
    boolean more() throws IOException {
        return at < end || in.available() > 0;
    }

    /**
     * The next frame's content, or the next line without its end if what comes begins like a message and not like a frame; empty at a
     * clean end. A line without an end at the end of the stream counts.
     *
     * @throws FrameException as {@link #read}, or if a line is longer than {@value #MAX_FRAME} bytes
     * @throws EOFException if the stream ends inside a frame
     */
    Optional<byte[]> readFrameOrLine() throws IOException {
        inside = false;
        if (at == end && !fill()) {
            return Optional.empty();
        }
        return buffer[at] == '<' ? Optional.of(line()) : read();
    }

    private byte[] line() throws IOException {
        begun = System.nanoTime();
        inside = true;
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        while (at < end || fill()) {
            int stop = at;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            if (line.size() + stop - at > MAX_FRAME) {
                throw new FrameException("a line of more than " + MAX_FRAME + " bytes");
            }
            line.write(buffer, at, stop - at);
            at = Math.min(end, stop + 1);
            if (stop < end) {
                break;
            }
        }
        return line.toByteArray();
    }

    /**
     * The next frame's content; empty at a clean end between two frames.
     *
     * @throws FrameException if the length is none, or too large, or the frame takes too long
     * @throws EOFException if the stream ends inside a frame
     */
    Optional<byte[]> read() throws IOException {
        inside = false; // waiting for a frame to begin is another's limit
        if (at == end && !fill()) {
            return Optional.empty();
        }
        begun = System.nanoTime();
        inside = true;
        int length = 0;
        int digits = 0;
        while (true) {
            int b = next();
            if (b == ' ' && digits > 0) {
                break;
            }
            if (b < '0' || b > '9' || (digits == 0 && b == '0')) {
                throw new FrameException("no frame: expected its length in digits and a blank, found byte " + b);
            }
            length = length * 10 + b - '0';
            digits++;
            if (digits > MAX_DIGITS || length > MAX_FRAME) {
                throw new FrameException("a frame of more than " + MAX_FRAME + " bytes announced");
            }
        }
        byte[] content = new byte[Math.min(length, 4096)]; // grows as bytes come: an announcement costs nothing
        int have = 0;
        while (have < length) {
            if (at == end && !fill()) {
                throw new EOFException("the connection ended inside a frame");
            }
            int take = Math.min(length - have, end - at);
            if (have + take > content.length) {
                content = Arrays.copyOf(content, Math.min(length, Math.max(have + take, content.length * 4)));
            }
            System.arraycopy(buffer, at, content, have, take);
            at += take;
            have += take;
        }
        return Optional.of(content);
    }

    private int next() throws IOException {
        if (at == end && !fill()) {
            throw new EOFException("the connection ended inside a frame");
        }
        return buffer[at++];
    }

    private boolean fill() throws IOException {
        if (inside && System.nanoTime() - begun > frameNanos) {
            throw new FrameException("a frame took longer than " + frameNanos / 1_000_000_000 + " s");
        }
        int count = in.read(buffer, 0, buffer.length);
        at = 0;
        end = Math.max(0, count);
        bytes += end;
        return count > 0;
    }
}
