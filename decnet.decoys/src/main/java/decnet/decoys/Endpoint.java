package decnet.decoys;

import decnet.topology.Decky;
import decnet.topology.DeckyService;
import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A listening socket and the connections it took. */
record Endpoint(
        Decky decky, DeckyService service, DialogueFactory factory, Set<Connection> connections, SocketHolder socket) {
    /** The listening channel, set once it is bound. */
    static final class SocketHolder {
        volatile @org.jspecify.annotations.Nullable Channel channel;
    }

    static Endpoint of(Decky decky, DeckyService service, DialogueFactory factory) {
        return new Endpoint(decky, service, factory, ConcurrentHashMap.newKeySet(), new SocketHolder());
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
