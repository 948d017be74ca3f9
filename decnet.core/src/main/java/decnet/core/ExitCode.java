package decnet.core;

/** What a command tells its caller. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** Understood, but it failed. */
    public static final int FAILED = 1;
    /** Wrong usage or configuration; nothing was done. */
    public static final int USAGE = 2;

    private ExitCode() {}
}
