package decnet.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What happened when during a start, in milliseconds since the start of this JVM. Thread-safe. */
public final class Timeline {
    private record Mark(long millis, String what) {}

    private final List<Mark> marks = new ArrayList<>();
    private final long startMillis = ProcessHandle.current()
            .info()
            .startInstant()
            .map(start -> start.toEpochMilli())
            .orElseGet(System::currentTimeMillis);

    public Timeline() {}

    public synchronized void mark(String what) {
        marks.add(new Mark(System.currentTimeMillis() - startMillis, what));
    }

    /** One line per mark: time since start, time since the mark before, what. */
    public synchronized String text() {
        StringBuilder text = new StringBuilder();
        long before = 0;
        for (Mark mark : marks) {
            text.append(String.format("%6d ms  +%5d ms  %s%n", mark.millis(), mark.millis() - before, mark.what()));
            before = mark.millis();
        }
        return text.toString();
    }

    /** Time since the start of this JVM. */
    public Duration elapsed() {
        return Duration.ofMillis(System.currentTimeMillis() - startMillis);
    }
}
