package decnet.decoys;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Event;
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
import decnet.topology.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a visitor of one machine's shell can do to the others. */
@Timeout(120)
class ShellReachTest {
    private static final String FILE = """
        [alpha]
        archetype = iot-device
        services = telnet
        [beta]
        archetype = iot-device
        services = telnet, http
        [gamma]
        archetype = database-server
        services = redis, ssh
        distro = debian12
        [delta]
        archetype = linux-server
        services = ssh, http
        distro = debian12
        """;
    private static final List<Decky> DECKIES = deckies();

    private static List<Decky> deckies() {
        try {
            Path state = Files.createTempDirectory("decnet-reach");
            FleetStore store = new FleetStore(state.resolve("fleet"));
            Fleet fleet = FleetPlan.make(
                            FleetFile.parse("test", FILE), store, InstallationSecret.open(state), Fixtures.NOW)
                    .apply(store)
                    .orElseThrow();
            List<Decky> placed = new ArrayList<>();
            for (Decky decky : fleet.deckies()) {
                placed.add(
                        ServiceFixture.onFreePorts(decky, InetAddress.ofLiteral("127.77.0." + (10 + placed.size()))));
            }
            return placed;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Decky decky(String name) {
        return DECKIES.stream()
                .filter(one -> one.name().text().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String host(String name) {
        return decky(name).persona().hostname();
    }

    private static String address(String name) {
        return decky(name).persona().site().address();
    }

    private static String password(Decky decky) {
        return Visitor.password(decky);
    }

    private static ServiceFixture.Running running() throws Exception {
        var running = new ServiceFixture.Running(Map.of(), DecoyServices.all());
        assertThat(running.engine.serve(new Fleet(1, List.of(), DECKIES), Descriptors.NONE))
                .isEmpty();
        return running;
    }

    @Test
    void telnetLogsInToTheNextMachineAndBothTellIt() throws Exception {
        try (var running = running();
                Visitor terminal = new Visitor(decky("alpha"))) {
            terminal.type("telnet " + host("beta") + "\r\n");
            assertThat(terminal.await("login: "))
                    .contains("Entering character mode\r\nEscape character is '^]'.")
                    .contains(host("beta") + " login: ");
            terminal.type("root\r");
            terminal.await("assword: ");
            terminal.type(password(decky("beta")) + "\r");
            terminal.await("# ");
            terminal.type("uname -n\r");
            assertThat(terminal.await("# ")).isEqualTo("uname -n\r\n" + host("beta") + "\r\n# ");
            terminal.type("sleep 9\u0003");
            terminal.type("exit\r");
            assertThat(terminal.await("foreign host\r\n# ")).contains("Connection closed");
            assertThat(terminal.run("uname -n")).startsWith(host("alpha"));

            Event left = running.events("lateral_connect").getFirst();
            assertThat(left.decky()).isEqualTo(decky("alpha").name());
            assertThat(left.fields()).containsEntry("target", "beta").containsEntry("outcome", "open");
            await(() -> assertThat(of(running, "beta", "disconnect")).hasSize(1));
            assertThat(of(running, "beta", "connect").getFirst().fields())
                    .containsEntry("origin_decky", "alpha")
                    .containsEntry("origin_session", left.session().orElseThrow());
            assertThat(of(running, "beta", "login_attempt").getFirst().fields())
                    .containsEntry("principal", "root")
                    .containsEntry("outcome", "accepted");
            assertThat(of(running, "beta", "command"))
                    .extracting(one -> one.fields().get("command"))
                    .contains("uname -n");
            assertThat(running.counters.value(DecoysCounter.DIALOGUES_FAILED)).isZero();
        }
    }

    @Test
    void sshAsksForTheHostKeyAndThePasswordAndPipesTheSession() throws Exception {
        try (var running = running();
                Visitor terminal = new Visitor(decky("alpha"))) {
            terminal.type("ssh root@" + host("delta") + "\r\n");
            assertThat(terminal.await("[fingerprint])? "))
                    .contains("The authenticity of host '" + host("delta") + " (" + address("delta")
                            + ")' can't be established.\r\n")
                    .contains(" key fingerprint is SHA256:");
            terminal.type("yes\r\n");
            terminal.await("'s password: ");
            terminal.type("wrong\r\n");
            assertThat(terminal.await("'s password: ")).contains("Permission denied, please try again.\r\n");
            terminal.type(password(decky("delta")) + "\r\n");
            terminal.await("root@" + host("delta") + ":~# ");
            terminal.type("uname -n\r");
            assertThat(terminal.await(":~# ")).contains("\r\n" + host("delta") + "\r\n");
            terminal.type("exit\r");
            terminal.await("Connection to " + host("delta") + " closed.\r\n# ");

            terminal.type("ssh " + host("delta") + " 'echo one; exit 3'; echo \"= $?\"\r\n");
            terminal.await("'s password: ");
            terminal.type(password(decky("delta")) + "\r\n");
            assertThat(terminal.await("= 3\r\n")).contains("one\r\n");
            terminal.type("ssh " + host("delta") + " 'nc -z -v " + host("gamma") + " 22 && echo $((40+2))'\r\n");
            terminal.await("'s password: ");
            terminal.type(password(decky("delta")) + "\r\n");
            assertThat(terminal.await("42\r\n")).contains("22 port [tcp/ssh] succeeded!\r\n");
            terminal.await("# ");
            assertThat(of(running, "gamma", "connect").getFirst().fields()).containsEntry("origin_decky", "delta");
            assertThat(terminal.run("ssh " + host("beta")))
                    .isEqualTo("ssh: connect to host " + host("beta") + " port 22: Connection refused\r\n# ");

            assertThat(of(running, "delta", "login_attempt"))
                    .extracting(one -> one.fields().get("outcome"))
                    .contains("rejected", "accepted");
            assertThat(of(running, "delta", "command"))
                    .extracting(one -> one.fields().get("command"))
                    .contains("uname -n", "echo one; exit 3");
            assertThat(of(running, "delta", "connect").getFirst().fields()).containsEntry("origin_decky", "alpha");
            assertThat(of(running, "delta", "unknown_input")).isEmpty();
            assertThat(running.counters.value(DecoysCounter.DIALOGUES_FAILED)).isZero();
        }
    }

    private static List<Event> of(ServiceFixture.Running running, String decky, String type) {
        return running.events(type).stream()
                .filter(event -> event.decky().text().equals(decky))
                .toList();
    }

    @Test
    void sshEndsWithoutAHostKeyOrAPassword() throws Exception {
        try (var running = running();
                Visitor terminal = new Visitor(decky("alpha"))) {
            terminal.type("ssh " + host("delta") + "\r\n");
            terminal.await("[fingerprint])? ");
            terminal.type("no\r\n");
            assertThat(terminal.await("# ")).isEqualTo("no\r\nHost key verification failed.\r\n# ");
            terminal.type("ssh " + host("delta") + "\r\n");
            terminal.await("[fingerprint])? ");
            terminal.type("\u0003");
            assertThat(terminal.await("# ")).isEqualTo("^C\r\n# ");
            assertThat(terminal.run("echo $?")).isEqualTo("130\r\n# ");
            terminal.type("ssh -o StrictHostKeyChecking=no " + host("delta") + "\r\n");
            for (int i = 0; i < 3; i++) {
                terminal.await("'s password: ");
                terminal.type("wrong" + i + "\r\n");
            }
            assertThat(terminal.await("# "))
                    .contains("root@" + host("delta") + ": Permission denied (publickey,password).\r\n");
            assertThat(terminal.run("ls -a /root/.ssh/known_hosts")).contains("known_hosts");
            await(() -> assertThat(of(running, "delta", "disconnect")).hasSize(3));
            assertThat(of(running, "delta", "login_attempt"))
                    .extracting(one -> one.fields().get("secret"))
                    .contains("wrong0", "wrong1", "wrong2");
            assertThat(running.counters.value(DecoysCounter.DIALOGUES_FAILED)).isZero();
        }
    }

    @Test
    void keysAreKeptWhileTheOtherMachineIsBusy() throws Exception {
        try (var running = running();
                Visitor terminal = new Visitor(decky("alpha"))) {
            terminal.type("telnet " + host("beta") + "\r\n");
            terminal.await("login: ");
            terminal.type("root\r");
            terminal.await("assword: ");
            terminal.type(password(decky("beta")) + "\r");
            terminal.await("# ");
            terminal.type("sleep 2\r");
            terminal.await("sleep 2\r\n");
            String typed = "echo " + "x".repeat(200);
            for (int i = 0; i < typed.length(); i++) {
                terminal.type(typed.substring(i, i + 1));
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
            terminal.type("\r");
            assertThat(terminal.await("x".repeat(200) + "\r\n# ")).contains(typed);
            assertThat(running.events("limit_reached")).isEmpty();
        }
    }

    @Test
    void aDatabaseOfANeighbourIsAsked() throws Exception {
        try (var running = running();
                Visitor terminal = new Visitor(decky("beta"))) {
            String client = "redis-cli -h " + host("gamma");
            assertThat(terminal.run(client + " ping")).contains("redis-cli: not found");
            terminal.type("ssh root@" + host("gamma") + " -o StrictHostKeyChecking=no\r\n");
            terminal.await("'s password: ");
            terminal.type(password(decky("gamma")) + "\r\n");
            terminal.await(":~# ");
            terminal.type(client + " set a 'b c' ; " + client + " mget a nope\r");
            assertThat(terminal.await(":~# ")).contains("OK\r\n1) \"b c\"\r\n2) (nil)\r\n");
            terminal.type("redis-cli\r");
            terminal.await("127.0.0.1:6379> ");
            terminal.type("incr n\r");
            assertThat(terminal.await("6379> ")).contains("(integer) 1\r\n");
            terminal.type("exit\r");
            terminal.await(":~# ");
            assertThat(running.counters.value(DecoysCounter.DIALOGUES_FAILED)).isZero();
        }
    }

    @Test
    void portsAreOpenOrRefuse() throws Exception {
        try (var running = running();
                Visitor terminal = new Visitor(decky("alpha"))) {
            assertThat(terminal.run("nc -v -z " + address("gamma") + " 6379; echo $?"))
                    .isEqualTo("Connection to " + address("gamma") + " 6379 port [tcp/redis] succeeded!\r\n0\r\n# ");
            assertThat(terminal.run("nc -v " + host("gamma") + " 81 || echo no"))
                    .isEqualTo("nc: connect to " + host("gamma") + " (" + address("gamma")
                            + ") port 81 (tcp) failed: Connection refused\r\nno\r\n# ");
            assertThat(terminal.run("for p in 22 23 80; do nc -z " + host("gamma") + " $p && echo open $p; done"))
                    .isEqualTo("open 22\r\n# ");
            assertThat(terminal.run("echo PING | nc -w 2 " + host("gamma") + " 6379 | tr -d '\\r'"))
                    .isEqualTo("+PONG\r\n# ");
            assertThat(terminal.run("telnet " + host("gamma") + " 81"))
                    .isEqualTo("telnet: can't connect to remote host (" + address("gamma")
                            + "): Connection refused\r\n# ");
            assertThat(terminal.run("telnet nosuchhost")).isEqualTo("telnet: bad address 'nosuchhost'\r\n# ");
            assertThat(terminal.run("nc -v nosuchhost 80"))
                    .contains("getaddrinfo for host \"nosuchhost\" port 80: Temporary failure in name resolution");
            assertThat(running.events("lateral_connect")).hasSize(7);
        }
    }

    @Test
    void linesThatWereClosedDoNotCount() throws Exception {
        try (var running = running();
                Visitor terminal = new Visitor(decky("alpha"))) {
            assertThat(terminal.run("for i in $(seq 1 20); do nc -z " + host("gamma") + " 22 || echo bad; done"))
                    .isEqualTo("# ");
            assertThat(running.events("lateral_connect")).hasSizeGreaterThanOrEqualTo(20);
        }
    }

    @Test
    void whatIsSentToTheBackgroundDoesNotHoldTheShell() throws Exception {
        try (var running = running();
                Visitor terminal = new Visitor(decky("alpha"))) {
            assertThat(terminal.run("ping " + host("beta") + " > /tmp/out & echo next"))
                    .endsWith("next\r\n# ");
            assertThat(terminal.run("curl -s -I http://" + host("delta") + "/ & echo next"))
                    .contains("HTTP/1.1 ")
                    .endsWith("next\r\n# ");
            assertThat(terminal.run("telnet " + host("gamma") + " 6379 & echo next"))
                    .endsWith("next\r\n# ");
            assertThat(running.counters.value(DecoysCounter.DIALOGUES_FAILED)).isZero();
        }
    }

    @Test
    void pagesOfANeighbourAreFetchedAndSaved() throws Exception {
        try (var running = running();
                Visitor terminal = new Visitor(decky("alpha"))) {
            assertThat(terminal.run("curl -s -I http://" + host("delta") + "/ | head -n 1"))
                    .startsWith("HTTP/1.1 ");
            assertThat(terminal.run("curl -s -L http://" + address("delta") + "/")
                            .toLowerCase(java.util.Locale.ROOT))
                    .contains("</html>");
            assertThat(terminal.run("cd /tmp; wget -q http://" + host("delta") + "/ && ls"))
                    .contains("index.html");
            assertThat(terminal.run("curl -s -o page http://" + host("delta")
                            + "/index.html ; cmp page index.html; wc -c < page"))
                    .doesNotContain("differ");
            assertThat(terminal.run("curl http://" + host("gamma") + "/"))
                    .contains("curl: (7) Failed to connect to " + host("gamma") + " port 80 after ");
            assertThat(running.events("download_attempt")).hasSize(5);
            assertThat(of(running, "delta", "connect").getFirst().fields()).containsEntry("origin_decky", "alpha");
        }
    }

    @Test
    void ctrlCEndsWhatWaits() throws Exception {
        try (var running = running();
                Visitor terminal = new Visitor(decky("alpha"))) {
            terminal.type("ping " + host("beta") + "\r\n");
            terminal.await("seq=1 ");
            terminal.type("\u0003");
            assertThat(terminal.await("# "))
                    .contains("--- " + host("beta") + " ping statistics ---\r\n")
                    .contains("0% packet loss")
                    .contains("min/avg/max");
            assertThat(terminal.run("echo $?")).isEqualTo("130\r\n# ");
            terminal.type("telnet 203.0.113.7; echo more\r\n");
            terminal.await("more\r\n"); // the echo
            await(() -> assertThat(running.events("lateral_connect")).hasSize(1));
            terminal.type("id\r\n\u0003");
            assertThat(terminal.await("# ")).isEqualTo("id\r\n^C\r\n# ");
            terminal.type("nc " + host("gamma") + " 6379\r\nPING\r\n");
            terminal.await("+PONG\r\n");
            terminal.type("\u0003");
            terminal.await("^C\r\n# ");
            terminal.type("nc -w 1 203.0.113.7 80\r\necho typed ahead\r\n");
            assertThat(terminal.await("\r\ntyped ahead\r\n# ")).contains("# echo typed ahead");
            assertThat(running.counters.value(DecoysCounter.DIALOGUES_FAILED)).isZero();
        }
    }

    @Test
    void whatWaitsEndsWithItsSession() throws Exception {
        try (var running = running()) {
            try (Visitor terminal = new Visitor(decky("alpha"))) {
                terminal.type("nc " + host("gamma") + " 6379\r\nPING\r\n");
                terminal.await("+PONG\r\n");
            }
            await(() -> assertThat(running.engine.connections()).isZero());
            assertThat(running.events("session_recorded")).hasSize(1);
            assertThat(running.counters.value(DecoysCounter.DIALOGUES_FAILED)).isZero();
        }
    }

    /** The same machines on two LANs that no router joins, and on one. */
    private static Fleet onLans(String lanOfBeta) {
        Decky alpha = decky("alpha");
        Decky beta = decky("beta");
        return new Fleet(
                1,
                List.of(
                        new Lan(
                                "t.one",
                                Subnet.parse("127.77.0.0/24"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        new Lan(
                                "t.two",
                                Subnet.parse("127.77.0.0/24"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())),
                List.of(on(alpha, "t.one"), on(beta, lanOfBeta)));
    }

    private static Decky on(Decky decky, String lan) {
        Placement placement = new Placement(
                "t",
                List.of(new Attachment(lan, decky.address(), Optional.empty(), new Link(30, 0))),
                false,
                Optional.empty());
        return new Decky(decky.name(), decky.persona(), decky.address(), decky.services(), placement, Rotation.NONE);
    }

    @Test
    void whereNoWayLeadsNobodyAnswers() throws Exception {
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            running.engine.serve(onLans("t.two"), Descriptors.NONE);
            try (Visitor terminal = new Visitor(decky("alpha"))) {
                assertThat(terminal.run("nc -v -w 1 " + host("beta") + " 23"))
                        .contains("port 23 (tcp) timed out: Operation now in progress");
                assertThat(running.events("lateral_connect").getFirst().fields())
                        .containsEntry("outcome", "silent");
            }
            running.engine.serve(onLans("t.one"), Descriptors.NONE);
            try (Visitor terminal = new Visitor(decky("alpha"))) {
                assertThat(terminal.run("nc -v -z -w 1 " + host("beta") + " 23"))
                        .contains("succeeded!");
                assertThat(terminal.run("ping -c 1 " + host("beta"))).containsPattern("time=12\\d ms");
            }
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyArgumentsLeaveTheShellUsable(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> commands =
                List.of("telnet", "nc", "netcat", "curl", "wget", "ping", "redis-cli", "ssh", "nc -z", "curl -s");
        List<String> words = List.of(
                "-",
                "--",
                "-v",
                "-w",
                "1",
                "-z",
                "-c",
                "-o",
                "/tmp/x",
                "-O",
                "-X",
                "POST",
                "-d",
                "a=b",
                "-I",
                "-L",
                "-p",
                "80",
                "23",
                "6379",
                "0",
                "99999",
                "1-9",
                "9-1",
                "http://",
                "http://@:/",
                "-h",
                "-H",
                "''",
                "a:b:c",
                "@",
                "127.0.0.1",
                "localhost",
                "::1",
                host("beta"),
                address("gamma"),
                "http://" + host("delta") + "/x?y=%00",
                host("gamma"),
                "-l",
                "-u",
                "root@" + host("beta"),
                "\u00e4\u00ff",
                "1e9",
                "-1");
        try (var running = running();
                Visitor terminal = new Visitor(decky("alpha"))) {
            for (int i = 0; i < 15; i++) {
                StringBuilder line = new StringBuilder(commands.get(random.nextInt(commands.size())));
                for (int n = random.nextInt(5); n > 0; n--) {
                    line.append(' ').append(words.get(random.nextInt(words.size())));
                }
                terminal.type(line + "\r\n");
                terminal.type("\u0003\u001dq\r\n\u0003\r\n");
            }
            terminal.type("\u0003echo al''ive\r\n");
            terminal.await("alive\r\n");
            assertThat(running.counters.value(DecoysCounter.DIALOGUES_FAILED)).isZero();
        }
    }
}
