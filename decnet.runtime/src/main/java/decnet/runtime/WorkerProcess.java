package decnet.runtime;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.BusMessage;
import decnet.bus.Topic;
import decnet.bus.TopicFilter;
import decnet.bus.Topics;
import decnet.core.Counters;
import decnet.core.Json;
import decnet.runtime.LedgerEntry.Standing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * One or more workers in this JVM: starts them, watches over them, answers for them on socket and bus, stops them. A worker's failure
 * or stop never touches its siblings; one that cannot be ended costs them a restart in order (decision record 10).
 */
final class WorkerProcess {
    /** Exit code of a process that ended because a worker could not be ended: its master starts it again. */
    static final int RECYCLED = 75;

    private static final System.Logger LOG = System.getLogger(WorkerProcess.class.getName());
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int TICKS_PER_HEALTH = 10;
    private static final Duration RECYCLE_PATIENCE = Duration.ofSeconds(20);

    private final ProcessResources resources;
    private final StopSignal stop;
    private final IntConsumer halt;
    private final WorkerConfig config;
    private final Ledger ledger;
    private final Map<String, SupervisedWorker> workers = new LinkedHashMap<>();
    private ProcessFile file;
    private final ServiceNotifier service;
    private final Profiling profiling;
    private final IdleCollection idle = new IdleCollection();
    private int ticks;
    private final WorkerControl control;
    private final AtomicBoolean ending = new AtomicBoolean();

    /** @param halt ends the JVM with a code whatever its threads do */
    WorkerProcess(List<WorkerSpec> specs, ProcessResources resources, StopSignal stop, IntConsumer halt) {
        this(specs, resources, stop, halt, ServiceNotifier.of(System.getenv(), resources.counters()));
    }

    WorkerProcess(
            List<WorkerSpec> specs,
            ProcessResources resources,
            StopSignal stop,
            IntConsumer halt,
            ServiceNotifier service) {
        this.service = service;
        this.resources = resources;
        this.stop = stop;
        this.halt = halt;
        this.config = WorkerConfig.from(resources.config());
        this.ledger = new Ledger(resources.places());
        specs.forEach(spec -> workers.put(spec.name(), new SupervisedWorker(spec, resources, this::publish)));
        resources.counters().adder(RuntimeCounter.WORKER_FAILURES); // so that all of them are told, at 0
        this.profiling = new Profiling(resources.places(), resources.clock());
        this.file = ProcessFile.ofThisProcess(resources.process(), List.copyOf(workers.keySet()));
        this.control = new WorkerControl(workers, ledger, resources.clock(), this::recycle);
    }

    /**
     * Runs until asked to stop.
     *
     * @param master what its parent tells
     */
    void run(Master master) throws InterruptedException {
        judgePredecessor(master);
        if (master.moves() && workers.size() > 1) {
            workers.keySet().removeIf(worker -> ledger.read(worker).standing() == Standing.MOVED);
            file = ProcessFile.ofThisProcess(resources.process(), List.copyOf(workers.keySet()));
        }
        park();
        try (var _ = openSocket();
                var _ = Watchdog.start(
                        workers.values(),
                        config,
                        Watchdog.accounts(resources.places(), file),
                        resources.clock(),
                        (worker, reason) -> unending(worker, reason, master))) {
            // each by its name: the decoys may hear nothing but their own
            workers.keySet().forEach(name -> resources
                    .bus()
                    .subscribe(
                            new TopicFilter(Topics.workerControl(name).text()),
                            message -> controlled(name, message),
                            replyTo -> answer(replyTo, refusal("not a JSON object"))));
            file.write(resources.places());
            LOG.log(
                    INFO,
                    () -> "process started process=" + file.process() + " pid=" + file.pid() + " image=" + file.image()
                            + " workers=" + String.join(",", workers.keySet()) + " orm=" + (file.orm() ? "yes" : "no"));
            workers.values().stream()
                    .filter(worker -> worker.parked().isEmpty())
                    .forEach(SupervisedWorker::start);
            service.ready();
            stop.await();
            service.stopping();
            LOG.log(INFO, () -> "process stopping process=" + file.process());
            ending.set(true);
            stopWorkers();
        } finally {
            ending.set(true);
            control.close();
            profiling.close();
            resources.close();
            file.delete(resources.places());
            LOG.log(INFO, () -> "process stopped process=" + file.process());
        }
    }

    /** Holds an unclean end of this process's predecessor against the worker that stands out, if one does. */
    private void judgePredecessor(Master master) {
        ProcessAccounts.read(ProcessAccounts.file(resources.places(), file.process()))
                .filter(traces -> !new ProcessFile(
                                file.process(), traces.pid(), traces.started(), file.image(), List.of(), false)
                        .alive())
                .ifPresent(traces -> {
                    Attribution found = Attribution.of(traces, master.lastEnd(), Attribution.oomKills());
                    LOG.log(
                            WARNING,
                            () -> "the process before this one ended uncleanly pid=" + traces.pid() + " charged="
                                    + found.worker().orElse("nobody") + " reason=" + found.reason());
                    found.worker()
                            .filter(workers::containsKey)
                            .ifPresent(worker -> charge(worker, found.reason(), master));
                });
    }

    private void charge(String worker, String reason, Master master) {
        resources.counters().increment(RuntimeCounter.DEATHS_CHARGED);
        try {
            LedgerEntry entry = ledger.charge(
                    worker,
                    new LedgerEntry.Death(resources.clock().instant(), file.process(), reason),
                    config,
                    workers.size() > 1,
                    config.move() && master.moves());
            if (entry.standing() != Standing.FREE) {
                LOG.log(
                        ERROR,
                        () -> "worker " + entry.standing().name().toLowerCase(Locale.ROOT) + " worker=" + worker
                                + " reason=" + entry.reason());
            }
        } catch (IOException e) {
            LOG.log(WARNING, () -> "cannot write the ledger of worker=" + worker + ": " + e);
        }
    }

