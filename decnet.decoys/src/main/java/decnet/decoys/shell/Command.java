package decnet.decoys.shell;

/** One command of the shell. */
@FunctionalInterface
interface Command {
    /** @return exit status, 0 to 255 */
    int run(Call call);
}
