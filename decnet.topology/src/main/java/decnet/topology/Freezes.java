package decnet.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which machines are to be left as they are: nothing is repaired and nothing changed, as somebody looks at them. Immutable.
 *
 * @param all the one that holds for every machine
 * @param machines by name
 */
public record Freezes(Optional<Freeze> all, Map<DeckyName, Freeze> machines) {
    /** Longest time that one may last. */
    public static final Duration LONGEST = Duration.ofDays(30);

    /** Most machines that are frozen by name. */
    public static final int MOST = 4096;

    /** Nothing is frozen. */
    public static final Freezes NONE = new Freezes(Optional.empty(), Map.of());

    private static final int MOST_REASON = 200;

    public Freezes {
        machines = Map.copyOf(machines);
    }

    /**
     * One of them.
     *
     * @param until exclusive
     * @param reason for a person; at most 200 characters, may be empty
     */
    public record Freeze(Instant until, String reason) {
        public Freeze {
            reason = reason.length() <= MOST_REASON ? reason : reason.substring(0, MOST_REASON);
        }

        boolean holds(Instant now) {
            return now.isBefore(until);
        }
    }

    /** What keeps a machine as it is: the longer one, if it is frozen twice. */
    public Optional<Freeze> of(DeckyName name, Instant now) {
        Optional<Freeze> one = Optional.ofNullable(machines.get(name)).filter(freeze -> freeze.holds(now));
        Optional<Freeze> every = all.filter(freeze -> freeze.holds(now));
        if (one.isPresent() && every.isPresent()) {
            return one.get().until().isAfter(every.get().until()) ? one : every;
        }
        return one.or(() -> every);
    }

    /** Without those whose time is over. */
    Freezes at(Instant now) {
        Map<DeckyName, Freeze> left = new TreeMap<>(machines);
        left.values().removeIf(freeze -> !freeze.holds(now));
        return new Freezes(all.filter(freeze -> freeze.holds(now)), left);
    }

    /** @throws IllegalArgumentException if that would be more than {@value #MOST} */
    Freezes with(Collection<DeckyName> names, Freeze freeze) {
        Map<DeckyName, Freeze> more = new TreeMap<>(machines);
        names.forEach(name -> more.put(name, freeze));
        if (more.size() > MOST) {
            throw new IllegalArgumentException(
                    more.size() + " machines frozen by name; expected at most " + MOST + ": freeze all of them");
        }
        return new Freezes(all, more);
    }

    Freezes withAll(Freeze freeze) {
        return new Freezes(Optional.of(freeze), machines);
    }

    Freezes without(Collection<DeckyName> names) {
        Map<DeckyName, Freeze> less = new TreeMap<>(machines);
        less.keySet().removeAll(names);
        return new Freezes(all, less);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object();
        all.ifPresent(freeze -> json.set("all", write(freeze)));
        ObjectNode names = json.putObject("machines");
        new TreeMap<>(machines).forEach((name, freeze) -> names.set(name.text(), write(freeze)));
        return json;
    }

    private static ObjectNode write(Freeze freeze) {
        return Json.object().put("until", freeze.until().toString()).put("reason", freeze.reason());
    }

    /** @throws IllegalArgumentException if it is not one */
    static Freezes read(ObjectNode json) {
        Map<DeckyName, Freeze> machines = new TreeMap<>();
        json.path("machines")
                .properties()
                .forEach(one -> machines.put(new DeckyName(one.getKey()), read(one.getValue())));
        return new Freezes(json.has("all") ? Optional.of(read(json.path("all"))) : Optional.empty(), machines);
    }

    private static Freeze read(JsonNode json) {
        return new Freeze(PersonaJson.time(json, "until"), PersonaJson.text(json, "reason"));
    }
}
