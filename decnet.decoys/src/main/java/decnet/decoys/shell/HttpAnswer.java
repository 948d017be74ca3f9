package decnet.decoys.shell;

import java.time.Duration;
import java.util.Locale;

/**
 * Reads one HTTP answer (RFC 9112) as it arrives. Text is Latin-1 of bytes. Bounded: heads of 64 KiB, bodies of 1 MiB. Not thread-safe.
 */
final class HttpAnswer {
    private static final int MAX_HEAD = 64 << 10;
    private static final int MAX_BODY = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How far it got. */
    enum End {
        WHOLE,
        /** The other side closed without a word. */
        EMPTY,
        /** It closed in the middle. */
        CUT,
        TIMED_OUT,
        /** No HTTP, or too much. */
        NONSENSE
    }

    private final StringBuilder head = new StringBuilder();
    private final StringBuilder body = new StringBuilder();
    private final boolean bodyless;
    private boolean headDone;
    private long length = -1;
    private boolean chunked;

    /** @param bodyless whether it is the answer to a HEAD */
    HttpAnswer(boolean bodyless) {
        this.bodyless = bodyless;
    }

    End read(Foreground front, Duration most) {
        Duration patience = most.compareTo(PATIENCE) < 0 ? most : PATIENCE;
        while (!complete()) {
            switch (front.next(patience)) {
                case Signal.Data data -> {
                    if (!take(data.text())) {
                        return End.NONSENSE;
                    }
                }
                case Signal.LineEnded over -> {
                    return !headDone
                            ? head.isEmpty() ? End.EMPTY : End.NONSENSE
                            : length < 0 && !chunked ? End.WHOLE : End.CUT;
                }
                case Signal.Timeout over -> {
                    return End.TIMED_OUT;
                }
                case Signal.Typed typed -> {}
                case Signal.InputEnded over -> {}
            }
        }
        return End.WHOLE;
    }

    private boolean take(String text) {
        if (headDone) {
            body.append(text);
            return body.length() <= MAX_BODY;
        }
        head.append(text);
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return head.length() <= MAX_HEAD && "HTTP/".startsWith(head.substring(0, Math.min(5, head.length())));
        }
        headDone = true;
        body.append(head, end + 4, head.length());
        head.setLength(end + 4);
        if (!head.toString().matches("(?s)HTTP/\\d\\.\\d \\d{3}.*")) {
            return false;
        }
        String value = header("content-length");
        length = value.matches("\\d{1,9}") ? Long.parseLong(value) : -1;
        chunked = header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked");
        return body.length() <= MAX_BODY;
    }

    private boolean complete() {
        if (!headDone) {
            return false;
        }
        if (bodyless || status() == 304 || status() == 204) {
            return true;
        }
        return chunked ? unchunked(new StringBuilder()) : length >= 0 && body.length() >= length;
    }

    /** @return whether the last chunk is there */
    private boolean unchunked(StringBuilder to) {
        int at = 0;
        while (true) {
            int end = body.indexOf("\r\n", at);
            if (end < 0) {
                return false;
            }
            String size = body.substring(at, end).replaceFirst(";.*", "").strip();
            int bytes = size.matches("[0-9a-fA-F]{1,6}") ? Integer.parseInt(size, 16) : 0;
            if (bytes == 0) {
                return true;
            }
            if (body.length() < end + 2 + bytes + 2) {
                return false;
            }
            to.append(body, end + 2, end + 2 + bytes);
            at = end + 2 + bytes + 2;
        }
    }

    /** With the empty line at its end. */
    String head() {
        return head.toString();
    }

    /** Without the marks of chunks. */
    String body() {
        if (bodyless) {
            return "";
        }
        if (!chunked) {
            return length >= 0 && length < body.length() ? body.substring(0, (int) length) : body.toString();
        }
        StringBuilder plain = new StringBuilder();
        unchunked(plain);
        return plain.toString();
    }

    int status() {
        return head.length() >= 12 ? Integer.parseInt(head.substring(9, 12)) : 0;
    }

    /** For example {@code 404 Not Found}. */
    String statusLine() {
        String first = head.substring(0, Math.max(0, head.indexOf("\r\n")));
        return first.length() > 9 ? first.substring(9) : "";
    }

    /** Empty text if there is none. @param name in lower case */
    String header(String name) {
        return head.toString()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
