package decnet.core;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** What a command gets from the command line it runs on. The accessors may be called once parsing is done. */
public interface CommandContext {
    /** @throws ConfigException with all problems, which ends the command with {@link ExitCode#USAGE} */
    Config config();

    /** The file {@link #config} was or will be read from; empty: defaults only. */
    Optional<Path> configFile();

    Places places();

    Catalogue catalogue();

    PrintWriter out();

    PrintWriter err();
}
