package decnet.decoys.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.topology.ServiceCatalogue;
import decnet.topology.ServiceSpec;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code services}. */
@Command(name = "services", description = "Lists the services a decky can offer, with the options of a fleet file.")
public final class ServicesCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    ServicesCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Table table = new Table("SERVICE", "PORT", "OPTIONS", "WHAT");
        ArrayNode array = Json.array();
        for (ServiceSpec service : ServiceCatalogue.all()) {
            table.row(
                    service.slug(),
                    service.portText(),
                    String.join(
                            ", ",
                            service.options().stream()
                                    .map(ServiceSpec.Option::name)
                                    .toList()),
                    service.summary());
            ObjectNode one = array.addObject().put("slug", service.slug()).put("summary", service.summary());
            ArrayNode ports = one.putArray("ports");
            service.ports().forEach(port -> ports.addObject()
                    .put("number", port.number())
                    .put("transport", port.transport().text())
                    .put("tls", port.tls()));
            ArrayNode options = one.putArray("options");
            for (ServiceSpec.Option option : service.options()) {
                ArrayNode values = options.addObject()
                        .put("name", option.name())
                        .put("summary", option.summary())
                        .putArray("values");
                option.values().forEach(values::add);
            }
        }
        if (json) {
            context.out().println(Json.pretty(array));
            context.out().flush();
        } else {
            table.print(context.out());
        }
        return ExitCode.OK;
    }
}
