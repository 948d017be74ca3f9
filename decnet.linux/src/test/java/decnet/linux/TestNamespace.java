package decnet.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A network namespace of a test's own, with nothing in it but a loopback interface. */
final class TestNamespace implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name = "dt" + ProcessHandle.current().pid() + "y" + NUMBER.incrementAndGet();
    private final Namespace namespace;

    private TestNamespace() throws IOException {
        run("ip", "netns", "add", name);
        try {
            exec("ip", "link", "set", "lo", "up");
            namespace = Namespace.named(name);
        } catch (IOException e) {
            run("ip", "netns", "del", name);
            throw e;
        }
    }

    /** What is missing here to make one; empty if nothing is. Says so on stderr, as a skipped test is easily overlooked. */
    static String missing(Class<?> test, String... tools) {
        String missing = "root".equals(System.getProperty("user.name")) ? "" : "root";
        for (String tool : tools) {
            if (Stream.of("/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/")
                    .noneMatch(folder -> Files.isExecutable(Path.of(folder + tool)))) {
                missing = tool;
            }
        }
        if (!missing.isEmpty()) {
            System.err.println("SKIPPED " + test.getSimpleName() + ": this machine lacks " + missing);
        }
        return missing;
    }

    static TestNamespace open() throws IOException {
        return new TestNamespace();
    }

    Namespace namespace() {
        return namespace;
    }

    void exec(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(command));
        run(all.toArray(String[]::new));
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readNBytes(1 << 20), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        namespace.close();
        run("ip", "netns", "del", name);
    }
}
