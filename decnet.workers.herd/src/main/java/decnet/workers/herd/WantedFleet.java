package decnet.workers.herd;

import decnet.core.DeckyName;
import decnet.topology.Fleet;
import decnet.topology.FleetStore;
import java.util.Map;
import java.util.TreeMap;

/** The desired state without its weight, read again only when somebody has written it. One owner thread. */
final class WantedFleet {
    private final FleetStore store;
    private String stamp = "never";
    private long version;
    private Map<DeckyName, WantedDecky> machines = Map.of();

    WantedFleet(FleetStore store) {
        this.store = store;
    }

    /** @throws decnet.topology.FleetException if it cannot be read; what was read before then stands */
    void refresh() {
        String now = store.stamp();
        if (now.equals(stamp)) {
            return;
        }
        Fleet fleet = store.read();
        Map<DeckyName, WantedDecky> found = new TreeMap<>();
        fleet.deckies().forEach(decky -> found.put(decky.name(), WantedDecky.of(decky)));
        machines = found;
        version = fleet.version();
        stamp = now; // taken before: what was written in between is read again
    }

    long version() {
        return version;
    }

    /** By name. */
    Map<DeckyName, WantedDecky> machines() {
        return machines;
    }
}
