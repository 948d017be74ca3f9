package decnet.core;

import java.nio.charset.StandardCharsets;

/** A short, escaped piece of foreign text, safe for a message or a log line. */
public final class Snippet {
    /** At most so many characters of the foreign text are shown. */
    public static final int MAX_LENGTH = 64;

    private Snippet() {}

    /** Quotes {@code text}: cut at {@value #MAX_LENGTH} characters, control characters and backslashes escaped. */
    public static String of(String text) {
        boolean cut = text.length() > MAX_LENGTH;
        int end = cut && Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
        String head = cut ? text.substring(0, end) : text;
        return '"' + WireText.of(head.getBytes(StandardCharsets.UTF_8)) + (cut ? "…\"" : "\"");
    }

    /** As {@link #of(String)}, of bytes whose encoding nobody knows. */
    public static String of(byte[] bytes) {
        boolean cut = bytes.length > MAX_LENGTH;
        return '"' + WireText.of(bytes, 0, Math.min(bytes.length, MAX_LENGTH)) + (cut ? "…\"" : "\"");
    }
}
