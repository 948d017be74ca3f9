package decnet.decoys;

import decnet.bus.Topic;
import decnet.core.ByteSize;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Json;
import decnet.journal.Blob;
import decnet.journal.BlobStore;
import decnet.journal.BlobWriter;
import decnet.journal.JournalConfig;
import decnet.journal.JournalException;
import decnet.journal.JournalQueue;
import decnet.journal.JournalWriter;
import decnet.linux.SystemCallException;
import decnet.linux.SystemCallFilter;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import decnet.topology.ActualFleet;
import decnet.topology.ActualReport;
import decnet.topology.Fleet;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Serves the desired fleet, and follows its changes within 2 s: the user of the decoys may hear nothing on the bus but its control.
 * Events go to the journal of its process, uploads and recordings to the blob store.
 */
final class DecoysWorker implements Worker {
    /** Says that there is something new in the decoys' journal. */
    private static final Topic NEWS = new Topic("decky.journal.news");

    private static final System.Logger LOG = System.getLogger(DecoysWorker.class.getName());
    private static final Duration POLL = Duration.ofSeconds(2);

    @Override
    public void run(WorkerContext context) throws InterruptedException {
        DecoysConfig config = DecoysConfig.from(context.config());
        if (config.confine()) {
            confine();
        }
        JournalConfig journalConfig = JournalConfig.from(context.config());
        FleetStore fleets = new FleetStore(context.places().fleet());
        BlobStore blobs = BlobStore.open(
                context.places().blobs(),
                journalConfig.blobQuota(),
                journalConfig.blobAge(),
                context.clock(),
                context.counters());
        JournalWriter writer = JournalWriter.open(
                context.places().journal(context.process()), journalConfig, context.clock(), context.counters());
        try (JournalQueue journal = JournalQueue.start(
                        writer, journalConfig, context.counters(), "worker-decoys-journal", () -> context.bus()
                                .publish(NEWS, "news", Json.object()));
                DiskStore disks = DiskStore.open(
                        context.places().disks(), config.diskQuota(), context.clock(), context.counters());
                Engine engine = new Engine(
                        config,
                        new Journalled(journal),
                        content -> store(blobs, content),
                        disks,
                        context.clock(),
                        context.counters(),
                        DecoyServices.all())) {
            serve(context, fleets, engine, config.netd());
        }
    }

    private static void confine() {
        if (!SystemCallFilter.possible()) {
            LOG.log(System.Logger.Level.WARNING, "system calls cannot be given up on this machine");
            return;
        }
        try {
            SystemCallFilter.install();
        } catch (SystemCallException e) {
            LOG.log(System.Logger.Level.WARNING, () -> "system calls are not given up: " + e.getMessage());
        }
    }

    private record Journalled(JournalQueue journal) implements EventSink {
        @Override
        public boolean offer(Event event) {
            return journal.offer(event);
        }

        @Override
        public boolean offer(Event event, Runnable written) {
            return journal.offer(event, written);
        }
    }

    private static void serve(WorkerContext context, FleetStore fleets, Engine engine, boolean netd)
            throws InterruptedException {
        Descriptors sockets =
                netd ? new NetdDescriptors(context.places().run().resolve("netd-sockets.sock")) : Descriptors.NONE;
        NetworkChanges networks = new NetworkChanges(ActualFleet.file(context.places(), "netd"));
        ActualReport report = new ActualReport(ActualFleet.file(context.places(), "decoys"), context.clock());
        String told = "";
        long version = -1;
        String stamp = "?";
        boolean all = false;
        do {
            String problem;
            String now = fleets.stamp();
            if (netd) {
                all &= !engine.drop(networks.sinceLast());
            }
            if (all && now.equals(stamp)) {
                report.again();
                continue; // a thousand personas are not read every two seconds
            }
            try {
                Fleet fleet = fleets.read();
                stamp = now;
                List<Unserved> problems = engine.serve(fleet, sockets);
                report.tell(actual(fleet, problems, context.clock().instant()));
                problem = problems.stream().limit(3).map(Unserved::toString).collect(Collectors.joining("; "))
                        + (problems.size() > 3 ? " and " + (problems.size() - 3) + " more" : "");
                if (fleet.version() != version) {
                    version = fleet.version();
                    int deckies = fleet.deckies().size();
                    LOG.log(
                            System.Logger.Level.INFO,
                            () -> "serving fleet version=" + fleet.version() + " deckies=" + deckies);
                }
            } catch (FleetException e) {
                problem = String.join("; ", e.problems());
            }
            all = problem.isEmpty();
            if (all) {
                context.ready();
            } else if (!problem.equals(told)) {
                context.degraded(problem);
            }
            told = problem;
        } while (context.pause(POLL));
    }

    private static ActualFleet actual(Fleet fleet, List<Unserved> problems, Instant now) {
        Map<DeckyName, List<String>> byName = new HashMap<>();
        problems.forEach(problem ->
                byName.computeIfAbsent(problem.decky(), _ -> new ArrayList<>()).add(problem.why()));
        return new ActualFleet(
                fleet.version(),
                now,
                fleet.deckies().stream()
                        .map(decky ->
                                new ActualFleet.Machine(decky.name(), byName.getOrDefault(decky.name(), List.of())))
                        .toList(),
                List.of());
    }

    private static Optional<String> store(BlobStore blobs, Payload content) {
        try (BlobWriter writer = blobs.create(new ByteSize(Math.max(1, content.length())))) {
            writer.write(content.buffer());
            return writer.commit().map(Blob::sha256);
        } catch (JournalException e) {
            LOG.log(System.Logger.Level.WARNING, () -> "cannot store blob: " + e.getMessage());
            return Optional.empty();
        }
    }
}
