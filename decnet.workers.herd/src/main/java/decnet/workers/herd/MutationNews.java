package decnet.workers.herd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.Json;
import decnet.topology.ChangeLog;
import decnet.topology.FleetChange;
import decnet.topology.FleetStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes events of the changes that the log of the desired state holds, each once, whoever made them: this worker, or a command while no
 * worker ran. One owner thread.
 */
final class MutationNews {
    private final FleetStore store;
    private final NumberedJournal journal;
    private final Counters counters;
    private final Consumer<FleetChange> told;
    private String stamp = "never";

    /** @param told hears of each change once it is durable; may hear of none if this process ends in between */
    MutationNews(FleetStore store, NumberedJournal journal, Counters counters, Consumer<FleetChange> told) {
        this.store = store;
        this.journal = journal;
        this.counters = counters;
        this.told = told;
    }

    /**
     * Tells what was not told yet.
     *
     * @throws decnet.topology.FleetException if the desired state cannot be read
     * @throws decnet.journal.JournalException if the journal cannot be written; the next call does it
     */
    void tell() {
        String now = store.stamp();
        if (now.equals(stamp)) {
            return;
        }
        Optional<ChangeLog> log = store.changes();
        if (log.isPresent()) {
            tell(log.get());
        }
        stamp = now;
    }

    private void tell(ChangeLog log) {
        long last = journal.told(log.id());
        List<FleetChange> fresh = log.after(last);
        if (!fresh.isEmpty()) {
            counters.add(MutateCounter.MISSED, fresh.getFirst().number() - last - 1);
        }
        fresh.forEach(change -> journal.tell(log.id(), change.number(), event(change)));
        journal.settle();
        counters.add(MutateCounter.TOLD, fresh.size());
        fresh.forEach(told);
    }

    static Event event(FleetChange change) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("old_services", String.join(",", change.oldServices()));
        fields.put("new_services", String.join(",", change.newServices()));
        fields.put("trigger", change.trigger().text());
        fields.put("persona", change.persona() ? "yes" : "no");
        return Event.of(change.at(), change.decky(), "mutator", "decky_mutated", fields);
    }

    static ObjectNode payload(FleetChange change) {
        ObjectNode json = Json.object()
                .put("decky", change.decky().text())
                .put("trigger", change.trigger().text())
                .put("persona", change.persona());
        change.oldServices().forEach(json.putArray("old_services")::add);
        change.newServices().forEach(json.putArray("new_services")::add);
        return json;
    }
}
