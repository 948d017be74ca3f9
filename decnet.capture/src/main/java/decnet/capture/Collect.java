package decnet.capture;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.bus.Topic;
import decnet.bus.TopicFilter;
import decnet.core.EventId;
import decnet.core.Json;
import decnet.journal.JournalConfig;
import decnet.journal.JournalEntry;
import decnet.journal.JournalException;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import decnet.journal.JournalWriter;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import decnet.topology.FleetStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Worker {@code collect}: reads the journal of the decoys and writes what it finds, with time and sensor, into its own. Where it
 * stands goes into its own journal with the same sync as the events, so a crash neither loses nor doubles one: what a killed
 * predecessor had written without its checkpoint is read again from the decoys' journal, recognised by its id and left out.
 */
final class Collect implements Worker {
    /** Says that there is something new in the journal of {@code collect}. */
    static final Topic NEWS = new Topic("system.collect.news");

    private static final System.Logger LOG = System.getLogger(Collect.class.getName());
    private static final String SOURCE = "decoys";
    private static final Duration REPORT_PERIOD = Duration.ofMinutes(1);

    private Instant nextReport = Instant.MIN;

    @Override
    public void run(WorkerContext context) throws InterruptedException {
        CollectConfig config = CollectConfig.from(context.config());
        try (JournalWriter out = JournalWriter.open(
                        context.places().journal("collect"),
                        JournalConfig.from(context.config()),
                        context.clock(),
                        context.counters());
                JournalReader in = JournalReader.open(
                        context.places().journal(SOURCE),
                        JournalPosition.parse(out.checkpoints().getOrDefault(SOURCE, JournalPosition.START.toString())),
                        context.counters());
                var _ = context.bus().subscribe(new TopicFilter("decky.>"), message -> context.wake())) {
            LOG.log(
                    INFO,
                    () -> "collecting source=" + SOURCE + " from=" + in.position() + " sensor=" + config.sensor());
            Roster roster = new Roster(new FleetStore(context.places().fleet()));
            Set<EventId> written = new HashSet<>(out.writtenBehindCheckpoint());
            context.ready();
            boolean going = true;
            while (going) {
                List<JournalEntry> entries = in.read(config.batch());
                if (entries.isEmpty()) {
                    going = context.pause(config.poll());
                } else {
                    record(entries, roster, written, out, in, config, context);
                    going = !context.stopping();
                }
            }
        }
    }

    private void record(
            List<JournalEntry> entries,
            Roster roster,
            Set<EventId> written,
            JournalWriter out,
            JournalReader in,
            CollectConfig config,
            WorkerContext context)
            throws InterruptedException {
        Instant now = context.clock().instant();
        int events = 0;
        for (JournalEntry entry : entries) {
            switch (entry) {
                case JournalEntry.Recorded recorded -> {
                    if (!written.isEmpty()
                            && written.remove(recorded.event().id().orElseThrow())) {
                        continue;
                    }
                    if (!roster.knows(recorded.event().decky())) {
                        context.counters().increment(CollectCounter.FOREIGN_DECKIES);
                        report(
                                now,
                                "event of an unknown machine refused decky="
                                        + recorded.event().decky());
                        continue;
                    }
                    out.append(recorded.event().withRecording(now, config.sensor()));
                    events++;
                }
                case JournalEntry.Bad bad -> {
                    context.counters().increment(CollectCounter.BAD_LINES);
                    report(now, "no event at=" + bad.id() + " reason=" + bad.reason());
                }
            }
        }
        JournalPosition reached = in.position();
        out.checkpoint(SOURCE, reached.toString());
        if (!syncUntilDone(out, context)) {
            return; // what is not durable was not checkpointed either
        }
        context.counters().add(CollectCounter.EVENTS, events);
        in.release("collect", reached);
        context.bus().publish(NEWS, "news", Json.object().put("events", events));
    }

    /** Whoever can write what is refused must not fill the log with it. */
    private void report(Instant now, String what) {
        if (now.isAfter(nextReport)) {
            nextReport = now.plus(REPORT_PERIOD);
            LOG.log(WARNING, () -> what + "; more within " + REPORT_PERIOD.toSeconds() + " s are only counted");
        }
    }

    /** A full disk holds everything up here; the decoys' journal, and in the end the decoys, wait. */
    private static boolean syncUntilDone(JournalWriter out, WorkerContext context) throws InterruptedException {
        while (true) {
            try {
                out.sync();
                context.ready();
                return true;
            } catch (JournalException e) {
                context.degraded(String.valueOf(e.getMessage()));
                if (!context.pause(Duration.ofSeconds(1))) {
                    return false;
                }
            }
        }
    }
}
