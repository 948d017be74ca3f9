package decnet.core;

import java.util.List;

/** Service interface: a module offers commands. One provider per module, in its package {@code command}. */
public interface CommandProvider {
    /** Objects annotated for picocli, each a {@code Callable<Integer>} that gives an {@link ExitCode}. */
    List<Object> commands(CommandContext context);
}
