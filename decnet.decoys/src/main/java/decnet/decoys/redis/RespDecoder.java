package decnet.decoys.redis;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Decodes what a Redis client sends (RESP, redis.io/docs/reference/protocol-spec).
 *
 * <pre>
 * request   = multibulk / inline
 * multibulk = "*" count CRLF count( "$" length CRLF length(OCTET) CRLF )
 * inline    = words [CR] LF                    ; words may be quoted: "a\n\x41" 'b'
 * </pre>
 *
 * Input may be cut anywhere. Of a longer request only the first {@value #MAX_ARGUMENTS} arguments and {@value #MAX_KEPT} bytes are
 * kept, the rest is passed over. One instance per connection; not thread-safe; no I/O.
 */
final class RespDecoder {
    static final int MAX_ARGUMENTS = 1024;
    static final int MAX_KEPT = 1 << 20;
    private static final int MAX_INLINE = 64 << 10;
    private static final long MAX_BULK = 512L << 20;

    private enum State {
        LINE,
        BULK_HEAD,
        BULK,
        BULK_END
    }

    /** A request, and whether it came as an inline command. */
    record Request(List<byte[]> arguments, boolean inline) {
        String argument(int index) {
            return new String(arguments.get(index), StandardCharsets.ISO_8859_1);
        }

        int count() {
            return arguments.size();
        }
    }

    private final BooleanSupplier authenticated;
    private final long maxCount;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream bulk = new ByteArrayOutputStream();
    private List<byte[]> arguments = new ArrayList<>();
    private State state = State.LINE;
    private boolean endless;
    private long argumentsLeft;
    private long bulkLeft;
    private int endLeft;
    private int kept;

    /**
     * @param authenticated whether the client may send long requests by now
     * @param maxCount most words of a request, kept or not
     */
    RespDecoder(BooleanSupplier authenticated, long maxCount) {
        this.authenticated = authenticated;
        this.maxCount = maxCount;
    }

    /**
     * Takes bytes up to the end of one request.
     *
     * @return empty if the request is not complete yet
     * @throws RespException with the text the server answers before it closes
     */
    Optional<Request> decode(ByteBuffer in) {
        while (in.hasRemaining()) {
            switch (state) {
                case LINE -> {
                    if (readLine(in)) {
                        String text = takeLine();
                        if (text.startsWith("*")) {
                            startMultibulk(text);
                        } else {
                            List<byte[]> words = InlineWords.split(text);
                            if (!words.isEmpty()) {
                                return Optional.of(new Request(words, true));
                            }
                        }
                    }
                }
                case BULK_HEAD -> {
                    if (readLine(in)) {
                        startBulk(takeLine());
                    }
                }
                case BULK -> readBulk(in);
                case BULK_END -> {
                    in.get();
                    if (--endLeft == 0 && bulkDone()) {
                        List<byte[]> complete = arguments;
                        arguments = new ArrayList<>();
                        kept = 0;
                        state = State.LINE;
                        return Optional.of(new Request(complete, false));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private boolean readLine(ByteBuffer in) {
        while (in.hasRemaining()) {
            byte b = in.get();
            // the server looks for the end with functions that stop at a NUL: such a line has none
            if (b == '\n' && !endless) {
                return true;
            }
            if (line.size() >= MAX_INLINE) {
                boolean multibulk = line.toByteArray()[0] == '*';
                throw new RespException(
                        state == State.BULK_HEAD
                                ? "too big bulk count string"
                                : multibulk ? "too big mbulk count string" : "too big inline request");
            }
            endless |= b == 0;
            line.write(b);
        }
        return false;
    }

    private String takeLine() {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private void startMultibulk(String text) {
        long count = number(text.substring(1));
        if (count > maxCount || count == Long.MIN_VALUE) {
            throw new RespException("invalid multibulk length");
        }
        if (count > 10 && !authenticated.getAsBoolean()) {
            throw new RespException("unauthenticated multibulk length");
        }
        if (count > 0) {
            argumentsLeft = count;
            state = State.BULK_HEAD;
        }
    }

    private void startBulk(String text) {
        if (!text.startsWith("$")) {
            throw new RespException("expected '$', got '" + (text.isEmpty() ? " " : text.charAt(0)) + "'");
        }
        bulkLeft = number(text.substring(1));
        if (bulkLeft < 0 || bulkLeft > MAX_BULK) {
            throw new RespException("invalid bulk length");
        }
        if (bulkLeft > 16_384 && !authenticated.getAsBoolean()) {
            throw new RespException("unauthenticated bulk length");
        }
        bulk.reset();
        endLeft = 2;
        state = bulkLeft == 0 ? State.BULK_END : State.BULK;
    }

    private void readBulk(ByteBuffer in) {
        int take = (int) Math.min(bulkLeft, in.remaining());
        int keep = arguments.size() < MAX_ARGUMENTS ? Math.min(take, MAX_KEPT - kept) : 0;
        byte[] chunk = new byte[keep];
        in.get(chunk);
        in.position(in.position() + take - keep);
        bulk.writeBytes(chunk);
        kept += keep;
        bulkLeft -= take;
        if (bulkLeft == 0) {
            state = State.BULK_END;
        }
    }

    /** @return whether the request is complete */
    private boolean bulkDone() {
        if (arguments.size() < MAX_ARGUMENTS) {
            arguments.add(bulk.toByteArray());
        }
        bulk.reset();
        state = State.BULK_HEAD;
        return --argumentsLeft == 0;
    }

    /** @return {@link Long#MIN_VALUE} if it is none */
    private static long number(String text) {
        return Numbers.integer(text).orElse(Long.MIN_VALUE);
    }
}
