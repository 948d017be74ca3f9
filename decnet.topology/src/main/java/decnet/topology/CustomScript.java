package decnet.topology;

import decnet.core.ConfigKey;
import decnet.core.Snippet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator's own service answers. Immutable.
 *
 * <pre>
 * script  = *( line LF )                                  ; at most 500 lines; # begins a comment line
 * line    = "input" ( "lines" / "bytes" )                 ; how input is cut: at line feeds (default), or as it arrives
 *         / "open"                                        ; the actions that follow happen when somebody connects
 *         / "state" NAME                                  ; rules that follow hold in this state; the first one is "start"
 *         / "on" pattern                                  ; the actions that follow happen when the pattern matches; first match wins
 *         / action
 * action  = "send" text / "wait" duration / "set" NAME text / "goto" NAME / "close"
 *         / "login" text text [ NAME ]                    ; user, password, state if the machine accepts them
 * pattern = text with * for any bytes; without the end of the line if input is cut into lines
 * text    = DQUOTE *( character / escape / "$1" … "$9" / "$NAME" / "$$" ) DQUOTE
 * </pre>
 *
 * {@code $1} is what the first star stood for; {@code $host} and {@code $fqdn} are names of the machine.
 *
 * @param lines whether input is cut into lines
 * @param open what happens at the start
 * @param states rules by state
 */
public record CustomScript(boolean lines, List<Action> open, Map<String, List<Rule>> states) {
    /** The state at the start. */
    public static final String START = "start";

