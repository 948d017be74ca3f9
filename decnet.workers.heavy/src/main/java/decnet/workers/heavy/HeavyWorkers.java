package decnet.workers.heavy;

import decnet.runtime.WorkerProvider;
import decnet.runtime.WorkerSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Offers {@code profiler} and {@code ttp}. */
public final class HeavyWorkers implements WorkerProvider {
    /** A transaction on a slow disk, or behind a lock, may take so long and must not be broken off: it would be tried again for ever. */
    private static final Duration TRANSACTION = Duration.ofMinutes(2);

    public HeavyWorkers() {}

    @Override
    public List<WorkerSpec> workers() {
        return List.of(
                new WorkerSpec(
                        "profiler", "builds attackers out of events", true, Profiler::new, Optional.of(TRANSACTION)),
                new WorkerSpec(
                        "ttp",
                        "tags commands and requests with ATT&CK techniques",
                        true,
                        TtpTagger::new,
                        Optional.of(TRANSACTION)));
    }
}
