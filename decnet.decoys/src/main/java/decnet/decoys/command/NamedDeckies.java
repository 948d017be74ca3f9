package decnet.decoys.command;

import decnet.core.DeckyName;
import decnet.core.Snippet;
import decnet.topology.Decky;
import decnet.topology.Fleet;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** Deckies that somebody named on the command line. Stateless. */
final class NamedDeckies {
    private NamedDeckies() {}

    /**
     * The names, each of the fleet.
     *
     * @param all whether it is to be all of them, so that none is named
     * @throws IllegalArgumentException if a name is none of the fleet, or both or neither is given
     */
    static Set<DeckyName> of(Fleet fleet, Collection<String> names, boolean all) {
        if (all != names.isEmpty()) {
            throw new IllegalArgumentException("give either names or --all");
        }
        Set<DeckyName> present = new TreeSet<>();
        fleet.deckies().stream().map(Decky::name).forEach(present::add);
        if (all) {
            return present;
        }
        Set<DeckyName> named = new TreeSet<>();
        for (String text : names) {
            DeckyName name = new DeckyName(text);
            if (!present.contains(name)) {
                throw new IllegalArgumentException("there is no decky " + Snippet.of(text) + "; see decky list");
            }
            named.add(name);
        }
        return named;
    }
}
