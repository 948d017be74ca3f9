package decnet.capture;

import static java.lang.System.Logger.Level.WARNING;

import decnet.core.DeckyName;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import java.util.Set;

/**
 * The machines that the decoy process may speak for: all that ever were in the fleet, read again when a new name comes up. While the
 * fleet cannot be read every name is let through: to lose an event is worse. One owner thread.
 */
final class Roster {
    private static final System.Logger LOG = System.getLogger(Roster.class.getName());

    private final FleetStore fleet;
    private Set<DeckyName> known = Set.of();
    private boolean unreadable;

    Roster(FleetStore fleet) {
        this.fleet = fleet;
    }

    boolean knows(DeckyName name) {
        if (known.contains(name)) {
            return true;
        }
        try {
            known = fleet.known();
            unreadable = false;
        } catch (FleetException e) {
            if (!unreadable) {
                LOG.log(WARNING, () -> "cannot tell which machines there are: " + e.getMessage());
            }
            unreadable = true;
            return true;
        }
        return known.contains(name);
    }
}
