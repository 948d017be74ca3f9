package decnet.runtime;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * Flight recordings of this process on request, one at a time, each written to {@code <state>/profiles/WORKER-TIME.jfr}. A recording
 * shows the whole process; the worker's own thread is {@code worker-NAME}. What is recorded is chosen one by one, so that neither
 * environment nor system properties, which may hold secrets, get into the file. Thread-safe; {@link #lock} is held during nothing that
 * blocks.
 */
final class Profiling implements AutoCloseable {
    static final int MOST_SECONDS = 600;

    private static final System.Logger LOG = System.getLogger(Profiling.class.getName());
    private static final long MOST_BYTES = 64L << 20;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path folder;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread running;
    private Path file = Path.of("");
    private String state = "none";
    private String error = "";

    Profiling(Places places, InstantSource clock) {
        this.folder = places.state().resolve("profiles");
        this.clock = clock;
    }

    /**
     * Starts a recording.
     *
     * @param worker name of a worker of this process
     * @param seconds 1 to {@value #MOST_SECONDS}
     * @return what {@link #state} returns
     * @throws IllegalArgumentException if {@code seconds} is out of range, or a recording is running
     */
    ObjectNode start(String worker, int seconds) {
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new IllegalArgumentException("seconds: expected 1 to " + MOST_SECONDS);
        }
        lock.lock();
        try {
            if (running != null && running.isAlive()) {
                throw new IllegalArgumentException(
                        "a recording is running in this process already, for " + file + "; try again when it is done");
            }
            Instant now = clock.instant();
            file = folder.resolve(worker + "-" + STAMP.format(now) + ".jfr");
            state = "running";
            error = "";
            Path target = file;
            running = Thread.ofPlatform().name("process-profile").daemon().start(() -> record(target, seconds));
        } finally {
            lock.unlock();
        }
        return state();
    }

    /** How the last recording stands: {@code state} is none, running, done or failed; {@code file}; {@code error}. */
    ObjectNode state() {
        lock.lock();
        try {
            return Json.object()
                    .put("ok", true)
                    .put("state", state)
                    .put("file", file.toString())
                    .put("error", error);
        } finally {
            lock.unlock();
        }
    }

    private void record(Path target, int seconds) {
        String end = "done";
        String why = "";
        try {
            write(target, seconds);
            LOG.log(INFO, () -> "profile written file=" + target);
        } catch (IOException | RuntimeException | LinkageError e) {
            end = "failed";
            why = String.valueOf(e);
            LOG.log(WARNING, () -> "profile failed file=" + target, e);
        } catch (InterruptedException e) {
            end = "failed";
            why = "interrupted";
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            state = end;
            error = why;
        } finally {
            lock.unlock();
        }
    }

    private void write(Path target, int seconds) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        // made by us and by nobody else, or not at all
        Files.createFile(target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        boolean complete = false;
        try (Recording recording = new Recording()) {
            choose(recording);
            recording.setName(String.valueOf(target.getFileName()));
            recording.setToDisk(true);
            recording.setMaxSize(MOST_BYTES);
            recording.start();
            if (closing.await(seconds, TimeUnit.SECONDS)) {
                LOG.log(INFO, () -> "process ends, profile is cut short file=" + target);
            }
            recording.stop();
            recording.dump(target);
            complete = true;
        } finally {
            if (!complete) {
                Files.deleteIfExists(target);
            }
        }
    }

    /** As in the settings {@code profile} of the JDK, without what tells secrets or what no one looks at. */
    private static void choose(Recording recording) {
        for (String sampled : new String[] {"ExecutionSample", "NativeMethodSample"}) {
            recording.enable("jdk." + sampled).withPeriod(Duration.ofMillis(10));
        }
        recording.enable("jdk.ObjectAllocationSample").with("throttle", "300/s").withStackTrace();
        for (String timed : new String[] {
            "JavaMonitorEnter",
            "JavaMonitorWait",
            "ThreadPark",
            "ThreadSleep",
            "FileRead",
            "FileWrite",
            "FileForce",
            "SocketRead",
            "SocketWrite",
            "VirtualThreadPinned"
        }) {
            recording
                    .enable("jdk." + timed)
                    .withThreshold(Duration.ofMillis(10))
                    .withStackTrace();
        }
        for (String periodic : new String[] {
            "CPULoad",
            "ThreadCPULoad",
            "ThreadAllocationStatistics",
            "JavaThreadStatistics",
            "ClassLoadingStatistics",
            "ResidentSetSize",
            "DirectBufferStatistics"
        }) {
            recording.enable("jdk." + periodic).withPeriod(Duration.ofSeconds(1));
        }
        for (String plain : new String[] {
            "ThreadStart",
            "ThreadEnd",
            "GarbageCollection",
            "GCPhasePause",
            "GCHeapSummary",
            "MetaspaceSummary",
            "CodeCacheStatistics",
            "JavaErrorThrow",
            "DataLoss",
            "ActiveRecording",
            "CPUInformation",
            "OSInformation",
            "GCConfiguration"
        }) {
            recording.enable("jdk." + plain);
        }
    }

    /** Ends a running recording early and waits until it is written. */
    @Override
    public void close() {
        closing.countDown();
        Thread last;
        lock.lock();
        try {
            last = running;
        } finally {
            lock.unlock();
        }
        try {
            if (last != null && !last.join(PATIENCE)) {
                LOG.log(WARNING, () -> "profile is not written in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
