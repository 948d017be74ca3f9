/**
 * Where events come in: {@code collect} takes them from the decoys, from log files and sockets of other systems, and hands them on,
 * stamped and in order.
 *
 * <p>Free of the database: raw bytes of strangers end here.
 */
@org.jspecify.annotations.NullMarked
module decnet.capture {
    requires static transitive org.jspecify;
    requires decnet.formats;
    requires decnet.journal;
    requires decnet.runtime;
    requires decnet.topology;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;

    provides decnet.runtime.WorkerProvider with
            decnet.capture.CaptureWorkers;
    provides decnet.core.ConfigSchema with
            decnet.capture.CollectConfig.Schema;
}
