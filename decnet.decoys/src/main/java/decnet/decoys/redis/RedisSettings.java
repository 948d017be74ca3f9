package decnet.decoys.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code CONFIG GET} and {@code CONFIG SET} show, shared by the visitors of one decky. {@code config.txt} has a line for each
 * setting: first major version, name, what values it takes, default. Thread-safe.
 */
final class RedisSettings {
    private static final int MAX_VALUE = 512;
    private static final List<String> DEFAULTS = CommandTable.lines("config.txt");
    /** Old name, new name. */
    private static final List<String> RENAMED = List.of("slave", "replica", "ziplist", "listpack");

    private record Setting(String kind, String value) {}

    /** Defaults by major version, the same for all machines. */
    private static final Map<Integer, Map<String, Setting>> SHARED = new ConcurrentHashMap<>();

    private final Map<String, Setting> defaults;
    private final Map<String, Setting> changed = new HashMap<>(4);

    RedisSettings(RedisVersion version, String password) {
        defaults = SHARED.computeIfAbsent(version.major(), RedisSettings::defaults);
        if (!password.isEmpty()) {
            changed.put("requirepass", new Setting("any", password));
        }
    }

    private static Map<String, Setting> defaults(int major) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (String line : DEFAULTS) {
            String[] parts = line.split(" ", 4);
            if (Integer.parseInt(parts[0]) <= major) {
                settings.put(parts[1], new Setting(parts[2], parts.length > 3 ? parts[3] : ""));
            }
        }
        settings.put("requirepass", new Setting("any", ""));
        return settings;
    }

    private @Nullable Setting find(String name) {
        Setting set = changed.get(name);
        return set == null ? defaults.get(name) : set;
    }

    synchronized Map<String, String> matching(String glob) {
        Map<String, String> found = new LinkedHashMap<>();
        defaults.forEach((name, setting) -> {
            if (Glob.matches(glob, name)) {
                found.put(name, changed.getOrDefault(name, setting).value());
            }
        });
        return found;
    }

    synchronized Optional<String> get(String name) {
        return Optional.ofNullable(find(name)).map(Setting::value);
    }

    /** The value as it would be kept. @throws RedisError with the reason why not, without the server's preamble */
    synchronized String checked(String name, String value) {
        Setting setting = find(name);
        if (setting == null) {
            throw new RedisError("unknown");
        }
        String[] kind = setting.kind().split(":");
        return switch (kind[0]) {
            case "immutable" -> throw new RedisError("can't set immutable config");
            case "protected" -> throw new RedisError("can't set protected config");
            case "bool" -> {
                if (!value.equalsIgnoreCase("yes") && !value.equalsIgnoreCase("no")) {
                    throw new RedisError("argument must be 'yes' or 'no'");
                }
                yield value.toLowerCase(Locale.ROOT);
            }
            case "enum" -> oneOf(value, kind[1]);
            case "integer" -> {
                Optional<Long> number = Numbers.integer(value);
                if (number.isEmpty()) {
                    throw new RedisError("argument couldn't be parsed into an integer");
                }
                if (number.get() < Long.parseLong(kind[1]) || number.get() > Long.parseLong(kind[2])) {
                    throw new RedisError("argument must be between " + kind[1] + " and " + kind[2] + " inclusive");
                }
                yield name.equals("hz") ? Long.toString(Math.max(1, Math.min(500, number.get()))) : value;
            }
            case "memory" -> memory(value).orElseThrow(() -> new RedisError("argument must be a memory value"));
            case "memory-or-percent" -> {
                if (value.matches("\\d{1,3}%")) {
                    yield value;
                }
                yield memory(value).orElseThrow(() -> new RedisError("argument must be a memory or percent value"));
            }
            case "save" -> {
                if (!value.isEmpty() && !value.matches("[1-9]\\d* \\d+( [1-9]\\d* \\d+)*")) {
                    throw new RedisError("Invalid save parameters");
                }
                yield value;
            }
            case "buffers" -> buffers(setting.value(), value);
            case "four" -> {
                if (value.split(" ").length != 3) {
                    throw new RedisError("wrong number of arguments");
                }
                yield value;
            }
            case "percentiles" -> {
                if (!value.matches("[0-9. ]*")) {
                    throw new RedisError("Invalid latency-tracking-info-percentiles parameters");
                }
                yield value;
            }
            case "bind" -> {
                if (!value.matches("[0-9a-fA-F.:* -]+")) {
                    throw new RedisError("Failed to bind to specified addresses.");
                }
                yield value;
            }
            default -> value;
        };
    }

    private static String oneOf(String value, String allowed) {
        for (String one : allowed.split(",")) {
            if (one.equalsIgnoreCase(value)) {
                return one;
            }
        }
        throw new RedisError("argument(s) must be one of the following: " + allowed.replace(",", ", "));
    }

    private static Optional<String> memory(String value) {
        java.util.regex.Matcher matcher = java.util.regex.Pattern.compile("(\\d{1,15})(b|k|kb|m|mb|g|gb)?")
                .matcher(value.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(2) == null ? "b" : matcher.group(2);
        long factor =
                switch (unit) {
                    case "k" -> 1000;
                    case "kb" -> 1L << 10;
                    case "m" -> 1_000_000;
                    case "mb" -> 1L << 20;
                    case "g" -> 1_000_000_000;
                    case "gb" -> 1L << 30;
                    default -> 1;
                };
        return Optional.of(Long.toString(Long.parseLong(matcher.group(1)) * factor));
    }

    private static String buffers(String old, String value) {
        String[] words = value.split(" +");
        if (words.length % 4 != 0) {
            throw new RedisError("Wrong number of arguments in buffer limit configuration.");
        }
        Map<String, String> classes = new LinkedHashMap<>();
        String[] before = old.split(" ");
        for (int i = 0; i + 3 < before.length; i += 4) {
            classes.put(before[i], before[i + 1] + " " + before[i + 2] + " " + before[i + 3]);
        }
        for (int i = 0; i < words.length; i += 4) {
            String name = words[i].toLowerCase(Locale.ROOT).replace("replica", "slave");
            if (!classes.containsKey(name)) {
                throw new RedisError("Invalid client class specified in buffer limit configuration.");
            }
            Optional<String> hard = memory(words[i + 1]);
            Optional<String> soft = memory(words[i + 2]);
            if (hard.isEmpty()
                    || soft.isEmpty()
                    || Numbers.integer(words[i + 3]).isEmpty()) {
                throw new RedisError("Error in hard, soft or soft_seconds setting in buffer limit configuration.");
            }
            classes.put(name, hard.get() + " " + soft.get() + " " + words[i + 3]);
        }
        List<String> all = new ArrayList<>();
        classes.forEach((name, limits) -> all.add(name + " " + limits));
        return String.join(" ", all);
    }

    /** Changes a known setting, under its old name and its new one. */
    synchronized void set(String name, String value) {
        String kept = value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) : value;
        put(name, kept);
        for (int i = 0; i < RENAMED.size(); i += 2) {
            put(name.replace(RENAMED.get(i), RENAMED.get(i + 1)), kept);
            put(name.replace(RENAMED.get(i + 1), RENAMED.get(i)), kept);
        }
    }

    private void put(String name, String value) {
        Setting setting = find(name);
        if (setting != null) {
            changed.put(name, new Setting(setting.kind(), value));
        }
    }
}
