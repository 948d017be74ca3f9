package decnet.netd;

import decnet.linux.Namespace;
import decnet.runtime.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs of iproute2 and iptables: what they know about the kernel's formats is not written a second time. Thread-safe. */
final class NetworkTools {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path SETTINGS = Path.of("/proc/sys/net");
    /** {@code Command failed -:12}. */
    private static final Pattern FAILED = Pattern.compile("Command failed .*:(\\d+)");

    /**
     * Whether everything is installed.
     *
     * @return what is missing, for a person; empty if nothing is
     */
    static String missing() {
        List<String> missing = new ArrayList<>();
        Map.of("ip", "iproute2", "iptables-restore", "iptables", "ip6tables-restore", "iptables")
                .forEach((program, distributionPackage) -> {
                    if (find(program).isEmpty()) {
                        missing.add(program + " (package " + distributionPackage + ")");
                    }
                });
        missing.sort(null);
        return String.join(", ", missing);
    }

    private static java.util.Optional<String> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        for (String folder : path.split(":")) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(candidate)) {
                return java.util.Optional.of(candidate.toString());
            }
        }
        return java.util.Optional.empty();
    }

    /**
     * Runs commands of {@code ip} one after the other in the namespace of the calling thread, whatever becomes of each.
     *
     * @return what went wrong, by the number of the command, from 0
     * @throws IOException if they could not be run
     */
    Map<Integer, String> ip(List<String> commands) throws IOException, InterruptedException {
        if (commands.isEmpty()) {
            return Map.of();
        }
        Tool tool = Tool.run(
                List.of(find("ip").orElse("ip"), "-force", "-batch", "-"),
                String.join("\n", commands) + "\n",
                PATIENCE);
        Map<Integer, String> failed = new LinkedHashMap<>();
        StringBuilder reason = new StringBuilder();
        for (String line : tool.err().lines().toList()) {
            Matcher matcher = FAILED.matcher(line);
            if (matcher.find()) {
                int number = Integer.parseInt(matcher.group(1)) - 1;
                String command = number < commands.size() ? commands.get(number) : "?";
                failed.put(number, "ip " + command + ": " + reason.toString().strip());
                reason.setLength(0);
            } else {
                reason.append(line).append(' ');
            }
        }
        if (tool.code() != 0 && failed.isEmpty()) {
            throw new IOException("ip: " + tool.err());
        }
        return failed;
    }

    /** The same, where each of them has to succeed. */
    void ipAll(List<String> commands) throws IOException, InterruptedException {
        Map<Integer, String> failed = ip(commands);
        if (!failed.isEmpty()) {
            throw new IOException(String.join("; ", failed.values()));
        }
    }

    /** Whether this kernel knows IPv6. */
    static boolean ip6() {
        return Files.isDirectory(SETTINGS.resolve("ipv6"));
    }

    /** Replaces the rules of the namespace of the calling thread. */
    void rules(String rules4, String rules6) throws IOException, InterruptedException {
        restore("iptables-restore", rules4);
        if (ip6()) {
            restore("ip6tables-restore", rules6);
        }
    }

    private static void restore(String program, String rules) throws IOException, InterruptedException {
        Tool tool = Tool.run(List.of(find(program).orElse(program)), rules, PATIENCE);
        if (tool.code() != 0) {
            throw new IOException(program + ": " + tool.err());
        }
    }

    /** Runs in a namespace what may throw what these methods throw. */
    static void within(Namespace namespace, Step step) throws IOException, InterruptedException {
        try {
            namespace.call(() -> {
                step.run();
                return null;
            });
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Something to be done in a namespace. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Sets what {@code sysctl} would, in the namespace of the calling thread.
     *
     * @param settings by path below {@code net}, with slashes; those of a protocol that this kernel does not know are left out
     */
    static void settings(Map<String, String> settings) throws IOException {
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            if (ip6() || !setting.getKey().startsWith("ipv6/")) {
                Files.writeString(SETTINGS.resolve(setting.getKey()), setting.getValue());
            }
        }
    }
}
