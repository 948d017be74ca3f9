package decnet.decoys.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs the few forms of script that visitors send: locals, {@code return}, calls of {@code redis.*} and of some library functions,
 * tables, arithmetic and {@code ..}.
 *
 * <pre>
 * script    = *( "local" name "=" expr / "return" [ expr ] / call ) [ ";" ]
 * expr      = sum *( ( "==" / "~=" / "<" / ">" / ".." ) sum )
 * sum       = term *( ( "+" / "-" ) term )          term = unary *( ( "*" / "/" / "%" ) unary )
 * unary     = [ "-" / "#" / "not" ] primary
 * primary   = number / string / "nil" / "true" / "false" / table / "(" expr ")" / name *( "." name / "[" expr "]" / "(" [ args ] ")" )
 * </pre>
 *
 * Values are {@code Double}, {@code String}, {@code Boolean}, {@code Map} and {@code null}. One instance per run; not thread-safe.
 */
final class LuaScript {
    private static final int MAX_DEPTH = 50;
    private static final int MAX_TEXT = 1 << 20;
    private static final Pattern TOKEN = Pattern.compile("\\s*(?:--[^\\n"
            + "]*\\n"
            + "?\\s*)*([A-Za-z_]\\w*|\\d+(?:\\.\\d+)?|\"(?:[^\"\\\\\\n"
            + "]|\\\\.)*+\"|'(?:[^'\\\\\\n"
            + "]|\\\\.)*+'|\\.\\.|==|~=|<=|>=|[-+*/%#=<>(){}\\[\\],;.:])");
    private static final Set<String> KEYWORDS = Set.of(
            "and",
            "break",
            "do",
            "else",
            "elseif",
            "end",
            "for",
            "function",
            "if",
            "in",
            "not",
            "or",
            "repeat",
            "then",
            "until",
            "while");

    /** A form that this does not know. */
    static final class Unsupported extends RuntimeException {
        Unsupported(String form) {
            super(form, null, false, false);
        }
    }

    /** An error that the script raised; the server adds where. */
    static final class Raised extends RuntimeException {
        Raised(String message) {
            super(message, null, false, false);
        }
    }

    /** A script that is none. */
    static final class Uncompiled extends RuntimeException {
        Uncompiled(String near) {
            super("'=' expected near '" + near + "'", null, false, false);
        }
    }

    /** A function of a library. */
    private record Function(String name) {}

    /** Runs a command for {@code redis.call}: what comes back, as a value. */
    interface Caller {
        @Nullable
        Object call(List<String> words);
    }

    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Object> locals = new HashMap<>();
    private final Caller caller;
    private int at;
    private int depth;

