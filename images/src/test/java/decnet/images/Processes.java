package decnet.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs programs to their end, and looks at those of an installation in {@code /proc}. */
final class Processes {
    private static final int MOST_OUTPUT = 64 << 20;

    private Processes() {}

    /** Runs a program with files as its outputs, so that a grandchild that keeps them open does not hold us up. */
    static Outcome run(List<String> command, Map<String, String> environment, String input, Duration limit) {
        Path out = null;
        Path err = null;
        try {
            out = Files.createTempFile("out", "");
            err = Files.createTempFile("err", "");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("DECNET_") || name.equals("TERM"));
            builder.environment().put("TERM", "xterm");
            builder.environment().putAll(environment);
            Process process = builder.start();
            give(process, input);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new AssertionError("still running after " + limit + ": " + String.join(" ", command) + "\n"
                        + text(out) + text(err));
            }
            return new Outcome(command, process.exitValue(), text(out), text(err));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + command, e);
        } finally {
            delete(out);
            delete(err);
        }
    }

    private static void give(Process process, String input) {
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return; // it did not wait for its input; how it ended tells more
        }
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
        }
    }

    /** Every living process whose environment or command line names {@code folder}: all of one installation's, whoever runs it. */
    static List<Long> of(Path folder) {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .filter(entry -> names(entry, folder) && alive(entry))
                    .map(entry -> Long.valueOf(entry.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean names(Path process, Path folder) {
        for (String file : List.of("environ", "cmdline")) {
            try {
                if (new String(Files.readAllBytes(process.resolve(file)), StandardCharsets.ISO_8859_1)
                        .contains(folder.toString())) {
                    return true;
                }
            } catch (IOException e) {
                return false; // it ended, or is somebody else's
            }
        }
        return false;
    }

    private static boolean alive(Path process) {
        try {
            return Files.readString(process.resolve("stat")).matches("(?s).*\\) [^ZX] .*");
        } catch (IOException e) {
            return false;
        }
    }

    /** Command line of a process, for messages. */
    static String commandLine(long pid) {
        try {
            return pid + " "
                    + Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                            .replace('\0', ' ');
        } catch (IOException e) {
            return pid + " (gone)";
        }
    }

    /** Resident memory in MiB; 0 if the process is gone. */
    static long residentMib(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** {@code kill -9}. */
    static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** @param name for example {@code STOP} */
    static void signal(long pid, String name) {
        run(List.of("kill", "-" + name, Long.toString(pid)), Map.of(), "", Duration.ofSeconds(10))
                .succeeded();
    }

    /** Whether a program is on the path. */
    static boolean installed(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
