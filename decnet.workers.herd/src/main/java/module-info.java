/**
 * The idle herd: workers that wait for news and cost little. {@code ingest} brings journals into the database, {@code retention}
 * removes what has been kept long enough.
 */
@org.jspecify.annotations.NullMarked
module decnet.workers.herd {
    requires static transitive org.jspecify;
    requires transitive decnet.runtime;
    requires decnet.journal;
    requires decnet.db;

    exports decnet.workers.herd;

    provides decnet.core.ConfigSchema with
            decnet.workers.herd.RetentionConfig.Schema;
    provides decnet.runtime.WorkerProvider with
            decnet.workers.herd.HerdWorkers;
}
