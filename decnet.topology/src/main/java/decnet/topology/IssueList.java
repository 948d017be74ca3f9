package decnet.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where the rules of a validation write what they find. Not thread-safe. */
final class IssueList {
    /** More than a person reads. */
    static final int MAX_ISSUES = 1_000;

    private final List<Issue> issues = new ArrayList<>();

    void error(String code, String target, String message) {
        add(new Issue(Issue.Severity.ERROR, code, message, target));
    }

    void warning(String code, String target, String message) {
        add(new Issue(Issue.Severity.WARNING, code, message, target));
    }

    private void add(Issue issue) {
        if (issues.size() < MAX_ISSUES) {
            issues.add(issue);
        }
    }

    /** Each once: errors first, then by code, target and message. */
    List<Issue> sorted() {
        return issues.stream()
                .distinct()
                .sorted(Comparator.comparing(Issue::severity)
                        .thenComparing(Issue::code)
                        .thenComparing(Issue::target)
                        .thenComparing(Issue::message))
                .toList();
    }

    static String lan(String name) {
        return "lan " + printable(name);
    }

    static String decky(String name) {
        return "decky " + printable(name);
    }

    /** A name as it is, or quoted if it is none. */
    private static String printable(String name) {
        return name.matches("[A-Za-z0-9_.-]{1,63}") ? name : decnet.core.Snippet.of(name);
    }
}
