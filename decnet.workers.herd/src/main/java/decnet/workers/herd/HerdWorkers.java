package decnet.workers.herd;

import decnet.runtime.WorkerProvider;
import decnet.runtime.WorkerSpec;
import java.util.List;

/** The workers of this module. */
public final class HerdWorkers implements WorkerProvider {
    public HerdWorkers() {}

    @Override
    public List<WorkerSpec> workers() {
        return List.of(new WorkerSpec("ingest", "brings what was recorded into the database", true, IngestWorker::new));
    }
}
