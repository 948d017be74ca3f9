package decnet.decoys.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Catalogue;
import decnet.core.CommandContext;
import decnet.core.Config;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Places;
import decnet.topology.FleetStore;
import decnet.topology.HostNetworks;
import decnet.topology.Subnet;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TopologyCommandTest {
    private static final HostNetworks HOST = new HostNetworks(
            List.of(new HostNetworks.Network("eth0", Subnet.parse("192.168.7.0/24"))),
            List.of(InetAddress.ofLiteral("192.168.7.2")),
            List.of(new HostNetworks.Gateway("eth0", InetAddress.ofLiteral("192.168.7.1"))));

    @TempDir
    Path state;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        PrintWriter errors = new PrintWriter(err, true);
        CommandContext context =
                new Context(new Places(state, state.resolve("run")), new PrintWriter(out, true), errors);
        CommandLine line = new CommandLine(new TopologyCommand(context, () -> HOST));
        line.setErr(errors);
        line.setOut(new PrintWriter(out, true));
        return line.execute(args);
    }

    /** One that has no secure shell, as keys take their time. */
    private void generate(String name, String... more) {
        String[] args = {
            "generate",
            name,
            "--seed",
            "5",
            "--depth",
            "1",
            "--archetypes",
            "iot-device,web-server",
            "--services",
            "http",
            "--interface",
            "eth0",
            "--dmz-from",
            "192.168.7.200"
        };
        String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        assertThat(run(all)).as(err.toString()).isEqualTo(ExitCode.OK);
    }

    private String version(String name) {
        run("show", name, "--json");
        return Json.parseObject(out.toString()).path("version").asText();
    }

    @Test
    void aTopologyIsDrawnDeployedTakenDownAndDeleted() {
        generate("lab");
        assertThat(out.toString()).contains("dmz (DMZ)", "192.168.7.0/24", "192.168.7.1", "router", "0 errors");
        assertThat(run("list")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("lab", "pending");
        assertThat(run("validate", "lab")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEqualTo("0 errors, 0 warnings" + System.lineSeparator());

        assertThat(run("deploy", "lab", "--dry-run")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("+ decky lab-", "~ lan lab.dmz", "Nothing was changed");
        assertThat(new FleetStore(state.resolve("fleet")).read().version()).isZero();

        assertThat(run("deploy", "lab")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("+ decky lab-", "added, 0 changed, 0 removed");
        assertThat(new FleetStore(state.resolve("fleet")).read().scope("lab")).isNotEmpty();
        assertThat(run("diff", "lab", "--deployed")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEqualTo("0 differences" + System.lineSeparator());
        assertThat(run("deploy", "lab")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("nothing changes");

        assertThat(run("delete", "lab")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("take it down first");
        assertThat(run("teardown", "lab")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("removed.");
        assertThat(run("show", "lab")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("lab: torn-down", "deploying: ", "tearing-down: ");
        assertThat(run("delete", "lab")).isEqualTo(ExitCode.OK);
        assertThat(run("show", "lab")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("there is no topology \"lab\"");
    }

    @Test
    void whatIsExportedChangedAndImportedIsDeployedWithTheChange() throws Exception {
        generate("lab");
        run("deploy", "lab");
        run("export", "lab");
        ObjectNode json = Json.parseObject(out.toString());
        json.withArray("deckies")
                .addObject()
                .put("name", "extra")
                .put("archetype", "printer")
                .putArray("services")
                .add("http");
        json.path("deckies").forEach(one -> {
            if (one.path("name").asText().equals("extra") && one instanceof ObjectNode extra) {
                extra.putArray("attachments").addObject().put("lan", "dmz");
            }
        });
        Path file = Files.writeString(state.resolve("t.json"), Json.text(json));
        String before = version("lab");

        assertThat(run("validate", "--file", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("error IP_MISSING decky extra");
        assertThat(run("import", file.toString())).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("extra", "dmz 192.168.7.10");
        assertThat(version("lab")).isNotEqualTo(before);
        assertThat(run("diff", "lab", "--json")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("\"decky extra\"");
        assertThat(run("deploy", "lab", "--json")).isEqualTo(ExitCode.OK);
        assertThat(Json.parseObject(out.toString()).path("added").toString()).isEqualTo("[\"extra\"]");

        assertThat(run("import", file.toString())).as("an old version").isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("export it again");
    }

    @Test
    void whatShowPrintsCanBeImportedToo() throws Exception {
        generate("lab");
        run("show", "lab", "--json");
        Path file = Files.writeString(state.resolve("t.json"), out.toString());

        assertThat(run("import", file.toString())).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(version("lab")).isEqualTo("2");
    }

    @Test
    void whatIsWrongIsToldAndNothingIsStored() throws Exception {
        Path form = Files.writeString(state.resolve("form.json"), "{\"name\": \"lab\", \"lanes\": []}");
        Path wrong =
                Files.writeString(state.resolve("wrong.json"), "{\"name\": \"lab\", \"lans\": [], \"deckies\": []}");

        assertThat(run("import", form.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("topology import: unknown: \"lanes\"");
        assertThat(run("import", wrong.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("error DMZ_MISSING", "nothing was stored");
        assertThat(run("import", state.resolve("none.json").toString())).isEqualTo(ExitCode.USAGE);
        assertThat(run("generate", "lab", "--depth", "99", "--deckies", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(run("generate", "lab", "--interface", "eth7")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("give --dmz-subnet too");
        assertThat(run("generate", "../lab")).isEqualTo(ExitCode.USAGE);
        assertThat(run("deploy", "none")).isEqualTo(ExitCode.FAILED);
        assertThat(run("validate")).isEqualTo(ExitCode.USAGE);
        assertThat(run("show", "lab", "--svg", "--json")).isEqualTo(ExitCode.USAGE);
        assertThat(run("list")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .isEqualTo("TOPOLOGY  STATUS  SINCE  LANS  DECKIES  VERSION" + System.lineSeparator());
    }

    @Test
    void aNameIsGeneratedOnceUnlessItIsToBeReplaced() {
        generate("lab");

        assertThat(run("generate", "lab", "--seed", "6")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("--replace");
        generate("lab", "--replace");
        assertThat(version("lab")).isEqualTo("2");
        run("deploy", "lab");
        assertThat(run("generate", "lab", "--replace")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("is deployed");
    }

    @Test
    void twoTopologiesGetAlongAndDiffer() {
        generate("lab");
        generate("branch");

        assertThat(run("diff", "lab", "--with", "branch")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("- decky lab-", "+ decky branch-");
        assertThat(run("deploy", "lab")).isEqualTo(ExitCode.OK);
        assertThat(run("deploy", "branch")).isEqualTo(ExitCode.OK);
        assertThat(run("list", "--json")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("\"hash\" : \"v1:");
    }

    @Test
    void aPictureIsPrinted() {
        generate("lab");

        assertThat(run("show", "lab", "--svg")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).startsWith("<svg xmlns=").endsWith("</svg>\n");
    }

    private record Context(Places places, PrintWriter out, PrintWriter err) implements CommandContext {
        @Override
        public Config config() {
            return Config.of(Map.of());
        }

        @Override
        public Optional<Path> configFile() {
            return Optional.empty();
        }

        @Override
        public Catalogue catalogue() {
            return Catalogue.empty();
        }
    }
}
