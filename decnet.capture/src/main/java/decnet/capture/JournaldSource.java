package decnet.capture;

import decnet.core.ByteSize;
import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.MalformedLineException;
import decnet.formats.EnvelopedLine;
import decnet.formats.JournaldEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one unit in systemd's journal, through {@code journalctl -o json -f}. The journal's own cursor is the position; an
 * event's id is made from it.
 */
final class JournaldSource implements Source {
    private static final Duration LEAST_BACK_OFF = Duration.ofSeconds(1);
    private static final Duration MOST_BACK_OFF = Duration.ofMinutes(1);
    /** A client that lives so long is well, though its unit says nothing. */
    private static final Duration HEALTHY = Duration.ofSeconds(10);

    private final SourceConfig config;
    private final String program;
    private final LineEvents events;
    private final Counters counters;
    private final LineQueue queue;
    private @Nullable String cursor;
    private @Nullable Process process;
    private @Nullable Thread pump;
    private Instant retry = Instant.MIN;
    private Instant healthy = Instant.MAX;
    private Duration backOff = LEAST_BACK_OFF;
    private @Nullable String trouble;

    /** @param program the client of the journal, {@code journalctl} */
    JournaldSource(
            SourceConfig config,
            String program,
            LineEvents events,
            Optional<String> position,
            Runnable wake,
            Counters counters) {
        this.config = config;
        this.program = program;
        this.events = events;
        this.counters = counters;
        this.cursor = position.filter(JournaldSource::isCursor).orElse(null);
        this.queue = new LineQueue(config.queueBytes(), wake);
    }

    /** A channel of this name may have been a file before. */
    private static boolean isCursor(String text) {
        return text.contains("=");
    }

    @Override
    public String name() {
        return config.checkpoint();
    }

    @Override
    public Optional<String> position() {
        return Optional.ofNullable(cursor);
    }

    @Override
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public List<Event> read(int most, Instant now) {
        keepRunning(now);
        List<Event> found = new ArrayList<>();
        while (found.size() < most) {
            LineQueue.Received received = queue.poll();
            if (received == null) {
                break;
            }
            well();
            try {
                if (received.cut()) {
                    found.add(events.tooLong(received.line(), now));
                } else {
                    JournaldEntry.read(received.line(), new ByteSize(config.maxLine()))
                            .ifPresent(entry -> add(entry, found, now));
                }
            } catch (MalformedLineException e) {
                counters.increment(CollectCounter.MALFORMED_LINES);
                found.add(events.bad(received.line(), String.valueOf(e.getMessage()), now));
            }
        }
        return found;
    }

    private void add(EnvelopedLine entry, List<Event> found, Instant now) {
        List<Event> told = events.of(entry.line(), now, entry::complete);
        for (int i = 0; i < told.size(); i++) {
            found.add(
                    entry.cursor().isPresent()
                            ? told.get(i).withId(id(entry.cursor().get(), i))
                            : told.get(i));
        }
        entry.cursor().ifPresent(reached -> cursor = reached);
    }

    /** The same for the same entry, whenever it is read. */
    private EventId id(String at, int number) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer hash = ByteBuffer.wrap(
                    digest.digest((config.name() + "\n" + at + "\n" + number).getBytes(StandardCharsets.UTF_8)));
            return new EventId(hash.getLong(), 0, hash.getInt() & 0x7fffffffL);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void keepRunning(Instant now) {
        Process running = process;
        if (running != null) {
            if (running.isAlive()) {
                if (now.isAfter(healthy)) {
                    well();
                }
                return;
            }
            if (pump != null && pump.isAlive() || !queue.isEmpty()) {
                return; // what it told is taken first: the cursor is not behind it yet, so the next client would tell
                // it again
            }
            failed(program + " ended with status " + running.exitValue(), now);
            process = null;
            return;
        }
        if (now.isBefore(retry)) {
            return;
        }
        // without --all a message of more than 4096 bytes is left out
        List<String> command =
                new ArrayList<>(List.of(program, "-o", "json", "--all", "-f", "--no-pager", "-u", config.place()));
        String at = cursor;
        command.add(at == null ? "--lines=all" : "--after-cursor=" + at);
        try {
            Process started = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            started.getOutputStream().close();
            process = started;
            healthy = now.plus(HEALTHY);
            pump = Thread.ofPlatform()
                    .name("collect-" + config.name())
                    .daemon(true)
                    .start(() -> pump(started));
        } catch (IOException e) {
            failed("cannot run " + program + " (" + e.getMessage() + ")", now);
        }
    }

    private void well() {
        trouble = null;
        backOff = LEAST_BACK_OFF;
    }

    private void failed(String why, Instant now) {
        counters.increment(CollectCounter.SOURCE_FAILURES);
        trouble = why;
        retry = now.plus(backOff);
        Duration longer = backOff.multipliedBy(2);
        backOff = longer.compareTo(MOST_BACK_OFF) < 0 ? longer : MOST_BACK_OFF;
    }

    /** Until the process ends. A message may be six times as long in JSON. */
    private void pump(Process from) {
        var splitter = new LineSplitter(6 * config.maxLine() + (64 << 10), 0);
        byte[] chunk = new byte[16 << 10];
        try (InputStream output = from.getInputStream()) {
            for (int count = output.read(chunk); count >= 0; count = output.read(chunk)) {
                splitter.add(ByteBuffer.wrap(chunk, 0, count));
                for (var line = splitter.take(); line != null; line = splitter.take()) {
                    queue.put(new LineQueue.Received(line.bytes(), Optional.empty(), line.cut()));
                }
            }
        } catch (IOException e) {
            counters.increment(CollectCounter.SOURCE_FAILURES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            from.destroy();
        }
    }

    @Override
    public void close() {
        Process running = process;
        Thread pumping = pump;
        process = null;
        pump = null;
        if (pumping != null) {
            pumping.interrupt(); // it may wait for room that nobody makes any more
        }
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(2, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
