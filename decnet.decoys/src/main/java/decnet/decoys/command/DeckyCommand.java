package decnet.decoys.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.core.CommandContext;
import decnet.core.DeckyName;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Snippet;
import decnet.topology.Account;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.Fleet;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import decnet.topology.Persona;
import decnet.topology.Transport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code decky}: shows the machines, and adds and removes single ones. */
@Command(name = "decky", description = "Shows the fake machines, and changes single ones.")
public final class DeckyCommand implements Callable<Integer> {
    private final CommandContext context;

    DeckyCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return list(false);
    }

    @Command(name = "list", description = "Lists the deployed deckies.")
    int list(@Option(names = "--json", description = "Prints JSON.") boolean json) {
        Fleet fleet;
        try {
            fleet = new FleetStore(context.places().fleet()).read();
        } catch (FleetException e) {
            e.problems().forEach(context.err()::println);
            return ExitCode.FAILED;
        }
        PrintWriter out = context.out();
        if (json) {
            ArrayNode array = Json.array();
            fleet.deckies().forEach(decky -> array.add(DeckyJson.of(decky)));
            out.println(Json.pretty(array));
            out.flush();
            return ExitCode.OK;
        }
        Table table = new Table("DECKY", "ARCHETYPE", "HOST NAME", "OS", "SERVICES");
        for (Decky decky : fleet.deckies()) {
            Persona persona = decky.persona();
            table.row(
                    decky.name().text(),
                    persona.archetype(),
                    persona.hostname(),
                    persona.os().prettyName(),
                    services(decky));
        }
        table.print(out);
        return ExitCode.OK;
    }

    @Command(name = "show", description = "Shows one decky.")
    int show(
            @Parameters(paramLabel = "NAME", description = "The decky.") String name,
            @Option(names = "--secrets", description = "Shows which log-ins work.") boolean secrets,
            @Option(names = "--json", description = "Prints JSON.") boolean json) {
        Optional<Decky> found;
        try {
            found = new FleetStore(context.places().fleet()).read().decky(new DeckyName(name));
        } catch (FleetException e) {
            e.problems().forEach(context.err()::println);
            return ExitCode.FAILED;
        } catch (IllegalArgumentException e) {
            context.err().println("decky show: " + e.getMessage());
            return ExitCode.USAGE;
        }
        if (found.isEmpty()) {
            context.err().println("decky show: there is no decky " + Snippet.of(name) + "; see decky list");
            return ExitCode.FAILED;
        }
        Decky decky = found.get();
        PrintWriter out = context.out();
        if (json) {
            out.println(Json.pretty(secrets ? DeckyJson.withSecrets(decky) : DeckyJson.of(decky)));
        } else {
            print(decky, secrets, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void print(Decky decky, boolean secrets, PrintWriter out) {
        Persona persona = decky.persona();
        out.println(decky.name() + ": " + persona.archetype() + " at "
                + decky.address().getHostAddress());
        out.println("  host name  " + persona.fqdn());
        out.println("  system     " + persona.os().prettyName() + ", kernel "
                + persona.os().kernelRelease());
        out.println("  MAC        " + persona.mac());
        decky.placement()
                .attachments()
                .forEach(one -> out.println("  network    " + one.lan() + " "
                        + one.address().getHostAddress()
                        + one.address6()
                                .map(address -> " " + address.getHostAddress())
                                .orElse("")));
        out.println("  running    since " + persona.bootedAt());
        for (DeckyService service : decky.services()) {
            out.println("  service    " + service.slug() + " at " + places(decky, service));
        }
        if (!secrets) {
            return;
        }
        for (Account account : persona.accounts()) {
            account.password()
                    .ifPresent(password -> out.println("  log-in     " + account.name() + " / " + password.text()));
        }
        for (DeckyService service : decky.services()) {
            if (service.options().getOrDefault("auth", "none").equals("password")) {
                out.println("  log-in     " + service.slug() + " / "
                        + persona.serviceSecrets().getOrDefault(service.slug(), ""));
            }
        }
    }

    @Command(name = "remove", description = "Takes machines out of the fleet; the others are not touched.")
    int remove(@Parameters(paramLabel = "NAME", arity = "1..*", description = "The deckies.") List<String> names) {
        return new TeardownCommand(context).remove(names);
    }

    static String services(Decky decky) {
        return decky.services().stream()
                .map(service -> service.slug() + " " + places(decky, service))
                .collect(Collectors.joining(", "));
    }

    /** Where a service listens: {@code 127.1.2.3:10022}, or with the transport if that is not TCP. */
    private static String places(Decky decky, DeckyService service) {
        return service.ports().stream()
                .map(port -> decky.address().getHostAddress() + ":"
                        + (port.transport() == Transport.TCP ? Integer.toString(port.number()) : port.toString()))
                .collect(Collectors.joining(" "));
    }
}
