package decnet.runtime;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one parent of everything on this machine under {@code up}: starts PostgreSQL and every JVM, restarts what dies, answers for
 * the whole on {@code host.sock}, and stops in order: nobody new, then what is queued, then the stores. One owner thread; the
 * control socket asks from its own.
 */
public final class Host implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Host.class.getName());
    private static final Duration GRACE = Duration.ofSeconds(15);
    /** Making host keys is arithmetic on long numbers: the optimizing compiler does it four times as fast. */
    public static final List<String> DEPLOY_JVM = List.of("-Xmx48m", "-XX:TieredStopAtLevel=4");

    private static final Duration TRAINING_GRACE = Duration.ofMinutes(3);

    private final Places places;
    private final Images images;
    private final Plan plan;
    private final HostConfig config;
    private final Accounts accounts;
    private final StopSignal stop;
    private final Timeline timeline;
    private final Counters counters = new Counters();
    private final Map<String, Child> children = new LinkedHashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final ProcessFile file = ProcessFile.ofThisProcess("host", List.of());
    private final RunFolder folder;
    private final ControlSocket socket;
    private Optional<MetricsServer> metrics = Optional.empty();
    private final Optional<TrainingRun> training;
    private final Duration grace;
    private final IdleCollection idle = new IdleCollection();
    private final Ledger ledger;
    private volatile boolean seated;
    private volatile String phase = "starting";

    private Host(
            Places places,
            Images images,
            Plan plan,
            HostConfig config,
            Accounts accounts,
            Optional<Path> configFile,
            StopSignal stop,
            Timeline timeline)
            throws IOException {
        this.places = places;
        this.ledger = new Ledger(places);
        this.plan = plan;
        this.config = config;
        this.accounts = accounts;
        this.stop = stop;
        this.timeline = timeline;
        this.training = TrainingRun.ofEnvironment();
        this.grace = training.isPresent() ? TRAINING_GRACE : GRACE;
        counters.adder(RuntimeCounter.CHILD_DEATHS); // so that all of them are told, at 0
        this.folder = RunFolder.take(places, () -> new HostFolders(places, accounts).prepare(plan));
        try {
            // once nobody else can be using them
            this.images = accounts.root() ? ReachableImages.of(images, places, stop::asked) : images;
            environment.put("DECNET_STATE", places.state().toString());
            environment.put("DECNET_RUN", places.run().toString());
            environment.put("DECNET_IMAGES", this.images.folder().toString());
            environment.put("MALLOC_ARENA_MAX", "2");
            environment.put(Master.MASTER, Master.HOST);
            if (helped()) {
                environment.put("DECNET_DECOYS_NETD", "yes");
                environment.put("DECNET_DECOYS_CONFINE", accounts.root() ? "yes" : "no");
            }
            configFile.ifPresent(path -> environment.put("DECNET_CONFIG", path.toString()));
            environment.putAll(accounts.environment());
            // the run folder's group lets the decoys in as well; the broker tells them apart
            environment.put("DECNET_BUS_GROUP", "");
            this.socket = ControlSocket.start(
                    places.processSocket("host"), this::answer, Duration.ofSeconds(1), this::tick, counters);
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
        try {
            file.write(places);
        } catch (RuntimeException e) {
            socket.close();
            folder.close();
            throw e;
        }
    }

    /**
     * Takes possession of the installation. Nothing is started yet.
     *
     * @throws HostException if it cannot run here; nothing is left behind
     */
    public static Host open(
            Places places,
            Images images,
            Plan plan,
            HostConfig config,
            Optional<Path> configFile,
            StopSignal stop,
            Timeline timeline) {
        try {
            Accounts accounts = Accounts.resolve();
            if (TrainingRun.ofEnvironment().isPresent()) {
                accounts = accounts.unchanged();
            }
            for (ProcessSpec spec : plan.processes()) {
                if (!images.has(spec.image())) {
                    throw new HostException("the image " + images.folder().resolve(spec.image())
                            + " is missing; build it (mvn package) or install the package decnet-" + spec.image());
                }
            }
            Path existing = places.state();
            while (!Files.exists(existing) && existing.getParent() != null) {
                existing = existing.getParent();
            }
            long freeMib = Files.getFileStore(existing).getUsableSpace() >> 20;
            if (freeMib < config.minFreeMib()) {
                throw new HostException("only " + freeMib + " MiB are free on the disk of " + places.state()
                        + ", at least " + config.minFreeMib()
                        + " are wanted; make room, choose another folder with --state, or set host.min-free-mib");
            }
            return new Host(places, images, plan, config, accounts, configFile, stop, timeline);
        } catch (IOException e) {
            throw new HostException(
                    "cannot use " + places.state() + " and " + places.run() + " (" + e
                            + "); choose another folder with --state, or run as a user who may write there",
                    e);
        }
    }

    /**
     * Whether the privileged helper is part of the whole, and the decoys are walled in.
     *
     * @throws HostException if it is to be and cannot
     */
    static boolean helped(HostConfig config, Images images) throws InterruptedException {
        if (config.netd().equals("no")) {
            return false;
        }
        Optional<String> obstacle = Containment.obstacle(images);
        if (obstacle.isPresent() && config.netd().equals("yes")) {
            throw new HostException("host.netd = yes: " + obstacle.get());
        }
        obstacle.ifPresent(why -> LOG.log(INFO, () -> "the decoys are not walled in: " + why));
        return obstacle.isEmpty();
    }

    /**
     * Serves the metrics of everything until {@link #close}.
     *
     * @throws HostException if the socket cannot be made; call {@link #close}
     */
    public void serveMetrics(MetricsConfig settings) {
        try {
            metrics = Optional.of(MetricsServer.start(places, settings, counters));
        } catch (IOException e) {
            throw new HostException(
                    "cannot bind " + MetricsServer.socket(places) + " (" + e + "); check the rights of " + places.run(),
                    e);
        }
    }

    /** What an operator should know about the users; empty if all is as it should be. */
    public String remark() {
        return accounts.describe();
    }

    /**
     * Starts everything in order of need. Returns once all is started, not yet ready.
     *
     * @param fleetArguments what to hand to {@code decnet deploy} before the decoys start
     * @throws HostException if something cannot be started; call {@link #close}
     */
    public void start(List<String> fleetArguments) throws InterruptedException {
        try {
            startAll(fleetArguments);
        } catch (HostException e) {
            if (!stop.asked()) {
                throw e;
            }
            LOG.log(INFO, () -> "the start was stopped: " + e.getMessage());
        }
    }

    private void startAll(List<String> fleetArguments) throws InterruptedException {
        endLeftovers();
        PostgresChild postgres = new PostgresChild(images, environment, this::ending);
        try {
            if (plan.database()) {
                if (postgres.embedded()) {
                    add("postgres", postgres::command, "INT");
                }
                timeline.mark("postgres prepared");
            }
            plan.processes().stream().filter(spec -> spec.name().equals("bus")).forEach(this::add);
            deploy(fleetArguments);
            timeline.mark("fleet deployed");
            if (plan.database()) {
                Optional<String> trouble = postgres.migrate();
                if (trouble.isPresent()) {
                    throw new HostException("the database does not come up: " + trouble.get());
                }
                timeline.ready("postgres", Instant.now());
                timeline.mark("database migrated");
            }
        } catch (IOException e) {
            throw new HostException("the database cannot be prepared: " + e.getMessage(), e);
        }
        plan.processes().stream().filter(spec -> !spec.name().equals("bus")).forEach(this::add);
        seated = true;
        timeline.mark("processes started");
    }

    private boolean ending() {
        return stop.asked() || phase.equals("stopping");
    }

    private void add(ProcessSpec spec) {
        add(spec.name(), () -> command(spec), "TERM");
    }

    /** Made for each start: who has been moved out is not started there again. */
    private List<String> command(ProcessSpec spec) {
        List<String> workers = spec.workers().size() < 2
                ? spec.workers()
                : spec.workers().stream().filter(worker -> !moved(spec, worker)).toList();
        List<String> arguments = new ArrayList<>(spec.with(spec.name(), workers).arguments());
        arguments.add("--lifeline");
        List<String> command = new ArrayList<>();
        List<String> jvm = new ArrayList<>(spec.jvm());
        if (accounts.root() && spec.name().equals("decoys") && helped()) {
            command.addAll(Containment.prefix(spec, places));
            jvm.addAll(Containment.jvm(places));
        }
        command.addAll(accounts.prefix(spec.account()));
        training.flatMap(run -> run.option(spec.image(), plan)).ifPresent(jvm::add);
        command.addAll(images.command(spec.image(), jvm, arguments));
        return command;
    }

    private boolean helped() {
        return plan.process(Seat.NETD).isPresent();
    }

    private boolean moved(ProcessSpec spec, String worker) {
        return !worker.equals(spec.name())
                && (child(worker) != null || ledger.read(worker).standing() == LedgerEntry.Standing.MOVED);
    }

    /** Once a second, on the thread of the socket. */
    private void tick() {
        idle.tick();
        seatMoved();
    }

    /** Workers that were moved out of their process get one of their own; once free, they come home with the next {@code up}. */
    private void seatMoved() {
        if (!seated || ending()) {
            return;
        }
        for (ProcessSpec spec : plan.processes()) {
            for (String worker : spec.workers()) {
                if (spec.workers().size() > 1
                        && child(worker) == null
                        && moved(spec, worker)
                        && !present(spec.name(), worker)) {
                    LOG.log(WARNING, () -> "worker gets a process of its own worker=" + worker);
                    add(spec.with(worker, List.of(worker)));
                }
            }
        }
    }

    private boolean present(String process, String worker) {
        return ProcessFile.read(places.processFile(process))
                .filter(found -> found.alive() && found.workers().contains(worker))
                .isPresent();
    }

    private void add(String name, Child.Command command, String stopSignal) {
        if (ending()) {
            return;
        }
        Path log = places.state().resolve("log").resolve(name + ".log");
        Child child = new Child(
                new Child.Spec(name, command, environment, Optional.of(log), stopSignal, name.equals("postgres")),
                InstantSource.system(),
                counters);
        synchronized (children) {
            children.put(name, child);
        }
        timeline.started(name);
        child.start();
    }

    private void deploy(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(accounts.prefix("decnet"));
        List<String> all = new ArrayList<>(List.of("deploy", "--check-ports"));
        all.addAll(arguments);
        command.addAll(images.command("decoy", DEPLOY_JVM, all));
        Tool tool = Tool.run(command, environment, Duration.ofSeconds(60), this::ending);
        if (tool.code() != 0) {
            throw new HostException(tool.err());
        }
    }

    private boolean credible(ProcessFile left) {
        boolean credible = left.credible(places);
        if (!credible) {
            LOG.log(
                    WARNING,
                    () -> "a process file names a process of another user, left alone process=" + left.process()
                            + " pid=" + left.pid());
        }
        return credible;
    }

    /** A host that was killed left children whose lifeline is cut: they end by themselves, or are ended here. */
    private void endLeftovers() throws InterruptedException {
        List<ProcessFile> left = ProcessFile.all(places).stream()
                .filter(other -> !other.process().equals("host") && other.pid() != file.pid() && other.alive())
                .filter(this::credible)
                .toList();
        if (left.isEmpty()) {
            return;
        }
        LOG.log(WARNING, () -> "processes of an earlier run are still there count=" + left.size());
        for (ProcessFile process : left) {
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroy);
        }
        long end = System.nanoTime() + GRACE.toNanos();
        for (ProcessFile process : left) {
            while (process.alive() && System.nanoTime() < end) {
                Thread.sleep(Duration.ofMillis(50)); // even when asked to stop: nothing may be left
            }
            if (process.alive()) {
                ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    /**
     * Waits until every worker is ready.
     *
     * @return empty if so, else what is not, one line each
     */
    public List<String> awaitReady() throws InterruptedException {
        long end = System.nanoTime() + config.readyTimeout().toNanos();
        List<String> waiting = List.of("nothing has answered yet");
        while (System.nanoTime() < end && !stop.asked()) {
            waiting = notReady();
            if (waiting.isEmpty()) {
                phase = "ready";
                timeline.mark("all ready");
                return List.of();
            }
            stop.await(Duration.ofMillis(100));
        }
        phase = "degraded";
        return waiting;
    }

    private List<String> notReady() {
        List<String> waiting = new ArrayList<>();
        for (ProcessSpec spec : plan.processes()) {
            Optional<ObjectNode> status = ControlClient.ask(
                    places.processSocket(spec.name()), Json.object().put("op", "status"), Duration.ofSeconds(2));
            if (status.isEmpty()) {
                Child child = child(spec.name());
                String end = child == null ? "" : child.lastEnd();
                waiting.add(spec.name() + ": no answer" + (end.isEmpty() ? "" : " (" + end + ")") + "; see "
                        + places.state().resolve("log").resolve(spec.name() + ".log"));
                continue;
            }
            int before = waiting.size();
            status.get().path("workers").forEach(worker -> {
                boolean parked = worker.path("state").asText().equals(WorkerState.PARKED.text());
                if (!worker.path("ready").asBoolean() && !parked) { // nothing becomes of waiting for a parked one
                    waiting.add(worker.path("worker").asText() + ": "
                            + worker.path("state").asText() + " "
                            + worker.path("reason").asText());
                }
            });
            if (waiting.size() == before) {
                timeline.ready(spec.name(), readySince(status.get()));
            }
        }
        return waiting;
    }

    /** When the last of the workers of a process became ready. */
    private static Instant readySince(ObjectNode status) {
        Instant last = Instant.EPOCH;
        for (JsonNode worker : status.path("workers")) {
            Instant since = Instant.parse(worker.path("since").asText());
            last = since.isAfter(last) ? since : last;
        }
        return last;
    }

    private @org.jspecify.annotations.Nullable Child child(String name) {
        synchronized (children) {
            return children.get(name);
        }
    }

    private ObjectNode answer(ObjectNode request) {
        switch (request.path("op").asText()) {
            case "stop" -> stop.ask();
            case "restart" -> {
                Child child = child(request.path("process").asText());
                if (child == null) {
                    throw new IllegalArgumentException("process: expected one of " + children.keySet());
                }
                child.restart();
            }
            case "status" -> {
                return status();
            }
            default -> throw new IllegalArgumentException("op: expected status, stop or restart");
        }
        return Json.object().put("ok", true);
    }

    private ObjectNode status() {
        ObjectNode json = Json.object()
                .put("ok", true)
                .put("process", "host")
                .put("pid", file.pid())
                .put("phase", phase)
                .put("plan", plan.name());
        ArrayNode seats = json.putArray("empty_seats");
        plan.emptySeats().forEach(seats::add);
        ArrayNode list = json.putArray("children");
        synchronized (children) {
            for (Child child : children.values()) {
                ObjectNode entry = list.addObject().put("name", child.name()).put("restarts", child.restarts());
                entry.put("last_end", child.lastEnd());
                child.pid().ifPresent(pid -> entry.put("pid", pid));
            }
        }
        Memory.ofThisProcess().ifPresent(memory -> json.set("memory", memory.toJson()));
        ObjectNode values = json.putObject("counters");
        counters.snapshot().forEach(values::put);
        return json;
    }

    /** Stops everything in order and gives the installation free. Idempotent. */
    @Override
    public void close() {
        phase = "stopping";
        metrics.ifPresent(MetricsServer::close);
        try {
            List<Child> order;
            synchronized (children) {
                order = new ArrayList<>(children.values());
            }
            // decoys first: nobody new; then who writes the store and who made the network; the bus and the store last,
            // in reverse order of start
            List<Child> first = order.stream()
                    .filter(child -> child.name().equals("decoys"))
                    .toList();
            List<Child> last = order.stream()
                    .filter(child -> child.name().equals("bus") || child.name().equals("postgres"))
                    .toList()
                    .reversed();
            List<Child> middle = order.stream()
                    .filter(child -> !first.contains(child) && !last.contains(child))
                    .toList();
            end(first);
            end(middle);
            for (Child child : last) {
                end(List.of(child));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            socket.close();
            file.delete(places);
            folder.close();
        }
    }

    /** All of a group share the one grace: the whole must not last longer than who waits for it has patience. */
    private void end(List<Child> group) throws InterruptedException {
        group.forEach(Child::requestStop);
        long end = System.nanoTime() + grace.toNanos();
        for (Child child : group) {
            child.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }
}
