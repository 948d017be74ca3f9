package decnet.decoys.redis;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Between values of scripts and text. Stateless. */
final class LuaValues {
    private LuaValues() {}

    static String type(@Nullable Object value) {
        return switch (value) {
            case null -> "nil";
            case String text -> "string";
            case Double number -> "number";
            case Boolean truth -> "boolean";
            case Map<?, ?> table -> "table";
            default -> "function";
        };
    }

    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "nil";
            case Double number ->
                number == Math.rint(number) && Math.abs(number) < 1e14
                        ? Long.toString(number.longValue())
                        : Numbers.shown(number);
            default -> value.toString();
        };
    }

    static String unquoted(String token) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < token.length() - 1; i++) {
            char c = token.charAt(i);
            if (c == '\\') {
                c = token.charAt(++i);
                c = switch (c) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> c;
                };
            }
            text.append(c);
        }
        return text.toString();
    }
}
