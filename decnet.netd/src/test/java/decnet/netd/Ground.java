package decnet.netd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.linux.Namespace;
import decnet.runtime.Tool;
import decnet.topology.Attachment;
import decnet.topology.Decky;
import decnet.topology.Fleet;
import decnet.topology.FleetFile;
import decnet.topology.FleetPlan;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import decnet.topology.Lan;
import decnet.topology.Link;
import decnet.topology.Placement;
import decnet.topology.Rotation;
import decnet.topology.ServiceCatalogue;
import decnet.topology.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A piece of real network: an interface of this host, at whose other end a namespace of its own stands for everybody else. Needs root
 * and iproute2; without them the test is skipped, loudly. Everything is gone when it is closed.
 */
final class Ground implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String tag;
    private final String outside;
    private final String uplink;
    private final boolean bridge;

    private Ground(boolean bridge, int number) {
        this.tag = "dt" + ProcessHandle.current().pid() % 100_000 + (bridge ? "b" : "m") + number;
        this.outside = tag + "o";
        this.uplink = tag + "u";
        this.bridge = bridge;
    }

    static Ground laid(boolean bridge, int number) throws Exception {
        boolean able = System.getProperty("user.name").equals("root")
                && NetworkTools.missing().isEmpty();
        if (!able) {
            System.err.println("SKIPPED: needs root, iproute2 and iptables; missing: " + NetworkTools.missing());
        }
        assumeTrue(able, "root, iproute2 and iptables");
        Ground ground = new Ground(bridge, number);
        try {
            ground.lay();
            return ground;
        } catch (Exception | AssertionError e) {
            ground.close();
            throw e;
        }
    }

    private void lay() throws Exception {
        ip("netns", "add", outside);
        if (bridge) {
            ip("link", "add", uplink, "type", "bridge");
            ip("link", "add", tag + "v", "type", "veth", "peer", "name", "wire", "netns", outside);
            ip("link", "set", tag + "v", "master", uplink, "up");
        } else {
            ip("link", "add", uplink, "type", "veth", "peer", "name", "wire", "netns", outside);
        }
        ip("addr", "add", "10.97.7.1/24", "dev", uplink);
        ip("link", "set", uplink, "up");
        ip("-n", outside, "addr", "add", "10.97.7.2/24", "dev", "wire");
        ip("-n", outside, "-6", "addr", "add", "fd97:7::2/64", "dev", "wire", "nodad");
        ip("-n", outside, "link", "set", "wire", "up");
        ip("-n", outside, "link", "set", "lo", "up");
    }

    String uplink() {
        return uplink;
    }

    static String ip(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Tool tool = Tool.run(command, "", PATIENCE);
        assertThat(tool.code()).as("%s: %s", command, tool.err()).isZero();
        return tool.out();
    }

    /** Where everybody else is. */
    <T> T fromOutside(Callable<T> task) throws Exception {
        try (Namespace namespace = Namespace.named(outside)) {
            return namespace.call(task);
        }
    }

    Lan lan() {
        return new Lan(
                "lan",
                Subnet.parse("10.97.7.0/24"),
                Optional.of(Subnet.parse("fd97:7::/64")),
                Optional.of(uplink),
                Optional.empty());
    }

    static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    /** A fleet of web servers on the ground, the first at .10; well-known ports. */
    Fleet fleet(Path folder, int amount) {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < amount; i++) {
            file.append("[m").append(i).append("]\narchetype = web-server\nservices = http, tftp\n");
        }
        FleetStore store = new FleetStore(folder);
        List<Decky> loopback = FleetPlan.make(
                        FleetFile.parse("test", file.toString()),
                        store,
                        InstallationSecret.open(folder.resolveSibling("state")),
                        Instant.parse("2026-11-01T00:00:00Z"))
                .result();
        List<Decky> attached = new ArrayList<>();
        for (int i = 0; i < loopback.size(); i++) {
            attached.add(on(
                    loopback.get(i),
                    List.of(new Attachment(
                            "lan",
                            address("10.97.7." + (10 + i)),
                            Optional.of(address("fd97:7::" + Integer.toHexString(16 + i))),
                            Link.PERFECT)),
                    false));
        }
        return new Fleet(1, List.of(lan()), attached);
    }

    static Decky on(Decky decky, List<Attachment> attachments, boolean forwards) {
        return new Decky(
                decky.name(),
                decky.persona(),
                attachments.getFirst().address(),
                decky.services().stream()
                        .map(service -> new decnet.topology.DeckyService(
                                service.slug(),
                                ServiceCatalogue.find(service.slug())
                                        .orElseThrow()
                                        .ports(),
                                service.options()))
                        .toList(),
                new Placement("", attachments, forwards, Optional.empty()),
                Rotation.NONE);
    }

    @Override
    public void close() throws IOException {
        try {
            for (List<String> command : List.of(
                    List.of("ip", "netns", "del", outside),
                    List.of("ip", "link", "del", tag + "v"),
                    List.of("ip", "link", "del", uplink))) {
                Tool tool = Tool.run(command, "", PATIENCE);
                assertThat(tool).isNotNull(); // what was not made cannot be deleted
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
