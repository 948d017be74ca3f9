package decnet.runtime;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.Bus;
import decnet.bus.fixture.LocalBus;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Places;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A process of workers inside the test's JVM, named {@code test}. Only what must not happen here is left out: it does not halt. */
final class RunningProcess implements AutoCloseable {
    static final Worker PATIENT = context -> {
        context.ready();
        boolean going = true;
        while (going) {
            going = context.pause(Duration.ofHours(1));
        }
    };

    final LocalBus bus = new LocalBus();
    final Counters counters = new Counters();
    final Places places;
    /** Codes with which it would have ended the JVM. */
    final List<Integer> halts = new CopyOnWriteArrayList<>();

    private final StopSignal stop = StopSignal.detached();
    private final Map<String, String> settings = new HashMap<>();
    private final List<WorkerSpec> specs = new ArrayList<>();
    private Optional<Thread> thread = Optional.empty();
    private ServiceNotifier notifier = ServiceNotifier.of(Map.of(), counters);

    /** @param folder short: socket paths end at 107 bytes */
    RunningProcess(Path folder) {
        this.places = new Places(folder.resolve("state"), folder);
    }

    RunningProcess set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** As a service manager would start it. */
    RunningProcess notifying(Map<String, String> environment) {
        notifier = ServiceNotifier.of(environment, counters);
        return this;
    }

    RunningProcess with(String name, Worker worker) {
        specs.add(new WorkerSpec(name, "for a test", false, () -> worker));
        return this;
    }

    RunningProcess start() {
        return start(bus);
    }

    RunningProcess start(Bus connection) {
        ProcessResources resources =
                new ProcessResources("test", Config.of(settings), places, InstantSource.system(), connection, counters);
        thread = Optional.of(Thread.ofPlatform().name("process-under-test").start(() -> {
            try {
                new WorkerProcess(specs, resources, stop, halts::add, notifier).run(Master.NONE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        await(() -> assertThat(places.processFile("test")).exists());
        return this;
    }

    ObjectNode ask(ObjectNode request) {
        return ControlClient.ask(places.processSocket("test"), request, Duration.ofSeconds(5))
                .orElseThrow();
    }

    ObjectNode ask(String op, String worker) {
        return ask(Json.object().put("op", op).put("worker", worker));
    }

    JsonNode worker(String name) {
        for (JsonNode one : ask(Json.object().put("op", "status")).path("workers")) {
            if (one.path("worker").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("no worker " + name);
    }

    String state(String worker) {
        return worker(worker).path("state").asText();
    }

    String reason(String worker) {
        return worker(worker).path("reason").asText();
    }

    void askToStop() {
        stop.ask();
    }

    /** Whether it has ended within {@code patience}. */
    boolean ended(Duration patience) throws InterruptedException {
        return thread.isEmpty() || thread.get().join(patience);
    }

    @Override
    public void close() {
        stop.ask();
        try {
            assertThat(ended(Duration.ofSeconds(20))).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
