/**
 * Where events leave and enter a host: {@code forwarder} sends what was recorded to a centre or to other systems, {@code listener}
 * takes it in. Free of the database, as it faces the network.
 */
@org.jspecify.annotations.NullMarked
module decnet.workers.edge {
    requires static transitive org.jspecify;
    requires transitive decnet.runtime;
    requires decnet.journal;
    requires decnet.formats;
    requires info.picocli;

    exports decnet.workers.edge;

    provides decnet.runtime.WorkerProvider with
            decnet.workers.edge.EdgeWorkers;
}
