package decnet.decoys.http;

import decnet.decoys.Budget;
import decnet.decoys.Capture;
import decnet.decoys.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decodes requests (RFC 9112).
 *
 * <pre>
 * request = line *( name ":" value CRLF ) CRLF [ body ]
 * line    = method SP target SP "HTTP/1." DIGIT CRLF                     ; at most 8190 bytes
 * body    = length(OCTET) / *( size-in-hex [ ";" … ] CRLF OCTETs CRLF ) "0" CRLF *( trailer CRLF ) CRLF
 * </pre>
 *
 * Input may be cut anywhere. Of a body only what fits the limit is kept. One instance per connection; not thread-safe; no I/O.
 */
final class HttpRequestDecoder {
    private static final int MAX_LINE = 8190;
    private static final int MAX_HEADERS = 100;
    private static final int MAX_HEAD = 32 << 10;
    private static final long MAX_BODY = 1L << 40;

    private enum State {
        REQUEST_LINE,
        HEADERS,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS
    }

    private final Budget budget;
    private final int maxBody;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private State state = State.REQUEST_LINE;
    private String[] requestLine = {};
    private List<HttpRequest.Header> headers = new ArrayList<>();
    private int headBytes;
    private long left;
    private Capture body;
    private boolean wantsContinue;

    HttpRequestDecoder(Budget budget, int maxBody) {
        this.budget = budget;
        this.maxBody = maxBody;
        this.body = new Capture(budget, maxBody);
    }

    /** Whether the client waits for {@code 100 Continue}; true once per request. */
    boolean takeContinue() {
        boolean was = wantsContinue;
        wantsContinue = false;
        return was;
    }

    /** @throws HttpSyntaxException with the status the server answers before it closes */
    Optional<HttpRequest> decode(ByteBuffer in) {
        while (in.hasRemaining()) {
            switch (state) {
                case BODY, CHUNK -> {
                    int take = (int) Math.min(left, in.remaining());
                    body.append(in.slice(in.position(), take));
                    in.position(in.position() + take);
                    left -= take;
                    if (left == 0) {
                        if (state == State.BODY) {
                            return Optional.of(complete());
                        }
                        state = State.CHUNK_END;
                    }
                }
                case REQUEST_LINE, HEADERS, CHUNK_SIZE, CHUNK_END, TRAILERS -> {
                    if (readLine(in)) {
                        Optional<HttpRequest> request = line(takeLine());
                        if (request.isPresent()) {
                            return request;
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Gives back what a request in progress holds. */
    void close() {
        body.finish();
    }

    private boolean readLine(ByteBuffer in) {
        while (in.hasRemaining()) {
            byte b = in.get();
            if (b == '\n') {
                return true;
            }
            if (line.size() >= MAX_LINE) {
                throw new HttpSyntaxException(state == State.REQUEST_LINE ? 414 : 400, "line too long");
            }
            line.write(b);
        }
        return false;
    }

    private String takeLine() {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private Optional<HttpRequest> line(String text) {
        switch (state) {
            case REQUEST_LINE -> {
                if (!text.isEmpty()) { // blank lines before a request are passed over
                    startRequest(text);
                }
            }
            case HEADERS -> {
                if (text.isEmpty()) {
                    return endOfHead();
                }
                addHeader(text);
            }
            case CHUNK_SIZE -> startChunk(text);
            case CHUNK_END -> {
                if (!text.isEmpty()) {
                    throw new HttpSyntaxException(400, "chunk without end");
                }
                state = State.CHUNK_SIZE;
            }
            case TRAILERS -> {
                if (text.isEmpty()) {
                    return Optional.of(complete());
                }
                countHead(text);
            }
            case BODY, CHUNK -> throw new IllegalStateException("no line in " + state);
        }
        return Optional.empty();
    }

    private void startRequest(String text) {
        String[] parts = text.split(" ");
        if (parts.length != 3 || !parts[0].matches("[A-Z_-]{1,32}") || parts[1].isEmpty()) {
            throw new HttpSyntaxException(400, "request line");
        }
        if (!parts[2].matches("HTTP/\\d\\.\\d")) {
            throw new HttpSyntaxException(400, "version");
        }
        if (!parts[2].startsWith("HTTP/1")) {
            throw new HttpSyntaxException(505, "version");
        }
        requestLine = parts;
        headers = new ArrayList<>();
        headBytes = 0;
        state = State.HEADERS;
    }

    private void countHead(String text) {
        headBytes += text.length();
        if (headBytes > MAX_HEAD) {
            throw new HttpSyntaxException(400, "head too large");
        }
    }

    private void addHeader(String text) {
        countHead(text);
        int colon = text.indexOf(':');
        if (colon <= 0
                || !text.substring(0, colon).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
                || headers.size() >= MAX_HEADERS) {
            throw new HttpSyntaxException(400, "header");
        }
        headers.add(new HttpRequest.Header(
                text.substring(0, colon), text.substring(colon + 1).strip()));
    }

    private Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(HttpRequest.Header::value)
                .findFirst();
    }

    private Optional<HttpRequest> endOfHead() {
        if (requestLine[2].equals("HTTP/1.1") && header("Host").isEmpty()) {
            throw new HttpSyntaxException(400, "no Host");
        }
        wantsContinue = header("Expect").orElse("").equalsIgnoreCase("100-continue");
        if (header("Transfer-Encoding").orElse("").equalsIgnoreCase("chunked")) {
            state = State.CHUNK_SIZE;
            return Optional.empty();
        }
        String length = header("Content-Length").orElse("0");
        if (!length.matches("\\d{1,15}") || Long.parseLong(length) > MAX_BODY) {
            throw new HttpSyntaxException(400, "length");
        }
        left = Long.parseLong(length);
        if (left == 0) {
            return Optional.of(complete());
        }
        state = State.BODY;
        return Optional.empty();
    }

    private void startChunk(String text) {
        int end = text.indexOf(';');
        String size = (end < 0 ? text : text.substring(0, end)).strip();
        if (!size.matches("[0-9a-fA-F]{1,10}")) {
            throw new HttpSyntaxException(400, "chunk size");
        }
        left = Long.parseLong(size, 16);
        state = left == 0 ? State.TRAILERS : State.CHUNK;
    }

    private HttpRequest complete() {
        long length = body.offered();
        Payload kept = body.finish();
        body = new Capture(budget, maxBody);
        state = State.REQUEST_LINE;
        return new HttpRequest(requestLine[0], requestLine[1], requestLine[2], headers, kept, length);
    }
}
