package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The linked images on a fresh state in a short temporary folder. Everything is asked over wires: the launchers of the images, and
 * sockets. {@link #close} stops what was started; if that leaves anything running, it fails and shows the logs.
 */
final class Installation implements AutoCloseable {
    private static final Path IMAGES =
            Path.of(System.getProperty("decnet.images", "")).toAbsolutePath();
    private static final Duration COMMAND = Duration.ofSeconds(60);
    private static final Duration START = Duration.ofSeconds(240);

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private List<String> namespace = List.of();

    private Installation(Path folder) {
        this.folder = folder;
        environment.put("DECNET_STATE", state().toString());
        environment.put("DECNET_RUN", run().toString());
    }

    /** An empty place; nothing runs. */
    static Installation empty() {
        try {
            Path folder = Files.createTempDirectory("di"); // short: socket paths end at 107 bytes
            // PostgreSQL and the decoys of a root user run as somebody else, who must get through
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            return new Installation(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code decnet up --detach} on an empty state, ready. */
    static Installation start(String... options) {
        Installation installation = empty();
        try {
            installation.up(options).succeeded();
            return installation;
        } catch (AssertionError e) {
            e.addSuppressed(new AssertionError(installation.logs()));
            installation.close();
            throw e;
        }
    }

    Path folder() {
        return folder;
    }

    Path state() {
        return folder.resolve("s");
    }

    Path run() {
        return folder.resolve("r");
    }

    static Path image(String name) {
        return IMAGES.resolve(name);
    }

    /** Sets a variable for every later command, {@code up} among them. */
    Installation with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Lets {@code up}, and so everything it starts, live in a network namespace, and commands that ask for its interfaces. */
    Installation within(String name) {
        namespace = List.of("ip", "netns", "exec", name);
        return this;
    }

    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    Outcome up(String... options) {
        List<String> words = new ArrayList<>(List.of("up", "--detach"));
        words.addAll(List.of(options));
        return command(START, words);
    }

    /** Runs a command with the image that holds it, as {@code ./decnet} would. */
    Outcome command(String... words) {
        return command(COMMAND, List.of(words));
    }

    Outcome command(Duration limit, List<String> words) {
        boolean local = List.of("up", "deploy", "decky", "topology").contains(words.getFirst());
        List<String> command = new ArrayList<>(local ? namespace : List.of());
        command.add(launcher(words).toString());
        command.addAll(words);
        return Processes.run(command, environment, "", limit);
    }

    private static Path launcher(List<String> words) {
        String name = words.getFirst();
        Map<String, String> catalogue = catalogue();
        String image = catalogue.getOrDefault(name, "bus");
        if (words.size() > 1) {
            image = catalogue.getOrDefault(name + ":" + words.get(1), image);
        }
        return image(image).resolve("bin/decnet");
    }

    private static Map<String, String> catalogue() {
        Map<String, String> images = new HashMap<>();
        try (Stream<String> lines = Files.lines(IMAGES.resolve(".stamp/commands"))) {
            lines.map(line -> line.split(" ")).forEach(parts -> images.put(parts[0], parts[1]));
        } catch (IOException e) {
            throw new UncheckedIOException("the images are not built: " + IMAGES, e);
        }
        return images;
    }

    /** A program that is none of ours. */
    Outcome client(String input, String... command) {
        return Processes.run(List.of(command), Map.of("HOME", folder.toString()), input, COMMAND);
    }

    /** Deckies by name, as {@code decky list} tells them. */
    Map<String, JsonNode> deckies() {
        Map<String, JsonNode> deckies = new TreeMap<>();
        command("decky", "list", "--json")
                .json()
                .forEach(decky -> deckies.put(decky.path("name").asText(), decky));
        return deckies;
    }

    /** The first decky that offers a service. */
    Service service(String slug) {
        return services().stream()
                .filter(service -> service.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no decky offers " + slug));
    }

    /** Those over TCP. */
    List<Service> services() {
        List<Service> services = new ArrayList<>();
        deckies().forEach((name, decky) -> decky.path("services").forEach(service -> {
            if (service.path("transport").asText().equals("tcp")) {
                services.add(new Service(
                        name,
                        service.path("slug").asText(),
                        decky.path("address").asText(),
                        service.path("port").asInt()));
            }
        }));
        return services;
    }

    /** One socket a decky listens on. */
    record Service(String decky, String slug, String address, int port) {
        InetSocketAddress socket() {
            return new InetSocketAddress(InetAddress.ofLiteral(address), port);
        }
    }

    /** Accounts of a decky that work. */
    List<Login> logins(String decky) {
        List<Login> logins = new ArrayList<>();
        command("decky", "show", decky, "--secrets", "--json")
                .json()
                .path("logins")
                .forEach(login -> logins.add(new Login(
                        login.path("user").asText(), login.path("password").asText())));
        return logins;
    }

    record Login(String user, String password) {}

    JsonNode attacker(String address) {
        return command("attackers", "show", address, "--json").json();
    }

    /** One value from the database. */
    String sql(String query) {
        return command("db", "psql", "--", "-Atc", query).succeeded().out().strip();
    }

    /** Pid by process, from the process files and, for PostgreSQL, from the host. */
    Map<String, Long> pids() {
        Map<String, Long> pids = new TreeMap<>();
        command("footprint", "--json").json().path("processes").forEach(entry -> {
            if (!entry.path("state").asText().equals("dead")) {
                pids.put(entry.path("process").asText(), entry.path("pid").asLong());
            }
        });
        return pids;
    }

    void awaitReady(Duration patience) {
        await(patience, () -> assertThat(command("status").code())
                .as("exit code of status")
                .isZero());
    }

    JsonNode status(String process) {
        for (JsonNode entry : command("status", "--json").json().path("processes")) {
            if (entry.path("process").asText().equals(process)) {
                return entry;
            }
        }
        throw new AssertionError("no process " + process);
    }

    /** A worker as {@code worker list} tells it, whatever its state. */
    JsonNode worker(String name) {
        for (JsonNode worker : command("worker", "list", "--json").json().path("workers")) {
            if (worker.path("worker").asText().equals(name)) {
                return worker;
            }
        }
        throw new AssertionError("no worker " + name);
    }

    /** The last lines of every log. */
    String logs() {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.exists(state().resolve("log"))
                ? Files.list(state().resolve("log")).sorted()
                : Stream.empty()) {
            for (Path file : files.toList()) {
                List<String> lines = Files.readString(file, StandardCharsets.ISO_8859_1)
                        .lines()
                        .toList();
                text.append("---- ").append(file).append('\n');
                lines.subList(Math.max(0, lines.size() - 40), lines.size())
                        .forEach(line -> text.append(line).append('\n'));
            }
        } catch (IOException e) {
            text.append(e);
        }
        return text.toString();
    }

    /** Runs {@code steps} and shows the logs if they fail. */
    void check(Steps steps) throws Exception {
        try {
            steps.run();
        } catch (Exception | AssertionError e) {
            e.addSuppressed(new AssertionError(logs()));
            throw e;
        }
    }

    @FunctionalInterface
    interface Steps {
        void run() throws Exception;
    }

    List<Long> processes() {
        return Processes.of(folder);
    }

    @Override
    public void close() {
        if (!processes().isEmpty()) {
            command(Duration.ofSeconds(120), List.of("down"));
        }
        List<Long> left = processes();
        String lines =
                String.join("\n", left.stream().map(Processes::commandLine).toList());
        String logs = left.isEmpty() ? "" : logs();
        left.forEach(Processes::kill);
        delete();
        assertThat(left).as("left running after down: %s%n%s", lines, logs).isEmpty();
    }

    private void delete() {
        try {
            Linking.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
