package decnet.decoys;

import decnet.core.Peer;

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

    /** One connection at its start. */
    record Opening(Peer source, Peer destination, Outlet outlet) {}
}
