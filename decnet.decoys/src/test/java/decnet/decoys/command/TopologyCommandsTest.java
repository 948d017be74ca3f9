package decnet.decoys.command;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Catalogue;
import decnet.core.CommandContext;
import decnet.core.Config;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Places;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TopologyCommandsTest {
    @TempDir
    Path state;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandContext context = new Context(
                new Places(state, state.resolve("run")), new PrintWriter(out, true), new PrintWriter(err, true));
        CommandLine line = new CommandLine(new Root());
        new TopologyCommands().commands(context).forEach(line::addSubcommand);
        return line.execute(args);
    }

    @Test
    void theDefaultFleetIsDeployedOnce() {
        assertThat(run("deploy", "--default")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("bastion", "camera", "16379", "added");

        assertThat(run("deploy", "--default")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("bastion").doesNotContain("added");

        assertThat(run("decky", "list", "--json")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("\"slug\" : \"telnet\"");

        assertThat(run("decky", "show", "cache", "--secrets", "--json")).isEqualTo(ExitCode.OK);
        assertThat(Json.parseObject(out.toString())
                        .path("logins")
                        .path(0)
                        .path("password")
                        .asText())
                .isNotEmpty();
        assertThat(run("decky", "show", "cache")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("redis at 127.").doesNotContain("log-in");

        assertThat(run("teardown", "camera")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEqualTo("1 decky removed." + System.lineSeparator());
        assertThat(run("teardown", "camera")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("there is no decky \"camera\"");
    }

    @Test
    void aWrongFileTellsEveryProblemAndChangesNothing() throws Exception {
        Path file = Files.writeString(state.resolve("f.ini"), "[a]\narchetype = nope\n[b]\nservices = gopher\n");

        assertThat(run("deploy", file.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(":2: archetype", ":4: services");
        assertThat(Files.exists(state.resolve("fleet"))).isFalse();
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        Path file = Files.writeString(state.resolve("f.ini"), "[a]\narchetype = iot-device\n");

        assertThat(run("deploy", "--dry-run", file.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("added", "Nothing was changed");
        assertThat(run("decky", "show", "a")).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void theCataloguesAreListed() {
        assertThat(run("services")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("redis", "6379", "auth");
        assertThat(run("archetypes", "--json")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("\"iot-device\"");
    }

    @Test
    void aMachineIsChangedAndAFrozenOneIsNot() {
        run("deploy", "--default");

        assertThat(run("mutate", "intranet", "--services", "http,https")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("intranet  services  ftp,http,https  http,https");
        assertThat(run("mutate", "intranet", "--json")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("\"changed\" : true")
                .doesNotContain("\"new_services\" : [ \"http\", \"https\" ]");
        assertThat(run("mutate", "camera", "--persona")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("another machine");

        assertThat(run("decky", "freeze", "intranet", "--for", "30m", "--reason", "a look"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("intranet", "a look");
        assertThat(run("mutate", "intranet")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("no: frozen until", "a look");
        assertThat(run("decky", "freeze", "--all")).isEqualTo(ExitCode.OK);
        assertThat(run("decky", "thaw", "intranet")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Frozen all the same");
        assertThat(run("decky", "thaw", "--all")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEmpty();
        assertThat(run("mutate", "--all")).isEqualTo(ExitCode.OK);
    }

    @Test
    void whatCannotBeIsWrongUsageAndChangesNothing() {
        run("deploy", "--default");
        run("decky", "list", "--json");
        String before = out.toString();

        assertThat(run("mutate")).isEqualTo(ExitCode.USAGE);
        assertThat(run("mutate", "nobody")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("there is no decky", "nobody");
        assertThat(run("mutate", "camera", "--services", "http", "--persona")).isEqualTo(ExitCode.USAGE);
        assertThat(run("mutate", "camera", "--services", "redis")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("is no service of kind iot-device");
        assertThat(run("decky", "freeze")).isEqualTo(ExitCode.USAGE);
        assertThat(run("decky", "freeze", "camera", "--for", "31d")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("30 days");
        assertThat(run("decky", "freeze", "camera", "--for", "soon")).isEqualTo(ExitCode.USAGE);
        assertThat(run("decky", "thaw", "camera", "--all")).isEqualTo(ExitCode.USAGE);

        run("decky", "list", "--json");
        assertThat(out.toString()).isEqualTo(before);
    }

    @Test
    void optionsOfTheRootReachCommandsBelowDecky() {
        CommandContext context = new Context(
                new Places(state, state.resolve("run")), new PrintWriter(out, true), new PrintWriter(err, true));
        Root root = new Root();
        CommandLine line = new CommandLine(root);
        new TopologyCommands().commands(context).forEach(line::addSubcommand);
        run("deploy", "--default");

        assertThat(line.execute("decky", "freeze", "--all", "--state", "/x")).isEqualTo(ExitCode.OK);

        assertThat(root.folder).isEqualTo("/x");
    }

    @CommandLine.Command
    static final class Root {
        @CommandLine.Option(names = "--state", scope = CommandLine.ScopeType.INHERIT)
        private String folder = "";
    }

    private record Context(Places places, PrintWriter out, PrintWriter err) implements CommandContext {
        @Override
        public Config config() {
            return Config.of(Map.of());
        }

        @Override
        public java.util.Optional<Path> configFile() {
            return java.util.Optional.empty();
        }

        @Override
        public Catalogue catalogue() {
            return Catalogue.empty();
        }
    }
}
