package decnet.packages;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What an administrator and an attacker do with an installation. */
final class Visit {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Visit() {}

    static void install(DebianRoot debian, List<Path> files) throws IOException {
        List<String> command = new ArrayList<>(List.of("dpkg", "--install"));
        command.addAll(debian.give(files));
        assertThat(debian.run(command.toArray(String[]::new)).succeeded().text())
                .doesNotContainIgnoringCase("warning");
    }

    static void awaitHealthy(DebianRoot debian) {
        await(PATIENCE, () -> {
            Tool.Outcome status = debian.run("decnet", "status");
            assertThat(status.code()).as(status.text()).isZero();
        });
    }

    /** Asks a Redis for entry, and waits until that is in the database. */
    static void attack(DebianRoot debian, String secret) {
        JsonNode redis = null;
        String address = "";
        for (JsonNode decky : json(debian, "decky", "list", "--json")) {
            for (JsonNode service : decky.path("services")) {
                if (service.path("slug").asText().equals("redis")) {
                    redis = service;
                    address = decky.path("address").asText();
                }
            }
        }
        assertThat(redis).as("a decky with redis").isNotNull();
        String talk = "exec 3<>/dev/tcp/" + address + "/" + redis.path("port").asText() + "; printf 'AUTH " + secret
                + "\\r\\nQUIT\\r\\n' >&3; timeout 5 cat <&3";
        assertThat(debian.run("bash", "-c", talk).text()).contains("OK");
        await(PATIENCE, () -> assertThat(credentials(debian)).contains(secret));
        await(PATIENCE, () -> assertThat(json(debian, "attackers", "--json").toString())
                .contains("127.0.0.1"));
    }

    static String credentials(DebianRoot debian) {
        return json(debian, "credentials", "--json").toString();
    }

    static JsonNode json(DebianRoot debian, String... command) {
        List<String> words = new ArrayList<>(List.of("decnet"));
        words.addAll(List.of(command));
        return Json.parseObject("{\"all\":"
                        + debian.run(words.toArray(String[]::new)).succeeded().text() + "}")
                .path("all");
    }
}
