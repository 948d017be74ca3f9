package decnet.workers.edge;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.OptionLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Delivery to another system: every journal, batch by batch; a place is noted once the batch before it was taken. */
final class SinkCourse implements Destination.Course {
    private static final DeckyName HERE = new DeckyName("decnet");

    private final String name;
    private final OptionLine line;
    private final ForwarderConfig config;
    private final Path journals;
    private final InstantSource clock;
    private final Counters counters;

    SinkCourse(
            String name,
            OptionLine line,
            ForwarderConfig config,
            Path journals,
            InstantSource clock,
            Counters counters) {
        this.name = name;
        this.line = line;
        this.config = config;
        this.journals = journals;
        this.clock = clock;
        this.counters = counters;
    }

    @Override
    public void run(Destination destination) throws IOException, InterruptedException {
        try (Feeds feeds = new Feeds(journals, name, counters)) {
            destination
                    .state()
                    .behind(feeds.all().isEmpty() ? 0 : feeds.bytesBehind()); // kept from now on, reachable or not
            try (Sink sink = Sinks.open(line, counters)) {
                destination.linked(sink::close);
                follow(feeds, sink, destination);
            }
        }
    }

    private void follow(Feeds feeds, Sink sink, Destination destination) throws IOException, InterruptedException {
        while (!destination.stopping()) {
            boolean worked = false;
            for (Feeds.Feed feed : feeds.all()) {
                worked |= deliver(feed, sink, destination);
            }
            destination.state().behind(worked ? feeds.bytesBehind() : 0);
            if (!worked) {
                destination.state().connected();
                destination.await(config.poll());
            }
        }
    }

    private boolean deliver(Feeds.Feed feed, Sink sink, Destination destination)
            throws IOException, InterruptedException {
        List<Event> events =
                Feeds.events(feed.read(config.batch(), ForwarderConfig.BATCH_BYTES), HERE, clock.instant(), counters);
        if (events.isEmpty()) {
            return false;
        }
        sink.deliver(events);
        feed.release(feed.position());
        counters.add(ForwarderCounter.EVENTS, events.size());
        counters.increment(ForwarderCounter.BATCHES);
        destination.state().connected();
        destination
                .state()
                .delivered(events.size(), events.getLast().recordedAt().orElse(clock.instant()));
        return true;
    }
}
