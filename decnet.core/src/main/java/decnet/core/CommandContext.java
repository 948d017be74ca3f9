package decnet.core;

import java.io.PrintWriter;

/** What a command gets from the command line it runs on. The accessors may be called once parsing is done. */
public interface CommandContext {
    /** @throws ConfigException with all problems, which ends the command with {@link ExitCode#USAGE} */
    Config config();

    Places places();

    Catalogue catalogue();

    PrintWriter out();

    PrintWriter err();
}
