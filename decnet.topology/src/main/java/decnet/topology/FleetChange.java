package decnet.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * That a machine was changed while it stayed in the fleet.
 *
 * @param number of the change, without gaps; 0 until it is written
 * @param version of the desired state that has it; 0 until it is written
 * @param at when, in microseconds
 * @param oldServices slugs, sorted
 * @param newServices slugs, sorted
 * @param persona whether it became another machine
 */
public record FleetChange(
        long number,
        long version,
        DeckyName decky,
        Instant at,
        Trigger trigger,
        List<String> oldServices,
        List<String> newServices,
        boolean persona) {
    /** Why. */
    public enum Trigger {
        /** Its time had come. */
        SCHEDULED,
        /** Somebody asked for it. */
        OPERATOR;

        /** In events and files. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public FleetChange {
        at = at.truncatedTo(ChronoUnit.MICROS);
        oldServices = oldServices.stream().sorted().toList();
        newServices = newServices.stream().sorted().toList();
    }

    /** One that is yet to be written. */
    static FleetChange of(Decky before, Decky after, Trigger trigger, Instant at) {
        return new FleetChange(
                0,
                0,
                before.name(),
                at,
                trigger,
                slugs(before),
                slugs(after),
                !before.persona().identity().equals(after.persona().identity()));
    }

    static List<String> slugs(Decky decky) {
        return decky.services().stream().map(DeckyService::slug).toList();
    }

    FleetChange numbered(long newNumber, long newVersion) {
        return new FleetChange(newNumber, newVersion, decky, at, trigger, oldServices, newServices, persona);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("number", number)
                .put("version", version)
                .put("decky", decky.text())
                .put("at", at.toString())
                .put("trigger", trigger.text())
                .put("persona", persona);
        put(json.putArray("old_services"), oldServices);
        put(json.putArray("new_services"), newServices);
        return json;
    }

    private static void put(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    /** @throws IllegalArgumentException if it is not one */
    static FleetChange read(JsonNode json) {
        return new FleetChange(
                json.path("number").asLong(),
                json.path("version").asLong(),
                new DeckyName(PersonaJson.text(json, "decky")),
                PersonaJson.time(json, "at"),
                Trigger.valueOf(PersonaJson.text(json, "trigger").toUpperCase(Locale.ROOT)),
                texts(json.path("old_services")),
                texts(json.path("new_services")),
                json.path("persona").asBoolean());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}
