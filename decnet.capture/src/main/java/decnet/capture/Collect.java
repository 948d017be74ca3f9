package decnet.capture;

import static java.lang.System.Logger.Level.INFO;

import decnet.bus.Topic;
import decnet.bus.TopicFilter;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Json;
import decnet.core.RateLimit;
import decnet.journal.JournalConfig;
import decnet.journal.JournalException;
import decnet.journal.JournalWriter;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Worker {@code collect}: takes events from every {@link Source} in turns and writes them, with time and sensor, into its own journal.
 * Where a source stands goes into the journal with the same sync as its events, so a crash neither loses nor doubles one: what a killed
 * predecessor had written without its checkpoint is read again from the source, recognised by its id and left out.
 */
final class Collect implements Worker {
    /** Says that there is something new in the journal of {@code collect}. */
    static final Topic NEWS = new Topic("system.collect.news");

    private static final System.Logger LOG = System.getLogger(Collect.class.getName());
    private static final int SYNC_BYTES = 1 << 20;

    @Override
    public void run(WorkerContext context) throws InterruptedException {
        CollectConfig config = CollectConfig.from(context.config());
        List<Feed> feeds = new ArrayList<>();
        try (JournalWriter out = JournalWriter.open(
                        context.places().journal("collect"),
                        JournalConfig.from(context.config()),
                        context.clock(),
                        context.counters());
                var _ = context.bus().subscribe(new TopicFilter("decky.>"), message -> context.wake())) {
            Map<String, String> checkpoints = out.checkpoints();
            for (Source source : Sources.open(config, checkpoints, context)) {
                feeds.add(new Feed(source, checkpoints.get(source.name()), config.rate(source.name())));
            }
            LOG.log(
                    INFO,
                    () -> "collecting sources="
                            + feeds.stream().map(feed -> feed.source.name()).toList() + " sensor=" + config.sensor());
            new Recording(out, feeds, config, context).run();
        } finally {
            feeds.forEach(feed -> feed.source.close());
        }
    }

    /** One source, what was last said of it, and how fast it may be. */
    private static final class Feed {
        private final Source source;
        private final RateLimit rate;
        private Optional<String> checkpoint;

        Feed(Source source, @org.jspecify.annotations.Nullable String checkpoint, int rate) {
            this.source = source;
            this.checkpoint = Optional.ofNullable(checkpoint);
            this.rate = new RateLimit(rate, System.nanoTime());
        }
    }

    private static final class Recording {
        private final JournalWriter out;
        private final List<Feed> feeds;
        private final CollectConfig config;
        private final WorkerContext context;
        private final Set<EventId> written;
        private final Map<String, String> troubles = new HashMap<>();
        private String said = "";

        Recording(JournalWriter out, List<Feed> feeds, CollectConfig config, WorkerContext context) {
            this.out = out;
            this.feeds = feeds;
            this.config = config;
            this.context = context;
            this.written = new HashSet<>(out.writtenBehindCheckpoint());
        }

        void run() throws InterruptedException {
            boolean going = true;
            context.ready();
            while (going) {
                int events = 0;
                boolean news = false;
                for (Feed feed : feeds) {
                    int before = events;
                    events += take(feed);
                    news |= events > before || !feed.source.position().equals(feed.checkpoint);
                    mark(feed);
                    if (out.pendingBytes() > SYNC_BYTES && !sync()) {
                        return;
                    }
                }
                state();
                if (news) {
                    if (!sync()) {
                        return; // what is not durable was not checkpointed either
                    }
                    feeds.forEach(feed -> feed.source.durable());
                    context.counters().add(CollectCounter.EVENTS, events);
                    context.bus().publish(NEWS, "news", Json.object().put("events", events));
                    going = !context.stopping();
                } else {
                    going = context.pause(config.poll());
                }
            }
        }

        /** @return how many events it gave */
        private int take(Feed feed) {
            int most = (int) Math.min(config.batch(), feed.rate.available(System.nanoTime()));
            if (most <= 0) {
                context.counters().increment(CollectCounter.HELD_BACK);
                return 0;
            }
            Instant now = context.clock().instant();
            List<Event> events = feed.source.read(most, now);
            feed.rate.took(events.size());
            int recorded = 0;
            for (Event event : events) {
                if (written.isEmpty()
                        || event.id().isEmpty()
                        || !written.remove(event.id().get())) {
                    out.append(event.withRecording(now, config.sensor()));
                    recorded++;
                }
            }
            return recorded;
        }

        private void mark(Feed feed) {
            Optional<String> position = feed.source.position();
            if (position.isPresent() && !position.equals(feed.checkpoint)) {
                out.checkpoint(feed.source.name(), position.get());
                feed.checkpoint = position;
            }
            Optional<String> trouble = feed.source.trouble();
            if (trouble.isPresent()) {
                troubles.put(feed.source.name(), trouble.get());
            } else {
                troubles.remove(feed.source.name());
            }
        }

        private void state() {
            String now = String.join("; ", troubles.values().stream().sorted().toList());
            if (now.equals(said)) {
                return;
            }
            said = now;
            if (now.isEmpty()) {
                context.ready();
            } else {
                context.degraded(now);
            }
        }

        /** A full disk holds everything up here; the sources, and in the end the decoys, wait. */
        private boolean sync() throws InterruptedException {
            while (true) {
                try {
                    out.sync();
                    state();
                    return true;
                } catch (JournalException e) {
                    said = String.valueOf(e.getMessage());
                    context.degraded(said);
                    if (!context.pause(Duration.ofSeconds(1))) {
                        return false;
                    }
                }
            }
        }
    }
}
