package decnet.decoys;

import decnet.runtime.WorkerProvider;
import decnet.runtime.WorkerSpec;
import java.util.List;

/** Offers the worker {@code decoys}. */
public final class DecoysWorkers implements WorkerProvider {
    public DecoysWorkers() {}

    @Override
    public List<WorkerSpec> workers() {
        return List.of(new WorkerSpec("decoys", "serves the fake machines of this host", false, DecoysWorker::new));
    }
}
