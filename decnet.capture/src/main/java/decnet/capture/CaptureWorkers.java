package decnet.capture;

import decnet.runtime.WorkerProvider;
import decnet.runtime.WorkerSpec;
import java.util.List;

/** Offers {@code collect}. */
public final class CaptureWorkers implements WorkerProvider {
    public CaptureWorkers() {}

    @Override
    public List<WorkerSpec> workers() {
        return List.of(new WorkerSpec("collect", "takes events from the decoys and records them", false, Collect::new));
    }
}
