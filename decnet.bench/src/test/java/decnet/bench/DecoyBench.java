package decnet.bench;

import decnet.runtime.Images;
import decnet.runtime.ProcessSpec;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.FleetFile;
import decnet.topology.FleetPlan;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;

/**
 * What decoys cost: {@code DecoyBench [DECKIES…]} (10 100 1000). For each number: a fleet on loopback with three services a machine
 * (http, redis, ssh), served by the image {@code decoy} with the options of the plan. Prints a Markdown table. Talks to 127.0.0.0/8 only.
 */
public final class DecoyBench {
    private static final int IDLE = 5000;
    private static final int SSH = IDLE / 5;
    private static final int SOURCES = 40;
    private static final Duration RUN = Duration.ofSeconds(5);

    private final List<Decky> deckies;
    private final Process process;

    private DecoyBench(List<Decky> deckies, Process process) {
        this.deckies = deckies;
        this.process = process;
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        List<Integer> sizes = args.length == 0
                ? List.of(10, 100, 1000)
                : java.util.Arrays.stream(args).map(Integer::valueOf).toList();
        System.out.println(
                "| deckies | listening s | PSS MB | one visit to each service | 5 000 idle connections | closed again"
                        + " | new connections/s |");
        System.out.println("|---|---|---|---|---|---|---|");
        List<Double> idle = new ArrayList<>();
        for (int size : sizes) {
            idle.add(run(size));
        }
        if (sizes.size() > 1) {
            double slope = (idle.getLast() - idle.getFirst()) * 1024 / (sizes.getLast() - sizes.getFirst());
            System.out.printf(Locale.ROOT, "%nslope: %.0f kB a decky%n", slope);
        }
    }

    private static double run(int size) throws Exception {
        Path folder = Files.createTempDirectory("decoy-bench");
        List<Decky> deckies = deploy(folder, size);
        Process process = start(folder);
        try {
            DecoyBench bench = new DecoyBench(deckies, process);
            return bench.measure();
        } finally {
            process.getOutputStream().close(); // its lifeline
            process.waitFor();
        }
    }

    /** Host keys of ten machines are used by all: making those of a thousand takes minutes, and they cost the same memory. */
    private static List<Decky> deploy(Path folder, int size) {
        FleetStore store = new FleetStore(folder.resolve("fleet"));
        InstallationSecret secret = InstallationSecret.open(folder);
        List<Decky> keyed = plan("[k]\narchetype = linux-server\nservices = ssh\namount = 10\n", store, secret);
        StringBuilder text = new StringBuilder();
        for (int from = 0, part = 1; from < size; from += FleetFile.MAX_AMOUNT, part++) {
            int amount = Math.min(FleetFile.MAX_AMOUNT, size - from);
            text.append("[m").append(part).append("]\narchetype = linux-server\nservices = http, redis\namount = ");
            text.append(amount).append('\n');
        }
        List<Decky> deckies = new ArrayList<>();
        for (Decky plain : plan(text.toString(), store, secret)) {
            Decky donor = keyed.get(deckies.size() % keyed.size());
            List<DeckyService> services = new ArrayList<>(plain.services());
            services.addAll(donor.services());
            deckies.add(new Decky(
                    plain.name(), plain.persona().withHostKeys(donor.persona().hostKeys()), plain.address(), services));
        }
        return store.replace(0, deckies).orElseThrow().deckies();
    }

    private static List<Decky> plan(String file, FleetStore store, InstallationSecret secret) {
        return FleetPlan.make(FleetFile.parse("bench", file), store, secret, Instant.now())
                .result();
    }

