package decnet.workers.heavy;

import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Peer;
import decnet.db.TagRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All rules that are switched on, by what they look at. Immutable, except that matchers are not shared between threads. */
final class RuleSet {
    /** A tag below this confidence says too little to be kept. */
    static final double FLOOR = 0.3;

    private static final int MAX_EVIDENCE = 512;

    private final Map<SourceKind, List<Rule>> byKind = new EnumMap<>(SourceKind.class);
    private final int size;

    RuleSet(Collection<Rule> rules) {
        int count = 0;
        for (Rule rule : rules) {
            if (rule.enabled()) {
                count++;
                rule.kinds().forEach(kind -> byKind.computeIfAbsent(kind, any -> new ArrayList<>())
                        .add(rule));
            }
        }
        this.size = count;
    }

    int size() {
        return size;
    }

    /** The tags an event deserves: of every rule that matches, no precedence. */
    List<TagRow> tags(Event event) {
        Optional<SourceKind> kind = SourceKind.of(event);
        Optional<EventId> id = event.id();
        if (kind.isEmpty() || id.isEmpty() || event.src().isEmpty()) {
            return List.of();
        }
        List<TagRow> tags = new ArrayList<>();
        for (Rule rule : byKind.getOrDefault(kind.get(), List.of())) {
            String text =
                    event.field(rule.field().orElse(kind.get().usualField())).orElse("");
            if (text.isEmpty() || !rule.pattern().matcher(text).find()) {
                continue;
            }
            for (Rule.Emission emission : rule.emits()) {
                double confidence = Math.min(emission.confidence(), rule.ceiling());
                if (confidence >= FLOOR) {
                    tags.add(tag(event, id.get(), kind.get(), rule, emission, confidence, text));
                }
            }
        }
        return tags;
    }

    private static TagRow tag(
            Event event,
            EventId id,
            SourceKind kind,
            Rule rule,
            Rule.Emission emission,
            double confidence,
            String text) {
        return new TagRow(
                TagId.of(kind.text(), id.toString(), rule, emission),
                id,
                event.at(),
                event.src().map(Peer::address),
                event.session(),
                event.decky().text(),
                event.service(),
                emission.exact(),
                emission.tactic(),
                rule.id(),
                rule.version(),
                confidence,
                text.length() > MAX_EVIDENCE ? text.substring(0, MAX_EVIDENCE) : text);
    }
}
