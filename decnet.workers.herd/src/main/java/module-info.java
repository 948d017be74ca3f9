/**
 * The idle herd: workers that wait for news and cost little. {@code ingest} brings journals into the database, {@code retention}
 * removes what has been kept long enough, {@code reconciler} sees whether the fleet is as it is wanted, {@code mutate} changes it from
 * time to time.
 */
@org.jspecify.annotations.NullMarked
module decnet.workers.herd {
    requires static transitive org.jspecify;
    requires transitive decnet.runtime;
    requires decnet.journal;
    requires decnet.db;
    requires decnet.topology;

    exports decnet.workers.herd;

    provides decnet.core.ConfigSchema with
            decnet.workers.herd.IngestConfig.Schema,
            decnet.workers.herd.MutateConfig.Schema,
            decnet.workers.herd.RetentionConfig.Schema;
    provides decnet.runtime.WorkerProvider with
            decnet.workers.herd.HerdWorkers;
}
