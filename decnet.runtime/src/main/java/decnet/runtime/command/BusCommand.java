package decnet.runtime.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.BusClient;
import decnet.bus.Topic;
import decnet.bus.TopicFilter;
import decnet.core.CommandContext;
import decnet.core.Counters;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.runtime.StopSignal;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bus",
        description = "Watches or publishes messages on the bus.",
        subcommands = {})
final class BusCommand implements Callable<Integer> {
    private final CommandContext context;

    BusCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.err().println("usage: decnet bus sub FILTER | decnet bus pub TOPIC JSON");
        return ExitCode.USAGE;
    }

    private BusClient connect() throws InterruptedException {
        BusClient bus = BusClient.open(context.config(), context.places(), new Counters(), "cli");
        if (!bus.awaitConnected(Duration.ofSeconds(3))) {
            context.err()
                    .println(
                            "the bus does not answer on " + context.places().busSocket() + "; is  decnet up  running?");
        }
        return bus;
    }

    @Command(name = "sub", description = "Prints messages, one per line: topic, blank, JSON.")
    int sub(
            @Parameters(paramLabel = "FILTER", description = "For example system.> or decky.*.traffic.") String filter,
            @Option(names = "--count", description = "Ends after so many messages; 0: never.", defaultValue = "0")
                    long count)
            throws InterruptedException {
        TopicFilter wanted = new TopicFilter(filter);
        StopSignal stop = StopSignal.install();
        AtomicLong seen = new AtomicLong();
        try (BusClient bus = connect()) {
            if (!bus.connected()) {
                return ExitCode.FAILED;
            }
            bus.subscribe(wanted, message -> {
                context.out().println(message.topic().text() + " " + Json.text(message.payload()));
                context.out().flush();
                if (seen.incrementAndGet() == count) {
                    stop.ask();
                }
            });
            stop.await();
            return ExitCode.OK;
        } finally {
            stop.finish();
        }
    }

    @Command(name = "pub", description = "Publishes one message.")
    int pub(
            @Parameters(paramLabel = "TOPIC", description = "For example system.collect.control.") String topic,
            @Parameters(paramLabel = "JSON", description = "The payload, a JSON object.") String payload,
            @Option(names = "--request", description = "Waits for an answer, at most 5 s, and prints it.")
                    boolean request)
            throws InterruptedException {
        ObjectNode body = Json.parseObject(payload);
        Topic to = new Topic(topic);
        try (BusClient bus = connect()) {
            if (!bus.connected()) {
                return ExitCode.FAILED;
            }
            if (!request) {
                bus.publish(to, "operator", body);
                return ExitCode.OK;
            }
            var answer = bus.request(to, body, Duration.ofSeconds(5));
            answer.ifPresentOrElse(json -> context.out().println(Json.text(json)), () -> context.err()
                    .println("no answer within 5 s"));
            return answer.isPresent() ? ExitCode.OK : ExitCode.FAILED;
        }
    }
}
