package decnet.runtime;

import java.util.List;

/** A plan that cannot be, with every reason why. It is an {@link IllegalArgumentException}: the settings are wrong, not the machine. */
public final class PlanException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    PlanException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each. */
    public List<String> problems() {
        return problems;
    }
}
