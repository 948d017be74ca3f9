package decnet.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Catalogue;
import decnet.core.Json;
import decnet.core.Places;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every worker of an installation, running or not, with what is held against it.
 *
 * @param entries by name
 */
public record WorkerList(List<Entry> entries) {
    public WorkerList {
        entries = List.copyOf(entries);
    }

    /**
     * One worker.
     *
     * @param process empty if none runs it
     * @param state as {@link WorkerState#text}; {@code no process} if none runs it and it is not parked
     * @param deaths of processes held against it
     */
    public record Entry(
            String worker, String process, String state, String since, String reason, int restarts, int deaths) {}

    /** Asks every process, and looks into the ledger for those that do not run. */
    public static WorkerList of(Places places, Catalogue catalogue) {
        Map<String, LedgerEntry> ledger = new Ledger(places).all();
        Map<String, Entry> entries = new TreeMap<>();
        catalogue.workers().keySet().forEach(name -> entries.put(name, idle(name, ledger)));
        ledger.keySet().forEach(name -> entries.put(name, idle(name, ledger)));
        for (Footprint.Entry process : Footprint.measure(places).entries()) {
            for (JsonNode worker : process.workers()) {
                String name = worker.path("worker").asText();
                entries.put(
                        name,
                        new Entry(
                                name,
                                process.process(),
                                worker.path("state").asText(),
                                worker.path("since").asText(),
                                worker.path("reason").asText(),
                                worker.path("restarts").asInt(),
                                deaths(name, ledger)));
            }
        }
        return new WorkerList(new ArrayList<>(entries.values()));
    }

    private static Entry idle(String name, Map<String, LedgerEntry> ledger) {
        LedgerEntry entry = ledger.getOrDefault(name, LedgerEntry.clean(name));
        return entry.parked().isPresent()
                ? new Entry(name, "", "parked", entry.since().toString(), entry.reason(), 0, deaths(name, ledger))
                : new Entry(name, "", "no process", "", "", 0, deaths(name, ledger));
    }

    private static int deaths(String name, Map<String, LedgerEntry> ledger) {
        return ledger.getOrDefault(name, LedgerEntry.clean(name)).deaths().size();
    }

    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("workers");
        for (Entry entry : entries) {
            list.addObject()
                    .put("worker", entry.worker())
                    .put("process", entry.process())
                    .put("state", entry.state())
                    .put("since", entry.since())
                    .put("reason", entry.reason())
                    .put("restarts", entry.restarts())
                    .put("deaths", entry.deaths());
        }
        return json;
    }
}
