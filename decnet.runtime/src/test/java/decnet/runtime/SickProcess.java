package decnet.runtime;

import decnet.bus.BusClient;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Places;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A process of sick workers in a JVM of its own, without a bus: {@code FOLDER WORKER...}. Its settings come from the environment, as
 * {@code DECNET_WORKER_STALL_AFTER} for {@code worker.stall-after}.
 */
final class SickProcess {
    private SickProcess() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Places places = new Places(folder.resolve("state"), folder);
        StopSignal stop = StopSignal.install();
        Lifeline.hold(System.in, stop);
        Config config = Config.load(Optional.empty(), System.getenv(), new WorkerConfig.Schema().keys(), Set.of());
        Counters counters = new Counters();
        BusClient bus = BusClient.open(Config.of(Map.of()), places, counters, "sick");
        List<WorkerSpec> specs = Stream.of(args)
                .skip(1)
                .map(name -> new WorkerSpec(name, "for a test", false, () -> worker(name, folder)))
                .toList();
        new WorkerProcess(
                        specs,
                        new ProcessResources("sick", config, places, InstantSource.system(), bus, counters),
                        stop,
                        Runtime.getRuntime()::halt)
                .run(Master.of(System.getenv()));
        stop.finish();
    }

    private static Worker worker(String name, Path folder) {
        return switch (name) {
            case "leaker" -> SickProcess::leak;
            case "blocker" -> context -> block(context, folder);
            case "spinner" -> SickProcess::spin;
            case "deaf" -> SickProcess::ignore;
            case "deadlocker" -> SickProcess::deadlock;
            case "brief" -> WorkerContext::ready;
            default -> context -> innocent(context, folder);
        };
    }

    /** Does its work, and says in a file that it was ended in order. */
    private static void innocent(WorkerContext context, Path folder) throws Exception {
        context.ready();
        boolean going = true;
        while (going) {
            going = context.pause(Duration.ofMillis(100));
        }
        Files.writeString(folder.resolve(context.name() + ".ended"), "in order\n");
    }

    /** 64 MB a second, none of which it gives back. */
    private static void leak(WorkerContext context) throws InterruptedException {
        context.ready();
        List<byte[]> kept = new ArrayList<>();
        boolean going = true;
        while (going && kept.size() < Integer.MAX_VALUE) {
            kept.add(new byte[64 * 1024]);
            going = context.pause(Duration.ofMillis(1));
        }
    }

    /** In the kernel, opening a pipe that nobody writes. */
    private static void block(WorkerContext context, Path folder) throws IOException {
        context.ready();
        try (InputStream in = new FileInputStream(folder.resolve("pipe").toFile())) {
            context.degraded("read " + in.read());
        }
    }

    private static void spin(WorkerContext context) {
        context.ready();
        long turns = 0;
        while (turns >= 0) {
            turns++;
            Thread.onSpinWait();
        }
    }

    private static void ignore(WorkerContext context) {
        context.ready();
        long wakes = 0;
        while (wakes >= 0) {
            wakes += Thread.interrupted() ? 1 : 0;
            LockSupport.park();
        }
    }

    private static void deadlock(WorkerContext context) throws InterruptedException {
        Object one = new Object();
        Object two = new Object();
        CountDownLatch bothHold = new CountDownLatch(2);
        Thread.ofPlatform().name("other-hand").daemon().start(() -> hold(two, one, bothHold));
        context.ready();
        hold(one, two, bothHold);
        context.pause(Duration.ZERO);
    }

    private static void hold(Object first, Object second, CountDownLatch bothHold) {
        synchronized (first) {
            bothHold.countDown();
            boolean waiting = true;
            while (waiting) {
                waiting = bothHold.getCount() > 0;
            }
            synchronized (second) {
                throw new IllegalStateException("no deadlock");
            }
        }
    }
}
