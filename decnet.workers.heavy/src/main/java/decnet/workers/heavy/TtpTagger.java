package decnet.workers.heavy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.Topics;
import decnet.core.Json;
import decnet.db.StoredEvent;
import decnet.db.TagRow;
import decnet.db.Transaction;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Worker {@code ttp}: tags commands and requests with ATT&amp;CK techniques. Publishes {@code ttp.tagged} and
 * {@code ttp.rule.fired.TECHNIQUE} for tags that are really new, never for one that was there before.
 */
final class TtpTagger implements Worker {
    @Override
    public void run(WorkerContext context) throws Exception {
        HeavyConfig config = HeavyConfig.from(context.config(), context.places());
        RuleStore store = new RuleStore(config.rules(), context.counters());
        Refresher refresher = new Refresher(store, config, context);
        new Follower(context, config)
                .run(
                        (transaction, events) -> tag(transaction, events, store.rules(), context),
                        refresher::refreshIfDue);
    }

    /** Looks at the rule files now and then, not before every batch. */
    private static final class Refresher {
        private final RuleStore store;
        private final HeavyConfig config;
        private final WorkerContext context;
        private Instant next;

        Refresher(RuleStore store, HeavyConfig config, WorkerContext context) {
            this.store = store;
            this.config = config;
            this.context = context;
            this.next = context.clock().instant();
        }

        void refreshIfDue() {
            Instant now = context.clock().instant();
            if (!now.isBefore(next)) {
                next = now.plus(config.rulesPoll());
                store.refresh();
            }
        }
    }

    private static Runnable tag(
            Transaction transaction, List<StoredEvent> events, RuleSet rules, WorkerContext context) {
        List<TagRow> found = new ArrayList<>();
        for (StoredEvent one : events) {
            found.addAll(rules.tags(one.event()));
        }
        List<TagRow> fresh = new ArrayList<>();
        for (int from = 0; from < found.size(); from += 10_000) {
            fresh.addAll(transaction.tags().add(found.subList(from, Math.min(found.size(), from + 10_000))));
        }
        return () -> {
            context.counters().add(HeavyCounter.EXAMINED, events.size());
            context.counters().add(HeavyCounter.TAGS, fresh.size());
            announce(fresh, context);
        };
    }

    private record Actor(String ip, String session) {}

    private static void announce(List<TagRow> fresh, WorkerContext context) {
        Map<Actor, List<TagRow>> byActor = new LinkedHashMap<>();
        Map<String, List<TagRow>> byTechnique = new TreeMap<>();
        for (TagRow tag : fresh) {
            String ip = tag.attacker().map(address -> address.getHostAddress()).orElse("");
            byActor.computeIfAbsent(new Actor(ip, tag.session().orElse("")), any -> new ArrayList<>())
                    .add(tag);
            byTechnique.computeIfAbsent(parent(tag), any -> new ArrayList<>()).add(tag);
        }
        byActor.forEach((actor, tags) -> {
            ObjectNode payload = Json.object().put("attacker_ip", actor.ip()).put("session_id", actor.session());
            ids(payload, tags);
            ArrayNode techniques = payload.putArray("techniques_added");
            new TreeSet<>(tags.stream().map(TtpTagger::parent).toList()).forEach(techniques::add);
            context.bus().publish(Topics.TTP_TAGGED, "tagged", payload);
        });
        byTechnique.forEach((technique, tags) -> {
            ObjectNode payload = Json.object()
                    .put("technique_id", technique)
                    .put(
                            "attacker_ip",
                            tags.getFirst()
                                    .attacker()
                                    .map(a -> a.getHostAddress())
                                    .orElse(""))
                    .put("session_id", tags.getFirst().session().orElse(""));
            ids(payload, tags);
            context.bus().publish(Topics.ruleFired(technique), "fired", payload);
        });
    }

    private static void ids(ObjectNode payload, List<TagRow> tags) {
        ArrayNode ids = payload.putArray("tag_uuids");
        tags.stream().limit(1000).forEach(tag -> ids.add(tag.id().toString()));
    }

    private static String parent(TagRow tag) {
        int dot = tag.technique().indexOf('.');
        return dot < 0 ? tag.technique() : tag.technique().substring(0, dot);
    }
}
