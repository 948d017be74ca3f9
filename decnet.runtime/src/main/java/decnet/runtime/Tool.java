package decnet.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A short command of another image, run to its end.
 *
 * @param code its exit code
 * @param out what it printed, at most 1 MiB
 * @param err its complaints, likewise
 */
record Tool(int code, String out, String err) {
    private static final int MAX_OUTPUT = 1 << 20;

    /** @throws IOException if it cannot be started or does not end in time */
    static Tool run(List<String> command, Map<String, String> environment, Duration timeout)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        AtomicReference<String> err = new AtomicReference<>("");
        Thread complaints = Thread.ofPlatform().daemon().name("tool-stderr").start(() -> {
            try {
                err.set(new String(process.getErrorStream().readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8));
            } catch (IOException e) {
                err.set(String.valueOf(e.getMessage()));
            }
        });
        String out = new String(process.getInputStream().readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new IOException("no end after " + timeout.toSeconds() + " s: " + String.join(" ", command));
        }
        complaints.join(Duration.ofSeconds(2));
        return new Tool(process.exitValue(), out, String.valueOf(err.get()).strip());
    }
}
