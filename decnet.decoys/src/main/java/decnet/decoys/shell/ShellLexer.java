package decnet.decoys.shell;

import java.util.ArrayList;
import java.util.List;

/** Cuts a command line into words and operators. Quotes stay in the words. Bounded by the length of its input. */
final class ShellLexer {
    /** @param text a raw word, or an operator */
    record Token(String text, boolean operator) {}

    private static final List<String> OPERATORS = List.of(
            "&>>", "<<<", "2>&1", "1>&2", ">&2", "&&", "||", ";;", ">>", "<<", "&>", "2>>", "2>", "1>", ";", "|", "&",
            ">", "<", "(", ")", "\n");

    private final String text;
    private int at;

    ShellLexer(String text) {
        this.text = text;
    }

    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        while (true) {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
            if (at >= text.length()) {
                return tokens;
            }
            if (text.charAt(at) == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
                continue;
            }
            String operator = operator();
            if (!operator.isEmpty()) {
                at += operator.length();
                tokens.add(new Token(operator.equals("\n") ? ";" : operator, true));
            } else {
                tokens.add(new Token(word(), false));
            }
        }
    }

    private String operator() {
        for (String one : OPERATORS) {
            if (text.startsWith(one, at)) {
                return one;
            }
        }
        return "";
    }

    private String word() {
        int start = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\') {
                at = Math.min(text.length(), at + 2);
            } else if (c == '\'') {
                int end = text.indexOf('\'', at + 1);
                if (end < 0) {
                    throw new ShellSyntaxException("unexpected EOF while looking for matching `''", true);
                }
                at = end + 1;
            } else if (c == '"') {
                at = endOfDouble(at + 1);
            } else if (c == '`') {
                int end = text.indexOf('`', at + 1);
                if (end < 0) {
                    throw new ShellSyntaxException("unexpected EOF while looking for matching ``'", true);
                }
                at = end + 1;
            } else if (c == '$'
                    && at + 1 < text.length()
                    && (text.charAt(at + 1) == '(' || text.charAt(at + 1) == '{')) {
                at = endOfBracket(text, at + 1);
            } else if (" \t\n;|&<>()".indexOf(c) >= 0) {
                break;
            } else {
                at++;
            }
        }
        return text.substring(start, at);
    }

    private int endOfDouble(int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) != '"') {
            if (text.charAt(i) == '$' && i + 1 < text.length() && text.charAt(i + 1) == '(') {
                i = endOfBracket(text, i + 1);
            } else {
                i += text.charAt(i) == '\\' ? 2 : 1;
            }
        }
        if (i >= text.length()) {
            throw new ShellSyntaxException("unexpected EOF while looking for matching `\"'", true);
        }
        return i + 1;
    }

    /** @param open index of the opening bracket. @return index after the closing one */
    static int endOfBracket(String text, int open) {
        char opening = text.charAt(open);
        char closing = opening == '(' ? ')' : '}';
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '\'') {
                int end = text.indexOf('\'', i + 1);
                i = end < 0 ? text.length() : end;
            } else if (c == opening) {
                depth++;
            } else if (c == closing && --depth == 0) {
                return i + 1;
            }
        }
        throw new ShellSyntaxException("unexpected EOF while looking for matching `" + closing + "'", true);
    }
}
