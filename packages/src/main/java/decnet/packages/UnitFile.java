package decnet.packages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A unit of systemd: sections in order, each with lines in order; a key may come more than once. Not thread-safe. */
final class UnitFile {
    private final String name;
    private final Map<String, List<String>> sections = new LinkedHashMap<>();

    /** @param name with its suffix, {@code decnet-bus.service} */
    UnitFile(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Adds a line; an empty value is written too, as it clears what systemd would take. */
    UnitFile set(String section, String key, String value) {
        sections.computeIfAbsent(section, _ -> new ArrayList<>()).add(key + "=" + value);
        return this;
    }

    /** Adds a line unless there is nothing to list. */
    UnitFile list(String section, String key, List<String> values) {
        return values.isEmpty() ? this : set(section, key, String.join(" ", values));
    }

    String text() {
        StringBuilder text =
                new StringBuilder("# Made from the plan of the processes; change it with  systemctl edit\n");
        sections.forEach((section, lines) -> {
            text.append("\n[").append(section).append("]\n");
            lines.forEach(line -> text.append(line).append('\n'));
        });
        return text.toString();
    }
}
