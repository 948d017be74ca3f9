package decnet.core;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line that describes a thing of some kind with options.
 *
 * <pre>
 * line   = kind *( 1*WSP name "=" value )
 * kind   = name = ALPHA *( ALPHA / DIGIT / "-" )              ; lower case
 * value  = 1*VCHAR-without-DQUOTE / DQUOTE *( any but DQUOTE ) DQUOTE
 * </pre>
 *
 * For example {@code cowrie file=/srv/cowrie/cowrie.json decky=web-07}. At most {@value #MAX_LENGTH} characters. Immutable.
 *
 * @param kind what it is
 * @param options in their order
 */
public record OptionLine(String kind, Map<String, String> options) {
    static final int MAX_LENGTH = 2048;
    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final Pattern OPTION = Pattern.compile("\\s+([a-z][a-z0-9-]{0,31})=(?:\"([^\"]*)\"|([^\\s\"]+))");

    public OptionLine {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** @throws IllegalArgumentException saying what is expected */
    public static OptionLine parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("longer than " + MAX_LENGTH + " characters");
        }
        Matcher kind = KIND.matcher(text);
        if (!kind.lookingAt()) {
            throw new IllegalArgumentException("expected  kind name=value …");
        }
        Map<String, String> options = new LinkedHashMap<>();
        Matcher option = OPTION.matcher(text);
        int at = kind.end();
        while (at < text.length() && option.region(at, text.length()).lookingAt()) {
            String value = option.group(2) != null ? option.group(2) : option.group(3);
            if (options.put(option.group(1), value) != null) {
                throw new IllegalArgumentException("option " + option.group(1) + " is given twice");
            }
            at = option.end();
        }
        if (!text.substring(at).isBlank()) {
            throw new IllegalArgumentException("expected name=value, found "
                    + Snippet.of(text.substring(at).strip()));
        }
        return new OptionLine(kind.group(), options);
    }

    /** @throws IllegalArgumentException if there are options beside {@code names} */
    public OptionLine allow(Set<String> names) {
        for (String name : options.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("unknown option " + name + " of " + kind + "; known: "
                        + String.join(", ", names.stream().sorted().toList()));
            }
        }
        return this;
    }

    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** @throws IllegalArgumentException if it is not given */
    public String required(String name) {
        return option(name).orElseThrow(() -> new IllegalArgumentException(kind + " needs " + name + "=…"));
    }

    /** Both bounds inclusive. @throws IllegalArgumentException if it is given and no such number */
    public int number(String name, int otherwise, int least, int most) {
        return option(name)
                .map(text -> named(name, () -> ConfigKey.parseInt(text, least, most)))
                .orElse(otherwise);
    }

    /** @throws IllegalArgumentException if it is given and no duration */
    public Duration duration(String name, Duration otherwise) {
        return option(name)
                .map(text -> named(name, () -> ConfigKey.parseDuration(text)))
                .orElse(otherwise);
    }

    /** @throws IllegalArgumentException if it is given and no size */
    public ByteSize byteSize(String name, ByteSize otherwise) {
        return option(name).map(text -> named(name, () -> ByteSize.parse(text))).orElse(otherwise);
    }

    private static <T> T named(String name, java.util.function.Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("option " + name + ": " + e.getMessage(), e);
        }
    }
}
