package decnet.decoys.shell;

import decnet.decoys.Payload;
import decnet.decoys.Seen;
import java.time.Duration;
import java.util.List;

/**
 * What a shell answers.
 *
 * @param bytes for the terminal, or standard output and error together
 * @param events for the engine
 * @param delay how long the machine would take before it says so
 * @param ended whether the shell has ended
 * @param exitStatus 0 to 255; counts once it has ended
 */
public record ShellOutput(Payload bytes, List<Seen> events, Duration delay, boolean ended, int exitStatus) {
    public ShellOutput {
        events = List.copyOf(events);
    }
}
