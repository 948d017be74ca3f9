package decnet.decoys;

import decnet.core.Peer;
import decnet.topology.ServicePort;
import java.util.List;

/** Opens the dialogues of one service on one decky; what its visitors share is kept here, bounded. Thread-safe. */
@FunctionalInterface
public interface DialogueFactory {
    Dialogue open(Opening opening);

    /**
     * Whether calls may take long (cryptography, much text): then they run on the engine's work threads, not on its event loops.
     * They may compute, but never wait.
     */
    default boolean heavy() {
        return false;
    }

    /**
     * What is chosen of the protocols that a client offers by ALPN (RFC 7301), under TLS.
     *
     * @return one of them; none if the server does not answer the extension
     */
    default List<String> alpn(List<String> offered) {
        return List.of();
    }

    /**
     * One connection at its start.
     *
     * @param port the port of the catalogue it stands for, wherever the decky really listens
     * @param budget for bytes that are kept: counted for this source, this decky and the process
     */
    record Opening(Peer source, Peer destination, ServicePort port, Budget budget, Outlet outlet) {}
}
