package decnet.cli;

import decnet.core.ConfigException;
import decnet.core.ExitCode;
import decnet.runtime.HostMain;
import decnet.runtime.ProcessMain;
import java.util.List;

/** {@code decnet}: one main class for every command and every process of DECNET. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Launch launch = new Launch(System.getenv());
        int code;
        try {
            // how a master starts a child: no command tree, which costs a third of the start and stays in memory
            code = switch (args.length > 0 ? args[0] : "") {
                case "process" -> process(args, launch);
                case "host" -> HostMain.run(List.of(args), launch);
                default -> new CommandTree(launch).execute(args);
            };
        } catch (ConfigException e) {
            e.problems().forEach(problem -> launch.err().println("decnet: " + problem));
            code = ExitCode.USAGE;
        } catch (IllegalArgumentException e) {
            launch.err().println("decnet: " + e.getMessage());
            code = ExitCode.USAGE;
        }
        launch.out().flush();
        launch.err().flush();
        System.exit(code);
    }

    /** {@code process NAME WORKER[,WORKER]… [--lifeline]}. */
    private static int process(String[] args, Launch launch) {
        if (args.length < 3) {
            launch.err().println("usage: decnet process NAME WORKER[,WORKER] [--lifeline]");
            return ExitCode.USAGE;
        }
        boolean lifeline = args.length > 3 && args[3].equals("--lifeline");
        return ProcessMain.run(args[1], List.of(args[2].split(",")), lifeline, launch);
    }
}
