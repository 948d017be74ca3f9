package decnet.formats;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Event;
import decnet.core.EventLine;
import decnet.core.Json;
import decnet.core.WireText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one foreign event while they are gathered: names become ours ({@code srcPort} is {@code src_port}, a member of a member
 * is {@code alert.signature}), values become wire text, and everything together fits one {@link EventLine}. What does not fit is cut
 * at an ellipsis or left out, and both are counted in the fields {@code fields_cut} and {@code fields_dropped}.
 */
final class Fields {
    static final String ORIGINAL_TYPE = "original_type";
    /** Longest value, in characters of the line it will stand in. */
    static final int MAX_VALUE = 16_384;
    /** All of them together; the rest of a line is kept for the head, with a session and both ends. */
    static final int MAX_ALL = EventLine.MAX_LENGTH - 4_096;

    static final int MAX_NAME = 32;
    private static final int OWN_FIELDS = 2; // fields_cut, fields_dropped
    private static final String ELLIPSIS = "…";

    private final Map<String, String> values = new LinkedHashMap<>();
    private int room = MAX_ALL;
    private int cut;
    private int dropped;

    /** Text that is text already: JSON strings and what we make ourselves. */
    Fields put(String name, @Nullable String text) {
        if (text != null) {
            putWire(name, wire(text));
        }
        return this;
    }

    Fields put(String name, byte[] bytes) {
        return putWire(name, WireText.of(bytes, 0, Math.min(bytes.length, MAX_VALUE)), bytes.length > MAX_VALUE);
    }

    Fields put(String name, long number) {
        return putWire(name, Long.toString(number));
    }

    /** A value that is wire text already. */
    Fields putWire(String name, String wire) {
        return putWire(name, wire, false);
    }

    private Fields putWire(String name, String wire, boolean alreadyCut) {
        if (values.size() >= Event.MAX_FIELDS - OWN_FIELDS) {
            dropped++;
            return this;
        }
        int most = Math.min(MAX_VALUE, room - MAX_NAME - 4);
        if (most < 16) {
            dropped++;
            return this;
        }
        String value = alreadyCut ? cut(wire, most - 3) + ELLIPSIS : cut(wire, most);
        if (alreadyCut || !value.equals(wire)) {
            cut++;
        }
        String key = unique(name(name));
        values.put(key, value);
        room -= key.length() + 4 + cost(value);
        return this;
    }

    /** Any JSON value: members of objects one by one, a list as its JSON text, null not at all. */
    void putJson(String name, JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT ->
                node.properties().forEach(member -> putJson(name + '.' + member.getKey(), member.getValue()));
            case ARRAY -> put(name, Json.text(node));
            case NULL, MISSING -> {
                // says nothing
            }
            default -> put(name, node.asText());
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Map<String, String> all() {
        if (cut > 0) {
            values.put(unique("fields_cut"), Integer.toString(cut));
        }
        if (dropped > 0) {
            values.put(unique("fields_dropped"), Integer.toString(dropped));
        }
        return values;
    }

    private String unique(String name) {
        if (!values.containsKey(name)) {
            return name;
        }
        for (int i = 2; ; i++) {
            String end = "_" + i;
            String numbered = name.substring(0, Math.min(name.length(), MAX_NAME - end.length())) + end;
            if (!values.containsKey(numbered)) {
                return numbered;
            }
        }
    }

    /** What others call {@code foreign} as a field name of ours: snake case, 1 to 32 of {@code a-z 0-9 _ . -}. */
    static String name(String foreign) {
        StringBuilder name = new StringBuilder(MAX_NAME);
        for (int i = 0; i < foreign.length() && name.length() < MAX_NAME; i++) {
            char c = foreign.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                boolean begins = i > 0
                        && (isLowerOrDigit(foreign.charAt(i - 1))
                                || (isUpper(foreign.charAt(i - 1))
                                        && i + 1 < foreign.length()
                                        && isLower(foreign.charAt(i + 1))));
                if (begins && !name.isEmpty()) {
                    name.append('_');
                }
                name.append((char) (c + 32));
            } else if (isLowerOrDigit(c) || c == '.' || c == '-') {
                name.append(c);
            } else if (!name.isEmpty() && name.charAt(name.length() - 1) != '_') {
                name.append('_');
            }
        }
        int end = Math.min(name.length(), MAX_NAME);
        while (end > 0 && name.charAt(end - 1) == '_') {
            end--;
        }
        return end == 0 ? "field" : name.substring(0, end);
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isLowerOrDigit(char c) {
        return isLower(c) || (c >= '0' && c <= '9');
    }

    /** {@code text} as a type or service: as {@link #name}, lower case without splitting words. */
    static String slug(String text) {
        return name(text.toLowerCase(Locale.ROOT));
    }

    /** Text as the bytes it stands for, in wire text; half of a surrogate pair keeps its three bytes. */
    static String wire(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    return WireText.of(bytesWithHalves(text));
                }
            }
        }
        return WireText.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytesWithHalves(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + 16);
        text.codePoints().forEach(code -> {
            if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
                bytes.write(0xe0 | (code >> 12));
                bytes.write(0x80 | ((code >> 6) & 0x3f));
                bytes.write(0x80 | (code & 0x3f));
            } else {
                bytes.writeBytes(Character.toString(code).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    /** What a stranger calls wire text as wire text: the same if it is. */
    static String canonical(String wire) {
        return WireText.of(WireText.bytes(wire));
    }

    /** {@code wire} if it needs at most {@code most} bytes of a line, else its beginning with an ellipsis; escapes stay whole. */
    static String cut(String wire, int most) {
        if (wire.length() * 3L <= most) {
            return wire;
        }
        int used = 0;
        int fits = 0; // where the text may end so that the ellipsis still fits
        int at = 0;
        while (at < wire.length()) {
            int unit = unit(wire, at);
            used += cost(wire, at, at + unit);
            if (used > most) {
                return wire.substring(0, fits) + ELLIPSIS;
            }
            at += unit;
            if (used <= most - 3) {
                fits = at;
            }
        }
        return wire;
    }

    private static int unit(String wire, int at) {
        char c = wire.charAt(at);
        if (c == '\\' && at + 1 < wire.length()) {
            return wire.charAt(at + 1) == 'x' ? Math.min(4, wire.length() - at) : 2;
        }
        return Character.isHighSurrogate(c) && at + 1 < wire.length() ? 2 : 1;
    }

    /** Whether a further field has room beside {@code fields}. */
    static boolean fits(Map<String, String> fields, String name, String value) {
        long used = name.length() + 4L + cost(value);
        for (Map.Entry<String, String> field : fields.entrySet()) {
            used += field.getKey().length() + 4L + cost(field.getValue());
        }
        return used <= MAX_ALL;
    }

    private static int cost(String value) {
        return cost(value, 0, value.length());
    }

    /** Bytes in a line, where a quote, a backslash and a bracket are escaped. */
    private static int cost(String value, int from, int to) {
        int cost = 0;
        for (int i = from; i < to; i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\' || c == ']') {
                cost += 2;
            } else {
                cost += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
            }
        }
        return cost;
    }
}
