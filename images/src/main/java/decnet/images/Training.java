package decnet.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.Places;
import decnet.runtime.ControlClient;
import decnet.runtime.TrainingRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Trains the AOT cache of every image: runs the whole once, lets an attacker of its own talk to each decoy, and stops it, whereupon
 * each JVM writes what it has loaded and linked. The cache then lies where a JVM looks for its default archive, so that no option
 * names it and the image may be moved.
 */
final class Training {
    private static final Duration START = Duration.ofSeconds(120);

    /** What to say to each service, line by line; what it answers is read and thrown away. */
    private static final Map<String, List<String>> WORDS = Map.of(
            "redis", List.of("PING", "AUTH secret", "INFO", "CONFIG GET dir", "SET a b", "GET a", "KEYS *", "QUIT"),
            "http",
                    List.of("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /no HTTP/1.1\r\nHost: a\r\n"
                            + "Authorization: Basic YTpi\r\n\r\nPOST /login HTTP/1.1\r\nHost: a\r\n"
                            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 21\r\n"
                            + "Connection: close\r\n\r\nusername=a&password=b"),
            "ftp", List.of("USER root", "PASS toor", "SYST", "FEAT", "EPSV", "LIST", "QUIT"),
            "telnet", List.of("root", "toor", "admin", "admin"),
            "ssh", List.of("SSH-2.0-OpenSSH_9.2p1"));

    private Training() {}

    /** Trains all: the tiers in a run of theirs, then the image that holds most of them in one process. */
    static void run(Path folder) throws IOException, InterruptedException {
        run(folder, "tiered");
        run(folder, "mono");
    }

    private static void run(Path folder, String plan) throws IOException, InterruptedException {
        Path place = Files.createTempDirectory("dt"); // short: socket paths end at 107 bytes
        // PostgreSQL of a build by root runs as somebody else, who must get through
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwx--x--x"));
        Path caches = Files.createDirectory(place.resolve("aot"));
        Places places = new Places(place.resolve("state"), place.resolve("run"));
        List<String> command = new ArrayList<>();
        command.add(folder.resolve("bus/bin/java").toString());
        command.add("-Xmx256m");
        if (plan.equals("tiered")) {
            command.add(new TrainingRun(caches).option("bus"));
        }
        command.addAll(List.of("-m", "decnet.cli/decnet.cli.Main", "host", "--plan", plan));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(place.resolve("log").toFile());
        builder.environment().put("DECNET_TRAINING", caches.toString());
        builder.environment().put("DECNET_STATE", places.state().toString());
        builder.environment().put("DECNET_RUN", places.run().toString());
        builder.environment().put("DECNET_IMAGES", folder.toString());
        builder.environment().put("DECNET_HOST_ALLOW_UNION", "yes"); // nobody is attacked here
        Process host = builder.start();
        try {
            awaitReady(places, host, place.resolve("log"));
            attack(folder, places);
            scrape(places);
        } catch (IOException e) {
            host.destroy();
            throw e;
        }
        host.destroy();
        if (!host.waitFor(5, TimeUnit.MINUTES)) {
            host.destroyForcibly();
            throw new IOException("the training run does not end; see " + place);
        }
        install(folder, caches, plan);
        Linking.delete(place);
    }

    /** The host's answer to monitoring belongs into its cache as well. */
    private static void scrape(Places places) throws IOException {
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(places.run().resolve("metrics.sock")))) {
            channel.write(ByteBuffer.wrap("GET /metrics HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(1 << 20);
            int count = 0;
            while (count >= 0) {
                count = channel.read(answer);
            }
            if (!new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8).startsWith("HTTP/1.1 200 ")) {
                throw new IOException("the host gives no metrics");
            }
        }
    }

    private static void awaitReady(Places places, Process host, Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            Optional<ObjectNode> status = ControlClient.ask(
                    places.processSocket("host"), Json.object().put("op", "status"), Duration.ofSeconds(2));
            String phase = status.map(json -> json.path("phase").asText()).orElse("");
            if (phase.equals("ready")) {
                return;
            }
            if (phase.equals("degraded") || host.waitFor(200, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw new IOException("the training run did not become ready:\n" + Files.readString(log));
    }

    private static void attack(Path folder, Places places) throws IOException, InterruptedException {
        List<String> list = Run.lines(List.of(
                folder.resolve("decoy/bin/decnet").toString(),
                "decky",
                "list",
                "--json",
                "--state",
                places.state().toString()));
        JsonNode deckies =
                Json.parseObject("{\"list\":" + String.join("\n", list) + "}").path("list");
        int talks = 0;
        for (JsonNode decky : deckies) {
            for (JsonNode service : decky.path("services")) {
                if (!service.path("transport").asText().equals("tcp")) {
                    continue; // its classes are few
                }
                talk(decky.path("address").asText(), service);
                talks++;
            }
        }
        if (talks == 0) {
            throw new IOException("no decoy to train on in " + deckies);
        }
        // until what was said has reached the database: the tiers behind are trained by it
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < end) {
            List<String> attackers = herd(folder, places, "attackers", "--json");
            if (String.join("", attackers).contains("127.0.0.1")) {
                herd(folder, places, "events", "--json");
                return;
            }
        }
        throw new IOException("the training attack did not reach the database");
    }

    private static List<String> herd(Path folder, Places places, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "DECNET_STATE=" + places.state(),
                "DECNET_RUN=" + places.run(),
                folder.resolve("herd/bin/decnet").toString()));
        command.addAll(List.of(words));
        return Run.lines(command);
    }

    private static void talk(String address, JsonNode service) throws IOException {
        List<String> words = WORDS.getOrDefault(service.path("slug").asText(), List.of("hello"));
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.ofLiteral(address), service.path("port").asInt()),
                    2000);
            socket.setSoTimeout(400);
            for (String word : words) {
                listen(socket);
                socket.getOutputStream().write((word + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
            listen(socket);
        }
    }

    private static void listen(Socket socket) throws IOException {
        try {
            int unused = socket.getInputStream().read(new byte[4096]);
            if (unused < 0) {
                return;
            }
        } catch (java.net.SocketTimeoutException e) {
            return; // it waits for us
        }
    }

    private static void install(Path folder, Path caches, String plan) throws IOException {
        for (Tier tier : Tier.ALL) {
            if (tier.name().equals("mono") != plan.equals("mono")) {
                continue;
            }
            Path cache = caches.resolve(tier.name() + ".aot");
            if (!Files.isRegularFile(cache)) {
                throw new IOException("the training run left no cache for the image " + tier.name());
            }
            Files.copy(
                    cache,
                    folder.resolve(tier.name()).resolve("lib/server/classes.jsa"),
                    StandardCopyOption.REPLACE_EXISTING);
            System.out.printf("images: trained %s, %d MiB%n", tier.name(), Files.size(cache) >> 20);
        }
    }
}
