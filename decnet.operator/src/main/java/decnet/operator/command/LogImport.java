package decnet.operator.command;

import decnet.core.ByteSize;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.MalformedLineException;
import decnet.core.Snippet;
import decnet.formats.ForeignEvent;
import decnet.formats.LogReader;
import decnet.formats.LogReaders;
import decnet.formats.OwnLine;
import decnet.journal.JournalWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads old logs into a journal, each line once: after every batch the place is written down with the same sync, and what a killed import
 * wrote behind its last place is recognised by its id. One owner thread.
 */
final class LogImport {
    static final String OWN = "decnet";
    private static final int BATCH_EVENTS = 2000;
    private static final int BATCH_BYTES = 1 << 20;
    private static final int SHOWN_REASONS = 5;
    private static final int LINES_TO_RECOGNIZE = 20;

    /**
     * Where the events go.
     *
     * @param decky the machine the log was written on; may be empty for our own lines, which name theirs
     * @param service for events that name none; empty for what the kind of log stands for
     */
    record Target(Optional<DeckyName> decky, Optional<String> service, String sensor) {}

    /** What became of a file. */
    record Result(Path file, String format, long from, long lines, long events, long refused, List<String> reasons) {}

    private final JournalWriter journal;
    private final Set<EventId> alreadyWritten;
    private final Target target;
    private final Instant now;

    LogImport(JournalWriter journal, Target target, Instant now) {
        this.journal = journal;
        this.alreadyWritten = journal.writtenBehindCheckpoint();
        this.target = target;
        this.now = now;
    }

    /**
     * @param format a name of {@link LogReaders#names}, {@code decnet}, or {@code auto}
     * @throws IllegalArgumentException if {@code auto} does not find out
     */
    Result read(Path file, String format) throws IOException {
        byte[] head = LogFile.head(file);
        if (head.length == 0) {
            return new Result(file, format, 0, 0, 0, 0, List.of());
        }
        FileMark mark = FileMark.of(head, journal.checkpoints(), now);
        String kind = format.equals("auto") ? recognize(file) : format;
        Optional<LogReader> reader = kind.equals(OWN) ? Optional.empty() : LogReaders.named(kind);
        if (reader.isPresent() && target.decky().isEmpty()) {
            throw new IllegalArgumentException("--decky: needed for logs of others: which machine was it?");
        }
        journal.checkpoint(mark.hash(), mark.position()); // from now on its time of recording is fixed
        journal.sync();
        return copy(file, kind, reader, mark);
    }

    private Result copy(Path file, String kind, Optional<LogReader> reader, FileMark begun) throws IOException {
        FileMark mark = begun;
        List<String> reasons = new ArrayList<>();
        long lines = 0;
        long events = 0;
        long refused = 0;
        int batch = 0;
        try (LogFile log = LogFile.open(file, mark.offset(), (int) LogReaders.DEFAULT_MAX_LINE.bytes())) {
            for (Optional<LogFile.Line> next = log.next(); next.isPresent(); next = log.next()) {
                LogFile.Line line = next.get();
                lines++;
                try {
                    int appended = append(line, reader, mark);
                    events += appended;
                    batch += appended;
                } catch (MalformedLineException e) {
                    refused++;
                    if (reasons.size() < SHOWN_REASONS) {
                        reasons.add(
                                "at byte " + line.begin() + ": " + e.getMessage() + ": " + Snippet.of(line.bytes()));
                    }
                    if (!line.ended()) {
                        break; // its rest may still come: it is read again then
                    }
                }
                mark = mark.at(line.end());
                if (batch >= BATCH_EVENTS || journal.pendingBytes() >= BATCH_BYTES) {
                    batch = 0;
                    commit(mark);
                }
            }
        }
        commit(mark);
        return new Result(file, kind, begun.offset(), lines, events, refused, reasons);
    }

    private void commit(FileMark mark) {
        journal.checkpoint(mark.hash(), mark.position());
        journal.sync();
    }

    private int append(LogFile.Line line, Optional<LogReader> reader, FileMark mark) {
        if (line.tooLong()) {
            throw new MalformedLineException(
                    "line of over " + LogReaders.DEFAULT_MAX_LINE + " bytes", line.bytes().length);
        }
        List<Event> events = reader.map(foreign -> foreign(line, foreign, mark)).orElseGet(() -> own(line, mark));
        int appended = 0;
        for (Event event : events) {
            if (!alreadyWritten.contains(event.id().orElseThrow())) {
                journal.append(event);
                appended++;
            }
        }
        return appended;
    }

    private List<Event> foreign(LogFile.Line line, LogReader reader, FileMark mark) {
        DeckyName decky = target.decky().orElseThrow();
        List<Event> events = new ArrayList<>();
        for (ForeignEvent event : reader.read(line.bytes(), now)) {
            events.add(event.toEvent(
                            decky,
                            target.service().orElse(reader.defaultService()),
                            mark.firstImport(),
                            "import-" + decky.text())
                    .withRecording(mark.firstImport(), target.sensor())
                    .withId(mark.id(line.begin(), events.size())));
        }
        return events;
    }

    private List<Event> own(LogFile.Line line, FileMark mark) {
        return OwnLine.read(line.bytes(), LogReaders.DEFAULT_MAX_LINE)
                .map(event -> event.id().isPresent() ? event : event.withId(mark.id(line.begin(), 0)))
                .map(event -> event.recordedAt().isPresent()
                        ? event
                        : event.withRecording(mark.firstImport(), event.sensor().orElse(target.sensor())))
                .stream()
                .toList();
    }

    private static String recognize(Path file) throws IOException {
        try (LogFile log = LogFile.open(file, 0, (int) ByteSize.mib(1).bytes())) {
            for (int i = 0; i < LINES_TO_RECOGNIZE; i++) {
                Optional<LogFile.Line> line = log.next();
                Optional<String> found = line.flatMap(first -> LogReaders.recognize(first.bytes()));
                if (line.isEmpty() || found.isPresent()) {
                    return found.orElseThrow(() -> unknown(file));
                }
            }
        }
        throw unknown(file);
    }

    private static IllegalArgumentException unknown(Path file) {
        return new IllegalArgumentException("cannot tell what kind of log " + file + " is; say it with --format "
                + String.join("|", LogReaders.names()) + "|" + OWN);
    }
}
