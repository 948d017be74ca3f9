package decnet.packages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a program of this machine to its end. */
final class Tool {
    private Tool() {}

    /** What it did: exit code, and standard output and error as one text. */
    record Outcome(List<String> command, int code, String text) {
        Outcome succeeded() {
            if (code != 0) {
                throw new AssertionError("exit code " + code + ": " + String.join(" ", command) + "\n" + text);
            }
            return this;
        }
    }

    static Outcome run(Duration limit, String... command) {
        return run(limit, List.of(command));
    }

    static Outcome run(Duration limit, List<String> command) {
        try {
            Path out = Files.createTempFile("out", "");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .start();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor();
                    throw new AssertionError("still running after " + limit + ": " + String.join(" ", command) + "\n"
                            + Files.readString(out, StandardCharsets.ISO_8859_1));
                }
                return new Outcome(command, process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1));
            } finally {
                Files.deleteIfExists(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + command, e);
        }
    }

    static boolean installed(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Skips a test that cannot run here, and says so; in CI that is a failure. */
    static void needs(boolean root, String... programs) {
        List<String> missing =
                Stream.of(programs).filter(program -> !installed(program)).toList();
        boolean may = !root || System.getProperty("user.name").equals("root");
        if (missing.isEmpty() && may) {
            return;
        }
        String why = (missing.isEmpty() ? "" : "not installed: " + missing + "; ") + (may ? "" : "it needs root");
        System.err.println("SKIPPED: " + why);
        if (System.getenv("CI") != null) {
            throw new AssertionError(why);
        }
        org.junit.jupiter.api.Assumptions.abort(why);
    }
}
