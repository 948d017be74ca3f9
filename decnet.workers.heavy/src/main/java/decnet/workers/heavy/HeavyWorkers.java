package decnet.workers.heavy;

import decnet.runtime.WorkerProvider;
import decnet.runtime.WorkerSpec;
import java.util.List;

/** Offers {@code profiler} and {@code ttp}. */
public final class HeavyWorkers implements WorkerProvider {
    public HeavyWorkers() {}

    @Override
    public List<WorkerSpec> workers() {
        return List.of(
                new WorkerSpec("profiler", "builds attackers out of events", true, Profiler::new),
                new WorkerSpec("ttp", "tags commands and requests with ATT&CK techniques", true, TtpTagger::new));
    }
}
