package decnet.topology;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Json;
import decnet.core.Snippet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The members of a JSON object that a person may have written: what is missing, of another type, or unknown is a problem with its place,
 * and reading goes on with an empty value. Not thread-safe.
 */
final class JsonFields {
    private final JsonNode json;
    private final String place;
    private final List<String> problems;

    /** @param place named in front of each problem, for example {@code lans[2]} */
    JsonFields(JsonNode json, String place, List<String> problems) {
        this.json = json;
        this.place = place;
        this.problems = problems;
        if (!json.isObject()) {
            problem("expected an object");
        }
    }

    /** Members beside these are problems. */
    void known(String... names) {
        List<String> list = List.of(names);
        json.properties().forEach(entry -> {
            if (!list.contains(entry.getKey())) {
                problem("unknown: " + Snippet.of(entry.getKey()) + "; known are " + String.join(", ", list));
            }
        });
    }

    /** @return empty if it is missing, which is a problem */
    String text(String name) {
        Optional<String> text = optionalText(name);
        if (!json.has(name)) {
            problem(name + " is missing");
        }
        return text.orElse("");
    }

    Optional<String> optionalText(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            problem(name + ": expected a text");
            return Optional.empty();
        }
        return Optional.of(value.asText());
    }

    boolean flag(String name) {
        JsonNode value = json.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            problem(name + ": expected true or false");
        }
        return value.asBoolean(false);
    }

    int number(String name) {
        long value = longNumber(name);
        if ((int) value != value) {
            problem(name + ": " + value + " is too large");
            return 0;
        }
        return (int) value;
    }

    /** 0 if it is missing. */
    long longNumber(String name) {
        JsonNode value = json.path(name);
        if (!value.isMissingNode() && !value.canConvertToLong()) {
            problem(name + ": expected a whole number");
            return 0;
        }
        return value.asLong(0);
    }

    double fraction(String name) {
        JsonNode value = json.path(name);
        if (!value.isMissingNode() && !value.isNumber()) {
            problem(name + ": expected a number");
            return 0;
        }
        return value.asDouble(0);
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : array(name)) {
            if (one.isTextual()) {
                texts.add(one.asText());
            } else {
                problem(name + ": expected a list of texts");
            }
        }
        return texts;
    }

    /** Maps of texts by name. */
    Map<String, Map<String, String>> maps(String name) {
        Map<String, Map<String, String>> maps = new TreeMap<>();
        JsonNode value = json.path(name);
        if (!value.isMissingNode() && !value.isObject()) {
            problem(name + ": expected an object");
        }
        value.properties().forEach(entry -> {
            Map<String, String> map = new TreeMap<>();
            if (!entry.getValue().isObject()) {
                problem(name + "." + entry.getKey() + ": expected an object");
            }
            entry.getValue().properties().forEach(one -> {
                if (one.getValue().isTextual()) {
                    map.put(one.getKey(), one.getValue().asText());
                } else {
                    problem(name + "." + entry.getKey() + "." + one.getKey() + ": expected a text");
                }
            });
            maps.put(entry.getKey(), map);
        });
        return maps;
    }

    /** The objects of a list; none if it is missing. */
    List<JsonFields> objects(String name) {
        List<JsonFields> all = new ArrayList<>();
        int index = 0;
        for (JsonNode one : array(name)) {
            all.add(new JsonFields(one, place + (place.isEmpty() ? "" : ".") + name + "[" + index++ + "]", problems));
        }
        return Collections.unmodifiableList(all);
    }

    Optional<JsonFields> object(String name) {
        return json.has(name)
                ? Optional.of(new JsonFields(json.path(name), place + (place.isEmpty() ? "" : ".") + name, problems))
                : Optional.empty();
    }

    private JsonNode array(String name) {
        JsonNode value = json.path(name);
        if (!value.isMissingNode() && !value.isArray()) {
            problem(name + ": expected a list");
            return Json.array();
        }
        return value;
    }

    void problem(String text) {
        if (problems.size() < 100) {
            problems.add(place.isEmpty() ? text : place + ": " + text);
        }
    }
}