    private static final int MAX_LINES = 500;
    private static final int MAX_VARIABLES = 20;
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,31}");
    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");

    /** What a service does. */
    public sealed interface Action {
        record Send(Template text) implements Action {}

        record Wait(Duration time) implements Action {}

        record Set(String name, Template value) implements Action {}

        /** @param accepted state to go to if the machine has such a log-in; empty for none */
        record Login(Template user, Template password, String accepted) implements Action {}

        record Goto(String state) implements Action {}

        record Close() implements Action {}
    }

    /** What happens when something matches. */
    public record Rule(BytePattern pattern, List<Action> actions) {
        public Rule {
            actions = List.copyOf(actions);
        }
    }

    /** Text with places for variables. */
    public record Template(List<Part> parts) {
        public Template {
            parts = List.copyOf(parts);
        }

        /**
         * A piece.
         *
         * @param text as {@link EscapedText}, or the name of a variable
         */
        public record Part(boolean variable, String text) {}
    }

    public CustomScript {
        open = List.copyOf(open);
        states = Map.copyOf(states);
    }

    /** A service that says something and listens. @param text as {@link EscapedText} */
    public static CustomScript banner(String text) {
        return new CustomScript(
                false, List.of(new Action.Send(new Template(List.of(new Template.Part(false, text))))), Map.of());
    }

    /** @throws IllegalArgumentException with the number of the first line that is wrong, and what is expected */
    public static CustomScript parse(String text) {
        return new Parser().parse(text);
    }

    private static final class Parser {
        private static final Pattern VARIABLE = Pattern.compile("\\$(\\$|[1-9]|[a-z][a-z0-9_]{0,31})");

        /** A rule that may still get actions. */
        private record Draft(BytePattern pattern, List<Action> actions) {}

        private final Map<String, List<Draft>> states = new LinkedHashMap<>();
        private final List<Action> open = new ArrayList<>();
        private final List<String> wanted = new ArrayList<>();
        private final List<String> variables = new ArrayList<>(List.of("host", "fqdn"));
        private boolean lines = true;
        private String state = START;
        private List<Action> block = new ArrayList<>();
        private boolean inBlock;
        private int number;

        CustomScript parse(String text) {
            for (String raw : text.lines().toList()) {
                number++;
                if (number > MAX_LINES) {
                    throw problem("longer than " + MAX_LINES + " lines");
                }
                String line = raw.strip();
                if (!line.isEmpty() && !line.startsWith("#")) {
                    line(words(line));
                }
            }
            for (String name : wanted) {
                if (!states.containsKey(name)) {
                    throw new IllegalArgumentException("there is no state " + name);
                }
            }
            return new CustomScript(lines, open, copy());
        }

        private Map<String, List<Rule>> copy() {
            Map<String, List<Rule>> copy = new LinkedHashMap<>();
            states.forEach((name, drafts) -> copy.put(
                    name,
                    drafts.stream()
                            .map(draft -> new Rule(draft.pattern(), draft.actions()))
                            .toList()));
            return copy;
        }

        private List<String> words(String line) {
            List<String> words = new ArrayList<>();
            Matcher matcher = WORD.matcher(line);
            int end = 0;
            while (matcher.find()) {
                if (!line.substring(end, matcher.start()).isBlank()) {
                    break;
                }
                String quoted = matcher.group(1);
                words.add(quoted == null ? matcher.group(2) : quoted);
                end = matcher.end();
            }
            if (!line.substring(end).isBlank() || words.stream().anyMatch(word -> word.startsWith("\""))) {
                throw problem("a text is not closed: " + Snippet.of(line));
            }
            return words;
        }

        private void line(List<String> words) {
            switch (words.getFirst()) {
                case "input" -> {
                    String how = one(words);
                    if (!how.equals("lines") && !how.equals("bytes")) {
                        throw problem("input: " + Snippet.of(how) + ": expected lines or bytes");
                    }
                    lines = how.equals("lines");
                }
                case "open" -> {
                    count(words, 0, 0);
                    block = open;
                    inBlock = true;
                }
                case "state" -> {
                    state = name(one(words));
                    states.putIfAbsent(state, new ArrayList<>());
                    inBlock = false;
                }
                case "on" -> {
                    Draft draft = new Draft(pattern(one(words)), new ArrayList<>());
                    states.computeIfAbsent(state, any -> new ArrayList<>()).add(draft);
                    block = draft.actions();
                    inBlock = true;
                }
                default -> action(words);
            }
        }

        private void action(List<String> words) {
            if (!inBlock) {
                throw problem(Snippet.of(words.getFirst()) + ": expected input, open, state or on first");
            }
            Action action =
                    switch (words.getFirst()) {
                        case "send" -> new Action.Send(template(one(words)));
                        case "wait" -> new Action.Wait(wait(one(words)));
                        case "set" -> {
                            count(words, 2, 2);
                            String name = name(words.get(1));
                            if (!variables.contains(name)) {
                                variables.add(name);
                            }
                            if (variables.size() > MAX_VARIABLES) {
                                throw problem("more than " + MAX_VARIABLES + " variables");
                            }
                            yield new Action.Set(name, template(words.get(2)));
                        }
                        case "login" -> {
                            count(words, 2, 3);
                            String accepted = words.size() > 3 ? words.get(3) : "";
                            if (!accepted.isEmpty()) {
                                wanted.add(name(accepted));
                            }
                            yield new Action.Login(template(words.get(1)), template(words.get(2)), accepted);
                        }
                        case "goto" -> {
                            String to = name(one(words));
                            wanted.add(to);
                            yield new Action.Goto(to);
                        }
                        case "close" -> {
                            count(words, 0, 0);
                            yield new Action.Close();
                        }
                        default ->
                            throw problem(Snippet.of(words.getFirst())
                                    + ": expected input, open, state, on, send, wait, set, login, goto or close");
                    };
            block.add(action);
        }

        private BytePattern pattern(String text) {
            try {
                return BytePattern.parse(text);
            } catch (IllegalArgumentException e) {
                throw problem(e.getMessage());
            }
        }

        private Duration wait(String text) {
            try {
                Duration time = ConfigKey.parseDuration(text);
                if (time.compareTo(MAX_WAIT) <= 0) {
                    return time;
                }
            } catch (IllegalArgumentException e) {
                // said below, as for one that is too long
            }
            throw problem("wait: " + Snippet.of(text) + ": expected a duration up to 30s");
        }

        private Template template(String text) {
            if (!EscapedText.valid(text)) {
                throw problem("unknown escape in " + Snippet.of(text) + "; known are \\r \\n \\t \\0 \\\\ \\\" \\xNN");
            }
            List<Template.Part> parts = new ArrayList<>();
            int from = 0;
            Matcher matcher = VARIABLE.matcher(text);
            while (matcher.find()) {
                parts.add(new Template.Part(false, text.substring(from, matcher.start())));
                String name = matcher.group(1);
                parts.add(name.equals("$") ? new Template.Part(false, "$") : new Template.Part(true, name));
                from = matcher.end();
            }
            parts.add(new Template.Part(false, text.substring(from)));
            parts.removeIf(part -> part.text().isEmpty());
            return new Template(parts);
        }

        private String name(String text) {
            if (!NAME.matcher(text).matches()) {
                throw problem(Snippet.of(text) + ": expected a name of small letters, digits and _");
            }
            return text;
        }

        private String one(List<String> words) {
            count(words, 1, 1);
            return words.get(1);
        }

        private void count(List<String> words, int least, int most) {
            int given = words.size() - 1;
            if (given < least || given > most) {
                throw problem(
                        words.getFirst() + " takes " + (least == most ? Integer.toString(least) : least + " or " + most)
                                + " words, here are " + given);
            }
        }

        private IllegalArgumentException problem(@org.jspecify.annotations.Nullable String text) {
            return new IllegalArgumentException("line " + number + ": " + text);
        }
    }
}
