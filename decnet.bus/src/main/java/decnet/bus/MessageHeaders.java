package decnet.bus;

import decnet.core.WireText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/**
 * The header block of a message as our client writes and reads it.
 *
 * <pre>
 * block = "NATS/1.0" [ SP status ] CRLF *( name ":" *WSP value CRLF ) CRLF
 * name  = "Decnet-Id" / "Decnet-Type" / "Decnet-Time" / others, which are skipped; any case
 * </pre>
 *
 * @param status empty text for an ordinary message; {@code 503} if nobody listens
 * @param type as {@link BusMessage#type}
 */
record MessageHeaders(String status, Optional<String> id, String type, Optional<Instant> at) {
    static final MessageHeaders NONE = new MessageHeaders("", Optional.empty(), "", Optional.empty());

    /** Longest type, in bytes of the wire. */
    static final int MAX_TYPE = 128;

    private static final String FIRST_LINE = "NATS/1.0";

    /** The block for a message of ours. */
    static byte[] encode(String id, String type, Instant at) {
        String text = FIRST_LINE + "\r\nDecnet-Id:" + id + "\r\nDecnet-Type:" + typeText(type) + "\r\nDecnet-Time:" + at
                + "\r\n\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Control characters would end the line, so that they are escaped. */
    private static String typeText(String type) {
        String safe = type.chars().allMatch(c -> c > ' ' && c < 0x7f) ? type : type.replaceAll("[^!-~]", "_");
        return safe.length() > MAX_TYPE ? safe.substring(0, MAX_TYPE) : safe;
    }

    /** Reads {@code bytes[from, to)}; what is malformed in it counts as absent. */
    static MessageHeaders parse(byte[] bytes, int from, int to) {
        String[] lines = new String(bytes, from, to - from, StandardCharsets.UTF_8).split("\r\n");
        if (!lines[0].startsWith(FIRST_LINE)) {
            return NONE;
        }
        String status = lines[0].substring(FIRST_LINE.length()).strip();
        String id = "";
        String type = "";
        Optional<Instant> at = Optional.empty();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0) {
                continue;
            }
            String value = WireText.of(lines[i].substring(colon + 1).strip().getBytes(StandardCharsets.UTF_8));
            switch (lines[i].substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "decnet-id" -> id = value;
                case "decnet-type" -> type = value;
                case "decnet-time" -> at = instant(value);
                default -> {
                    // somebody else's header
                }
            }
        }
        return new MessageHeaders(
                status.length() > 3 ? status.substring(0, 3) : status,
                id.isEmpty() ? Optional.empty() : Optional.of(id),
                type,
                at);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
