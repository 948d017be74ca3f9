package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.testing.FreePort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two sensors in network namespaces of their own and a centre. Numbered events go into the decoys' journals of all three while processes
 * are killed, lines are late and cut at any byte, PostgreSQL is killed and a disk is full; then what was sent is what is stored. For
 * {@code decnet.soak.seconds} (60; with {@code -Plong} 1800). What happened is in {@code target/chaos.txt}.
 */
@Timeout(value = 7200)
final class ChaosIT {
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("decnet.soak.seconds", 60));
    private static final long SEED = Long.getLong("decnet.soak.seed", System.nanoTime());
    private static final Duration RECOVERY = Duration.ofSeconds(300);
    private static final List<String> SENSORS = List.of("paris", "tokyo");

    private final Random random = new Random(SEED);
    private final Map<String, Integer> kills = new TreeMap<>();
    private final Map<String, Host> hosts = new TreeMap<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    private record Host(Installation decnet, NumberedEvents events) {}

    private static Outcome root(String... command) {
        return Processes.run(List.of(command), Map.of(), "", Duration.ofSeconds(20));
    }

    private static void assumeNamespaces() {
        String name = "decnet-try-" + ProcessHandle.current().pid();
        boolean can = System.getProperty("user.name").equals("root")
                && Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "ip")))
                && root("ip", "netns", "add", name).code() == 0
                && root("ip", "netns", "del", name).code() == 0;
        if (!can) {
            System.err.println("SKIPPED ChaosIT: it needs root, ip and network namespaces");
        }
        assumeTrue(can, "root, ip and network namespaces");
    }

    @Test
    void whateverIsKilledOrCutWhatWasSentIsWhatIsStored() throws Exception {
        assumeNamespaces();
        try {
            int port = FreePort.next();
            Installation centre = open(Installation.start());
            centre.command("swarm", "ca", "init").succeeded();
            List<String> own = new ArrayList<>(List.of("swarm", "ca", "issue", "centre", "--own"));
            List<CutLine> lines = new ArrayList<>();
            for (String sensor : SENSORS) {
                String near = link(sensor);
                own.addAll(List.of("--san", near));
                lines.add(open(new CutLine(
                        InetAddress.ofLiteral(near),
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                        random.nextLong())));
            }
            centre.command(own.toArray(String[]::new)).succeeded();
            restart(centre.with("DECNET_LISTENER_ADDRESS", "127.0.0.1:" + port));
            centre.check(() -> {
                host("centre", centre);
                for (int i = 0; i < SENSORS.size(); i++) {
                    sensor(SENSORS.get(i), centre, near(i) + ":" + lines.get(i).port());
                }
                run(lines);
                compare(centre, lines);
            });
        } catch (Exception | AssertionError e) {
            // the sensors' side of it; the centre tells its own
            hosts.forEach((name, host) -> {
                if (!name.equals("centre")) {
                    e.addSuppressed(new AssertionError(name + ": "
                            + host.decnet().command("relay", "status").out()
                            + host.decnet().command("status").out()
                            + host.decnet().logs()));
                }
            });
            throw e;
        } finally {
            closeAll();
        }
    }

    /** With other settings. */
    private static void restart(Installation decnet) {
        decnet.command(Duration.ofSeconds(120), List.of("down")).succeeded();
        decnet.up().succeeded();
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.addFirst(resource);
        return resource;
    }

    private void closeAll() throws Exception {
        hosts.values().forEach(host -> host.events().close());
        for (AutoCloseable resource : opened) {
            resource.close();
        }
    }

    private static String near(int sensor) {
        return "10.98." + (sensor + 1) + ".1";
    }

    /** A namespace that reaches this host over one link and nothing else. @return the address at this end */
    private String link(String sensor) {
        int number = SENSORS.indexOf(sensor);
        String space = "decnet-" + sensor + "-" + ProcessHandle.current().pid();
        String end = "dn" + number + "-" + ProcessHandle.current().pid();
        root("ip", "netns", "add", space).succeeded();
        open(() -> root("ip", "netns", "del", space));
        root("ip", "link", "add", end, "type", "veth", "peer", "name", "up0", "netns", space)
                .succeeded();
        root("ip", "addr", "add", near(number) + "/30", "dev", end).succeeded();
        root("ip", "link", "set", end, "up").succeeded();
        root("ip", "-n", space, "addr", "add", "10.98." + (number + 1) + ".2/30", "dev", "up0")
                .succeeded();
        root("ip", "-n", space, "link", "set", "up0", "up").succeeded();
        root("ip", "-n", space, "link", "set", "lo", "up").succeeded();
        return near(number);
    }

    /** Takes the place of the decoys, which are parked. */
    private void host(String name, Installation decnet) {
        String decky = decnet.deckies().keySet().iterator().next();
        decnet.command("worker", "park", "decoys", "--reason", "chaos").succeeded();
        hosts.put(name, new Host(decnet, new NumberedEvents(name, decnet.state(), decky, random.nextLong())));
    }

    /** The state of a sensor is a small disk of its own, so that it can be filled. */
    private void sensor(String name, Installation centre, String to) throws IOException {
        Installation decnet = open(Installation.empty());
        Files.createDirectories(decnet.state());
        root(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=256m,mode=0755",
                        "tmpfs",
                        decnet.state().toString())
                .succeeded();
        opened.add(opened.indexOf(decnet), () -> {
            decnet.command(Duration.ofSeconds(120), List.of("down"));
            root("umount", decnet.state().toString()).succeeded();
        });
        decnet.with("DECNET_HOST_ROLE", "sensor")
                .with("DECNET_HOST_MIN_FREE_MIB", "16")
                .with("DECNET_COLLECT_SENSOR", name)
                .within("decnet-" + name + "-" + ProcessHandle.current().pid());
        decnet.up().succeeded();
        centre.command("swarm", "ca", "issue", name).succeeded();
        Path own = decnet.state().resolve("swarm/own");
        Files.createDirectories(own);
        try (Stream<Path> files =
                Files.list(centre.state().resolve("swarm/issued").resolve(name))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".pem")).toList()) {
                Files.copy(file, own.resolve(String.valueOf(file.getFileName())));
            }
        }
        root("chown", "-R", "--reference=" + decnet.state(), own.getParent().toString())
                .succeeded();
        restart(decnet.with("DECNET_FORWARDER_TO", to));
        host(name, decnet);
    }

    private void run(List<CutLine> lines) throws IOException {
        long end = System.nanoTime() + LENGTH.toNanos();
        boolean filled = false;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(700_000_000L + random.nextInt(1_500_000_000));
            switch (random.nextInt(4)) {
                case 0 -> lines.get(random.nextInt(lines.size())).cut();
                case 1 -> kill("centre", List.of("bus", "capture", "herd", "profiler", "ttp", "postgres"));
                default ->
                    kill(
                            random.nextBoolean() ? "centre" : SENSORS.get(random.nextInt(SENSORS.size())),
                            List.of("bus", "capture", "herd"));
            }
            if (!filled && System.nanoTime() > end - LENGTH.toNanos() / 2) {
                filled = true;
                fillDisk(hosts.get(SENSORS.getFirst()));
            }
        }
        lines.forEach(CutLine::heal);
        lines.forEach(CutLine::cut);
        hosts.values().forEach(host -> host.events().close());
    }

    private void kill(String name, List<String> processes) {
        String process = processes.get(random.nextInt(processes.size()));
        Long pid = host(name).decnet().pids().get(process);
        if (pid != null) { // it may be starting
            Processes.kill(pid);
            kills.merge(name + "/" + process, 1, Integer::sum);
        }
    }

    private Host host(String name) {
        Host host = hosts.get(name);
        assertThat(host).as(name).isNotNull();
        return host;
    }

    private static void fillDisk(Host host) throws IOException {
        Path filler = host.decnet().state().resolve("filler");
        long before = host.events().failures();
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] chunk = new byte[1 << 16];
            while (true) {
                out.write(chunk);
            }
        } catch (IOException e) {
            await(Duration.ofSeconds(20), () -> assertThat(host.events().failures())
                    .isGreaterThan(before));
        } finally {
            Files.delete(filler);
        }
    }

    private void compare(Installation centre, List<CutLine> lines) throws IOException {
        StringBuilder table =
                new StringBuilder("| source | events sent | rows | blobs | disk refused |\n|---|---|---|---|---|\n");
        for (Map.Entry<String, Host> entry : hosts.entrySet()) {
            NumberedEvents events = entry.getValue().events();
            String of = " from event where fields ->> 'host' = '" + entry.getKey() + "'";
            await(RECOVERY, () -> assertThat(centre.sql("select count(*)" + of))
                    .as("rows of %s", entry.getKey())
                    .isEqualTo(Long.toString(events.sent())));
            assertThat(centre.sql("select count(distinct fields ->> 'n')" + of))
                    .as("different rows of %s", entry.getKey())
                    .isEqualTo(Long.toString(events.sent()));
            await(RECOVERY, () -> assertThat(missing(centre, events.hashes()))
                    .as("blobs of %s that are not at the centre", entry.getKey())
                    .isEmpty());
            table.append(String.format(
                    "| %s | %d | %d | %d | %d |%n",
                    entry.getKey(),
                    events.sent(),
                    events.sent(),
                    events.hashes().size(),
                    events.failures()));
        }
        assertThat(centre.sql("select count(*) - count(distinct event_id) from event where fields ? 'n'"))
                .as("ids that are there twice")
                .isEqualTo("0");
        assertThat(centre.sql("select count(*) from (select (fields ->> 'k')::int as k, lag((fields ->> 'k')::int)"
                        + " over (partition by session order by seq) as before from event where fields ? 'k') as x"
                        + " where before is not null and k <> before + 1"))
                .as("events out of the order of their session")
                .isEqualTo("0");
        assertThat(centre.sql("select count(distinct sensor) from event where fields ? 'n'"))
                .isEqualTo("3");
        assertThat(centre.sql("select count(*) from dead_letter")).isEqualTo("0");
        String text = table + "\nkills " + kills + ", cuts of lines "
                + lines.stream().map(line -> Long.toString(line.cuts())).collect(Collectors.joining(" and "))
                + ", seed " + SEED + "\n";
        System.out.println(text);
        Files.writeString(Path.of("target", "chaos.txt"), text);
        assertThat(kills).as("kills").isNotEmpty();
        assertThat(lines).allSatisfy(line -> assertThat(line.cuts()).isPositive());
    }

    private static Set<String> missing(Installation centre, Set<String> hashes) {
        Set<String> missing = new HashSet<>(hashes);
        missing.removeIf(hash -> Stream.of("blobs", "blobs-relay")
                .anyMatch(store -> Files.exists(centre.state()
                        .resolve(store)
                        .resolve(hash.substring(0, 2))
                        .resolve(hash))));
        return missing;
    }
}
