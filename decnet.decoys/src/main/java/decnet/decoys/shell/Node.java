package decnet.decoys.shell;

import java.util.List;

/** A parsed command line. Words are raw: quotes and dollars still in them. */
sealed interface Node {
    /** @param assignments raw {@code name=value} before the command */
    record Simple(List<String> assignments, List<String> words, List<Redirect> redirects) implements Node {}

    record Pipe(List<Node> stages) implements Node {}

    /** Steps one after the other; {@code when} says on which status of the one before. */
    record Sequence(List<Step> steps) implements Node {}

    record For(String variable, List<String> words, Node body) implements Node {}

    record If(Node condition, Node then, Node otherwise) implements Node {}

    record While(Node condition, Node body, boolean until) implements Node {}

    /** @param background whether the shell would not wait for it */
    record Step(When when, Node node, boolean background) {}

    /** A redirection: {@code operator} is one of {@code > >> < << <<<} and descriptor 0, 1 or 2, or 3 for both 1 and 2. */
    record Redirect(int descriptor, String operator, String target) {}

    enum When {
        ALWAYS,
        SUCCESS,
        FAILURE
    }
}
