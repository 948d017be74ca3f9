package decnet.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Json;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The last changes of machines that stayed in the fleet. It is written before the desired state that has them: an entry of a version
 * that never came to be is taken out by the next writer, and no reader is shown it. Immutable.
 *
 * @param id 64 bits drawn when the log was begun; with its number they name a change for ever
 * @param last number of the last change ever, 0 if there was none
 * @param changes the newest, at most {@value #MOST}, in order
 */
public record ChangeLog(long id, long last, List<FleetChange> changes) {
    /** Most changes that are kept. */
    public static final int MOST = 1000;

    public ChangeLog {
        changes = List.copyOf(changes);
    }

    /** Those behind {@code number}. */
    public List<FleetChange> after(long number) {
        return changes.stream().filter(change -> change.number() > number).toList();
    }

    /** The sets of services that a machine had or has, the newest last. */
    public List<Set<String>> sets(DeckyName decky) {
        List<Set<String>> sets = new ArrayList<>();
        for (FleetChange change : changes) {
            if (change.decky().equals(decky)) {
                sets.add(Set.copyOf(change.oldServices()));
                sets.add(Set.copyOf(change.newServices()));
            }
        }
        return sets;
    }

    /** As of a desired state: what was written for a later one is left out. */
    ChangeLog upTo(long version) {
        List<FleetChange> valid =
                changes.stream().filter(change -> change.version() <= version).toList();
        // numbers are given in the order of versions, so those left out are the last ones, and come again
        long taken = last - (changes.size() - valid.size());
        return valid.size() == changes.size() ? this : new ChangeLog(id, taken, valid);
    }

    ChangeLog with(List<FleetChange> more, long version) {
        List<FleetChange> all = new ArrayList<>(changes);
        long number = last;
        for (FleetChange change : more) {
            all.add(change.numbered(++number, version));
        }
        return new ChangeLog(id, number, all.subList(Math.max(0, all.size() - MOST), all.size()));
    }

    ObjectNode toJson() {
        ObjectNode json =
                Json.object().put("id", HexFormat.of().toHexDigits(id)).put("last", last);
        ArrayNode array = json.putArray("changes");
        changes.forEach(change -> array.add(change.toJson()));
        return json;
    }

    /** @throws IllegalArgumentException if it is not one */
    static ChangeLog read(ObjectNode json) {
        List<FleetChange> changes = new ArrayList<>();
        for (JsonNode one : json.path("changes")) {
            changes.add(FleetChange.read(one));
        }
        return new ChangeLog(
                HexFormat.fromHexDigitsToLong(PersonaJson.text(json, "id")),
                json.path("last").asLong(),
                changes);
    }
}
