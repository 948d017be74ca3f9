package decnet.decoys;

import java.time.Instant;
import java.time.temporal.ChronoField;

/**
 * One line of a machine's own log.
 *
 * @param tag name of the program
 * @param pid 0 if the program does not tell its number
 */
public record LogLine(Instant at, Facility facility, String tag, int pid, String text) {
    /** Which of the machine's log files it belongs to. */
    public enum Facility {
        AUTH,
        CRON,
        DAEMON,
        KERN
    }

    /** Some time later, with fractions no clock would repeat; the same for the same arguments. */
    static Instant after(Instant at, long millis) {
        long micros =
                Math.floorMod(at.getEpochSecond() * 31 + at.get(ChronoField.MICRO_OF_SECOND) + millis * 7919, 950);
        return at.plusNanos(millis * 1_000_000 + micros * 1000);
    }

    /** Tag and text, without time and host. */
    public String message() {
        return tag + (pid > 0 ? "[" + pid + "]: " : ": ") + text;
    }
}
