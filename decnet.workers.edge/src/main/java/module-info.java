/**
 * Where events leave and enter a host: {@code forwarder} sends what was recorded to a centre or to other systems, {@code listener}
 * takes it in; {@code decnet swarm} says who may. Free of the database, as it faces the network. The wire: {@code docs/relay.md}.
 */
@org.jspecify.annotations.NullMarked
module decnet.workers.edge {
    requires static transitive org.jspecify;
    requires transitive decnet.runtime;
    requires decnet.journal;
    requires decnet.formats;
    requires decnet.x509;
    requires info.picocli;

    exports decnet.workers.edge;

    opens decnet.workers.edge.command to
            info.picocli;

    provides decnet.runtime.WorkerProvider with
            decnet.workers.edge.EdgeWorkers;
    provides decnet.core.CommandProvider with
            decnet.workers.edge.command.EdgeCommands;
    provides decnet.core.ConfigSchema with
            decnet.workers.edge.EdgeSchema;
}
