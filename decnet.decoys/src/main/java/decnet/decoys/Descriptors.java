package decnet.decoys;

import decnet.topology.Decky;
import decnet.topology.ServicePort;

/** Listening sockets made by somebody with more rights than this process, in the network that a decky lives in. */
@FunctionalInterface
public interface Descriptors {
    /** Nobody makes any: the engine binds addresses itself. */
    Descriptors NONE = (decky, port) -> new Own();

    /** What became of asking for a socket. */
    sealed interface Offer {}

    /** It is there: bound, and for TCP listening. Who takes it owns it. */
    record Taken(int descriptor) implements Offer {}

    /** There is none: the engine is to bind the decky's address itself. */
    record Own() implements Offer {}

    /** It is not there yet. @param why for a person */
    record Missing(String why) implements Offer {}

    /** The socket for a port of a decky. */
    Offer take(Decky decky, ServicePort port);

    /** A TCP socket that listens at any free port of a decky, for one conversation. May block. */
    default Offer takeData(Decky decky) {
        return new Own();
    }
}
