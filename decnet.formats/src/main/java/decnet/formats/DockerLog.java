package decnet.formats;

import decnet.core.ByteSize;
import decnet.core.MalformedLineException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Docker's {@code json-file} log of one container: {@code {"log":"…\n","stream":"stdout","time":"…"}}. Docker cuts a line of more than
 * 16 KiB into several records of which only the last ends with a line end; they are joined here, for each stream on its own.
 *
 * <p>One instance per file, from its start or behind a place where {@link #pending} was false. Not thread-safe.
 */
public final class DockerLog {
    private enum Stream {
        STDOUT,
        STDERR
    }

    private final int maxLine;
    private final Map<Stream, ByteArrayOutputStream> parts = new EnumMap<>(Stream.class);

    /** @param maxLine longest joined line */
    public DockerLog(ByteSize maxLine) {
        this.maxLine = (int) Math.min(maxLine.bytes(), 8 << 20);
    }

    /**
     * Takes one record.
     *
     * @param record one line of the file, without its end
     * @return the line that ends with it; empty if it is to be continued, or blank
     * @throws MalformedLineException if it is not such a record, or the joined line is too long: then what was joined is forgotten
     */
    public Optional<EnvelopedLine> read(byte[] record) {
        if (JsonLine.isBlank(record)) {
            return Optional.empty();
        }
        // a byte may stand as six characters
        JsonLine json = JsonLine.parse(record, (int) Math.min(6L * maxLine + 1024, 8 << 20));
        String log = json.text("log").orElseThrow(() -> new MalformedLineException("no log: not a docker record", 0));
        Stream stream = json.text("stream")
                .map(text -> text.toLowerCase(Locale.ROOT).equals("stderr") ? Stream.STDERR : Stream.STDOUT)
                .orElse(Stream.STDOUT);
        boolean ends = log.endsWith("\n");
        byte[] bytes = (ends ? log.substring(0, log.length() - 1) : log).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream before = parts.get(stream);
        long length = bytes.length + (before == null ? 0L : before.size());
        if (length > maxLine) {
            parts.remove(stream);
            throw new MalformedLineException("joined line of " + length + " bytes, at most " + maxLine, maxLine);
        }
        if (!ends) {
            parts.computeIfAbsent(stream, any -> new ByteArrayOutputStream()).writeBytes(bytes);
            return Optional.empty();
        }
        if (before != null) {
            before.writeBytes(bytes);
            bytes = before.toByteArray();
            parts.remove(stream);
        }
        Optional<Instant> at = json.time("time");
        return JsonLine.isBlank(bytes)
                ? Optional.empty()
                : Optional.of(new EnvelopedLine(
                        bytes,
                        at,
                        Optional.empty(),
                        Map.of("stream", stream.name().toLowerCase(Locale.ROOT))));
    }

    /** Whether a line has begun and not ended: a place to go on from lies before its first record. */
    public boolean pending() {
        return !parts.isEmpty();
    }
}