    private static Process start(Path folder) throws IOException {
        Images images = Images.resolve();
        if (!images.has("decoy")) {
            throw new IOException(
                    "no image in " + images.folder() + "; build it, and name the folder in DECNET_IMAGES");
        }
        var decoys = new ProcessSpec(
                "decoys", "decoy", List.of("decoys"), "decnet-decoy", 160, true); // as every plan has it
        ProcessBuilder builder = new ProcessBuilder(
                images.command("decoy", decoys.jvm(), List.of("process", "decoys", "decoys", "--lifeline")));
        builder.environment().put("DECNET_STATE", folder.toString());
        builder.environment().put("DECNET_RUN", folder.toString());
        builder.environment().put("DECNET_DECOYS_RATE_PER_SOURCE", "1000000");
        builder.environment().put("DECNET_DECOYS_RATE_PER_DECKY", "1000000");
        builder.environment().put("DECNET_DECOYS_MAX_PER_DECKY", "10000");
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("decoys.log").toFile())
                .start();
    }

    private double measure() throws Exception {
        long start = System.nanoTime();
        awaitAll();
        double listening = (System.nanoTime() - start) / 1e9;
        settle();
        double quiet = pss();
        visitEach();
        settle();
        double visited = pss();
        List<AutoCloseable> open = new ArrayList<>();
        double busy;
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.setServerKeyVerifier((session, address, key) -> true);
            client.start();
            for (int i = 0; i < IDLE - SSH; i++) {
                open.add(idle(i));
            }
            for (int i = 0; i < SSH; i++) {
                open.add(exchangedKeys(client, i));
            }
            settle();
            busy = pss();
            for (AutoCloseable one : open) {
                one.close();
            }
        }
        settle();
        double after = pss();
        double rate = connectionsASecond();
        System.out.printf(
                Locale.ROOT,
                "| %d | %.1f | %.1f | %.1f | %.1f | %.1f | %.0f |%n",
                deckies.size(),
                listening,
                quiet,
                visited,
                busy,
                after,
                rate);
        return quiet;
    }

    private InetSocketAddress address(int decky, int service) {
        Decky one = deckies.get(decky % deckies.size());
        DeckyService offered = one.services().get(service);
        return new InetSocketAddress(one.address(), offered.port());
    }

    /** From one of many addresses, as no source may have more than its share. */
    private static SocketChannel connect(InetSocketAddress to, int number) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        byte[] source = {127, 99, (byte) (number % SOURCES / 200), (byte) (1 + number % SOURCES)};
        channel.bind(new InetSocketAddress(InetAddress.getByAddress(source), 0));
        channel.connect(to);
        return channel;
    }

    private void awaitAll() throws IOException {
        for (int i = 0; i < deckies.size(); i++) {
            for (int j = 0; j < 3; j++) {
                awaitOne(address(i, j));
            }
        }
    }

    private void awaitOne(InetSocketAddress address) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                connect(address, attempt).close();
                return;
            } catch (IOException e) {
                if (attempt > 3000 || !process.isAlive()) {
                    throw e;
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    /** Until an idle process has collected its garbage and given back what it does not need. */
    private static void settle() {
        long end = System.nanoTime() + Duration.ofSeconds(12).toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private void visitEach() throws IOException {
        for (int i = 0; i < deckies.size(); i++) {
            ask(i, 0, "GET / HTTP/1.0\r\n\r\n");
            ask(i, 1, "INFO\r\n");
            ask(i, 2, "SSH-2.0-OpenSSH_9.2\r\n");
        }
    }

    private void ask(int decky, int service, String text) throws IOException {
        try (SocketChannel channel = connect(address(decky, service), decky)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            channel.read(ByteBuffer.allocate(8192));
        }
    }

    private AutoCloseable idle(int number) throws IOException {
        return connect(address(number, number % 2), number);
    }

    private AutoCloseable exchangedKeys(SshClient client, int number) throws IOException {
        InetSocketAddress to = address(number, 2);
        byte[] source = {127, 98, 0, (byte) (1 + number % SOURCES)};
        ClientSession session = client.connect("root", to, new InetSocketAddress(InetAddress.getByAddress(source), 0))
                .verify(Duration.ofSeconds(30))
                .getSession();
        session.waitFor(List.of(ClientSession.ClientSessionEvent.WAIT_AUTH), Duration.ofSeconds(30));
        return session;
    }

    private double connectionsASecond() throws Exception {
        AtomicLong done = new AtomicLong();
        long end = System.nanoTime() + RUN.toNanos();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int first = i;
                running.add(threads.submit(() -> {
                    ByteBuffer answer = ByteBuffer.allocate(64);
                    for (int n = first; System.nanoTime() < end; n += 2) {
                        try (SocketChannel channel = connect(address(n, 1), n)) {
                            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                            channel.write(ByteBuffer.wrap("PING\r\n".getBytes(StandardCharsets.US_ASCII)));
                            answer.clear();
                            if (channel.read(answer) > 0) {
                                done.incrementAndGet();
                            }
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        return done.get() / (double) RUN.toSeconds();
    }

    private double pss() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
            if (line.startsWith("Pss:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("the process has ended; see its log");
    }
}
