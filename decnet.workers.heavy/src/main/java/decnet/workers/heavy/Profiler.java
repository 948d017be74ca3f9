package decnet.workers.heavy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.Bus;
import decnet.bus.Topics;
import decnet.core.Event;
import decnet.core.Json;
import decnet.db.AttackerDelta;
import decnet.db.AttackerRow;
import decnet.db.StoredEvent;
import decnet.db.Transaction;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Worker {@code profiler}: one row per attacking address, built from new events only. Everything is in the row, so nothing is lost
 * or counted again by a restart: counters never shrink and {@code first_seen} never moves forward. Publishes
 * {@code attacker.observed} for a new address and {@code attacker.scored} for each one that did something.
 */
final class Profiler implements Worker {
    @Override
    public void run(WorkerContext context) throws Exception {
        HeavyConfig config = HeavyConfig.from(context.config(), context.places());
        new Follower(context, config).run((transaction, events) -> profile(transaction, events, context), () -> {});
    }

    private static Runnable profile(Transaction transaction, List<StoredEvent> stored, WorkerContext context) {
        Map<InetAddress, AttackerTally> tallies = new LinkedHashMap<>();
        Map<InetAddress, Event> first = new HashMap<>();
        for (StoredEvent one : stored) {
            Event event = one.event();
            event.src().ifPresent(peer -> {
                tallies.computeIfAbsent(peer.address(), AttackerTally::new).add(event);
                first.putIfAbsent(peer.address(), event);
            });
        }
        List<AttackerDelta> deltas =
                tallies.values().stream().map(AttackerTally::delta).toList();
        List<AttackerRow> rows = transaction.attackers().apply(deltas);
        Map<InetAddress, Integer> scores = new HashMap<>();
        List<AttackerRow> fresh = new ArrayList<>();
        for (AttackerRow row : rows) {
            scores.put(row.ip(), AttackerScore.of(row));
            AttackerTally tally = tallies.get(row.ip());
            if (tally != null && row.events() == tally.delta().events()) {
                fresh.add(row);
            }
        }
        transaction.attackers().score(scores);
        return () -> {
            context.counters().add(HeavyCounter.PROFILED, stored.size());
            context.counters().add(HeavyCounter.ATTACKERS, fresh.size());
            Bus bus = context.bus();
            for (AttackerRow row : fresh) {
                Event event = first.get(row.ip());
                if (event != null) {
                    bus.publish(Topics.ATTACKER_OBSERVED, "observed", observed(row, event));
                }
            }
            rows.forEach(row ->
                    bus.publish(Topics.ATTACKER_SCORED, "scored", scored(row, scores.getOrDefault(row.ip(), 0))));
        };
    }

    private static ObjectNode observed(AttackerRow row, Event event) {
        return Json.object()
                .put("attacker_ip", row.ip().getHostAddress())
                .put("decky", event.decky().text())
                .put("service", event.service())
                .put("event_type", event.type())
                .put("first_seen", row.firstSeen().toString());
    }

    private static ObjectNode scored(AttackerRow row, int score) {
        return Json.object()
                .put("attacker_ip", row.ip().getHostAddress())
                .put("event_count", row.events())
                .put("service_count", row.services().size())
                .put("decky_count", row.deckies().size())
                .put("bounty_count", row.credentials() + row.uploads())
                .put("credential_count", row.credentials())
                .put("is_traversal", row.deckies().size() > 1)
                .put("score", score);
    }
}
