package decnet.workers.edge.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code decnet swarm}: who belongs together. */
@Command(name = "swarm", description = "Says which hosts belong together.", subcommands = SwarmCaCommand.class)
final class SwarmCommand implements Callable<Integer> {
    private final CommandContext context;

    SwarmCommand(CommandContext context) {
        this.context = context;
    }

    CommandContext context() {
        return context;
    }

    @Override
    public Integer call() {
        context.err().println("usage: decnet swarm ca init | issue NAME | revoke NAME | list");
        return ExitCode.USAGE;
    }
}
