package decnet.bench;

import decnet.core.Places;
import decnet.runtime.Images;
import decnet.runtime.ProcessSpec;
import decnet.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Compares our broker with nats-server and Redis: each in a process of its own, one load generator for all, 200-byte messages.
 * Prints a Markdown table of medians. Arguments: rounds (3), seconds of each throughput run (2).
 */
public final class BusBench {
    /** What the launcher is to give to the bus process. */
    private static final int LATENCY_MESSAGES = 2500;

    private record Server(String name, Dialect dialect, SocketAddress address, Process process) {}

    private static final class Results {
        final List<Double> one = new ArrayList<>();
        final List<Double> ten = new ArrayList<>();
        final List<Double> p50 = new ArrayList<>();
        final List<Double> p99 = new ArrayList<>();
        long lost;
        long pss;
    }

    private BusBench() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        long nanos = (args.length > 1 ? Integer.parseInt(args[1]) : 2) * 1_000_000_000L;
        Path folder = Files.createTempDirectory("bus-bench");
        List<Server> servers = new ArrayList<>();
        try {
            start(servers, folder);
            Map<String, Results> all = new LinkedHashMap<>();
            for (int round = 0; round <= rounds; round++) {
                for (Server server : servers) {
                    run(
                            server,
                            nanos,
                            round == 0 ? new Results() : all.computeIfAbsent(server.name(), n -> new Results()));
                }
            }
            print(all);
        } finally {
            servers.forEach(server -> server.process().destroy());
        }
    }

    private static void start(List<Server> servers, Path folder) throws IOException {
        int port = FreePort.next();
        String java = System.getProperty("java.home") + "/bin/java";
        String path = System.getProperty("java.class.path");
        Process broker = shippedBroker(folder, port);
        UnixDomainSocketAddress unix = UnixDomainSocketAddress.of(new Places(folder, folder).busSocket());
        InetSocketAddress tcp = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        servers.add(new Server("DECNET bus (Unix)", Dialect.NATS, unix, broker));
        servers.add(new Server("DECNET bus (TCP)", Dialect.NATS, tcp, broker));
        int natsPort = FreePort.next();
        servers.add(new Server(
                "nats-server (TCP)",
                Dialect.NATS,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), natsPort),
                process(List.of(
                        "nats-server",
                        "-a",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(natsPort),
                        "--auth",
                        LoadGenerator.TOKEN))));
        Path redis = folder.resolve("redis.sock");
        servers.add(new Server(
                "Redis pub/sub (Unix)",
                Dialect.RESP,
                UnixDomainSocketAddress.of(redis),
                process(List.of(
                        "redis-server",
                        "--port",
                        "0",
                        "--unixsocket",
                        redis.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "no"))));
        Path relay = folder.resolve("relay.sock");
        servers.add(new Server(
                "no broker, a bare relay (Unix)",
                Dialect.NONE,
                UnixDomainSocketAddress.of(relay),
                process(List.of(java, "-Xmx64m", "-cp", path, RelayProcess.class.getName(), relay.toString()))));
        for (Server server : servers) {
            awaitListening(server);
        }
    }

    /** As users run it: from its image, with the options of the plan. */
    private static Process shippedBroker(Path folder, int port) throws IOException {
        Images images = Images.resolve();
        if (!images.has("bus")) {
            throw new IOException(
                    "no image in " + images.folder() + "; build it, and name the folder in DECNET_IMAGES");
        }
        var bus = new ProcessSpec("bus", "bus", List.of("bus"), "decnet", 24, false); // as every plan has it
        ProcessBuilder builder =
                new ProcessBuilder(images.command("bus", bus.jvm(), List.of("process", "bus", "bus", "--lifeline")));
        builder.environment().put("DECNET_STATE", folder.toString());
        builder.environment().put("DECNET_RUN", folder.toString());
        builder.environment().put("DECNET_BUS_LISTEN", "127.0.0.1:" + port);
        builder.environment().put("DECNET_BUS_TOKEN", LoadGenerator.TOKEN);
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Process process(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void awaitListening(Server server) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                if (server.dialect() == Dialect.NONE) {
                    if (!Files.exists(((UnixDomainSocketAddress) server.address()).getPath())) {
                        throw new IOException("not yet");
                    }
                } else {
                    SocketChannel.open(server.address()).close();
                }
                return;
            } catch (IOException e) {
                if (attempt > 1000) {
                    throw e;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private static void run(Server server, long nanos, Results results) throws IOException, InterruptedException {
        try (LoadGenerator load = new LoadGenerator(server.dialect(), server.address(), 1)) {
            LoadGenerator.Throughput through = load.throughput(nanos);
            results.one.add(through.perSecond());
            results.lost += through.lost();
        }
        try (LoadGenerator load = new LoadGenerator(server.dialect(), server.address(), 10)) {
            LoadGenerator.Throughput through = load.throughput(nanos);
            results.ten.add(through.perSecond());
            results.lost += through.lost();
        }
        try (LoadGenerator load = new LoadGenerator(server.dialect(), server.address(), 1)) {
            LoadGenerator.Latency latency = load.latency(LATENCY_MESSAGES);
            results.p50.add(latency.p50());
            results.p99.add(latency.p99());
        }
        results.pss = pssKib(server.process());
    }

    private static long pssKib(Process process) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
            if (line.startsWith("Pss:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void print(Map<String, Results> all) {
        System.out.println("| broker | 1→1 msg/s | 1→10 delivered/s | lost | p50 µs | p99 µs | PSS MB |");
        System.out.println("|---|---|---|---|---|---|---|");
        all.forEach((name, results) -> System.out.println(String.format(
                Locale.ROOT,
                "| %s | %.2f M | %.2f M | %d | %.0f | %.0f | %d |",
                name,
                median(results.one) / 1e6,
                median(results.ten) / 1e6,
                results.lost,
                median(results.p50),
                median(results.p99),
                results.pss / 1024)));
    }
}