    LuaScript(String text, List<String> keys, List<String> arguments, Caller caller) {
        this.caller = caller;
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            tokens.add(matcher.group(1));
            end = matcher.end();
        }
        if (!text.substring(end).isBlank()) {
            throw new Unsupported("characters");
        }
        locals.put("KEYS", table(keys));
        locals.put("ARGV", table(arguments));
    }

    private static Map<Object, Object> table(List<String> items) {
        Map<Object, Object> table = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            table.put(i + 1.0, items.get(i));
        }
        return table;
    }

    /** @return what the script returns; null for nothing */
    @Nullable
    Object run() {
        while (at < tokens.size()) {
            String token = tokens.get(at);
            if (token.equals(";")) {
                at++;
            } else if (token.equals("return")) {
                at++;
                return at < tokens.size() && !peek(";") ? expression() : null;
            } else if (token.equals("local")) {
                at++;
                String name = next();
                if (!peek("=")) {
                    throw new Unsupported("local");
                }
                at++;
                Object value = expression();
                if (value == null) {
                    locals.remove(name);
                } else {
                    locals.put(name, value);
                }
            } else if (KEYWORDS.contains(token)) {
                throw new Unsupported(token);
            } else {
                statement(token);
            }
        }
        return null;
    }

    private void statement(String name) {
        int start = at;
        String after = at + 1 < tokens.size() ? tokens.get(at + 1) : "<eof>";
        if (after.equals("=")) {
            at += 2;
            Object value = expression();
            if (!locals.containsKey(name)) {
                throw new Raised("user_script:1: Attempt to modify a readonly table");
            }
            locals.put(name, value == null ? Boolean.FALSE : value);
        } else if (after.equals(".") || after.equals("(") || after.equals("[")) {
            primary();
            if (!tokens.get(at - 1).equals(")")) {
                throw new Uncompiled(at < tokens.size() ? tokens.get(at) : "<eof>");
            }
        } else {
            at = start + 1;
            throw new Uncompiled(after);
        }
    }

    private boolean peek(String token) {
        return at < tokens.size() && tokens.get(at).equals(token);
    }

    private String next() {
        if (at >= tokens.size()) {
            throw new Unsupported("end");
        }
        return tokens.get(at++);
    }

    private void expect(String token) {
        if (!next().equals(token)) {
            throw new Unsupported("no " + token);
        }
    }

    private @Nullable Object expression() {
        if (++depth > MAX_DEPTH) {
            throw new Unsupported("depth");
        }
        Object value = sum();
        while (at < tokens.size()) {
            String operator = tokens.get(at);
            if (operator.equals("..")) {
                at++;
                String text = text(value) + text(sum());
                if (text.length() > MAX_TEXT) {
                    throw new Unsupported("length");
                }
                value = text;
            } else if (operator.equals("==") || operator.equals("~=")) {
                at++;
                value = java.util.Objects.equals(value, sum()) == operator.equals("==");
            } else if (operator.equals("<") || operator.equals(">")) {
                at++;
                double right = number(sum());
                value = operator.equals("<") ? number(value) < right : number(value) > right;
            } else {
                break;
            }
        }
        depth--;
        return value;
    }

    private @Nullable Object sum() {
        Object value = term();
        while (peek("+") || peek("-")) {
            boolean plus = next().equals("+");
            double right = number(term());
            value = plus ? number(value) + right : number(value) - right;
        }
        return value;
    }

    private @Nullable Object term() {
        Object value = unary();
        while (peek("*") || peek("/") || peek("%")) {
            String operator = next();
            double left = number(value);
            double right = number(unary());
            value = switch (operator) {
                case "*" -> left * right;
                case "/" -> left / right;
                default -> left - Math.floor(left / right) * right;
            };
        }
        return value;
    }

    private @Nullable Object unary() {
        if (++depth > MAX_DEPTH) {
            throw new Unsupported("depth");
        }
        Object value;
        if (peek("-")) {
            at++;
            value = -number(unary());
        } else if (peek("#")) {
            at++;
            Object of = unary();
            value = of instanceof Map<?, ?> table ? (double) array(table).size() : Double.valueOf(text(of).length());
        } else if (peek("not")) {
            at++;
            Object of = unary();
            value = of == null || of.equals(false);
        } else {
            value = primary();
        }
        depth--;
        return value;
    }

    private @Nullable Object primary() {
        String token = next();
        char first = token.charAt(0);
        if (Character.isDigit(first)) {
            return Double.parseDouble(token);
        }
        if (first == '"' || first == '\'') {
            return LuaValues.unquoted(token);
        }
        Object value;
        switch (token) {
            case "nil" -> {
                return null;
            }
            case "true", "false" -> {
                return token.equals("true");
            }
            case "{" -> {
                return tableLiteral();
            }
            case "(" -> {
                value = expression();
                expect(")");
            }
            default -> {
                if (!Character.isLetter(first) && first != '_' || KEYWORDS.contains(token)) {
                    throw new Unsupported(token);
                }
                value = name(token);
            }
        }
        return suffixes(value);
    }

    private @Nullable Object suffixes(@Nullable Object start) {
        Object value = start;
        while (true) {
            if (peek(".")) {
                at++;
                value = member(value, next());
            } else if (peek("[")) {
                at++;
                Object index = expression();
                expect("]");
                value = value instanceof Map<?, ?> table && index != null ? table.get(index) : null;
            } else if (peek("(")) {
                at++;
                List<@Nullable Object> arguments = new ArrayList<>();
                while (!peek(")")) {
                    arguments.add(expression());
                    if (!peek(")")) {
                        expect(",");
                    }
                }
                at++;
                value = call(value, arguments);
            } else {
                return value;
            }
        }
    }

    private Map<Object, Object> tableLiteral() {
        Map<Object, Object> table = new LinkedHashMap<>();
        double index = 1;
        while (!peek("}")) {
            Object key;
            if (at + 1 < tokens.size() && tokens.get(at + 1).equals("=")) {
                key = next();
                at++;
            } else if (peek("[")) {
                at++;
                key = expression();
                expect("]");
                expect("=");
            } else {
                key = index++;
            }
            Object value = expression();
            if (key != null && value != null) {
                table.put(key, value);
            }
            if (!peek("}")) {
                if (!peek(";")) {
                    expect(",");
                } else {
                    at++;
                }
            }
        }
        at++;
        return table;
    }

    private Object name(String name) {
        Object local = locals.get(name);
        if (local != null) {
            return local;
        }
        return switch (name) {
            case "_VERSION" -> "Lua 5.1";
            case "redis", "string", "math", "table", "cjson", "cmsgpack", "bit", "struct", "server" ->
                name.equals("server") ? unknown(name) : new Function(name);
            case "tonumber",
                    "tostring",
                    "type",
                    "error",
                    "pcall",
                    "loadstring",
                    "pairs",
                    "ipairs",
                    "next",
                    "unpack",
                    "select",
                    "assert",
                    "rawget",
                    "rawset",
                    "rawequal",
                    "getmetatable",
                    "setmetatable",
                    "load",
                    "xpcall",
                    "collectgarbage",
                    "coroutine",
                    "_G",
                    "gcinfo",
                    "newproxy",
                    "module",
                    "setfenv",
                    "getfenv",
                    "print",
                    "require",
                    "debug" -> LIBRARY.contains(name) ? new Function(name) : unknown(name);
            default -> unknown(name);
        };
    }

    private static final Set<String> LIBRARY = Set.of(
            "tonumber",
            "tostring",
            "type",
            "error",
            "pcall",
            "loadstring",
            "pairs",
            "ipairs",
            "next",
            "unpack",
            "select",
            "assert",
            "rawget",
            "rawset",
            "rawequal",
            "getmetatable",
            "setmetatable",
            "load",
            "xpcall",
            "collectgarbage",
            "coroutine",
            "_G",
            "gcinfo");

    private static Object unknown(String name) {
        throw new Raised("user_script:1: Script attempted to access nonexistent global variable '" + name + "'");
    }

    private static @Nullable Object member(@Nullable Object of, String name) {
        if (of instanceof Map<?, ?> table) {
            return table.get(name);
        }
        if (of instanceof Function library) {
            return switch (library.name() + "." + name) {
                case "redis.LOG_DEBUG" -> 0.0;
                case "redis.LOG_VERBOSE" -> 1.0;
                case "redis.LOG_NOTICE" -> 2.0;
                case "redis.LOG_WARNING" -> 3.0;
                default -> new Function(library.name() + "." + name);
            };
        }
        throw new Raised(
                "user_script:1: attempt to index " + (of == null ? "a nil" : "a " + LuaValues.type(of)) + " value");
    }

    private @Nullable Object call(@Nullable Object function, List<@Nullable Object> arguments) {
        if (!(function instanceof Function known)) {
            throw new Raised("user_script:1: attempt to call a " + LuaValues.type(function) + " value");
        }
        Object first = arguments.isEmpty() ? null : arguments.getFirst();
        return switch (known.name()) {
            case "redis.call", "redis.pcall" -> command(arguments, known.name().equals("redis.pcall"));
            case "redis.status_reply" -> Map.of("ok", text(first));
            case "redis.error_reply" ->
                Map.of("err", text(first).startsWith("-") ? text(first).substring(1) : text(first));
            case "redis.sha1hex" -> ScriptCommands.sha1(text(first));
            case "redis.log", "redis.set_repl", "redis.replicate_commands", "redis.setresp" -> null;
            case "tonumber" ->
                first instanceof Double ? first : Numbers.real(text(first)).orElse(null);
            case "tostring" -> text(first);
            case "type" -> LuaValues.type(first);
            case "error" -> throw new Raised("user_script:1: " + text(first));
            case "string.rep" -> {
                double times = number(arguments.get(1));
                if (times * text(first).length() > MAX_TEXT) {
                    throw new Unsupported("length");
                }
                yield text(first).repeat((int) Math.max(0, times));
            }
            case "string.upper" -> text(first).toUpperCase(java.util.Locale.ROOT);
            case "string.lower" -> text(first).toLowerCase(java.util.Locale.ROOT);
            case "string.len" -> (double) text(first).length();
            case "math.floor" -> Math.floor(number(first));
            default -> throw new Unsupported(known.name());
        };
    }

    private @Nullable Object command(List<@Nullable Object> arguments, boolean protectedCall) {
        if (arguments.isEmpty()) {
            throw new Raised("ERR Please specify at least one argument for this redis.call() call");
        }
        List<String> words = new ArrayList<>();
        for (Object argument : arguments) {
            if (!(argument instanceof String) && !(argument instanceof Double)) {
                throw new Raised("ERR Lua redis lib command arguments must be strings or integers");
            }
            words.add(text(argument));
        }
        Object result = caller.call(words);
        if (!protectedCall && result instanceof Map<?, ?> table && table.get("err") instanceof String error) {
            throw new Raised(error);
        }
        return result;
    }

    private static double number(@Nullable Object value) {
        if (value instanceof Double number) {
            return number;
        }
        Optional<Double> parsed = value instanceof String text ? Numbers.real(text) : Optional.empty();
        return parsed.orElseThrow(() ->
                new Raised("user_script:1: attempt to perform arithmetic on a " + LuaValues.type(value) + " value"));
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Map<?, ?> || value instanceof Function) {
            throw new Raised("user_script:1: attempt to concatenate a " + LuaValues.type(value) + " value");
        }
        return LuaValues.text(value);
    }

    /** The elements 1, 2, 3 … up to the first that is missing. */
    static List<Object> array(Map<?, ?> table) {
        List<Object> items = new ArrayList<>();
        for (double i = 1; table.get(i) != null; i++) {
            items.add(table.get(i));
        }
        return items;
    }
}
