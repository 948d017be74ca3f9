/**
 * How a service talks: one dialogue per protocol, one engine for all of them, the worker {@code decoys}, and the commands that deploy
 * a fleet and show it.
 *
 * <p>Start at {@link decnet.decoys.Engine} and {@link decnet.decoys.Dialogue}. Faces attackers, so it reaches no database.
 */
@org.jspecify.annotations.NullMarked
module decnet.decoys {
    requires static transitive org.jspecify;
    requires transitive decnet.core;
    requires transitive decnet.runtime;
    requires transitive decnet.topology;
    requires decnet.journal;
    requires decnet.linux;
    requires info.picocli;
    requires org.apache.sshd;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;

    exports decnet.decoys;

    opens decnet.decoys.command to
            info.picocli;

    provides decnet.runtime.WorkerProvider with
            decnet.decoys.DecoysWorkers;
    provides decnet.core.CommandProvider with
            decnet.decoys.command.TopologyCommands;
    provides decnet.core.ConfigSchema with
            decnet.decoys.DecoysSchema;
}
