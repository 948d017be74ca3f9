package decnet.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.Bus;
import decnet.bus.BusClient;
import decnet.bus.Topics;
import decnet.core.Catalogue;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Places;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way from a command to a worker, whoever hosts it: the socket of its process, else the bus, else, with no process running,
 * its ledger. Needs neither bus nor database as long as the socket may be used. One owner.
 */
public final class WorkerLine implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** Stopping takes 12 s at most, recycling a process 20 s, and its return up to 30 s more. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final Duration STARTING = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Places places;
    private final Supplier<Config> config;
    private final Catalogue catalogue;
    private @Nullable BusClient bus;

    /**
     * Opens nothing yet.
     *
     * @param config read only if the bus is needed
     */
    public WorkerLine(Places places, Supplier<Config> config, Catalogue catalogue) {
        this.places = places;
        this.config = config;
        this.catalogue = catalogue;
    }

    /**
     * What came of a request.
     *
     * @param ok whether it was carried out
     * @param state of the worker afterwards, as {@link WorkerState#text}; empty if nobody tells
     * @param reason of that state
     * @param text what went wrong, or what to know beside; may be empty
     */
    public record Outcome(boolean ok, String worker, String process, String state, String reason, String text) {
        public ObjectNode toJson() {
            return Json.object()
                    .put("ok", ok)
                    .put("worker", worker)
                    .put("process", process)
                    .put("state", state)
                    .put("reason", reason)
                    .put("text", text);
        }
    }

    /** Every worker this installation knows, running or not. */
    public Set<String> known() {
        Set<String> names = new TreeSet<>(catalogue.workers().keySet());
        ProcessFile.all(places).forEach(file -> names.addAll(file.workers()));
        return names;
    }

    /**
     * Asks for an action and waits for its outcome, at most a minute.
     *
     * @param action {@code start}, {@code stop}, {@code restart}, {@code park} or {@code unpark}
     * @param worker one of {@link #known}
     * @param why for {@code park}; may be empty
     */
    public Outcome request(String action, String worker, String why) throws InterruptedException {
        Optional<ProcessFile> host = host(worker);
        if (host.isEmpty()) {
            return withoutProcess(action, worker, why);
        }
        ObjectNode request = message(action, worker).put("requested_by", System.getProperty("user.name"));
        if (!why.isEmpty()) {
            request.put("reason", why);
        }
        String process = host.get().process();
        Optional<ObjectNode> answer = ask(worker, request);
        if (answer.isEmpty()) {
            return new Outcome(
                    false,
                    worker,
                    process,
                    "",
                    "",
                    "process " + process + " (" + host.get().pid() + ") answers neither on "
                            + places.processSocket(process) + " nor on the bus; are you root, or the user it runs as?");
        }
        if (!answer.get().path("ok").asBoolean()) {
            return new Outcome(
                    false, worker, process, "", "", answer.get().path("error").asText());
        }
        return follow(action, worker, process, answer.get());
    }

    private static ObjectNode message(String action, String worker) {
        return Json.object().put("op", action).put("action", action).put("worker", worker);
    }

    private Optional<ProcessFile> host(String worker) {
        return ProcessFile.all(places).stream()
                .filter(file -> file.workers().contains(worker) && file.alive())
                .findFirst();
    }

    private Optional<ObjectNode> ask(String worker, ObjectNode request) throws InterruptedException {
        Optional<ProcessFile> host = host(worker);
        Optional<ObjectNode> answer = host.isEmpty()
                ? Optional.empty()
                : ControlClient.ask(places.processSocket(host.get().process()), request, PATIENCE);
        return answer.isPresent() ? answer : bus().request(Topics.workerControl(worker), request, PATIENCE);
    }

    private Bus bus() throws InterruptedException {
        BusClient present = bus;
        if (present == null) {
            present = BusClient.open(config.get(), places, new Counters(), "cli");
            bus = present;
            present.awaitConnected(PATIENCE);
        }
        return present;
    }

    /** Until it is done; a process that was recycled meanwhile has done it by coming back. */
    private Outcome follow(String action, String worker, String process, ObjectNode accepted)
            throws InterruptedException {
        long begun = System.nanoTime();
        long doneAt = 0;
        ObjectNode last = accepted;
        while (System.nanoTime() - begun < LONGEST.toNanos()) {
            Optional<ObjectNode> answer = ask(worker, message("state", worker));
            if (answer.isPresent() && answer.get().path("ok").asBoolean()) {
                last = answer.get();
                boolean recycled =
                        last.path("pid").asLong() != accepted.path("pid").asLong();
                String outcome = recycled ? "" : last.path("outcome").asText();
                boolean done = recycled
                        || last.path("done").asLong()
                                >= accepted.path("request").asLong();
                if (done && doneAt == 0) {
                    doneAt = System.nanoTime();
                }
                boolean waits = last.path("state").asText().equals("starting")
                        && !action.equals("stop")
                        && !action.equals("park")
                        && System.nanoTime() - doneAt < STARTING.toNanos();
                if (done && !waits) {
                    return outcome(outcome.isEmpty(), worker, process, last, outcome);
                }
            }
            Thread.sleep(POLL);
        }
        return outcome(
                false, worker, process, last, "not done after " + LONGEST.toSeconds() + " s; see  decnet worker list");
    }

    private static Outcome outcome(boolean ok, String worker, String process, ObjectNode answer, String text) {
        return new Outcome(
                ok,
                worker,
                process,
                answer.path("state").asText(),
                answer.path("reason").asText(),
                text);
    }

    private Outcome withoutProcess(String action, String worker, String why) {
        Ledger ledger = new Ledger(places);
        String note = "no process runs it; it takes effect when one does (decnet up, or its service)";
        try {
            switch (action) {
                case "park" -> {
                    LedgerEntry entry =
                            ledger.park(worker, Instant.now(), "asked for" + (why.isEmpty() ? "" : ": " + why));
                    return new Outcome(true, worker, "", "parked", entry.reason(), note);
                }
                case "unpark" -> {
                    ledger.unpark(worker);
                    return new Outcome(true, worker, "", "stopped", "", note);
                }
                default -> {
                    return new Outcome(
                            action.equals("stop"),
                            worker,
                            "",
                            "stopped",
                            "",
                            "no process runs it; start one with  decnet up , or its service");
                }
            }
        } catch (IOException e) {
            return new Outcome(
                    false,
                    worker,
                    "",
                    "",
                    "",
                    "cannot write " + Ledger.folder(places, worker) + " (" + e
                            + "); run this as root, or as the user of the worker");
        }
    }

    @Override
    public void close() {
        if (bus != null) {
            bus.close();
        }
    }
}
