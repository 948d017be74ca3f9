package decnet.decoys.shell;

import decnet.decoys.Outlet;
import java.util.function.Consumer;

/**
 * The connection that a shell is on, for commands that reach other machines.
 *
 * @param outlet of that connection
 * @param show takes what a command says later than the call that started it, where the dialogue's own calls run
 */
public record ShellLink(Outlet outlet, Consumer<ShellOutput> show) {}
