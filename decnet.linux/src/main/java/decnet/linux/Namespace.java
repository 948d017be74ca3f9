package decnet.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace, held open: it lives on at least until this is closed, whatever becomes of its name. Needs
 * {@code CAP_SYS_ADMIN}. Thread-safe.
 */
public final class Namespace implements AutoCloseable {
    private static final Path FOLDER = Path.of("/run/netns");

    private final int descriptor;
    private final String text;
    private boolean closed;

    private Namespace(int descriptor, String text) {
        this.descriptor = descriptor;
        this.text = text;
    }

    /** That of {@code ip netns add NAME}. */
    public static Namespace named(String name) throws SystemCallException {
        String path = FOLDER.resolve(name).toString();
        return new Namespace(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC), name);
    }

    /** The one of this process when it started. */
    public static Namespace ofThisProcess() throws SystemCallException {
        return new Namespace(Libc.open("/proc/self/ns/net", Libc.O_RDONLY | Libc.O_CLOEXEC), "of this process");
    }

    /** A second hold on the same namespace, closed for itself. */
    public Namespace share() throws SystemCallException {
        return new Namespace(Libc.duplicate(descriptor), text);
    }

    /** Whether {@code ip netns add NAME} has been done. */
    public static boolean exists(String name) {
        return Files.exists(FOLDER.resolve(name));
    }

    /**
     * Runs {@code task} on a thread of its own within the namespace: sockets it makes belong there for ever, {@code /proc/sys/net} is
     * that of the namespace.
     *
     * @throws Exception what the task throws
     */
    public <T> T call(Callable<T> task) throws Exception {
        FutureTask<T> within = new FutureTask<>(() -> {
            Libc.setns(descriptor, Libc.CLONE_NEWNET);
            return task.call();
        });
        Thread thread =
                Thread.ofPlatform().name("namespace").stackSize(256 << 10).start(within);
        try {
            thread.join();
            return within.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Makes the calling thread one of the namespace, for good. */
    public void enter() throws SystemCallException {
        Libc.setns(descriptor, Libc.CLONE_NEWNET);
    }

    @Override
    public synchronized void close() throws SystemCallException {
        if (!closed) {
            closed = true;
            Libc.close(descriptor);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
