package decnet.decoys.shell;

import java.util.ArrayList;
import java.util.List;

/** Turns raw words into arguments: quotes, variables, command and arithmetic substitution, braces, file names. Bounded. */
final class Expander {
    private static final int MAX_WORDS = 2000;
    private static final int MAX_TEXT = 256 << 10;
    private static final int MAX_NESTED = 16;
    /** Stands for a character that was quoted, so that it is no pattern. */
    private static final char QUOTED = '\ue000';

    private final ShellState shell;
    private final Interpreter interpreter;
    private int nested;

    Expander(ShellState shell, Interpreter interpreter) {
        this.shell = shell;
        this.interpreter = interpreter;
    }

    List<String> words(List<String> raw) {
        List<String> words = new ArrayList<>();
        for (String one : raw) {
            for (String braced : braces(one, 0)) {
                for (String field : fields(braced)) {
                    if (words.size() < MAX_WORDS) {
                        words.addAll(globbed(field));
                    }
                }
            }
        }
        return words;
    }

    /** One word without splitting and file names: an assignment, a redirection. */
    String text(String raw) {
        StringBuilder text = new StringBuilder();
        fields(raw).forEach(field -> text.append(text.isEmpty() ? "" : " ").append(plain(field)));
        return text.toString();
    }

    private static List<String> braces(String word, int depth) {
        int open = word.indexOf('{');
        int close = open < 0 ? -1 : word.indexOf('}', open);
        if (close < 0
                || depth > 4
                || word.indexOf('\'') >= 0
                || word.indexOf('"') >= 0
                || open > 0 && word.charAt(open - 1) == '$') {
            return List.of(word);
        }
        String inside = word.substring(open + 1, close);
        List<String> parts = new ArrayList<>();
        if (inside.matches("-?\\d{1,6}\\.\\.-?\\d{1,6}")) {
            int dots = inside.indexOf("..");
            int from = Integer.parseInt(inside.substring(0, dots));
            int to = Integer.parseInt(inside.substring(dots + 2));
            for (int i = from; parts.size() < 1000 && (from <= to ? i <= to : i >= to); i += from <= to ? 1 : -1) {
                parts.add(Integer.toString(i));
            }
        } else if (inside.contains(",")) {
            parts.addAll(List.of(inside.split(",", 100)));
        } else {
            return List.of(word);
        }
        List<String> all = new ArrayList<>();
        List<String> rests = braces(word.substring(close + 1), depth + 1);
        for (String part : parts) {
            for (String rest : rests) {
                if (all.size() >= 1000) {
                    return all;
                }
                all.add(word.substring(0, open) + part + rest);
            }
        }
        return all;
    }

