package decnet.decoys.shell;

/** A line that is no command. */
final class ShellSyntaxException extends RuntimeException {
    private final boolean incomplete;

    ShellSyntaxException(String message, boolean incomplete) {
        super(message, null, false, false);
        this.incomplete = incomplete;
    }

    /** Whether more lines could complete it. */
    boolean incomplete() {
        return incomplete;
    }
}
