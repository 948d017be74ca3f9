package decnet.netd;

import decnet.runtime.WorkerProvider;
import decnet.runtime.WorkerSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Offers the worker {@code netd}. */
public final class NetdWorkers implements WorkerProvider {
    /** A thousand machines are made in one go. */
    private static final Duration GO = Duration.ofMinutes(5);

    public NetdWorkers() {}

    @Override
    public List<WorkerSpec> workers() {
        return List.of(new WorkerSpec(
                "netd", "makes the network of the fake machines", false, NetdWorker::new, Optional.of(GO)));
    }
}
