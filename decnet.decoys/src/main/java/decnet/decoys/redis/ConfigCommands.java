package decnet.decoys.redis;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** {@code CONFIG}. Stateless. */
final class ConfigCommands {
    private ConfigCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("config|get", call -> {
            Map<String, String> found = new LinkedHashMap<>();
            for (String pattern : call.from(2)) {
                boolean glob = pattern.chars().anyMatch(c -> "[*?".indexOf(c) >= 0);
                String lower = pattern.toLowerCase(Locale.ROOT);
                if (glob) {
                    found.putAll(call.state().settings.matching(lower));
                } else {
                    call.state().settings.get(lower).ifPresent(value -> found.put(pattern, value));
                }
            }
            call.reply().map(found.size());
            found.forEach((name, value) -> call.reply().bulk(name).bulk(value));
        });
        handlers.put("config|set", ConfigCommands::set);
        handlers.put("config|resetstat", call -> {
            call.state().forgetErrors();
            call.reply().ok();
        });
        handlers.put("config|rewrite", call -> {
            throw new RedisError("ERR Rewriting config file: Permission denied");
        });
    }

    private static void set(Call call) {
        RedisState state = call.state();
        boolean seven = state.version.major() >= 7;
        if (call.count() % 2 != 0 || !seven && call.count() != 4) {
            throw RedisError.wrongArity("config|set");
        }
        Map<String, String> checked = new LinkedHashMap<>();
        for (int i = 2; i < call.count(); i += 2) {
            if (state.settings.get(call.option(i)).isEmpty()) {
                throw new RedisError(
                        seven
                                ? "ERR Unknown option or number of arguments for CONFIG SET - '" + call.arg(i) + "'"
                                : "ERR Unsupported CONFIG parameter: " + call.arg(i));
            }
        }
        for (int i = 2; i < call.count(); i += 2) {
            String name = call.option(i);
            try {
                if (checked.containsKey(name)) {
                    throw new RedisError("duplicate parameter");
                }
                checked.put(name, value(call, name, call.arg(i + 1)));
            } catch (RedisError e) {
                throw new RedisError(
                        seven
                                ? "ERR CONFIG SET failed (possibly related to argument '" + call.arg(i) + "') - "
                                        + e.answer()
                                : "ERR Invalid argument '" + call.arg(i + 1) + "' for CONFIG SET '" + call.arg(i) + "'"
                                        + (e.answer().startsWith("argument") ? " - " + e.answer() : ""));
            }
        }
        checked.forEach((name, value) -> {
            if (!name.equals("requirepass")) { // else the first visitor would lock out the second
                state.settings.set(name, value);
            }
        });
        call.reply().ok();
    }

    /** Before version 7 the place of the dump file could be set, which is what intruders did. */
    private static String value(Call call, String name, String value) {
        RedisState state = call.state();
        boolean place = name.equals("dir") || name.equals("dbfilename");
        if (!place || state.version.major() >= 7) {
            return state.settings.checked(name, value);
        }
        if (name.equals("dir")
                && state.context
                        .disk()
                        .find(decnet.decoys.Disk.resolve("/", value))
                        .isEmpty()) {
            throw new RedisError("Changing directory: No such file or directory");
        }
        return value;
    }
}
