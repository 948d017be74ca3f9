package decnet.formats;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Event;
import decnet.core.Json;
import java.util.function.Function;

/** One JSON object on a line, made by a function; no control character stands in it unescaped. */
final class JsonFormat implements EventFormat {
    private final String name;
    private final Function<Event, ObjectNode> tree;

    JsonFormat(String name, Function<Event, ObjectNode> tree) {
        this.name = name;
        this.tree = tree;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String mediaType() {
        return "application/json";
    }

    @Override
    public String format(Event event) {
        return escapeControls(Json.text(tree.apply(event)));
    }

    /** JSON lets DEL, C1 controls, line separators and bidirectional overrides stand; a line of a log should not. */
    private static String escapeControls(String json) {
        StringBuilder escaped = null;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c >= 0x7f && isControl(c)) {
                if (escaped == null) {
                    escaped = new StringBuilder(json.length() + 32).append(json, 0, i);
                }
                escaped.append("\\u").append(java.util.HexFormat.of().toHexDigits(c));
            } else if (escaped != null) {
                escaped.append(c);
            }
        }
        return escaped == null ? json : escaped.toString();
    }

    static boolean isControl(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
