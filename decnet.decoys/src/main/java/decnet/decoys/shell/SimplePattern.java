package decnet.decoys.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * The part of regular expressions that people type: alternatives, {@code ^}, {@code $}, {@code .} and {@code .*}. Everything else
 * is plain text. Time is linear in pattern times text.
 */
final class SimplePattern {
    private final List<String> globs = new ArrayList<>();

    SimplePattern(String pattern) {
        for (String one : pattern.split("\\\\?\\|", 50)) {
            boolean start = one.startsWith("^");
            boolean end = one.endsWith("$") && !one.endsWith("\\$");
            String body = one.substring(start ? 1 : 0, one.length() - (end && one.length() > (start ? 1 : 0) ? 1 : 0));
            String glob = body.replace("?", "\u0001")
                    .replace("[", "\u0002")
                    .replace(".*", "\u0003")
                    .replace("*", "\u0004")
                    .replace("\\.", "\u0005")
                    .replace(".", "?")
                    .replace("\u0005", ".")
                    .replace("\u0003", "*")
                    .replace("\\", "")
                    .replace("\u0004", "")
                    .replace("\u0001", "")
                    .replace("\u0002", "[");
            globs.add((start ? "" : "*") + glob + (end ? "" : "*"));
        }
    }

    boolean foundIn(String line) {
        return globs.stream().anyMatch(glob -> FileNames.matches(glob, line));
    }
}
