package decnet.decoys.ssh;

import decnet.decoys.Budget;
import decnet.decoys.DecoyContext;
import java.util.List;

/** What all connections to one machine's secure shell have in common. Immutable. */
record SshProfile(DecoyContext context, OpenSshDefaults defaults, HostKeys hostKeys) {
    static SshProfile of(DecoyContext context) {
        return new SshProfile(
                context,
                OpenSshDefaults.of(context.persona().os().product("openssh")),
                new HostKeys(context.persona().hostKeys()));
    }

    /** The same, for a connection whose captures count for {@code budget}. */
    SshProfile within(Budget budget) {
        return new SshProfile(context.within(budget), defaults, hostKeys);
    }

    List<String> hostKeyAlgorithms() {
        return hostKeys.offered(defaults.hostKeys());
    }
}
