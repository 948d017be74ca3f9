package decnet.workers.edge;

import decnet.runtime.WorkerProvider;
import decnet.runtime.WorkerSpec;
import java.util.List;

/** Offers {@code forwarder} and {@code listener}. */
public final class EdgeWorkers implements WorkerProvider {
    public EdgeWorkers() {}

    @Override
    public List<WorkerSpec> workers() {
        return List.of(
                new WorkerSpec(
                        "forwarder",
                        "sends what was recorded to the centre and to other systems",
                        false,
                        Forwarder::new),
                new WorkerSpec("listener", "takes in what sensors send", false, Listener::new));
    }
}
