package decnet.core;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One configuration key with its type, default and meaning. Immutable.
 *
 * @param <T> type of the value
 */
public final class ConfigKey<T> {
    private static final String PART = "[a-z][a-z0-9]*(-[a-z0-9]+)*";
    private static final Pattern NAME = Pattern.compile(PART + "(\\." + PART + ")+");
    private static final Pattern FAMILY = Pattern.compile(PART + "(\\." + PART + ")+\\.\\*");
    private static final Pattern MEMBER = Pattern.compile(PART);
    private static final int MAX_MEMBER_LENGTH = 32;
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private final String name;
    private final String defaultText;
    private final String description;
    private final Function<String, T> parser;
    private final boolean secret;
    private final String form;

    private ConfigKey(
            String name,
            String defaultText,
            String description,
            Function<String, T> parser,
            boolean secret,
            String form) {
        if (!NAME.matcher(name).matches() && !FAMILY.matcher(name).matches()) {
            throw new IllegalArgumentException("malformed key " + name);
        }
        this.name = name;
        this.defaultText = defaultText;
        this.description = description;
        this.parser = parser;
        this.secret = secret;
        this.form = form;
        if (!family()) {
            requireNonNull(parser.apply(defaultText), "default");
        }
    }

    public static ConfigKey<String> text(String name, String defaultText, String description) {
        return new ConfigKey<>(name, defaultText, description, Function.identity(), false, "text");
    }

    /** Text that is shown as {@code [redacted]} wherever settings are shown. */
    public static ConfigKey<Secret> secret(String name, String description) {
        return new ConfigKey<>(name, "", description, Secret::new, true, "secret");
    }

    /** Digits and one of {@code ms s m h d}. */
    public static ConfigKey<Duration> duration(String name, String defaultText, String description) {
        return new ConfigKey<>(name, defaultText, description, ConfigKey::parseDuration, false, "duration");
    }

    public static ConfigKey<ByteSize> byteSize(String name, String defaultText, String description) {
        return new ConfigKey<>(name, defaultText, description, ByteSize::parse, false, "size");
    }

    /** Both bounds inclusive. */
    public static ConfigKey<Integer> intValue(String name, int defaultValue, int least, int most, String description) {
        return new ConfigKey<>(
                name,
                Integer.toString(defaultValue),
                description,
                text -> parseInt(text, least, most),
                false,
                "int " + least + " " + most);
    }

    /** {@code yes} or {@code no}. */
    public static ConfigKey<Boolean> flag(String name, boolean defaultValue, String description) {
        return new ConfigKey<>(name, defaultValue ? "yes" : "no", description, ConfigKey::parseFlag, false, "flag");
    }

    /** Empty text is the empty list; blanks around commas do not count. */
    public static ConfigKey<List<String>> list(String name, String defaultText, String description) {
        return new ConfigKey<>(name, defaultText, description, ConfigKey::parseList, false, "list");
    }

    public static ConfigKey<String> choice(String name, String defaultText, List<String> allowed, String description) {
        List<String> copy = List.copyOf(allowed);
        return new ConfigKey<>(
                name,
                defaultText,
                description,
                text -> parseChoice(text, copy),
                false,
                "choice " + String.join(" ", copy));
    }

    public static ConfigKey<Path> path(String name, String defaultText, String description) {
        return new ConfigKey<>(name, defaultText, description, Path::of, false, "path");
    }

    /**
     * A family of keys, one per thing that the user gives a name, for example {@code collect.source.*}. Values are option lines.
     *
     * @param check throws an {@code IllegalArgumentException} that says what is expected
     */
    public static ConfigKey<OptionLine> family(String name, String description, Consumer<OptionLine> check) {
        return new ConfigKey<>(
                name,
                "",
                description,
                text -> {
                    OptionLine line = OptionLine.parse(text);
                    check.accept(line);
                    return line;
                },
                false,
                "options");
    }

    /**
     * A key that another image reads, as far as its values can be checked without it.
     *
     * @param form what {@link #form} of the real one gives
     * @throws IllegalArgumentException if {@code form} is none
     */
    public static ConfigKey<?> elsewhere(String name, String form) {
        String[] words = form.split(" ");
        return switch (words[0]) {
            case "text" -> text(name, "", "");
            case "secret" -> secret(name, "");
            case "duration" -> duration(name, "0s", "");
            case "size" -> byteSize(name, "0", "");
            case "int" -> {
                int least = Integer.parseInt(words[1]);
                yield intValue(name, least, least, Integer.parseInt(words[2]), "");
            }
            case "flag" -> flag(name, false, "");
            case "list" -> list(name, "", "");
            case "choice" -> choice(name, words[1], List.of(words).subList(1, words.length), "");
            case "path" -> path(name, "", "");
            case "options" -> family(name, "", _ -> {});
            default -> throw new IllegalArgumentException("not the form of a key: " + Snippet.of(form));
        };
    }

    /** What its values look like, for {@link #elsewhere}: for example {@code duration} or {@code int 1 10}. */
    public String form() {
        return form;
    }

    public String name() {
        return name;
    }

    public String defaultText() {
        return defaultText;
    }

    public String description() {
        return description;
    }

    public boolean secret() {
        return secret;
    }

    /** Whether it stands for any number of keys, {@code a.b.*}; see {@link Config#members}. */
    public boolean family() {
        return name.endsWith(".*");
    }

    /** Whether {@code key} is one of this family's. */
    boolean hasMember(String key) {
        int prefix = name.length() - 1;
        return family()
                && key.length() > prefix
                && key.length() - prefix <= MAX_MEMBER_LENGTH
                && key.startsWith(name.substring(0, prefix))
                && MEMBER.matcher(key.substring(prefix)).matches();
    }

    /** The environment variable that overrides the file: {@code a.b-c} gives {@code DECNET_A_B_C}. */
    public String environmentName() {
        return environmentName(name);
    }

    static String environmentName(String key) {
        return "DECNET_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** @throws IllegalArgumentException saying what is expected, if {@code text} is not a value of this key */
    T parse(String text) {
        return parser.apply(text);
    }

    /** Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h} or {@code 7d}. @throws IllegalArgumentException if it is not one */
    public static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a duration, for example 500ms, 30s, 5m, 2h or 7d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    static int parseInt(String text, int least, int most) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a whole number from " + least + " to " + most, e);
        }
        throw new IllegalArgumentException("expected a whole number from " + least + " to " + most);
    }

    private static boolean parseFlag(String text) {
        return switch (text) {
            case "yes", "true", "on" -> true;
            case "no", "false", "off" -> false;
            default -> throw new IllegalArgumentException("expected yes or no");
        };
    }

    private static List<String> parseList(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static String parseChoice(String text, List<String> allowed) {
        if (allowed.contains(text)) {
            return text;
        }
        throw new IllegalArgumentException("expected one of " + String.join(", ", allowed));
    }
}
