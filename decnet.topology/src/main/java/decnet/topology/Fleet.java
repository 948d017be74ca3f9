package decnet.topology;

import decnet.core.DeckyName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The desired state at one moment.
 *
 * @param version 0 for a fleet that was never written; grows by one with each change
 * @param lans sorted by name; those that some decky is attached to
 * @param deckies sorted by name
 */
public record Fleet(long version, List<Lan> lans, List<Decky> deckies) {
    public Fleet {
        deckies = deckies.stream().sorted(Comparator.comparing(Decky::name)).toList();
        List<Decky> attached = deckies;
        lans = lans.stream()
                .filter(lan ->
                        attached.stream().anyMatch(decky -> decky.placement().on(lan.name())))
                .sorted(Comparator.comparing(Lan::name))
                .toList();
    }

    public Optional<Decky> decky(DeckyName name) {
        return deckies.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    public Optional<Lan> lan(String name) {
        return lans.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** What a fleet file, or with another scope a topology, has deployed. */
    public List<Decky> scope(String scope) {
        return deckies.stream()
                .filter(one -> one.placement().scope().equals(scope))
                .toList();
    }
}
