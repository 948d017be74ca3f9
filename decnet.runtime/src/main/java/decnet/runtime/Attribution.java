package decnet.runtime;

import decnet.runtime.ProcessAccounts.Trace;
import decnet.runtime.ProcessAccounts.Traces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which worker a process's unclean end is held against.
 *
 * @param worker empty if none stands out
 * @param reason what was found, for log and ledger
 */
record Attribution(Optional<String> worker, String reason) {
    /** What {@code -XX:+ExitOnOutOfMemoryError} ends with. */
    private static final String OUT_OF_MEMORY = "exit 3";

    private static final String KILLED = "signal 9";
    /** Least allocation that counts, whatever its share: an eighth of the heap, at least so much. */
    private static final long FLOOR = 4 << 20;

    /**
     * Judges by what the process left.
     *
     * @param end how it ended, as its parent saw it ({@code exit 3}, {@code signal 9}); empty if nobody saw
     * @param oomKills processes that the kernel has ended for want of memory up to now
     */
    static Attribution of(Traces traces, String end, long oomKills) {
        String how = end.isEmpty() ? "an end nobody saw" : end;
        Optional<Trace> stalled =
                traces.workers().stream().filter(Trace::stalled).findFirst();
        if (stalled.isPresent()) {
            return new Attribution(Optional.of(stalled.get().worker()), "it had stalled; " + how);
        }
        boolean killedForMemory = oomKills > traces.oomKills() && (end.isEmpty() || end.equals(KILLED));
        if (!end.equals(OUT_OF_MEMORY) && !end.isEmpty() && !killedForMemory) {
            return new Attribution(Optional.empty(), how + ", not for want of memory");
        }
        Trace most = traces.workers().stream()
                .max(Comparator.comparingLong(Trace::allocated))
                .orElse(new Trace("", 0, 0, false));
        long floor = Math.max(FLOOR, traces.heapMax() / 8);
        if (most.allocated() < floor || most.allocated() < traces.allocated() / 4 * 3) {
            return new Attribution(Optional.empty(), how + ", no worker's memory stands out");
        }
        return new Attribution(
                Optional.of(most.worker()),
                "memory: it allocated " + (most.allocated() >> 20) + " of " + (traces.allocated() >> 20)
                        + " MiB in the last " + Math.max(1, traces.span() / 1000) + " s of a heap of "
                        + (traces.heapMax() >> 20) + " MiB; " + how);
    }

    /** Processes of this machine that the kernel has ended for want of memory since it was started; 0 if it does not tell. */
    static long oomKills() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/vmstat"))) {
            return lines.filter(line -> line.startsWith("oom_kill "))
                    .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException | NumberFormatException e) {
            return 0;
        }
    }
}
