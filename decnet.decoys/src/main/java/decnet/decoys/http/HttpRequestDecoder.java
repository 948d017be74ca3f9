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
 * line    = method SP target [ SP "HTTP/" DIGIT "." DIGIT ] CRLF          ; Strictness says what else passes
 * body    = length(OCTET) / *( size-in-hex [ ";" … ] CRLF OCTETs CRLF ) "0" CRLF *( trailer CRLF ) CRLF
 * </pre>
 *
 * Input may be cut anywhere. Of a body only what fits the limit is kept. One instance per connection; not thread-safe; no I/O.
 */
final class HttpRequestDecoder {
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

    private final Strictness strictness;
    private final Budget budget;
    private final int maxBody;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private State state = State.REQUEST_LINE;
    private List<String> requestLine = List.of();
    private List<HttpRequest.Header> headers = new ArrayList<>();
    private int headBytes;
    private long left;
    private Capture body;
    private boolean wantsContinue;

    HttpRequestDecoder(Strictness strictness, Budget budget, int maxBody) {
        this.strictness = strictness;
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

    /** The version that the request in progress has told; empty before its line is understood. */
    String version() {
        return requestLine.isEmpty() ? "" : requestLine.get(2);
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
            if (state == State.REQUEST_LINE && line.size() == 0 && !strictness.mayBegin(b)) {
                throw Strictness.bad();
            }
            if (line.size() >= strictness.maxLine()) {
                throw strictness.tooLong(state == State.REQUEST_LINE);
            }
            line.write(b);
        }
        return false;
    }

    private String takeLine() {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        if (text.endsWith("\r")) {
            return text.substring(0, text.length() - 1);
        }
        if (!strictness.bareLineFeed()) {
            throw Strictness.bad();
        }
        return text;
    }

    private Optional<HttpRequest> line(String text) {
        switch (state) {
            case REQUEST_LINE -> {
                if (!text.isEmpty()) { // blank lines before a request are passed over
                    return startRequest(text);
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
                    throw new HttpSyntaxException(400, Strictness.CHUNK);
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

    private Optional<HttpRequest> startRequest(String text) {
        requestLine = List.of();
        requestLine = strictness.requestLine(text);
        headers = new ArrayList<>();
        headBytes = 0;
        if (requestLine.get(2).equals("HTTP/0.9")) {
            return Optional.of(complete());
        }
        state = State.HEADERS;
        return Optional.empty();
    }

    private void countHead(String text) {
        headBytes += text.length();
        if (headBytes > strictness.maxHead()) {
            throw strictness.tooLong(false);
        }
    }

    private void addHeader(String text) {
        countHead(text);
        if (text.startsWith(" ") || text.startsWith("\t")) {
            if (!strictness.folds() || headers.isEmpty()) {
                throw Strictness.bad();
            }
            HttpRequest.Header last = headers.removeLast();
            headers.add(new HttpRequest.Header(last.name(), last.value() + " " + text.strip()));
            return;
        }
        if (headers.size() >= strictness.maxHeaders()) {
            throw strictness.tooMany();
        }
        if (strictness.takes(text)) {
            int colon = text.indexOf(':');
            headers.add(new HttpRequest.Header(
                    text.substring(0, colon), text.substring(colon + 1).strip()));
        }
    }

    private List<String> headers(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(HttpRequest.Header::value)
                .toList();
    }

    private Optional<HttpRequest> endOfHead() {
        strictness.host(headers("Host"), requestLine.get(2));
        strictness.path(requestLine.get(1));
        String expect = headers("Expect").stream().findFirst().orElse("");
        if (strictness == Strictness.APACHE && !expect.isEmpty() && !expect.equalsIgnoreCase("100-continue")) {
            throw new HttpSyntaxException(417, expect);
        }
        wantsContinue = expect.equalsIgnoreCase("100-continue") && strictness != Strictness.NGINX;
        strictness.body(headers("Transfer-Encoding"), headers("Content-Length"));
        if (!headers("Transfer-Encoding").isEmpty()) {
            state = State.CHUNK_SIZE;
            return Optional.empty();
        }
        left = headers("Content-Length").stream()
                .findFirst()
                .map(Long::parseLong)
                .orElse(0L);
        if (left > MAX_BODY) {
            throw Strictness.bad();
        }
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
            throw new HttpSyntaxException(400, Strictness.CHUNK);
        }
        left = Long.parseLong(size, 16);
        state = left == 0 ? State.TRAILERS : State.CHUNK;
    }

    private HttpRequest complete() {
        long length = body.offered();
        Payload kept = body.finish();
        body = new Capture(budget, maxBody);
        state = State.REQUEST_LINE;
        return new HttpRequest(requestLine.get(0), requestLine.get(1), requestLine.get(2), headers, kept, length);
    }
}
