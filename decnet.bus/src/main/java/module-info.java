import org.jspecify.annotations.NullMarked;

/**
 * The message bus of one host: a broker on a Unix-domain socket that speaks the NATS client protocol, and our client for it.
 *
 * <p>Start at {@link decnet.bus.Bus}. Delivery is at most once: the database, never the bus, is the truth.
 */
@NullMarked
module decnet.bus {
    requires static transitive org.jspecify;
    requires transitive decnet.core;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    // holds nothing but the native library; required so that every image and test that has the broker has it too
    requires io.netty.transport.epoll.linux.x86_64;

    exports decnet.bus;

    provides decnet.core.ConfigSchema with
            decnet.bus.BusSchema;
}
