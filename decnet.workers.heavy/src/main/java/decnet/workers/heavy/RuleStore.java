package decnet.workers.heavy;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The built-in rules and an operator's own, read again when a file changes. A file that is wrong is reported once, and what it held
 * before stays in force; a file that is gone takes its rule along. One owner thread.
 */
final class RuleStore {
    private static final System.Logger LOG = System.getLogger(RuleStore.class.getName());
    private static final int MAX_FILES = 1000;

    private record Version(long size, long modified) {}

    private final Path folder;
    private final Counters counters;
    private final RuleReader reader = new RuleReader();
    private final Map<String, Rule> builtIn = new TreeMap<>();
    private final Map<Path, Version> seen = new HashMap<>();
    private final Map<Path, Rule> own = new TreeMap<>();
    private RuleSet rules;

    RuleStore(Path folder, Counters counters) {
        this.folder = folder;
        this.counters = counters;
        for (String name : BuiltInRules.NAMES) {
            Rule rule = reader.read(resource(name));
            builtIn.put(rule.id(), rule);
        }
        this.rules = merged();
        refresh();
        LOG.log(INFO, () -> "rules loaded count=" + rules.size() + " own=" + own.size() + " folder=" + folder);
    }

    private static byte[] resource(String name) {
        try (InputStream in = RuleStore.class.getResourceAsStream("rules/" + name + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("the build lost the rule " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the built-in rule " + name, e);
        }
    }

    RuleSet rules() {
        return rules;
    }

    /** Looks whether a file has changed. */
    void refresh() {
        Map<Path, Version> now = versions();
        if (now.equals(seen)) {
            return;
        }
        Set<Path> gone = new HashSet<>(seen.keySet());
        gone.removeAll(now.keySet());
        gone.forEach(own::remove);
        for (Map.Entry<Path, Version> file : now.entrySet()) {
            if (!file.getValue().equals(seen.get(file.getKey()))) {
                load(file.getKey());
            }
        }
        seen.clear();
        seen.putAll(now);
        rules = merged();
        LOG.log(INFO, () -> "rules in force count=" + rules.size() + " own=" + own.size());
    }

    private Map<Path, Version> versions() {
        Map<Path, Version> versions = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return versions;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> rules = files.filter(
                            file -> file.getFileName().toString().matches("[A-Za-z0-9_-]+\\.ya?ml"))
                    .sorted()
                    .limit(MAX_FILES)
                    .toList();
            for (Path file : rules) {
                try {
                    versions.put(
                            file,
                            new Version(
                                    Files.size(file),
                                    Files.getLastModifiedTime(file).toMillis()));
                } catch (NoSuchFileException e) {
                    versions.remove(file); // deleted between the listing and the look
                }
            }
        } catch (IOException e) {
            LOG.log(WARNING, () -> "cannot list the rules of " + folder + ", keeping what was read: " + e);
            return new HashMap<>(seen);
        }
        return versions;
    }

    private void load(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Rule rule = reader.read(in.readNBytes(RuleReader.MAX_BYTES + 1));
            for (Map.Entry<Path, Rule> other : own.entrySet()) {
                if (!other.getKey().equals(file) && other.getValue().id().equals(rule.id())) {
                    throw new MalformedRuleException("rule_id " + rule.id() + " is already used by " + other.getKey());
                }
            }
            own.put(file, rule);
        } catch (IOException | MalformedRuleException e) {
            counters.increment(HeavyCounter.RULES_REFUSED);
            LOG.log(
                    WARNING,
                    () -> "rule refused, what it held before stays file=" + file + " problem=" + e.getMessage());
        }
    }

    private RuleSet merged() {
        Map<String, Rule> all = new LinkedHashMap<>(builtIn);
        own.values().forEach(rule -> all.put(rule.id(), rule));
        return new RuleSet(all.values());
    }
}
