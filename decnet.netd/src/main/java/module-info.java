/**
 * The privileged helper: network namespaces, links, rules and listening sockets of the machines that the desired state names, the
 * shape of their packets, and the wall around them. Takes no orders: it makes the network equal to the desired state.
 *
 * <p>Knows no protocol above TCP and reaches no database.
 */
@org.jspecify.annotations.NullMarked
module decnet.netd {
    requires static transitive org.jspecify;
    requires transitive decnet.core;
    requires transitive decnet.runtime;
    requires transitive decnet.topology;
    requires decnet.journal;
    requires decnet.linux;

    provides decnet.runtime.WorkerProvider with
            decnet.netd.NetdWorkers;
    provides decnet.core.ConfigSchema with
            decnet.netd.NetdConfig.Schema;
}
