package decnet.workers.edge.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.TextTable;
import decnet.workers.edge.RelayState;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code decnet relay}: how events travel between hosts. */
@Command(name = "relay", description = "Shows how events travel between sensors, the centre and other systems.")
final class RelayCommand implements Callable<Integer> {
    private final CommandContext context;

    RelayCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.err().println("usage: decnet relay status [--json]");
        return ExitCode.USAGE;
    }

    @Command(
            name = "status",
            description = "What is sent where, how far each destination is behind, and who is connected.")
    Integer status(@Option(names = "--json", description = "For machines.") boolean json) throws IOException {
        Optional<ObjectNode> forwarder = new RelayState(context.places().state(), "forwarder").read();
        Optional<ObjectNode> listener = new RelayState(context.places().state(), "listener").read();
        if (json) {
            ObjectNode all = Json.object();
            forwarder.ifPresent(state -> all.set("forwarder", state));
            listener.ifPresent(state -> all.set("listener", state));
            context.out().println(Json.pretty(all));
            return ExitCode.OK;
        }
        if (forwarder.isEmpty() && listener.isEmpty()) {
            context.out().println("nothing is sent and nobody is listened to; see forwarder.to and listener.address");
        }
        forwarder.ifPresent(state -> {
            TextTable table =
                    new TextTable("TO", "KIND", "STATE", "EVENTS", "BYTES BEHIND", "SECONDS BEHIND", "TROUBLE");
            for (JsonNode one : state.path("destinations")) {
                table.row(
                        one.path("to").asText(),
                        one.path("kind").asText(),
                        one.path("state").asText(),
                        one.path("events").asLong(),
                        one.path("bytes_behind").asLong(),
                        one.path("seconds_behind").asLong(),
                        one.path("trouble").asText());
            }
            context.out().print("sent, as of " + state.path("at").asText() + "\n" + table);
        });
        listener.ifPresent(state -> {
            TextTable table = new TextTable(
                    "SENSOR", "ADDRESS", "PROTOCOL", "EVENTS", "LAST HEARD", "CLOCK BEHIND MS", "CERTIFICATE ENDS");
            for (JsonNode one : state.path("peers")) {
                table.row(
                        one.path("sensor").asText(),
                        one.path("address").asText(),
                        one.path("protocol").asText(),
                        one.path("events").asLong(),
                        one.path("last_heard").asText(),
                        one.path("clock_behind_ms").asLong(),
                        one.path("certificate_ends").asText());
            }
            context.out()
                    .print("connected to port " + state.path("port").asInt() + ", as of "
                            + state.path("at").asText() + "\n" + table);
        });
        return ExitCode.OK;
    }
}
