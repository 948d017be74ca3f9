package decnet.runtime;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * A short command of another image, run to its end.
 *
 * @param code its exit code
 * @param out what it printed, at most 1 MiB
 * @param err its complaints, likewise
 */
public record Tool(int code, String out, String err) {
    private static final System.Logger LOG = System.getLogger(Tool.class.getName());
    private static final int MAX_OUTPUT = 1 << 20;
    private static final Duration GRACE = Duration.ofSeconds(3);

    /** Without anybody to stop it but Ctrl-C, which reaches it as well. */
    static Tool run(List<String> command, Map<String, String> environment, Duration timeout)
            throws IOException, InterruptedException {
        return complete(command, environment, "", timeout, () -> false);
    }

    /**
     * The same, in the network namespace of the calling thread, with something to read.
     *
     * @param input for its standard input
     */
    public static Tool run(List<String> command, String input, Duration timeout)
            throws IOException, InterruptedException {
        return complete(command, Map.of(), input, timeout, () -> false);
    }

    /**
     * In a session of its own, as Ctrl-C in the terminal is for the caller to pass on. Whatever happens, neither it nor what it started is left running.
     *
     * @param stopped asked a few times a second; once true the command is ended
     * @throws IOException if it cannot be started, does not end in time, or was stopped
     */
    static Tool run(List<String> command, Map<String, String> environment, Duration timeout, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(command);
        return complete(words, environment, "", timeout, stopped);
    }

    private static Tool complete(
            List<String> command,
            Map<String, String> environment,
            String input,
            Duration timeout,
            BooleanSupplier stopped)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            AtomicReference<String> out = new AtomicReference<>("");
            AtomicReference<String> err = new AtomicReference<>("");
            Thread results = collect("tool-stdout", process.getInputStream(), out);
            Thread complaints = collect("tool-stderr", process.getErrorStream(), err);
            if (input.isEmpty()) {
                process.getOutputStream().close();
            } else {
                feed(process.getOutputStream(), input);
            }
            long end = System.nanoTime() + timeout.toNanos();
            while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
                if (stopped.getAsBoolean()) {
                    throw new IOException("stopped before it was done: " + String.join(" ", command));
                }
                if (System.nanoTime() - end >= 0) {
                    throw new IOException("no end after " + timeout.toSeconds() + " s: " + String.join(" ", command));
                }
            }
            results.join(Duration.ofSeconds(2));
            complaints.join(Duration.ofSeconds(2));
            return new Tool(
                    process.exitValue(),
                    String.valueOf(out.get()),
                    String.valueOf(err.get()).strip());
        } finally {
            end(process);
        }
    }

    /** Not on the caller's thread: it may never read. What it does not want is not written. */
    private static void feed(OutputStream to, String input) {
        Thread.ofPlatform().daemon().name("tool-stdin").stackSize(256 * 1024).start(() -> {
            try (to) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                LOG.log(DEBUG, () -> "a command did not read its input: " + e.getMessage());
            }
        });
    }

    private static Thread collect(String name, InputStream from, AtomicReference<String> to) {
        return Thread.ofPlatform().daemon().name(name).stackSize(256 * 1024).start(() -> {
            try {
                to.set(new String(from.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8));
            } catch (IOException e) {
                to.set(String.valueOf(e.getMessage()));
            }
        });
    }

    /** SIGTERM to it and all it started, then SIGKILL. */
    private static void end(Process process) throws InterruptedException {
        if (!process.isAlive()) {
            return;
        }
        List<ProcessHandle> below = process.descendants().toList();
        process.toHandle().destroy();
        below.forEach(ProcessHandle::destroy);
        process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        below.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }
}
