package decnet.netd.shape;

import decnet.linux.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A network of a test's own: one bridge in a namespace of its own, and hosts on it. Nothing of it touches the network of the machine.
 * {@link #close()} removes everything, also what a killed run has left.
 */
final class Lab implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long PATIENCE_SECONDS = 120;

    private final String prefix = "dt" + ProcessHandle.current().pid() + "x" + NUMBER.incrementAndGet();
    private final String bridge = prefix + "br";
    private final Map<String, Namespace> hosts = new LinkedHashMap<>();
    private int next = 1;

    private Lab() {}

    /** What is missing here to make one; empty if nothing is. */
    static String missing(String... tools) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "root";
        }
        for (String tool : tools) {
            if (Stream.of("/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/")
                    .noneMatch(f -> Files.isExecutable(Path.of(f + tool)))) {
                return tool;
            }
        }
        return "";
    }

    static Lab open() throws Exception {
        Lab lab = new Lab();
        try {
            run("ip", "netns", "add", lab.bridge);
            run("ip", "-n", lab.bridge, "link", "add", "br0", "type", "bridge");
            run("ip", "-n", lab.bridge, "link", "set", "br0", "up");
            return lab;
        } catch (Exception e) {
            lab.close();
            throw e;
        }
    }

    /** A host more, at {@link #address}; its interface is {@code eth0}. */
    Namespace host(String name) throws Exception {
        String namespace = prefix + name;
        String port = "p" + next;
        run("ip", "netns", "add", namespace);
        run("ip", "-n", bridge, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        run("ip", "-n", bridge, "link", "set", port, "master", "br0", "up");
        run("ip", "-n", namespace, "addr", "add", "10.99.0." + next + "/24", "dev", "eth0");
        run("ip", "-n", namespace, "addr", "add", "fd99::" + next + "/64", "dev", "eth0", "nodad");
        run("ip", "-n", namespace, "link", "set", "lo", "up");
        run("ip", "-n", namespace, "link", "set", "eth0", "up");
        next++;
        Namespace opened = Namespace.named(namespace);
        hosts.put(name, opened);
        return opened;
    }

    /** Of the n-th host, counted from 1. */
    static String address(int number) {
        return "10.99.0." + number;
    }

    static String address6(int number) {
        return "fd99::" + number;
    }

    /** Name of the n-th host's namespace in full. */
    String fullName(String host) {
        return prefix + host;
    }

    void load(String host, ShapeRules rules) throws Exception {
        feed(rules.ipv4(), "ip", "netns", "exec", prefix + host, "iptables-nft-restore");
        feed(rules.ipv6(), "ip", "netns", "exec", prefix + host, "ip6tables-nft-restore");
    }

    /** Runs a command within a host; its output of both kinds. */
    String exec(String host, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", prefix + host));
        all.addAll(List.of(command));
        return feed("", all.toArray(String[]::new));
    }

    private static String run(String... command) throws IOException {
        return feed("", command);
    }

    /** @throws IOException if the command fails, with its output */
    private static String feed(String input, String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output;
        try (InputStream out = process.getInputStream()) {
            output = new String(out.readNBytes(4 << 20), StandardCharsets.UTF_8);
        }
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + ": not finished");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", command) + ": interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": exit " + process.exitValue() + ": " + output);
        }
        return output;
    }

    void remove(String host) throws Exception {
        Namespace opened = hosts.remove(host);
        if (opened != null) {
            opened.close();
        }
        run("ip", "netns", "del", prefix + host);
    }

    @Override
    public void close() throws IOException {
        for (Namespace host : hosts.values()) {
            host.close();
        }
        try (Stream<Path> all = Files.list(Path.of("/run/netns"))) {
            for (Path one : all.filter(p -> p.getFileName().toString().startsWith(prefix))
                    .toList()) {
                run("ip", "netns", "del", one.getFileName().toString());
            }
        }
    }
}
