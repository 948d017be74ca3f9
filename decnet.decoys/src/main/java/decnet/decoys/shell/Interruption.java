package decnet.decoys.shell;

/** Ctrl-C, or the end of the session, while a command waits: the whole command line ends. */
final class Interruption extends RuntimeException {
    Interruption() {
        super("interrupted", null, false, false);
    }
}
