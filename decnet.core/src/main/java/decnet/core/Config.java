package decnet.core;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a process. Environment wins over file, file over default. Immutable.
 *
 * <pre>
 * file = *( line LF )
 * line = [ "#" comment / key *WSP "=" *WSP value ]        ; a.b-c = value
 * </pre>
 */
public final class Config {
    private static final long MAX_FILE_BYTES = 1 << 20;
    /** Variables that begin like keys but steer the launcher itself. */
    private static final Set<String> NOT_KEYS = Set.of(
            "DECNET_CONFIG",
            "DECNET_STATE",
            "DECNET_JVM",
            "DECNET_IMAGES",
            "DECNET_LAST_END",
            "DECNET_MASTER",
            "DECNET_RUN",
            "DECNET_LOG_LEVEL",
            "DECNET_TRAINING");

    private static final Pattern FIRST_WORD = Pattern.compile("(?<=.)[\\s:=]");

    private final Map<String, String> values;

    private Config(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** Settings given directly, as tests do; they are checked when read. */
    public static Config of(Map<String, String> values) {
        return new Config(values);
    }

    /**
     * Reads and checks everything.
     *
     * @param file empty for defaults only
     * @param keys every key this process knows
     * @param elsewhere names of keys that other images know; they are accepted and not read
     * @throws ConfigException with every problem found: unknown keys with the nearest known one, values of the wrong form
     */
    public static Config load(
            Optional<Path> file,
            Map<String, String> environment,
            Collection<ConfigKey<?>> keys,
            Set<String> elsewhere) {
        List<String> problems = new ArrayList<>();
        Map<String, ConfigKey<?>> known = new TreeMap<>();
        Map<String, String> byVariable = new HashMap<>();
        for (ConfigKey<?> key : keys) {
            known.put(key.name(), key);
            byVariable.put(key.environmentName(), key.name());
        }
        elsewhere.forEach(name -> byVariable.putIfAbsent(ConfigKey.environmentName(name), name));
        Set<String> names = new HashSet<>(known.keySet());
        names.addAll(elsewhere);

        Map<String, String> values = new HashMap<>();
        file.ifPresent(path -> readFile(path, known, names, values, problems));
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith("DECNET_") || NOT_KEYS.contains(name)) {
                continue;
            }
            String key = byVariable.containsKey(name) ? byVariable.get(name) : member(name, known.values());
            if (key == null) {
                problems.add("environment: unknown variable " + Snippet.of(name) + nearest(name, byVariable.keySet()));
            } else {
                put("environment " + name, of(key, known), key, variable.getValue(), values, problems);
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Config(values);
    }

    private static void readFile(
            Path path,
            Map<String, ConfigKey<?>> known,
            Set<String> names,
            Map<String, String> values,
            List<String> problems) {
        List<String> lines;
        try {
            if (Files.size(path) > MAX_FILE_BYTES) {
                problems.add(path + ": larger than " + MAX_FILE_BYTES + " bytes; is this the configuration file?");
                return;
            }
            lines = Files.readAllLines(path);
        } catch (MalformedInputException e) {
            problems.add(path + ": not UTF-8 text");
            return;
        } catch (IOException e) {
            problems.add(path + ": cannot be read (" + e + ")");
            return;
        }
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            String where = path + ":" + (i + 1);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0) {
                // the first word only: the rest may be a secret whose equals sign was forgotten
                problems.add(where + ": expected  key = value , found "
                        + Snippet.of(FIRST_WORD.split(line, 2)[0]));
                continue;
            }
            String name = line.substring(0, equals).strip();
            ConfigKey<?> key = of(name, known);
            if (key == null && !names.contains(name)) {
                problems.add(where + ": unknown key " + Snippet.of(name) + nearest(name, names));
                continue;
            }
            Integer before = seen.put(name, i + 1);
            if (before != null) {
                problems.add(where + ": " + name + " is already set in line " + before);
                continue;
            }
            put(where, key, name, line.substring(equals + 1).strip(), values, problems);
        }
    }

    /** The key called {@code name}, else the family it belongs to. */
    private static @Nullable ConfigKey<?> of(String name, Map<String, ConfigKey<?>> known) {
        ConfigKey<?> key = known.get(name);
        if (key != null) {
            return key.family() ? null : key;
        }
        return known.values().stream()
                .filter(family -> family.hasMember(name))
                .findFirst()
                .orElse(null);
    }

    /** {@code DECNET_A_B_SOME_NAME} is {@code a.b.some-name} if {@code a.b.*} is a family. */
    private static @Nullable String member(String variable, Collection<ConfigKey<?>> keys) {
        for (ConfigKey<?> key : keys) {
            String prefix =
                    key.environmentName().substring(0, key.environmentName().length() - 1);
            if (key.family() && variable.startsWith(prefix)) {
                String rest = variable.substring(prefix.length()).toLowerCase(Locale.ROOT);
                String name = key.name().substring(0, key.name().length() - 1) + rest.replace('_', '-');
                if (key.hasMember(name)) {
                    return name;
                }
            }
        }
        return null;
    }

    private static void put(
            String where,
            @Nullable ConfigKey<?> key,
            String name,
            String text,
            Map<String, String> values,
            List<String> problems) {
        if (key != null) {
            try {
                key.parse(text);
            } catch (IllegalArgumentException e) {
                String shown = key.secret() ? "the value" : Snippet.of(text);
                problems.add(where + ": " + name + ": " + shown + ": " + e.getMessage());
                return;
            }
        }
        values.put(name, text);
    }

    /** Value of {@code key}, or its default. @throws IllegalArgumentException if {@link #of} was given a malformed one */
    public <T> T get(ConfigKey<T> key) {
        return key.parse(values.getOrDefault(key.name(), key.defaultText()));
    }

    /** Everything that was set of a family, by the last part of its name, sorted. */
    public <T> SortedMap<String, T> members(ConfigKey<T> family) {
        SortedMap<String, T> members = new TreeMap<>();
        values.forEach((name, text) -> {
            if (family.hasMember(name)) {
                members.put(name.substring(family.name().length() - 1), family.parse(text));
            }
        });
        return members;
    }

    /** Whether somebody set the key, be it to its default. */
    public boolean isSet(ConfigKey<?> key) {
        return values.containsKey(key.name());
    }

    /** The settings that differ from their defaults, secrets redacted, sorted: for the log line at start. */
    public Map<String, String> shown(Collection<ConfigKey<?>> keys) {
        Map<String, String> shown = new TreeMap<>();
        for (ConfigKey<?> key : keys) {
            values.forEach((name, text) -> {
                if (key.hasMember(name)) {
                    shown.put(name, text);
                }
            });
            String value = values.get(key.name());
            if (value != null) {
                shown.put(key.name(), key.secret() ? "[redacted]" : value);
            }
        }
        return shown;
    }

    private static String nearest(String name, Collection<String> names) {
        String best = "";
        int least = Math.max(3, name.length() / 3) + 1;
        for (String candidate : new java.util.TreeSet<>(names)) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? "" : "; did you mean " + best + "?";
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        if (a.length() > 100) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j - 1], row[j]) + 1);
            }
        }
        return row[b.length()];
    }
}
