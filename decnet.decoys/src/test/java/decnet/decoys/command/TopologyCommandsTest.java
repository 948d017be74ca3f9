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

    @CommandLine.Command
    static final class Root {}

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
