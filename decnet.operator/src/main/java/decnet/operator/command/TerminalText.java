package decnet.operator.command;

import decnet.core.WireText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Stored values as a terminal may show them. What is stored is escaped already; a row that came another way is not trusted. */
final class TerminalText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private TerminalText() {}

    /** {@code text}, with control and format characters escaped; backslashes stay, as they belong to the stored form. */
    static String of(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(code -> {
            switch (Character.getType(code)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED ->
                    clean.append(WireText.of(Character.toString(code).getBytes(StandardCharsets.UTF_8)));
                default -> clean.appendCodePoint(code);
            }
        });
        return clean.toString();
    }

    static String of(Optional<?> value) {
        return value.map(some -> of(some.toString())).orElse("-");
    }

    /** As {@link #of(String)}, cut at {@code most} characters. */
    static String cut(String text, int most) {
        String clean = of(text);
        return clean.length() <= most ? clean : clean.substring(0, most - 1) + "…";
    }

    static String time(Instant time) {
        return TIME.format(time);
    }
}