    /** Expands and splits at unquoted blanks of what was substituted. Quoted pattern characters are marked. */
    private List<String> fields(String raw) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean any = false;
        int i = 0;
        if (raw.equals("~") || raw.startsWith("~/")) {
            field.append(shell.variable("HOME"));
            any = true;
            i = 1;
        }
        boolean inDouble = false;
        while (i < raw.length()) {
            char c = raw.charAt(i);
            if (c == '\'' && !inDouble) {
                int end = raw.indexOf('\'', i + 1);
                end = end < 0 ? raw.length() : end;
                quote(field, raw.substring(i + 1, end));
                any = true;
                i = end + 1;
            } else if (c == '"') {
                inDouble = !inDouble;
                any = true;
                i++;
            } else if (c == '\\' && i + 1 < raw.length()) {
                char next = raw.charAt(i + 1);
                if (inDouble && "$`\"\\".indexOf(next) < 0) {
                    field.append('\\');
                }
                quote(field, String.valueOf(next));
                any = true;
                i += 2;
            } else if (c == '$' || c == '`') {
                int[] next = {i};
                String value = dollar(raw, next);
                i = next[0];
                if (inDouble) {
                    quote(field, value);
                } else {
                    any |= split(value, field, fields, any);
                }
                any |= !value.isEmpty();
            } else {
                if (inDouble) {
                    quote(field, String.valueOf(c));
                } else {
                    field.append(c);
                }
                any = true;
                i++;
            }
            if (field.length() > MAX_TEXT) {
                break;
            }
        }
        if (any && (field.length() > 0 || raw.indexOf('"') >= 0 || raw.indexOf('\'') >= 0 || fields.isEmpty())) {
            fields.add(field.toString());
        }
        return fields;
    }

    private static boolean split(String value, StringBuilder field, List<String> fields, boolean any) {
        boolean started = any;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n') {
                if (field.length() > 0 && fields.size() < MAX_WORDS) {
                    fields.add(field.toString());
                    field.setLength(0);
                }
            } else {
                field.append(c);
                started = true;
            }
        }
        return started;
    }

    private static void quote(StringBuilder field, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*' || c == '?' || c == '[') {
                field.append(QUOTED);
            }
            field.append(c);
        }
    }

    private static String plain(String field) {
        return field.indexOf(QUOTED) < 0 ? field : field.replace(String.valueOf(QUOTED), "");
    }

    /** @param at in: index of the dollar or back quote; out: index after the expression */
    private String dollar(String raw, int[] at) {
        int i = at[0];
        if (raw.charAt(i) == '`') {
            int end = raw.indexOf('`', i + 1);
            at[0] = end < 0 ? raw.length() : end + 1;
            return interpreter.substitute(raw.substring(i + 1, end < 0 ? raw.length() : end));
        }
        if (i + 1 >= raw.length()) {
            at[0] = i + 1;
            return "$";
        }
        char next = raw.charAt(i + 1);
        if (next == '(') {
            int end;
            try {
                end = ShellLexer.endOfBracket(raw, i + 1);
            } catch (ShellSyntaxException e) {
                at[0] = raw.length();
                return "";
            }
            at[0] = end;
            if (raw.startsWith("((", i + 1) && raw.charAt(end - 2) == ')') {
                return Arithmetic.value(raw.substring(i + 3, end - 2), shell);
            }
            return interpreter.substitute(raw.substring(i + 2, end - 1));
        }
        if (next == '{') {
            int end = raw.indexOf('}', i);
            at[0] = end < 0 ? raw.length() : end + 1;
            return parameter(raw.substring(i + 2, end < 0 ? raw.length() : end));
        }
        int end = i + 1;
        while (end < raw.length() && (Character.isLetterOrDigit(raw.charAt(end)) || raw.charAt(end) == '_')) {
            end++;
        }
        if (end == i + 1) {
            at[0] = i + 2;
            return special(next);
        }
        at[0] = end;
        return named(raw.substring(i + 1, end));
    }

    private String special(char name) {
        return switch (name) {
            case '?' -> Integer.toString(shell.status);
            case '$' -> Integer.toString(shell.pid);
            case '#' -> "0";
            case '!', '@', '*' -> "";
            case '-' -> "himBHs";
            default -> "$" + name;
        };
    }

    private String named(String name) {
        return switch (name) {
            case "RANDOM" -> Integer.toString(shell.context.random().nextInt(32_768));
            case "PWD" -> shell.cwd;
            case "OLDPWD" -> shell.oldCwd;
            case "UID", "EUID" -> Integer.toString(shell.account.uid());
            case "PPID" -> Integer.toString(shell.pid - 1);
            case "HOSTNAME" -> shell.persona.hostname();
            case "BASH_VERSION" -> shell.ash() ? "" : shell.persona.os().product("bash");
            case "0" -> shell.interactive ? shell.name() : shell.ash() ? "sh" : "bash";
            default -> shell.variable(name);
        };
    }

    private String parameter(String expression) {
        if (nested >= MAX_NESTED) {
            return "";
        }
        nested++;
        try {
            return parameterValue(expression);
        } finally {
            nested--;
        }
    }

    private String parameterValue(String expression) {
        for (String operator : List.of(":-", ":=", "-")) {
            int at = expression.indexOf(operator);
            if (at > 0) {
                String value = named(expression.substring(0, at));
                return value.isEmpty() ? text(expression.substring(at + operator.length())) : value;
            }
        }
        if (expression.startsWith("#")) {
            return Integer.toString(named(expression.substring(1)).length());
        }
        return expression.length() == 1 && !Character.isLetterOrDigit(expression.charAt(0))
                ? special(expression.charAt(0))
                : named(expression);
    }

    private List<String> globbed(String field) {
        boolean pattern = false;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            pattern |= (c == '*' || c == '?' || c == '[') && (i == 0 || field.charAt(i - 1) != QUOTED);
        }
        String plain = plain(field);
        if (!pattern) {
            return List.of(plain);
        }
        List<String> found = FileNames.matching(shell, plain);
        return found.isEmpty() ? List.of(plain) : found;
    }
}
