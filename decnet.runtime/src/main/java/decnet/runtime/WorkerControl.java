package decnet.runtime;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Snippet;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * What an operator may ask of the workers of a process, on its socket or on the bus; the same words mean the same on both.
 * <pre>
 * request = { action, worker, ?requested_by }     action: start stop restart park unpark state
 * answer  = { ok, worker, state, since, reason, restarts, ready, pid, request, done, outcome }
 * </pre>
 * An action is only taken down when it is answered: it is done once a later {@code state} gives a {@code done} of at least its
 * {@code request}; {@code outcome} then says what went wrong with the last one, or is empty. Actions are carried out one after the other on a
 * thread of their own; at most {@value #QUEUE} wait. Thread-safe.
 */
final class WorkerControl implements AutoCloseable {
    static final List<String> ACTIONS = List.of("start", "stop", "restart", "park", "unpark", "state");
    static final String WORDS = "start, stop, restart, park, unpark or state";

    private static final System.Logger LOG = System.getLogger(WorkerControl.class.getName());
    private static final int QUEUE = 16;
    private static final int MOST_REASON = 200;

    private final Map<String, SupervisedWorker> workers;
    private final Ledger ledger;
    private final InstantSource clock;
    private final BiConsumer<SupervisedWorker, String> recycle;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Line> lines = new HashMap<>();
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            5,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            Thread.ofPlatform().name("process-action-", 0).daemon().factory());

    /** How far the requests to one worker are; guarded by {@link #lock}. */
    private static final class Line {
        long request;
        long done;
        String outcome = "";
    }

    /** @param recycle gives up a worker that does not end, and the process with it */
    WorkerControl(
            Map<String, SupervisedWorker> workers,
            Ledger ledger,
            InstantSource clock,
            BiConsumer<SupervisedWorker, String> recycle) {
        this.workers = workers;
        this.ledger = ledger;
        this.clock = clock;
        this.recycle = recycle;
        workers.keySet().forEach(name -> lines.put(name, new Line()));
        executor.allowCoreThreadTimeOut(true);
    }

    /** A text field. @throws IllegalArgumentException if it is missing or something else */
    static String text(ObjectNode request, String field, String expected) {
        JsonNode value = request.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + ": " + expected);
        }
        return value.asText();
    }

    /**
     * Takes a request down; never waits for a worker.
     *
     * @throws IllegalArgumentException if there is no such action or worker, or too many requests wait; the message says so
     */
    ObjectNode request(String action, String name, ObjectNode request) {
        if (!ACTIONS.contains(action)) {
            throw new IllegalArgumentException("action: expected " + WORDS + ", found " + Snippet.of(action));
        }
        SupervisedWorker worker = workers.get(name);
        if (worker == null) {
            throw new IllegalArgumentException("worker: " + Snippet.of(name) + " is not in this process; it has "
                    + String.join(", ", workers.keySet()));
        }
        if (!action.equals("state")) {
            takeDown(action, worker, why(request));
        }
        return describe(worker).put("ok", true).put("action", action);
    }

    private static String why(ObjectNode request) {
        String by = request.path("requested_by").isTextual()
                ? " by " + Snippet.of(request.path("requested_by").asText())
                : "";
        String reason = request.path("reason").asText();
        return "asked for" + by
                + (reason.isEmpty()
                        ? ""
                        : ": "
                                + decnet.core.WireText.of(reason.substring(0, Math.min(MOST_REASON, reason.length()))
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private void takeDown(String action, SupervisedWorker worker, String why) {
        long number;
        lock.lock();
        try {
            Line line = lines.getOrDefault(worker.name(), new Line());
            number = line.request + 1;
            executor.execute(() -> carryOut(action, worker, why, number));
            line.request = number;
        } catch (RejectedExecutionException e) {
            throw new IllegalArgumentException(
                    "too many requests wait already, or the process is stopping; try again in a moment", e);
        } finally {
            lock.unlock();
        }
        LOG.log(INFO, () -> "control action=" + action + " worker=" + worker.name() + " request=" + number + " " + why);
    }

    private void carryOut(String action, SupervisedWorker worker, String why, long number) {
        Optional<String> problem;
        try {
            problem = perform(action, worker, why);
        } catch (IOException e) {
            problem = Optional.of("cannot write the ledger: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problem = Optional.of("the process is stopping");
        } catch (RuntimeException e) {
            problem = Optional.of("it failed: " + e);
            LOG.log(WARNING, "control action failed action=" + action + " worker=" + worker.name(), e);
        }
        lock.lock();
        try {
            Line line = lines.getOrDefault(worker.name(), new Line());
            line.done = number;
            line.outcome = problem.orElse("");
        } finally {
            lock.unlock();
        }
    }

    private Optional<String> perform(String action, SupervisedWorker worker, String why)
            throws IOException, InterruptedException {
        return switch (action) {
            case "start" -> worker.start();
            case "stop" ->
                worker.stop()
                        ? Optional.empty()
                        : Optional.of(
                                "it does not end, not even when interrupted; restart or park recycle its process");
            case "restart" -> restart(worker);
            case "park" -> park(worker, why);
            default -> unpark(worker);
        };
    }

    private Optional<String> restart(SupervisedWorker worker) throws InterruptedException {
        if (worker.parked().isPresent()) {
            return worker.start();
        }
        if (worker.stop()) {
            return worker.start();
        }
        recycle.accept(worker, "it does not end for a restart");
        return Optional.empty();
    }

    private Optional<String> park(SupervisedWorker worker, String why) throws IOException, InterruptedException {
        ledger.park(worker.name(), clock.instant(), why);
        if (!worker.park(why)) {
            recycle.accept(worker, "it does not end to be parked");
        }
        return Optional.empty();
    }

    private Optional<String> unpark(SupervisedWorker worker) throws IOException {
        boolean wasParked = worker.parked().isPresent();
        ledger.unpark(worker.name());
        worker.unpark();
        return wasParked ? worker.start() : Optional.empty();
    }

    /** State of a worker, and how far the requests to it are. */
    ObjectNode describe(SupervisedWorker worker) {
        ObjectNode json = worker.status().toJson();
        lock.lock();
        try {
            Line line = lines.getOrDefault(worker.name(), new Line());
            return json.put("pid", ProcessHandle.current().pid())
                    .put("request", line.request)
                    .put("done", line.done)
                    .put("outcome", line.outcome);
        } finally {
            lock.unlock();
        }
    }

    /** Drops what waits. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
