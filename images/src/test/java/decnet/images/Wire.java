package decnet.images;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A host in a network namespace with one interface, {@code up0} at 10.98.60.1/24, and somebody else at the other end of its wire, at
 * 10.98.60.200. Needs root and the programs that netd needs; without them the test is skipped, loudly.
 */
final class Wire implements AutoCloseable {
    static final String UPLINK = "up0";
    private static final Duration COMMAND = Duration.ofSeconds(60);

    private final String host;
    private final String outside;

    private Wire(String host, String outside) {
        this.host = host;
        this.outside = outside;
    }

    static Wire laid(String test, String... programs) {
        List<String> missing = new ArrayList<>();
        for (String program : Stream.concat(
                        Stream.of("ip", "iptables-restore", "ip6tables-restore"), Stream.of(programs))
                .toList()) {
            if (Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                    .noneMatch(folder -> Files.isExecutable(Path.of(folder, program)))) {
                missing.add(program);
            }
        }
        boolean root = System.getProperty("user.name").equals("root");
        if (!root || !missing.isEmpty()) {
            System.err.println("SKIPPED " + test + ": it needs root, and " + missing);
        }
        assumeTrue(root && missing.isEmpty(), "root and " + missing);
        long pid = ProcessHandle.current().pid();
        Wire wire = new Wire("decnet-host-" + pid, "decnet-out-" + pid);
        try {
            wire.lay();
            return wire;
        } catch (AssertionError e) {
            wire.close();
            throw e;
        }
    }

    private void lay() {
        ip("netns", "add", host);
        ip("netns", "add", outside);
        ip("-n", host, "link", "add", UPLINK, "type", "veth", "peer", "name", "wire", "netns", outside);
        ip("-n", host, "addr", "add", "10.98.60.1/24", "dev", UPLINK);
        ip("-n", outside, "addr", "add", "10.98.60.200/24", "dev", "wire");
        ip("-n", outside, "-6", "addr", "add", "fd98:60::c8/64", "dev", "wire", "nodad");
        for (String[] link : new String[][] {{host, UPLINK}, {host, "lo"}, {outside, "wire"}, {outside, "lo"}}) {
            ip("-n", link[0], "link", "set", link[1], "up");
        }
    }

    static void ip(String... words) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Processes.run(command, Map.of(), "", COMMAND).succeeded();
    }

    /** The namespace of the host. */
    String host() {
        return host;
    }

    /** Runs a program of somebody else's. */
    Outcome fromOutside(String input, String... words) {
        return at(outside, COMMAND, input, words);
    }

    Outcome fromOutside(Duration limit, String input, String... words) {
        return at(outside, limit, input, words);
    }

    /** The status of the answer of a web server; {@code 000} if there is none. */
    String status(String address) {
        return fromOutside("", status(List.of("curl", "-s", "-S", "--max-time", "20"), address))
                .out();
    }

    private static String[] status(List<String> curl, String address) {
        List<String> words = new ArrayList<>(curl);
        words.addAll(List.of("-o", "/dev/null", "-w", "%{http_code}", "http://" + address + "/"));
        return words.toArray(String[]::new);
    }

    /** Runs a program on the host. */
    Outcome onHost(String input, String... words) {
        return at(host, COMMAND, input, words);
    }

    private static Outcome at(String namespace, Duration limit, String input, String... words) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(List.of(words));
        return Processes.run(command, Map.of(), input, limit);
    }

    /** Namespaces of an installation, by the beginning of their names. */
    static List<String> namespaces(String prefix) {
        return Processes.run(List.of("ip", "netns", "list"), Map.of(), "", COMMAND)
                .out()
                .lines()
                .map(line -> line.split(" ")[0])
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    @Override
    public void close() {
        for (String namespace : List.of(host, outside)) {
            Processes.run(List.of("ip", "netns", "del", namespace), Map.of(), "", COMMAND);
        }
    }
}
