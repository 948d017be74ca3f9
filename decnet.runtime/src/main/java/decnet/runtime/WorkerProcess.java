package decnet.runtime;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.BusMessage;
import decnet.bus.TopicFilter;
import decnet.bus.Topics;
import decnet.core.Counters;
import decnet.core.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One or more workers in this JVM: starts them, answers for them on socket and bus, stops them. A worker's failure or stop never
 * touches its siblings.
 */
final class WorkerProcess {
    private static final System.Logger LOG = System.getLogger(WorkerProcess.class.getName());
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int TICKS_PER_HEALTH = 10;

    private final ProcessResources resources;
    private final StopSignal stop;
    private final Map<String, SupervisedWorker> workers = new LinkedHashMap<>();
    private final ProcessFile file;
    private final Profiling profiling;
    private final IdleCollection idle = new IdleCollection();
    private int ticks;
    /** Carries out control requests: stopping a worker can take seconds, answers must not wait in line behind it. */
    private final ThreadPoolExecutor control = new ThreadPoolExecutor(
            0,
            1,
            5,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(16),
            Thread.ofPlatform().name("process-action-", 0).factory());

    WorkerProcess(List<WorkerSpec> specs, ProcessResources resources, StopSignal stop) {
        this.resources = resources;
        this.stop = stop;
        specs.forEach(spec -> workers.put(spec.name(), new SupervisedWorker(spec, resources, this::publish)));
        resources.counters().adder(RuntimeCounter.WORKER_FAILURES); // so that all of them are told, at 0
        this.profiling = new Profiling(resources.places(), resources.clock());
        this.file = ProcessFile.ofThisProcess(resources.process(), List.copyOf(workers.keySet()));
    }

    /** Runs until asked to stop. */
    void run() throws InterruptedException {
        try (var _ = openSocket()) {
            // each by its name: the decoys may hear nothing but their own
            workers.keySet().forEach(name -> resources
                    .bus()
                    .subscribe(
                            new TopicFilter(Topics.workerControl(name).text()), message -> controlled(name, message)));
            file.write(resources.places());
            LOG.log(
                    INFO,
                    () -> "process started process=" + file.process() + " pid=" + file.pid() + " image=" + file.image()
                            + " workers=" + String.join(",", workers.keySet()) + " orm=" + (file.orm() ? "yes" : "no"));
            workers.values().forEach(SupervisedWorker::start);
            stop.await();
            LOG.log(INFO, () -> "process stopping process=" + file.process());
            stopWorkers();
        } finally {
            control.shutdownNow();
            profiling.close();
            resources.close();
            file.delete(resources.places());
            LOG.log(INFO, () -> "process stopped process=" + file.process());
        }
    }

    private ControlSocket openSocket() {
        try {
            return ControlSocket.start(
                    resources.places().processSocket(file.process()),
                    this::answer,
                    TICK,
                    this::tick,
                    resources.counters());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot bind " + resources.places().processSocket(file.process()) + "; check the rights of "
                            + resources.places().run(),
                    e);
        }
    }

    private void stopWorkers() throws InterruptedException {
        List<SupervisedWorker> all = new ArrayList<>(workers.values());
        all.forEach(SupervisedWorker::requestStop);
        for (SupervisedWorker worker : all.reversed()) {
            if (!worker.stop()) {
                LOG.log(WARNING, () -> "worker did not end worker=" + worker.name());
            }
        }
    }

    private void tick() {
        idle.tick();
        if (++ticks % TICKS_PER_HEALTH == 0) {
            publishAll();
        }
    }

    private void publishAll() {
        workers.values().forEach(worker -> publish(worker.status()));
    }

    private void publish(WorkerStatus status) {
        ObjectNode payload = status.toJson()
                .put("process", file.process())
                .put("pid", file.pid())
                .put("ts", resources.clock().instant().toString());
        resources.bus().publish(Topics.workerHealth(status.name()), "health", payload);
    }

    private ObjectNode answer(ObjectNode request) {
        String op = request.path("op").asText();
        return switch (op) {
            case "status" -> status();
            case "stop" -> {
                if (request.has("worker")) {
                    yield act(op, request.path("worker").asText());
                }
                stop.ask();
                yield Json.object().put("ok", true);
            }
            case "start", "restart" -> act(op, request.path("worker").asText());
            case "profile" -> profile(request);
            default -> throw new IllegalArgumentException("op: expected status, start, stop, restart or profile");
        };
    }

    /** With a worker: starts a recording. Without: how the last one stands. */
    private ObjectNode profile(ObjectNode request) {
        if (!request.has("worker")) {
            return profiling.state();
        }
        String name = request.path("worker").asText();
        if (!workers.containsKey(name)) {
            throw new IllegalArgumentException(
                    "worker: " + decnet.core.Snippet.of(name) + " is not in process " + file.process());
        }
        return profiling.start(name, request.path("seconds").asInt());
    }

    private ObjectNode act(String action, String name) {
        SupervisedWorker worker = workers.get(name);
        if (worker == null) {
            throw new IllegalArgumentException(
                    "worker: " + decnet.core.Snippet.of(name) + " is not in process " + file.process());
        }
        control.execute(() -> {
            try {
                if (!action.equals("start")) {
                    worker.stop();
                }
                if (!action.equals("stop")) {
                    worker.start();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        LOG.log(INFO, () -> "control action=" + action + " worker=" + name);
        return worker.status().toJson().put("ok", true).put("action", action);
    }

    private void controlled(String name, BusMessage message) {
        String action = message.payload().path("action").asText();
        ObjectNode answer;
        if (action.equals("start") || action.equals("stop") || action.equals("restart")) {
            answer = act(action, name);
        } else {
            resources.counters().increment(RuntimeCounter.CONTROL_REFUSED);
            answer = Json.object().put("ok", false).put("error", "action: expected start, stop or restart");
        }
        resources.bus().reply(message, answer);
    }

    private ObjectNode status() {
        ObjectNode json = Json.object()
                .put("ok", true)
                .put("process", file.process())
                .put("pid", file.pid())
                .put("started", file.started().toString())
                .put("image", file.image())
                .put("orm", file.orm())
                .put("bus", resources.bus().connected());
        ArrayNode list = json.putArray("workers");
        workers.values()
                .forEach(worker ->
                        list.add(worker.account().addTo(worker.status().toJson())));
        Memory.ofThisProcess().ifPresent(memory -> json.set("memory", memory.toJson()));
        ObjectNode values = json.putObject("counters");
        Counters counters = resources.counters();
        counters.snapshot().forEach(values::put);
        return json;
    }
}
