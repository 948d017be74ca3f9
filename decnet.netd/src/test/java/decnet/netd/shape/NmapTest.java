package decnet.netd.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.core.Counters;
import decnet.linux.Namespace;
import decnet.topology.OsFamily;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scanner takes the machines for, and whether honest callers notice anything. */
class NmapTest {
    private static final int FIRST_PORT = 22;
    private static final int SECOND_PORT = 80;
    private static final int BODY = 1 << 20;
    private static final Duration RUNNING = Duration.ofDays(17);
    private static final Pattern GUESS =
            Pattern.compile("<osmatch name=\"([^\"]+)\" accuracy=\"(\\d+)\"[^>]*>(.*?)</osmatch>", Pattern.DOTALL);
    private static final Pattern UPTIME = Pattern.compile("<uptime seconds=\"(\\d+)\"");
    private static final Pattern OS_FAMILY = Pattern.compile("osfamily=\"([^\"]+)\"");

    /** A machine of a family: the number of its address, and what the first guess must look like. */
    private record Machine(int number, String osFamily, Pattern name) {}

    private static final Map<OsFamily, Machine> MACHINES = new EnumMap<>(Map.of(
            OsFamily.LINUX, new Machine(2, "Linux", Pattern.compile("Linux [4-6]\\..*")),
            OsFamily.WINDOWS, new Machine(3, "Windows", Pattern.compile("Microsoft Windows (10|11|8|7)\\b.*")),
            OsFamily.WINDOWS_SERVER, new Machine(4, "Windows", Pattern.compile("Microsoft Windows Server .*")),
            OsFamily.BSD, new Machine(5, "FreeBSD", Pattern.compile("FreeBSD .*")),
            OsFamily.EMBEDDED, new Machine(6, "embedded", Pattern.compile(".*printer.*")),
            OsFamily.CISCO, new Machine(7, "IOS", Pattern.compile("Cisco .*"))));

    @Test
    void eachMachineIsTakenForOneOfItsFamilyAndServesItsCallers(@TempDir Path folder) throws Exception {
        String missing = Lab.missing("ip", "iptables-nft-restore", "nmap", "curl");
        if (!missing.isEmpty()) {
            System.err.println("SKIPPED NmapTest: this machine lacks " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
        Counters counters = new Counters();
        List<AutoCloseable> open = new ArrayList<>();
        try (Lab lab = Lab.open();
                ShapeEngine engine = ShapeEngine.start(counters, InstantSource.system())) {
            Namespace scanner = lab.host("scan");
            assertThat(MACHINES).containsOnlyKeys(OsFamily.values());
            for (Map.Entry<OsFamily, Machine> each : MACHINES.entrySet()) {
                OsFamily family = each.getKey();
                StackProfile profile = StackProfile.of(family);
                Namespace machine = lab.host(family.slug());
                profile.writeSysctls(machine);
                engine.add(family.slug(), machine, profile, Instant.now().minus(RUNNING));
                lab.load(family.slug(), ShapeRules.of(profile));
                int number = each.getValue().number();
                for (int port : List.of(FIRST_PORT, SECOND_PORT)) {
                    open.add(LabServer.start(machine, StandardProtocolFamily.INET, Lab.address(number), port));
                    open.add(LabServer.start(machine, StandardProtocolFamily.INET6, Lab.address6(number), port));
                }
            }

            for (Machine machine : MACHINES.values()) {
                transferByJava(scanner, machine);
                transferByCurl(lab, machine, folder);
            }

            Path report = folder.resolve("nmap.xml");
            String text = lab.exec(
                    "scan",
                    "nmap",
                    "-O",
                    "-n",
                    "-Pn",
                    "-p",
                    "22,80,9999",
                    "-oX",
                    report.toString(),
                    "--osscan-guess",
                    Lab.address(2) + "-7");
            keep(report, text);
            check(Files.readString(report));
            assertThat(counters.value(ShapeCounter.BROKEN)).isZero();
            assertThat(counters.value(ShapeCounter.OVERFLOWS)).isZero();
            assertThat(counters.value(ShapeCounter.ERRORS)).isZero();
        } finally {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }

    private static void keep(Path report, String text) throws Exception {
        Path kept = Path.of("target");
        if (Files.isDirectory(kept)) {
            Files.writeString(kept.resolve("nmap.txt"), text);
            Files.copy(report, kept.resolve("nmap.xml"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void check(String report) {
        SoftAssertions all = new SoftAssertions();
        for (Map.Entry<OsFamily, Machine> each : MACHINES.entrySet()) {
            Machine machine = each.getValue();
            int at = report.lastIndexOf("addr=\"" + Lab.address(machine.number()) + "\"");
            String host = report.substring(at, report.indexOf("</host>", at));
            Matcher guess = GUESS.matcher(host);
            boolean found = guess.find();
            String name = found ? guess.group(1) : "no guess";
            String classes = found ? guess.group(3) : "";
            System.err.println(each.getKey() + ": " + name + " " + (found ? guess.group(2) : "") + " %");
            Matcher family = OS_FAMILY.matcher(classes);
            all.assertThat(family.find() ? family.group(1) : "none")
                    .as(each.getKey() + " " + name)
                    .isEqualTo(machine.osFamily());
            all.assertThat(name).as(each.getKey().slug()).matches(machine.name());
            Matcher uptime = UPTIME.matcher(host);
            if (StackProfile.of(each.getKey()).tellsUptime()) {
                all.assertThat(uptime.find() ? Long.parseLong(uptime.group(1)) : 0)
                        .as("uptime of " + each.getKey().slug())
                        .isCloseTo(RUNNING.toSeconds(), within(600L));
            }
        }
        all.assertAll();
    }

    private static void transferByJava(Namespace scanner, Machine machine) throws Exception {
        byte[] body = new byte[BODY];
        new SplittableRandom(machine.number()).nextBytes(body);
        for (String address : List.of(Lab.address(machine.number()), Lab.address6(machine.number()))) {
            byte[] back = scanner.call(() -> {
                try (SocketChannel client = SocketChannel.open(new InetSocketAddress(address, SECOND_PORT))) {
                    return exchange(client, body);
                }
            });
            assertThat(back).as(address).isEqualTo(body);
        }
    }

    static byte[] exchange(SocketChannel client, byte[] body) throws Exception {
        byte[] header =
                ("POST / HTTP/1.1\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        for (ByteBuffer out : List.of(ByteBuffer.wrap(header), ByteBuffer.wrap(body))) {
            while (out.hasRemaining()) {
                client.write(out);
            }
        }
        ByteBuffer in = ByteBuffer.allocate(body.length + 4096);
        while (client.read(in) >= 0) {
            assertThat(in.hasRemaining()).isTrue();
        }
        byte[] back = new byte[body.length];
        in.flip().position(in.limit() - body.length).get(back);
        return back;
    }

    private static void transferByCurl(Lab lab, Machine machine, Path folder) throws Exception {
        byte[] body = new byte[BODY];
        new SplittableRandom(-machine.number()).nextBytes(body);
        Path sent = Files.write(folder.resolve("sent"), body);
        Path back = folder.resolve("back");

        lab.exec(
                "scan",
                "curl",
                "-sS",
                "--max-time",
                "30",
                "--data-binary",
                "@" + sent,
                "-o",
                back.toString(),
                "http://" + Lab.address(machine.number()) + ":" + FIRST_PORT + "/");

        assertThat(Files.readAllBytes(back)).as("curl " + machine).isEqualTo(body);
    }
}
