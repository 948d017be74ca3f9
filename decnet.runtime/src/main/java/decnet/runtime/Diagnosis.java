package decnet.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Config;
import decnet.core.Json;
import decnet.core.Places;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One thing the doctor looked at.
 *
 * @param advice what to do; empty if nothing
 */
public record Diagnosis(String check, boolean ok, String finding, String advice) {
    private static final int LONGEST_SOCKET_PATH = 107;

    public static Diagnosis fine(String check, String finding) {
        return new Diagnosis(check, true, finding, "");
    }

    public static Diagnosis trouble(String check, String finding, String advice) {
        return new Diagnosis(check, false, finding, advice);
    }

    /** Looks at Java, images, rights, folders, disk, tools, PostgreSQL and the deckies' ports. */
    public static List<Diagnosis> examine(Places places, Images images, Config config) throws InterruptedException {
        List<Diagnosis> all = new ArrayList<>();
        all.add(fine("java", Runtime.version() + " from " + System.getProperty("java.home")));
        for (String image : List.of("bus", "netd", "decoy", "capture", "herd", "heavy")) {
            all.add(
                    images.has(image)
                            ? fine(
                                    "image " + image,
                                    images.folder().resolve(image).toString())
                            : trouble(
                                    "image " + image,
                                    "missing in " + images.folder(),
                                    "build it with  mvn package , or install its package"));
        }
        Path server = images.folder().resolve("postgres").resolve("bin").resolve("postgres");
        all.add(
                Files.isExecutable(server)
                        ? fine("postgresql", server.toString())
                        : trouble(
                                "postgresql",
                                server + " is missing",
                                "build it with  mvn package , or set db.url to a server of yours"));
        all.add(rights());
        all.add(tool("setpriv", "util-linux"));
        all.add(fine(
                "machines on a network",
                Containment.obstacle(images).map(why -> "not here: " + why).orElse("possible")));
        all.add(disk(places, HostConfig.from(config)));
        Path longest = places.run().resolve("campaign-clusterer.sock");
        all.add(
                longest.toString().length() <= LONGEST_SOCKET_PATH
                        ? fine("socket paths", places.run().toString())
                        : trouble(
                                "socket paths",
                                longest + " is longer than " + LONGEST_SOCKET_PATH + " bytes",
                                "set DECNET_RUN to a shorter folder"));
        boolean running = ProcessFile.read(places.processFile("host"))
                .filter(ProcessFile::alive)
                .isPresent();
        all.add(fine("running", running ? "yes, on " + places.state() : "no"));
        if (!running) {
            all.addAll(ports(places, images));
        }
        return all;
    }

    private static Diagnosis rights() {
        try {
            String remark = Accounts.resolve().describe();
            return fine("rights", remark.isEmpty() ? "root, with the users of the packages" : remark);
        } catch (IOException e) {
            return trouble("rights", "cannot read /etc/passwd: " + e.getMessage(), "repair it");
        }
    }

    private static Diagnosis tool(String name, String debianPackage) {
        for (String folder :
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":")) {
            Path path = Path.of(folder, name);
            if (Files.isExecutable(path)) {
                return fine(name, path.toString());
            }
        }
        return trouble(name, "not found on the PATH", "install the Debian package " + debianPackage);
    }

    private static Diagnosis disk(Places places, HostConfig config) {
        Path existing = places.state();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace() >> 20;
            String finding = free + " MiB free for " + places.state();
            if (free < config.minFreeMib()) {
                return trouble("disk", finding, "make room, or choose another folder with --state");
            }
            return Files.isWritable(existing)
                    ? fine("disk", finding)
                    : trouble("disk", existing + " is not writable", "choose a folder of yours with --state");
        } catch (IOException e) {
            return trouble("disk", e.getMessage() == null ? e.toString() : e.getMessage(), "check " + existing);
        }
    }

    private static List<Diagnosis> ports(Places places, Images images) throws InterruptedException {
        List<Diagnosis> all = new ArrayList<>();
        int free = 0;
        try {
            Tool tool = Tool.run(
                    images.command("decoy", List.of("-Xmx48m"), List.of("decky", "list", "--json")),
                    Map.of(
                            "DECNET_STATE",
                            places.state().toString(),
                            "DECNET_RUN",
                            places.run().toString()),
                    Duration.ofSeconds(20));
            JsonNode deckies = Json.parseObject("{\"list\":" + tool.out() + "}").path("list");
            for (JsonNode decky : deckies) {
                for (JsonNode service : decky.path("services")) {
                    String address = decky.path("address").asText();
                    int port = service.path("port").asInt();
                    try (ServerSocket probe = new ServerSocket()) {
                        probe.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
                        free++;
                    } catch (IOException e) {
                        all.add(trouble(
                                "port " + address + ":" + port,
                                String.valueOf(e.getMessage()),
                                "stop what listens there, or give the decky another address"));
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            all.add(fine("ports", "no fleet deployed yet"));
            return all;
        }
        all.add(fine("ports", free + " of the deckies' ports are free"));
        return all;
    }
}
