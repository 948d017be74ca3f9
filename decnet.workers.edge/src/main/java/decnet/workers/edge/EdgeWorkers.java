package decnet.workers.edge;

import decnet.runtime.WorkerProvider;
import decnet.runtime.WorkerSpec;
import java.util.List;

/** The workers of this module. */
public final class EdgeWorkers implements WorkerProvider {
    public EdgeWorkers() {}

    @Override
    public List<WorkerSpec> workers() {
        return List.of();
    }
}
