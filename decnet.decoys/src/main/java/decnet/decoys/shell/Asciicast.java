package decnet.decoys.shell;

import decnet.core.Json;
import decnet.decoys.Budget;
import decnet.decoys.Capture;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * A recording of a terminal in asciicast v2 (docs.asciinema.org): a header line, then one JSON array per event. Bounded: what comes
 * after the limit is left out. Not thread-safe.
 */
public final class Asciicast {
    private final Capture capture;
    private final Instant start;
    private final int columns;
    private final int rows;

    public Asciicast(Budget budget, int limit, Instant start, int columns, int rows, String shell) {
        this.capture = new Capture(budget, limit);
        this.start = start;
        this.columns = columns;
        this.rows = rows;
        var header = Json.object()
                .put("version", 2)
                .put("width", columns)
                .put("height", rows)
                .put("timestamp", start.getEpochSecond());
        header.putObject("env").put("SHELL", shell).put("TERM", "xterm-256color");
        line(Json.text(header));
    }

    /** What the terminal was sent. */
    public void output(Instant at, byte[] bytes) {
        event(at, "o", new String(bytes, StandardCharsets.UTF_8));
    }

    /** What was typed. */
    public void input(Instant at, byte[] bytes) {
        event(at, "i", new String(bytes, StandardCharsets.UTF_8));
    }

    public void resize(Instant at, int newColumns, int newRows) {
        event(at, "r", newColumns + "x" + newRows);
    }

    private void event(Instant at, String kind, String text) {
        if (text.isEmpty()) {
            return;
        }
        double seconds = Math.max(0, Duration.between(start, at).toNanos() / 1e9);
        line("[" + String.format(Locale.ROOT, "%.6f", seconds) + ", \"" + kind + "\", "
                + Json.text(com.fasterxml.jackson.databind.node.TextNode.valueOf(text)) + "]");
    }

    /** Whole lines only, so that a cut recording still plays. */
    private void line(String text) {
        if (!capture.cut()) {
            capture.append((text + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    public int columns() {
        return columns;
    }

    public int rows() {
        return rows;
    }

    /** The recording so far; it starts empty again. A line that did not fit is left out. */
    public Payload finish() {
        boolean cut = capture.cut();
        byte[] bytes = capture.finish().bytes();
        int end = bytes.length;
        while (cut && end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return Payload.of(java.util.Arrays.copyOf(bytes, end));
    }

    /** Ends the recording. @return the event that tells it */
    Seen told(Duration duration) {
        return Seen.of(
                        "session_recorded",
                        "format",
                        "asciicast-v2",
                        "duration_ms",
                        Long.toString(duration.toMillis()),
                        "cols",
                        Integer.toString(columns()),
                        "rows",
                        Integer.toString(rows()))
                .with(finish());
    }
}
