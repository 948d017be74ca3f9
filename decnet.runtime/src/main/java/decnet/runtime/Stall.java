package decnet.runtime;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a thread that gives no sign of life.
 *
 * @param reason for people: blocked, spinning or deadlocked, where, and for how long
 * @param stack its frames, innermost first, on one line
 */
record Stall(String reason, String stack) {
    private static final int MOST_FRAMES = 40;

    /**
     * Looks at a thread.
     *
     * @param quiet how long it has given no sign of life
     * @param cpu processor time it used in that time
     */
    static Stall of(Thread thread, Duration quiet, Duration cpu) {
        StackTraceElement[] frames = thread.getStackTrace();
        // with others in its way a loop gets far less than the whole processor; what waits gets next to nothing
        String kind = cpu.compareTo(quiet.dividedBy(5)) > 0 ? "spinning" : deadlock(thread);
        String where = frames.length == 0 ? "" : " in " + frame(frames[0]);
        return new Stall(
                "stalled: " + kind + where + ", no sign of life for " + quiet.toSeconds() + " s",
                Arrays.stream(frames).limit(MOST_FRAMES).map(Stall::frame).collect(Collectors.joining(" < ")));
    }

    private static String deadlock(Thread thread) {
        long @Nullable [] locked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
        if (locked == null || Arrays.stream(locked).noneMatch(id -> id == thread.threadId())) {
            return "blocked";
        }
        ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.threadId());
        return info == null
                ? "deadlocked"
                : "deadlocked, waiting for " + info.getLockName() + " held by " + info.getLockOwnerName() + ",";
    }

    private static String frame(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber();
    }
}
