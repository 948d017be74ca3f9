package decnet.netd;

import decnet.core.DeckyName;

/** Hears which machines there are. Called by the owner of the network; must not throw. */
interface MachineObserver {
    /** One is there, made or taken over. */
    void arrived(Machine machine);

    /** One goes, or is let go of. */
    void leaving(DeckyName name);
}
