package decnet.topology;

import decnet.core.DeckyName;
import java.util.List;
import java.util.Optional;

/**
 * The desired state at one moment.
 *
 * @param version 0 for a fleet that was never written; grows by one with each change
 * @param deckies sorted by name
 */
public record Fleet(long version, List<Decky> deckies) {
    public Fleet {
        deckies = deckies.stream()
                .sorted(java.util.Comparator.comparing(Decky::name))
                .toList();
    }

    public Optional<Decky> decky(DeckyName name) {
        return deckies.stream().filter(one -> one.name().equals(name)).findFirst();
    }
}
