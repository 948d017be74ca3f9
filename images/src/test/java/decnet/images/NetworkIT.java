package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Machines on a real network, from the command that deploys them to the one that takes them away, whatever is killed meanwhile. */
@Timeout(600)
final class NetworkIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ANSWER = "[2-5]\\d\\d";

    @Test
    void aFleetStandsOnTheWireSurvivesItsProcessesAndLeavesNoTrace() throws Exception {
        try (Wire wire = Wire.laid("NetworkIT", "nmap", "curl");
                Installation decnet = Installation.empty().within(wire.host())) {
            List<String> before = Wire.namespaces("decnet-");
            decnet.with("DECNET_HOST_NETD", "yes").up().succeeded();
            decnet.check(() -> {
                Outcome deployed = decnet.command("deploy", "-n", "6", "-a", "web-server", "--interface", Wire.UPLINK);
                deployed.succeeded();
                Map<String, JsonNode> deckies = decnet.deckies();
                assertThat(deckies).hasSize(6);
                everyMachineIsUp(wire, deckies);
                visit(wire, decnet, address(deckies, "decky-01"));
                killed(wire, decnet, deckies);
                oneMore(wire, decnet);
                repaired(wire, decnet);
                killedWhileDeploying(wire, decnet);
                takenAway(wire, decnet, before);
            });
        }
    }

    private static String address(Map<String, JsonNode> deckies, String name) {
        return Objects.requireNonNull(deckies.get(name)).path("address").asText();
    }

    private static void everyMachineIsUp(Wire wire, Map<String, JsonNode> deckies) {
        String scan = wire.fromOutside("", "nmap", "-n", "-sn", "-PR", "10.98.60.0/24")
                .succeeded()
                .out();
        deckies.forEach((name, decky) -> assertThat(scan)
                .contains("Nmap scan report for " + decky.path("address").asText())
                .containsIgnoringCase("MAC Address: " + decky.path("mac").asText()));
    }

    private static void visit(Wire wire, Installation decnet, String address) {
        assertThat(wire.status(address)).matches(ANSWER);
        assertThat(wire.onHost("", "curl", "-s", "-o", "/dev/null", "http://" + address + "/")
                        .code())
                .as("from its own host")
                .isZero();
        await(PATIENCE, () -> assertThat(
                        decnet.attacker("10.98.60.200").path("event_count").asInt())
                .isPositive());
    }

    /** Whoever is killed, the machines are there again, with the same networks. */
    private static void killed(Wire wire, Installation decnet, Map<String, JsonNode> deckies) {
        List<String> before = Wire.namespaces("decnet-");
        String address = address(deckies, "decky-02");
        for (String process : List.of("decoys", "netd", "herd")) {
            Long pid = Objects.requireNonNull(decnet.pids().get(process), process);
            Processes.kill(pid);
            // while nobody serves it the kernel still takes the connection: it is answered once somebody does
            assertThat(wire.status(address)).as("after %s", process).matches(ANSWER);
            await(
                    PATIENCE,
                    () -> assertThat(decnet.pids().get(process)).isNotNull().isNotEqualTo(pid));
            decnet.awaitReady(PATIENCE);
        }
        assertThat(Wire.namespaces("decnet-")).isEqualTo(before);
    }

    private static void oneMore(Wire wire, Installation decnet) {
        decnet.command("decky", "add", "extra", "--services", "http").succeeded();
        assertThat(wire.status(address(decnet.deckies(), "extra"))).matches(ANSWER);
        decnet.command("decky", "remove", "extra").succeeded();
    }

    /** Somebody takes the interface of a machine away: it is noticed, told and made anew. */
    private static void repaired(Wire wire, Installation decnet) {
        String namespace = Wire.namespaces("decnet-").stream()
                .filter(name -> name.endsWith("-decky-04"))
                .findFirst()
                .orElseThrow();
        String address = address(decnet.deckies(), "decky-04");
        String netd = Long.toString(Objects.requireNonNull(decnet.pids().get("netd")));
        // names of namespaces are mounts, and those of netd are within the host's
        Processes.run(
                        List.of("nsenter", "-t", netd, "-m", "ip", "-n", namespace, "link", "del", "eth0"),
                        Map.of(),
                        "",
                        PATIENCE)
                .succeeded();
        assertThat(wire.status(address)).isEqualTo("000");
        await(Duration.ofSeconds(120), () -> assertThat(wire.status(address)).matches(ANSWER));
        await(PATIENCE, () -> assertThat(decnet.sql("select count(*) from event where type = 'decky_state' and decky ="
                        + " 'decky-04' and fields ->> 'state' in ('degraded', 'failed')"))
                .isNotEqualTo("0"));
    }

    /** Whenever it is killed, what was half made is made anew. */
    private static void killedWhileDeploying(Wire wire, Installation decnet) {
        decnet.command("deploy", "-n", "16", "--services", "http", "--interface", Wire.UPLINK, "--no-wait")
                .succeeded();
        for (int i = 0; i < 4; i++) {
            await(PATIENCE, () -> assertThat(decnet.pids()).containsKey("netd"));
            Long pid = Objects.requireNonNull(decnet.pids().get("netd"));
            Processes.kill(pid);
            await(PATIENCE, () -> assertThat(decnet.pids().getOrDefault("netd", pid))
                    .isNotEqualTo(pid));
        }
        decnet.awaitReady(PATIENCE);
        Map<String, JsonNode> deckies = decnet.deckies();
        assertThat(deckies).hasSize(16);
        await(PATIENCE, () -> everyMachineIsUp(wire, deckies));
        assertThat(wire.status(address(deckies, "decky-16"))).matches(ANSWER);
    }

    @Test
    void withoutRightsThereIsNoNetworkAndNothingElseInItsPlace() {
        try (Wire wire = Wire.laid("NetworkIT");
                Installation decnet = Installation.empty().within(wire.host())) {
            decnet.with("DECNET_JVM", "-Duser.name=somebody");
            Outcome refused = decnet.command("deploy", "-n", "1", "--services", "http", "--interface", Wire.UPLINK);
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("driver netns needs root").contains("--driver loopback");
            assertThat(decnet.deckies()).isEmpty();
            decnet.command("deploy", "-n", "1", "--services", "http", "--driver", "loopback")
                    .succeeded();
            assertThat(decnet.deckies()).hasSize(1);
        }
    }

    private static void takenAway(Wire wire, Installation decnet, List<String> before) {
        String address = address(decnet.deckies(), "decky-03");
        decnet.command("teardown", "--all").succeeded();
        await(PATIENCE, () -> assertThat(Wire.namespaces("decnet-")).isEqualTo(before));
        assertThat(wire.status(address)).isEqualTo("000");
        decnet.command(PATIENCE, List.of("down")).succeeded();
        assertThat(wire.onHost("", "ip", "-br", "link").succeeded().out().lines())
                .allMatch(line -> line.startsWith("lo") || line.startsWith(Wire.UPLINK));
    }
}