    /** Before anybody can ask: a parked worker is never seen as anything else. */
    private void park() throws InterruptedException {
        for (SupervisedWorker worker : workers.values()) {
            LedgerEntry entry = ledger.read(worker.name());
            // one that was moved has its process under a host only
            if (entry.standing() == Standing.PARKED || entry.standing() == Standing.MOVED && workers.size() > 1) {
                worker.park(entry.reason());
                LOG.log(WARNING, () -> "worker is parked worker=" + worker.name() + " reason=" + entry.reason());
            }
        }
    }

    private ControlSocket openSocket() {
        try {
            return ControlSocket.start(
                    resources.places().processSocket(file.process()),
                    this::answer,
                    service.period(TICK),
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

    /** On the thread that serves the socket: a sign of life from it says that the process still answers. */
    private void tick() {
        service.alive();
        idle.tick();
        if (++ticks % TICKS_PER_HEALTH == 0) {
            publishAll();
        }
    }

    /** A stalled worker that was interrupted does not end. */
    private void unending(SupervisedWorker worker, String reason, Master master) {
        String why = reason + "; did not end within " + config.stallGrace().toSeconds()
                + " s of being interrupted, process recycled";
        if (!ending.get()) {
            charge(worker.name(), why, master);
        }
        recycle(worker, why);
    }

    /** Ends this process in order, but for the thread that does not end; its master starts it again. */
    private void recycle(SupervisedWorker stuck, String reason) {
        if (!ending.compareAndSet(false, true)) {
            return; // it ends already
        }
        LOG.log(
                ERROR,
                () -> "process is recycled process=" + file.process() + " worker=" + stuck.name() + " reason="
                        + reason);
        Thread orderly = Thread.ofPlatform().name("process-recycle").daemon().start(() -> leave(stuck));
        Thread.ofPlatform().name("process-recycle-limit").daemon().start(() -> {
            try {
                if (!orderly.join(RECYCLE_PATIENCE)) {
                    LOG.log(
                            WARNING,
                            () -> "siblings or resources do not close, leaving them process=" + file.process());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            halt.accept(RECYCLED);
        });
    }

    private void leave(SupervisedWorker stuck) {
        try {
            List<SupervisedWorker> siblings = new ArrayList<>(workers.values());
            siblings.remove(stuck);
            siblings.forEach(SupervisedWorker::requestStop);
            for (SupervisedWorker sibling : siblings.reversed()) {
                sibling.stop();
            }
            resources.close();
            // charged already, or nobody's fault: the next one has nothing to judge
            Files.deleteIfExists(ProcessAccounts.file(resources.places(), file.process()));
            file.delete(resources.places());
            Files.deleteIfExists(resources.places().processSocket(file.process()));
        } catch (IOException | UncheckedIOException e) {
            LOG.log(WARNING, () -> "cannot clean up process=" + file.process() + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        service.status(workers.values().stream()
                .map(SupervisedWorker::status)
                .map(each ->
                        each.name() + " " + each.state().text() + (each.reason().isEmpty() ? "" : ": " + each.reason()))
                .collect(Collectors.joining("; ")));
    }

    private ObjectNode answer(ObjectNode request) {
        String op = WorkerControl.text(request, "op", "expected status, profile, " + WorkerControl.WORDS);
        if (op.equals("status")) {
            return status();
        }
        if (op.equals("stop") && !request.has("worker")) {
            stop.ask();
            return Json.object().put("ok", true);
        }
        if (op.equals("profile")) {
            return profile(request);
        }
        if (!WorkerControl.ACTIONS.contains(op)) {
            throw new IllegalArgumentException("op: expected status, profile, " + WorkerControl.WORDS);
        }
        return control.request(op, WorkerControl.text(request, "worker", "expected the name of a worker"), request);
    }

    /** With a worker: starts a recording. Without: how the last one stands. */
    private ObjectNode profile(ObjectNode request) {
        if (!request.has("worker")) {
            return profiling.state();
        }
        String name = WorkerControl.text(request, "worker", "expected the name of a worker");
        if (!workers.containsKey(name)) {
            throw new IllegalArgumentException(
                    "worker: " + decnet.core.Snippet.of(name) + " is not in process " + file.process());
        }
        return profiling.start(name, request.path("seconds").asInt());
    }

    private void controlled(String name, BusMessage message) {
        ObjectNode answer;
        try {
            String action = WorkerControl.text(message.payload(), "action", "expected " + WorkerControl.WORDS);
            answer = control.request(action, name, message.payload())
                    .put("accepted", true)
                    .put("text", "");
        } catch (IllegalArgumentException e) {
            answer = refusal(String.valueOf(e.getMessage()));
        }
        answer(message.replyTo(), answer);
    }

    private void answer(Optional<Topic> replyTo, ObjectNode answer) {
        replyTo.ifPresent(topic -> resources.bus().publish(topic, "reply", answer));
    }

    private ObjectNode refusal(String why) {
        resources.counters().increment(RuntimeCounter.CONTROL_REFUSED);
        return Json.object()
                .put("ok", false)
                .put("accepted", false)
                .put("error", why)
                .put("text", why);
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
        workers.values().forEach(worker -> list.add(worker.account().addTo(control.describe(worker))));
        Memory.ofThisProcess().ifPresent(memory -> json.set("memory", memory.toJson()));
        ObjectNode values = json.putObject("counters");
        Counters counters = resources.counters();
        counters.snapshot().forEach(values::put);
        return json;
    }
}
