package decnet.decoys;

import decnet.core.WireText;
import decnet.topology.Bait;
import decnet.topology.BaitCredential;
import decnet.topology.Decky;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The log-ins that lie about on a fleet's machines: whoever tries one has read what was laid out. Immutable. */
record BaitIndex(Map<Pair, List<Place>> places) {
    static final BaitIndex NONE = new BaitIndex(Map.of());
    private static final int MAX_PLACES = 5;

    /** Both as events write them. */
    record Pair(String principal, String secret) {}

    /** Where it lies. */
    record Place(String decky, String path) {}

    static BaitIndex of(List<Decky> deckies) {
        Map<Pair, List<Place>> places = new HashMap<>();
        for (Decky decky : deckies) {
            for (Bait bait : decky.persona().bait()) {
                for (BaitCredential credential : bait.credentials()) {
                    places.computeIfAbsent(
                                    new Pair(
                                            text(credential.principal()),
                                            text(credential.secret().text())),
                                    any -> new ArrayList<>(1))
                            .add(new Place(decky.name().text(), bait.path()));
                }
            }
        }
        return new BaitIndex(places);
    }

    private static String text(String plain) {
        return WireText.of(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** What is worth telling beside a log-in attempt; empty if its pair is no bait. */
    Optional<Seen> used(Seen attempt) {
        if (!attempt.type().equals("login_attempt")) {
            return Optional.empty();
        }
        Map<String, String> fields = attempt.fields();
        Pair pair = new Pair(fields.getOrDefault("principal", ""), fields.getOrDefault("secret", ""));
        List<Place> found = places.getOrDefault(pair, List.of());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        List<Place> shown = found.subList(0, Math.min(MAX_PLACES, found.size()));
        return Optional.of(Seen.of(
                "bait_used",
                "principal",
                pair.principal(),
                "planted_on",
                String.join(",", shown.stream().map(Place::decky).distinct().toList()),
                "planted_path",
                text(String.join(",", shown.stream().map(Place::path).distinct().toList())),
                "outcome",
                fields.getOrDefault("outcome", "")));
    }
}
