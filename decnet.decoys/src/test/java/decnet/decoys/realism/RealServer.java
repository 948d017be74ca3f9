package decnet.decoys.realism;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** A server of the distribution, running on a loopback address for the time of a comparison. */
final class RealServer implements AutoCloseable {
    /** What happens when the server has ended. */
    @FunctionalInterface
    interface Cleaning {
        void run() throws Exception;
    }

    private final Process process;
    private final InetSocketAddress address;
    private final String version;
    private final List<Cleaning> cleaning = new ArrayList<>();

    private RealServer(Process process, InetSocketAddress address, String version) {
        this.process = process;
        this.address = address;
        this.version = version;
    }

    InetSocketAddress address() {
        return address;
    }

    /** As the program or its package tells it. */
    String version() {
        return version;
    }

    RealServer afterwards(Cleaning task) {
        cleaning.add(task);
        return this;
    }

    /** An address of 127.0.0.0/8 with a port that is free there. */
    static InetSocketAddress free() {
        try {
            InetAddress address = InetAddress.getByName("127.77.7.7");
            try (ServerSocket socket = new ServerSocket(0, 1, address)) {
                return new InetSocketAddress(address, socket.getLocalPort());
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Starts a program that stays in the foreground, and waits until it answers. */
    static RealServer start(
            Path folder, InetSocketAddress address, String version, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        need(command[0]);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile());
        builder.environment().putAll(environment);
        RealServer server = new RealServer(builder.start(), address, version);
        try {
            decnet.testing.Await.await(() -> {
                if (!server.process.isAlive()) {
                    throw new IOException(command[0] + " ended: " + Files.readString(folder.resolve("output.log")));
                }
                new Socket(address.getAddress(), address.getPort()).close();
            });
        } catch (AssertionError e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Lets the server's own user read what the test has made. */
    static void allow(Path path) throws IOException {
        Files.setPosixFilePermissions(
                path,
                java.nio.file.attribute.PosixFilePermissions.fromString(
                        Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--"));
    }

    static void need(String program) {
        if (!Files.isExecutable(Path.of(program))) {
            throw new TestAbortedException(program + " is not installed: nothing to compare with");
        }
    }

    static void needRoot() {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new TestAbortedException("the real server needs root to be started: not compared");
        }
    }

    /** Runs a command to its end and gives its output. */
    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor(30, TimeUnit.SECONDS);
        return out;
    }

    /** Version of an installed Debian package, for example {@code 1:9.2p1-2+deb12u10}. */
    static String packageVersion(String name) throws IOException, InterruptedException {
        return run("dpkg-query", "-W", "-f", "${Version}", name).strip();
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            for (Cleaning task : cleaning) {
                task.run();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IOException("cleaning up after " + address, e);
        }
    }
}
