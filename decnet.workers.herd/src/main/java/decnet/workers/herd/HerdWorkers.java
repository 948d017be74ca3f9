package decnet.workers.herd;

import decnet.runtime.WorkerProvider;
import decnet.runtime.WorkerSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The workers of this module. */
public final class HerdWorkers implements WorkerProvider {
    /** A transaction on a slow disk, or behind a lock, may take so long and must not be broken off: it would be tried again for ever. */
    private static final Duration TRANSACTION = Duration.ofMinutes(2);

    /** An index on a busy day. */
    private static final Duration INDEX = Duration.ofMinutes(10);

    public HerdWorkers() {}

    @Override
    public List<WorkerSpec> workers() {
        return List.of(
                new WorkerSpec(
                        "ingest",
                        "brings what was recorded into the database",
                        true,
                        IngestWorker::new,
                        Optional.of(TRANSACTION)),
                new WorkerSpec(
                        "retention",
                        "makes room: removes what has been kept long enough",
                        true,
                        RetentionWorker::new,
                        Optional.of(INDEX)),
                new WorkerSpec(
                        "reconciler",
                        "sees whether every machine of the fleet is there, and has it repaired",
                        true,
                        ReconcilerWorker::new,
                        Optional.of(TRANSACTION)),
                new WorkerSpec(
                        "mutate",
                        "gives machines other services from time to time",
                        true,
                        MutateWorker::new,
                        Optional.of(TRANSACTION)));
    }
}
