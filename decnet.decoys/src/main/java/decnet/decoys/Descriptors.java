package decnet.decoys;

import decnet.topology.Decky;
import decnet.topology.ServicePort;
import java.util.OptionalInt;

/** Listening sockets made by somebody with more rights than this process, in the network that a decky lives in. */
@FunctionalInterface
public interface Descriptors {
    /** Nobody makes any: the engine binds addresses itself. */
    Descriptors NONE = (decky, port) -> OptionalInt.empty();

    /**
     * The descriptor of the socket for a port of a decky: bound, and for TCP listening. Who takes it owns it.
     *
     * @return empty if there is none; then the engine binds the decky's address itself
     */
    OptionalInt take(Decky decky, ServicePort port);
}
