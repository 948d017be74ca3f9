package decnet.workers.edge;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.bus.Bus;
import decnet.bus.TopicFilter;
import decnet.core.Json;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Worker {@code forwarder}: sends what is recorded on this host to the centre and to other systems, each destination on a thread of its
 * own with a place of its own in each journal. The journal is the spool. Without a destination it is ready and does nothing.
 */
final class Forwarder implements Worker {
    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());
    private static final TopicFilter NEWS = new TopicFilter("system.collect.news");
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final Duration REPORT = Duration.ofSeconds(5);
    private static final Duration EXPIRY_WARNING = Duration.ofDays(30);

    private Instant warned = Instant.EPOCH;

    @Override
    public void run(WorkerContext context) throws Exception {
        ForwarderConfig config = ForwarderConfig.from(context.config(), context.places());
        Path journals = context.places().state().resolve("journal");
        Set<String> names =
                config.sinks().keySet().stream().map(name -> "sink-" + name).collect(Collectors.toSet());
        config.to().ifPresent(_ -> names.add(RelayCourse.NAME));
        Feeds.forgetOthers(journals, new HashSet<>(names));
        if (names.isEmpty()) {
            context.ready();
            boolean going = true;
            while (going) {
                going = context.pause(IDLE);
            }
            return;
        }
        List<Destination> destinations = new ArrayList<>();
        List<Signal> signals = new ArrayList<>();
        TlsSource tls = new TlsSource(config.tls());
        config.to().ifPresent(to -> {
            Signal signal = new Signal();
            signals.add(signal);
            destinations.add(new Destination(
                    RelayCourse.NAME,
                    new RelayCourse(config, to, tls, context.places(), context.clock(), context.counters(), signal),
                    new DestinationState(RelayCourse.NAME, "relay", to.toString(), context.clock()),
                    signal,
                    context.counters()));
        });
        config.sinks().forEach((name, line) -> {
            Signal signal = new Signal();
            signals.add(signal);
            destinations.add(new Destination(
                    "sink-" + name,
                    new SinkCourse("sink-" + name, line, config, journals, context.clock(), context.counters()),
                    new DestinationState("sink-" + name, line.kind(), Sinks.target(line), context.clock()),
                    signal,
                    context.counters()));
        });
        Bus.Subscription wakes = context.bus().subscribe(NEWS, message -> signals.forEach(Signal::give));
        try {
            destinations.forEach(Destination::start);
            LOG.log(INFO, () -> "forwarding to " + String.join(", ", names));
            report(context, destinations, config.to().isPresent() ? Optional.of(tls) : Optional.empty());
        } finally {
            wakes.close();
            destinations.forEach(Destination::stop);
            destinations.forEach(Destination::close);
        }
    }

    private void report(WorkerContext context, List<Destination> destinations, Optional<TlsSource> tls)
            throws InterruptedException {
        RelayState file = new RelayState(context.places().state(), "forwarder");
        boolean going = true;
        while (going) {
            String trouble = destinations.stream()
                    .map(destination -> destination.state().trouble())
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining("; "));
            if (trouble.isEmpty()) {
                trouble = tls.flatMap(source -> expiry(source, context)).orElse("");
            }
            if (trouble.isEmpty()) {
                context.ready();
            } else {
                context.degraded(trouble);
            }
            ArrayNode all = Json.array();
            destinations.forEach(destination -> all.add(destination.state().toJson()));
            file.write(Json.object()
                    .put("at", context.clock().instant().toString())
                    .set("destinations", all));
            going = context.pause(REPORT);
        }
    }

    private Optional<String> expiry(TlsSource source, WorkerContext context) {
        try {
            Instant now = context.clock().instant();
            Optional<Instant> end =
                    source.identity().notAfter().filter(time -> time.isBefore(now.plus(EXPIRY_WARNING)));
            if (end.isEmpty()) {
                return Optional.empty();
            }
            String text = "our certificate ends at " + end.get() + "; get a new one: decnet swarm ca issue";
            if (now.isAfter(warned.plus(Duration.ofDays(1)))) {
                warned = now;
                context.counters().increment(ForwarderCounter.CERTIFICATES_EXPIRING);
                LOG.log(WARNING, () -> text);
            }
            return Optional.of(text);
        } catch (java.io.IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
