package decnet.capture;

import decnet.runtime.WorkerProvider;
import decnet.runtime.WorkerSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Offers {@code collect}. */
public final class CaptureWorkers implements WorkerProvider {
    /** A sync to a disk that is busy with something else may take so long. */
    private static final Duration SLOW_DISK = Duration.ofMinutes(2);

    public CaptureWorkers() {}

    @Override
    public List<WorkerSpec> workers() {
        return List.of(new WorkerSpec(
                "collect",
                "takes events from the decoys and records them",
                false,
                Collect::new,
                Optional.of(SLOW_DISK)));
    }
}
