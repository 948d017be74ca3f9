package decnet.workers.edge.command;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Catalogue;
import decnet.core.CommandContext;
import decnet.core.Config;
import decnet.core.Places;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EdgeCommandsTest {
    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) throws IOException {
        Files.createDirectories(dir.resolve("state"));
        CommandContext context = new CommandContext() {
            @Override
            public Config config() {
                return Config.of(Map.of());
            }

            @Override
            public Optional<Path> configFile() {
                return Optional.empty();
            }

            @Override
            public Places places() {
                return new Places(dir.resolve("state"), dir.resolve("run"));
            }

            @Override
            public Catalogue catalogue() {
                throw new UnsupportedOperationException("no command of ours asks");
            }

            @Override
            public PrintWriter out() {
                return new PrintWriter(out, true);
            }

            @Override
            public PrintWriter err() {
                return new PrintWriter(err, true);
            }
        };
        CommandLine all = new CommandLine(CommandLine.Model.CommandSpec.create());
        new EdgeCommands().commands(context).forEach(all::addSubcommand);
        return all.execute(words);
    }

    @Test
    void aSwarmIsFoundedASensorIssuedAndRevoked() throws IOException {
        assertThat(run("swarm", "ca", "issue", "paris-01")).isEqualTo(1);
        assertThat(err.toString()).contains("decnet swarm ca init");
        assertThat(run("swarm", "ca", "init")).isZero();
        assertThat(run("swarm", "ca", "init")).isEqualTo(1);
        assertThat(run("swarm", "ca", "issue", "centre", "--own", "--san", "centre.example.org,192.0.2.1"))
                .isZero();
        assertThat(dir.resolve("state/swarm/own/key.pem")).exists();
        assertThat(run("swarm", "ca", "issue", "paris-01", "--days", "30")).isZero();
        assertThat(dir.resolve("state/swarm/issued/paris-01/decnet.conf"))
                .content()
                .contains("collect.sensor = paris-01", "forwarder.to = ");
        assertThat(run("swarm", "ca", "issue", "paris-02", "--days", "366")).isEqualTo(2);
        assertThat(run("swarm", "ca", "issue", "Paris_02")).isEqualTo(2);
        assertThat(run("swarm", "ca", "revoke", "paris-01")).isZero();
        assertThat(run("swarm", "ca", "revoke", "paris-01")).isEqualTo(1);
        out.getBuffer().setLength(0);
        assertThat(run("swarm", "ca", "list")).isZero();
        assertThat(out.toString()).containsPattern("centre .* good\n").containsPattern("paris-01 .* revoked 20");
    }

    @Test
    void withoutADestinationTheStatusSaysSo() throws IOException {
        assertThat(run("relay", "status")).isZero();
        assertThat(out.toString()).contains("forwarder.to");
        assertThat(run("relay")).isEqualTo(2);
        assertThat(run("swarm", "ca")).isEqualTo(2);
    }

    @Test
    void theStatusIsATable() throws IOException {
        Path relay = Files.createDirectories(dir.resolve("state/relay"));
        Files.writeString(relay.resolve("forwarder.json"), """
            {"at":"2026-11-20T12:00:00Z","destinations":[{"name":"centre","kind":"relay","to":"c:6514","state":"waiting",
             "trouble":"cannot reach c:6514","events":7,"bytes_behind":12,"seconds_behind":3}]}\
            """);

        assertThat(run("relay", "status")).isZero();

        assertThat(out.toString()).containsPattern("c:6514 +relay +waiting +7 +12 +3 +cannot reach c:6514");
    }
}
