package decnet.decoys.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The commands of one version, as {@code COMMAND} tells them: {@code commands.txt} has a line for each with name, arity, version that
 * brought it, flags, first, last and step of its keys, and categories; {@code help.txt} the forms that {@code HELP} lists. Immutable.
 */
final class CommandTable {
    private static final List<String> LINES = lines("commands.txt");

    /**
     * A command, or a subcommand as {@code config|get}.
     *
     * @param arity number of words with the name: exact, or at least the negative of it
     * @param since version that brought it
     * @param firstKey 0 if it has no keys at fixed places
     */
    record Entry(
            String name,
            int arity,
            String since,
            Set<String> flags,
            int firstKey,
            int lastKey,
            int keyStep,
            List<String> categories) {
        boolean allows(int words) {
            return arity >= 0 ? words == arity : words >= -arity;
        }
    }

    /** By version, as all machines of one have the same; there are as many as distributions. */
    private static final Map<RedisVersion, CommandTable> TABLES = new ConcurrentHashMap<>();

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    static CommandTable of(RedisVersion version) {
        return TABLES.computeIfAbsent(version, CommandTable::new);
    }

    private CommandTable(RedisVersion version) {
        for (String line : LINES) {
            String[] parts = line.split(" ");
            if (version.atLeast(parts[2])) {
                Entry entry = new Entry(
                        parts[0],
                        Integer.parseInt(parts[1]),
                        parts[2],
                        parts[3].equals("-") ? Set.of() : Set.of(parts[3].split(",")),
                        Integer.parseInt(parts[4]),
                        Integer.parseInt(parts[5]),
                        Integer.parseInt(parts[6]),
                        List.of(parts[7].split(",")));
                entries.put(entry.name(), entry);
            }
        }
    }

    /** Lines of a file beside this class. */
    static List<String> lines(String file) {
        try (InputStream in = CommandTable.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in the module");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<Entry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** Whether it has subcommands. */
    boolean container(String name) {
        String prefix = name + "|";
        return entries.keySet().stream().anyMatch(one -> one.startsWith(prefix));
    }

    /** All commands, without subcommands. */
    List<Entry> commands() {
        return entries.values().stream()
                .filter(one -> one.name().indexOf('|') < 0)
                .toList();
    }

    List<Entry> subcommands(String name) {
        String prefix = name + "|";
        return entries.values().stream()
                .filter(one -> one.name().startsWith(prefix))
                .toList();
    }

    /** All commands and subcommands. */
    List<Entry> all() {
        return new ArrayList<>(entries.values());
    }

    /** What {@code HELP} of a command with subcommands answers. */
    static List<String> help(String command) {
        String prefix = command + " ";
        List<String> lines = new ArrayList<>(lines("help.txt").stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList());
        lines.add("    Prints this help.");
        return lines;
    }
}
