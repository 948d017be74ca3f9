package decnet.runtime;

import decnet.core.TextTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happened when during a start, and how long each process took to be ready. Counts from the start of this JVM. Thread-safe. */
public final class Timeline {
    private record Mark(Duration at, String what) {}

    private record Launch(Duration started, Optional<Duration> ready) {}

    private final List<Mark> marks = new ArrayList<>();
    private final Map<String, Launch> processes = new LinkedHashMap<>();
    private final Instant start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);

    public Timeline() {}

    /** A step is done. */
    public synchronized void mark(String what) {
        marks.add(new Mark(elapsed(), what));
    }

    /** A process is being started; counts from its first start. */
    synchronized void started(String process) {
        processes.putIfAbsent(process, new Launch(elapsed(), Optional.empty()));
    }

    /** All workers of a process are ready since {@code at}; the first time counts. */
    synchronized void ready(String process, Instant at) {
        processes.computeIfPresent(
                process,
                (_, known) -> known.ready().isPresent()
                        ? known
                        : new Launch(known.started(), Optional.of(Duration.between(start, at))));
    }

    /** Two tables: steps, each with its end and how long it took; processes, each with its start and its time to ready. */
    public synchronized String text() {
        TextTable steps = new TextTable("STEP", "DONE AT", "TOOK");
        Duration before = Duration.ZERO;
        for (Mark mark : marks) {
            steps.row(mark.what(), millis(mark.at()), millis(mark.at().minus(before)));
            before = mark.at();
        }
        TextTable starts = new TextTable("PROCESS", "STARTED AT", "READY AT", "TOOK");
        processes.forEach((name, process) -> starts.row(
                name,
                millis(process.started()),
                process.ready().map(Timeline::millis).orElse("-"),
                process.ready()
                        .map(ready -> millis(ready.minus(process.started())))
                        .orElse("-")));
        return steps + "\n" + starts;
    }

    private static String millis(Duration time) {
        return String.format("%,6d ms", time.toMillis());
    }

    /** Time since the start of this JVM. */
    public Duration elapsed() {
        return Duration.between(start, Instant.now());
    }
}
