package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A hundred and then five hundred machines with networks of their own, three services each: time to deploy and to take down, memory of
 * processes and kernel apart, and whether all answer within a second. The table is in {@code target/network-scale.txt}.
 */
@Tag("long")
@Timeout(1800)
final class NetworkScaleIT {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int SECTION = 100;

    @Test
    void fiveHundredMachinesWithNetworksOfTheirOwn() throws Exception {
        try (Wire wire = Wire.laid("NetworkScaleIT", "nmap");
                Installation decnet = Installation.empty().within(wire.host())) {
            wire.fromOutside("", "ip", "addr", "add", "10.98.60.200/22", "dev", "wire")
                    .succeeded();
            decnet.with("DECNET_HOST_NETD", "yes").up().succeeded();
            decnet.check(() -> {
                StringBuilder table = new StringBuilder(
                        "| machines | deploy s | netd PSS MB | decoys PSS MB | kernel MB | ARP, ND, SYN answered"
                                + " within 1 s | taken down s |\n"
                                + "|---|---|---|---|---|---|---|\n");
                for (int amount : List.of(100, 500)) {
                    table.append(measure(wire, decnet, amount));
                }
                System.out.println(table);
                Files.writeString(Path.of("target", "network-scale.txt"), table);
            });
        }
    }

    private static String measure(Wire wire, Installation decnet, int amount) throws IOException {
        Path file = decnet.folder().resolve("fleet.ini");
        StringBuilder text = new StringBuilder("[general]\ninterface = " + Wire.UPLINK
                + "\nsubnet = 10.98.60.0/22\nsubnet6 = fd98:60::/64\nreserve = 10.98.60.200\n");
        for (int i = 0; i < amount / SECTION; i++) {
            text.append("[m")
                    .append(i)
                    .append("]\nservices = http, telnet, redis\namount = ")
                    .append(SECTION)
                    .append('\n');
        }
        Files.writeString(file, text);
        double kernel = kernelMib();
        long start = System.nanoTime();
        decnet.command(PATIENCE, List.of("deploy", file.toString())).succeeded();
        double deploy = seconds(start);
        double used = kernelMib() - kernel;
        Map<String, JsonNode> processes = new java.util.TreeMap<>();
        decnet.command("footprint", "--json")
                .json()
                .path("processes")
                .forEach(process -> processes.put(process.path("process").asText(), process));
        String answered = answered(wire, decnet, amount);
        start = System.nanoTime();
        decnet.command("teardown", "--all").succeeded();
        await(PATIENCE, () -> assertThat(Wire.namespaces("decnet-")).hasSize(2));
        return String.format(
                Locale.ROOT,
                "| %d | %.1f | %.0f | %.0f | %.0f | %s | %.1f |%n",
                amount,
                deploy,
                pss(processes, "netd"),
                pss(processes, "decoys"),
                used,
                answered,
                seconds(start));
    }

    private static double pss(Map<String, JsonNode> processes, String name) {
        return Objects.requireNonNull(processes.get(name), name).path("pss_kib").asLong() / 1024.0;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** What the kernel has for itself. */
    private static double kernelMib() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                        .filter(line -> line.matches("(Slab|Percpu|KernelStack|PageTables):.*"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                        .sum()
                / 1024.0;
    }

    private static String answered(Wire wire, Installation decnet, int amount) throws IOException {
        List<String> addresses = decnet.deckies().values().stream()
                .map(decky -> decky.path("address").asText())
                .toList();
        List<String> addresses6 = addresses.stream()
                .map(address -> {
                    String[] parts = address.split("\\.");
                    return "fd98:60::"
                            + Integer.toHexString(Integer.parseInt(parts[2]) << 8 | Integer.parseInt(parts[3]));
                })
                .toList();
        String list = addresses.stream().collect(Collectors.joining("\n"));
        String list6 = addresses6.stream().collect(Collectors.joining("\n"));
        List<String> patience = List.of("--max-retries", "1", "--max-rtt-timeout", "1s", "-n", "-iL", "-", "-oG", "-");
        long arp = lines(scan(wire, list, patience, "-sn", "-PR"), "Status: Up");
        long nd = lines(scan(wire, list6, patience, "-6", "-sn"), "Status: Up");
        long syn = lines(scan(wire, list, patience, "-Pn", "-sS", "-p", "80"), "80/open/tcp");
        assertThat(List.of(arp, nd, syn)).containsOnly((long) amount);
        return arp + ", " + nd + ", " + syn;
    }

    private static String scan(Wire wire, String list, List<String> patience, String... words) {
        List<String> command = new java.util.ArrayList<>(List.of("nmap"));
        command.addAll(List.of(words));
        command.addAll(patience);
        return wire.fromOutside(PATIENCE, list, command.toArray(String[]::new))
                .succeeded()
                .out();
    }

    private static long lines(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).count();
    }
}
