package decnet.core;

import java.util.regex.Pattern;

/** Name of a decky: 1 to 63 of {@code a-z 0-9 -}, beginning and ending with a letter or digit (RFC 1123 section 2.1, lower case). */
public record DeckyName(String text) implements Comparable<DeckyName> {
    private static final Pattern SYNTAX = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** @throws IllegalArgumentException if {@code text} is not such a name */
    public DeckyName {
        if (text.length() > 63 || !SYNTAX.matcher(text).matches()) {
            throw new IllegalArgumentException("not a decky name: " + Snippet.of(text)
                    + "; expected 1 to 63 of a-z, 0-9 and -, for example web-01");
        }
    }

    @Override
    public int compareTo(DeckyName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
