package decnet.decoys.shell;

import decnet.decoys.shell.ShellLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Parses a command line.
 *
 * <pre>
 * list     = pipeline *( ( ";" / "&amp;" / "&amp;&amp;" / "||" ) pipeline )
 * pipeline = command *( "|" command )
 * command  = simple / "for" name "in" words ";" "do" list "done" / "if" list "then" list [ "else" list ] "fi"
 *          / ( "while" / "until" ) list "do" list "done" / "(" list ")" / "{" list "}"
 * </pre>
 *
 * Nesting is at most {@value #MAX_DEPTH} deep.
 */
final class ShellParser {
    private static final int MAX_DEPTH = 24;
    private static final Set<String> ENDS = Set.of("done", "do", "then", "else", "elif", "fi", "}", "esac");

    private final List<Token> tokens;
    private int at;
    private int depth;

    private ShellParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** @throws ShellSyntaxException with the message of the shell, without its name */
    static Node parse(String text) {
        ShellParser parser = new ShellParser(new ShellLexer(text).tokens());
        Node node = parser.list();
        if (parser.at < parser.tokens.size()) {
            throw parser.unexpected();
        }
        return node;
    }

    private ShellSyntaxException unexpected() {
        if (at >= tokens.size()) {
            return new ShellSyntaxException("syntax error: unexpected end of file", true);
        }
        return new ShellSyntaxException(
                "syntax error near unexpected token `" + tokens.get(at).text() + "'", false);
    }

    private boolean operator(String text) {
        return at < tokens.size()
                && tokens.get(at).operator()
                && tokens.get(at).text().equals(text);
    }

    private boolean word(String text) {
        return at < tokens.size()
                && !tokens.get(at).operator()
                && tokens.get(at).text().equals(text);
    }

    private Node list() {
        if (++depth > MAX_DEPTH) {
            throw new ShellSyntaxException("maximum nesting level exceeded", false);
        }
        List<Node.Step> steps = new ArrayList<>();
        Node.When when = Node.When.ALWAYS;
        boolean needed = false;
        while (true) {
            while (!needed && operator(";")) {
                at++;
            }
            if (at >= tokens.size()
                    || operator(")")
                    || !tokens.get(at).operator()
                            && ENDS.contains(tokens.get(at).text())) {
                if (needed) {
                    throw unexpected();
                }
                break;
            }
            Node step = pipeline();
            steps.add(new Node.Step(when, step, operator("&")));
            needed = false;
            if (operator("&&") || operator("||")) {
                when = operator("&&") ? Node.When.SUCCESS : Node.When.FAILURE;
                needed = true;
                at++;
            } else if (operator(";") || operator("&")) {
                when = Node.When.ALWAYS;
                at++;
            } else if (at < tokens.size()
                    && !operator(")")
                    && !ENDS.contains(tokens.get(at).text())) {
                throw unexpected();
            }
        }
        depth--;
        return new Node.Sequence(steps);
    }

    private Node pipeline() {
        List<Node> stages = new ArrayList<>();
        boolean negated = false;
        if (word("!")) {
            negated = true;
            at++;
        }
        stages.add(command());
        while (operator("|")) {
            at++;
            stages.add(command());
        }
        Node pipe = stages.size() == 1 ? stages.getFirst() : new Node.Pipe(stages);
        return negated ? new Node.If(pipe, simple("false"), simple("true")) : pipe;
    }

    private static Node simple(String word) {
        return new Node.Simple(List.of(), List.of(word), List.of());
    }

    private Node command() {
        if (at >= tokens.size()) {
            throw unexpected();
        }
        if (operator("(")) {
            at++;
            Node body = list();
            expectOperator(")");
            return body;
        }
        if (tokens.get(at).operator() && !tokens.get(at).text().matches("[12&]?[<>].*")) {
            throw unexpected();
        }
        switch (tokens.get(at).text()) {
            case "{" -> {
                at++;
                Node body = list();
                expectWord("}");
                return body;
            }
            case "for" -> {
                return forLoop();
            }
            case "if" -> {
                at++;
                return conditional();
            }
            case "while", "until" -> {
                boolean until = tokens.get(at++).text().equals("until");
                Node condition = list();
                expectWord("do");
                Node body = list();
                expectWord("done");
                return new Node.While(condition, body, until);
            }
            default -> {
                return simple();
            }
        }
    }

    private Node forLoop() {
        at++;
        if (at >= tokens.size()) {
            throw unexpected();
        }
        String variable = tokens.get(at++).text();
        List<String> words = new ArrayList<>();
        if (word("in")) {
            at++;
            while (at < tokens.size() && !tokens.get(at).operator()) {
                words.add(tokens.get(at++).text());
            }
        }
        while (operator(";")) {
            at++;
        }
        expectWord("do");
        Node body = list();
        expectWord("done");
        return new Node.For(variable, words, body);
    }

    private Node conditional() {
        Node condition = list();
        expectWord("then");
        Node then = list();
        Node otherwise = new Node.Sequence(List.of());
        if (word("elif")) {
            at++;
            if (++depth > MAX_DEPTH) {
                throw new ShellSyntaxException("maximum nesting level exceeded", false);
            }
            otherwise = conditional();
            depth--;
            return new Node.If(condition, then, otherwise);
        }
        if (word("else")) {
            at++;
            otherwise = list();
        }
        expectWord("fi");
        return new Node.If(condition, then, otherwise);
    }

    private Node simple() {
        List<String> assignments = new ArrayList<>();
        List<String> words = new ArrayList<>();
        List<Node.Redirect> redirects = new ArrayList<>();
        while (at < tokens.size()) {
            Token token = tokens.get(at);
            if (!token.operator()) {
                at++;
                if (words.isEmpty() && token.text().matches("(?s)[A-Za-z_][A-Za-z0-9_]*=.*")) {
                    assignments.add(token.text());
                } else {
                    words.add(token.text());
                }
                continue;
            }
            switch (token.text()) {
                case "2>&1" -> redirect(redirects, 2, ">&1");
                case "1>&2", ">&2" -> redirect(redirects, 1, ">&2");
                case ">", "1>" -> redirectTo(redirects, 1, ">");
                case ">>" -> redirectTo(redirects, 1, ">>");
                case "2>" -> redirectTo(redirects, 2, ">");
                case "2>>" -> redirectTo(redirects, 2, ">>");
                case "&>" -> redirectTo(redirects, 3, ">");
                case "&>>" -> redirectTo(redirects, 3, ">>");
                case "<", "<<", "<<<" -> redirectTo(redirects, 0, token.text());
                default -> {
                    return new Node.Simple(assignments, words, redirects);
                }
            }
        }
        return new Node.Simple(assignments, words, redirects);
    }

    private void redirect(List<Node.Redirect> redirects, int descriptor, String operator) {
        at++;
        redirects.add(new Node.Redirect(descriptor, operator, ""));
    }

    private void redirectTo(List<Node.Redirect> redirects, int descriptor, String operator) {
        at++;
        if (at >= tokens.size() || tokens.get(at).operator()) {
            throw at >= tokens.size()
                    ? new ShellSyntaxException("syntax error near unexpected token `newline'", false)
                    : unexpected();
        }
        redirects.add(new Node.Redirect(descriptor, operator, tokens.get(at++).text()));
    }

    private void expectOperator(String text) {
        if (!operator(text)) {
            throw unexpected();
        }
        at++;
    }

    private void expectWord(String text) {
        if (!word(text)) {
            throw unexpected();
        }
        at++;
    }
}
