/**
 * The idle herd: workers that wait for news and cost little. {@code ingest} brings journals into the database.
 */
@org.jspecify.annotations.NullMarked
module decnet.workers.herd {
    requires static transitive org.jspecify;
    requires transitive decnet.runtime;
    requires decnet.journal;
    requires decnet.db;

    exports decnet.workers.herd;

    provides decnet.core.ConfigSchema with
            decnet.workers.herd.IngestConfig.Schema;
    provides decnet.runtime.WorkerProvider with
            decnet.workers.herd.HerdWorkers;
}
