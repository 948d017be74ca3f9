package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** LANs behind LANs: somebody on the real network walks inwards, hop by hop, and when it is taken down nothing is left. */
@Timeout(600)
final class TopologyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void somebodyWalksFromTheDmzInwards() throws Exception {
        try (Wire wire = Wire.laid("TopologyIT", "nmap", "curl");
                Installation decnet = Installation.empty().within(wire.host())) {
            List<String> before = Wire.namespaces("decnet-");
            decnet.with("DECNET_HOST_NETD", "yes").up().succeeded();
            decnet.check(() -> {
                decnet.command(
                                "topology",
                                "generate",
                                "maze",
                                "--seed",
                                "5",
                                "--depth",
                                "3",
                                "--branching",
                                "1",
                                "--deckies",
                                "3..3",
                                "--archetypes",
                                "linux-server",
                                "--services",
                                "http",
                                "--interface",
                                Wire.UPLINK,
                                "--dmz-from",
                                "10.98.60.100")
                        .succeeded();
                decnet.command(PATIENCE, List.of("topology", "deploy", "maze")).succeeded();
                JsonNode maze =
                        decnet.command("topology", "show", "maze", "--json").json();
                assertThat(maze.path("status").asText()).isEqualTo("active");
                assertThat(maze.path("lans")).hasSize(4);
                assertThat(maze.path("deckies")).hasSizeGreaterThanOrEqualTo(10);
                walk(wire, decnet, maze);
                takenDown(wire, decnet, before);
            });
        }
    }

    /** A router from one LAN to one further in. */
    private record Door(String address, String lan) {}

    private static Optional<Door> door(JsonNode maze, String lan, Set<String> seen) {
        for (JsonNode decky : maze.path("deckies")) {
            String here = "";
            String there = "";
            for (JsonNode attachment : decky.path("attachments")) {
                String name = attachment.path("lan").asText();
                if (name.equals(lan)) {
                    here = attachment.path("address").asText();
                } else if (!seen.contains(name)) {
                    there = name;
                }
            }
            if (decky.path("forwards").asBoolean() && !here.isEmpty() && !there.isEmpty()) {
                return Optional.of(new Door(here, there));
            }
        }
        return Optional.empty();
    }

    private static void walk(Wire wire, Installation decnet, JsonNode maze) {
        Set<String> seen = new HashSet<>(Set.of("dmz"));
        List<String> hops = new ArrayList<>();
        String lan = "dmz";
        for (Optional<Door> next = door(maze, lan, seen); next.isPresent(); next = door(maze, lan, seen)) {
            Door door = next.get();
            if (hops.isEmpty()) {
                wire.fromOutside("", "ip", "route", "add", "172.16.0.0/12", "via", door.address())
                        .succeeded();
            }
            hops.add(door.address());
            lan = door.lan();
            seen.add(lan);
            String target = onlyOn(maze, lan);
            assertThat(wire.status(target)).as("%s in %s", target, lan).matches("[2-5]\\d\\d");
            assertThat(path(wire, target)).as("hops to %s", target).containsExactlyElementsOf(hops);
        }
        assertThat(seen).hasSize(4);
        String deepest = onlyOn(maze, lan);
        await(PATIENCE, () -> assertThat(
                        decnet.sql("select count(*) from event where type = 'connect' and host(src_ip) ="
                                + " '10.98.60.200' and host(dst_ip) = '" + deepest + "'"))
                .isNotEqualTo("0"));
    }

    /** The address of a machine that is on no other LAN. */
    private static String onlyOn(JsonNode maze, String lan) {
        for (JsonNode decky : maze.path("deckies")) {
            JsonNode attachments = decky.path("attachments");
            if (attachments.size() == 1
                    && attachments.path(0).path("lan").asText().equals(lan)) {
                return attachments.path(0).path("address").asText();
            }
        }
        throw new AssertionError("nobody is on " + lan + " alone");
    }

    /** The routers on the way, as a traceroute shows them. */
    private static List<String> path(Wire wire, String target) {
        String told = wire.fromOutside("", "nmap", "-n", "-sn", "-PS80", "--traceroute", target)
                .succeeded()
                .out();
        List<String> hops = new ArrayList<>();
        boolean table = false;
        for (String line : told.lines().toList()) {
            table |= line.startsWith("HOP ");
            String[] words = line.strip().split("\\s+");
            if (table && words[0].matches("\\d+") && !words[words.length - 1].equals(target)) {
                hops.add(words[words.length - 1]);
            }
        }
        return hops;
    }

    private static void takenDown(Wire wire, Installation decnet, List<String> before) {
        decnet.command("topology", "teardown", "maze").succeeded();
        await(PATIENCE, () -> assertThat(Wire.namespaces("decnet-")).isEqualTo(before));
        decnet.command(PATIENCE, List.of("down")).succeeded();
        assertThat(wire.onHost("", "ip", "-br", "link").succeeded().out().lines())
                .allMatch(line -> line.startsWith("lo") || line.startsWith(Wire.UPLINK));
        assertThat(wire.onHost("", "ip", "route").succeeded().out().lines())
                .allMatch(line -> line.startsWith("10.98.60.0/24"));
    }
}
