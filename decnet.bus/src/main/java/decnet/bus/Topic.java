package decnet.bus;

import decnet.core.Snippet;
import java.util.regex.Pattern;

/** The address of a message: tokens joined by dots, at most {@value #MAX_LENGTH} printable ASCII characters, no wildcards, no blanks. */
public record Topic(String text) {
    public static final int MAX_LENGTH = 255;
    private static final Pattern SYNTAX = Pattern.compile("[!-)+,\\-/0-=?-~]+(\\.[!-)+,\\-/0-=?-~]+)*");

    /** @throws IllegalArgumentException if {@code text} is too long or has an empty token, a wildcard or a blank */
    public Topic {
        if (text.length() > MAX_LENGTH || !SYNTAX.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "not a topic: " + Snippet.of(text) + "; expected for example decky.web-01.traffic");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
