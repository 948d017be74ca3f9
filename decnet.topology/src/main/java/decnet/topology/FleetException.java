package decnet.topology;

import java.util.List;

/** A fleet file, or the desired state, that cannot be used. Carries every problem found. */
public final class FleetException extends RuntimeException {
    private final transient List<String> problems;

    public FleetException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public FleetException(String problem, Throwable cause) {
        super(problem, cause);
        this.problems = List.of(problem);
    }

    /** One line each, for a person. */
    public List<String> problems() {
        return problems;
    }
}
