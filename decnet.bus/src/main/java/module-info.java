/**
 * The message bus of one host: a broker on a Unix-domain socket that speaks the NATS client protocol, and our client for it.
 *
 * <p>Start at {@link decnet.bus.Bus}. Delivery is at most once: the database, never the bus, is the truth.
 */
@org.jspecify.annotations.NullMarked
module decnet.bus {
    requires static transitive org.jspecify;
    requires transitive decnet.core;

    exports decnet.bus;
}
