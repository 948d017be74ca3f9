package decnet.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.bus.fixture.TestBroker;
import decnet.core.Config;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may do what, as the kernel tells who somebody is. The child runs as another user: needs root and setpriv. */
class BrokerPermissionsTest {
    private static final int STRANGER = 54_321;
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private static String as(int uid, TestBroker broker, String frames) throws IOException, InterruptedException {
        Path folder = broker.socket().getParent();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(broker.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
        Path program = folder.resolve("PeerProbe.java");
        try (InputStream source = BrokerPermissionsTest.class.getResourceAsStream("PeerProbe.java")) {
            Files.write(program, Objects.requireNonNull(source).readAllBytes());
        }
        Process child = new ProcessBuilder(
                        SETPRIV.toString(),
                        "--reuid",
                        Integer.toString(uid),
                        "--regid",
                        Integer.toString(uid),
                        "--clear-groups",
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        program.toString(),
                        broker.socket().toString(),
                        frames)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        child.getOutputStream().close();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        child.waitFor();
        return output;
    }

    private static void needsRoot() {
        boolean possible = System.getProperty("user.name").equals("root") && Files.isExecutable(SETPRIV);
        if (!possible) {
            System.err.println("SKIPPED BrokerPermissionsTest: needs root and " + SETPRIV);
        }
        assumeTrue(possible, "needs root and setpriv");
    }

    @Test
    void theDecoyUserIsHeldToItsOwnTopics() throws Exception {
        needsRoot();
        try (TestBroker broker = TestBroker.start(Map.of("bus.decoy-users", Integer.toString(STRANGER)))) {
            String answer = as(
                    STRANGER,
                    broker,
                    "CONNECT {\"verbose\":false}|SUB system.decoys.control 1|SUB decky.> 2|SUB > 3|PUB decky.web.state"
                            + " 2|{}|PUB system.decoys.health 2|{}|PUB system.ttp.control 2|{}|PING|");

            assertThat(answer)
                    .contains(
                            "-ERR 'Permissions Violation for Subscription to \"decky.>\"'",
                            "-ERR 'Permissions Violation for Subscription to \">\"'",
                            "-ERR 'Permissions Violation for Publish to \"system.ttp.control\"'")
                    .doesNotContain("system.decoys.control", "decky.web.state", "MSG");
            assertThat(broker.counters().value(BrokerCounter.PERMISSION_DENIED)).isEqualTo(3);
        }
    }

    @Test
    void aUserWhoIsNotListedIsTurnedAway() throws Exception {
        needsRoot();
        try (TestBroker broker = TestBroker.start()) {
            assertThat(as(STRANGER, broker, "CONNECT {}|PING|"))
                    .containsAnyOf("-ERR 'Authorization Violation'", "ended:")
                    .doesNotContain("INFO");
            assertThat(broker.counters().value(BrokerCounter.AUTHORIZATION_FAILED))
                    .isEqualTo(1);
        }
    }

    @Test
    void aTrustedUserMayEverything() throws Exception {
        needsRoot();
        try (TestBroker broker = TestBroker.start(Map.of("bus.trusted-users", Integer.toString(STRANGER)))) {
            assertThat(as(STRANGER, broker, "CONNECT {\"verbose\":false}|SUB > 1|PUB any 2|{}|PING|"))
                    .contains("MSG any 1 2\r\n{}\r\n")
                    .doesNotContain("-ERR");
        }
    }

    @Test
    void usersAreReadFromTheConfigurationAndTheNarrowerGrantWins() {
        BrokerPermissions permissions = BrokerPermissions.from(
                Config.of(Map.of("bus.trusted-users", "nobody, 7, no-such-user", "bus.decoy-users", "7")));

        assertThat(permissions.grant(0)).contains(BrokerPermissions.Grant.ALL);
        assertThat(permissions.grant(7)).contains(BrokerPermissions.Grant.DECOY);
        assertThat(permissions.grant(65_534)).contains(BrokerPermissions.Grant.ALL);
        assertThat(permissions.grant(8)).isEqualTo(Optional.empty());
    }

    @Test
    void theDecoyGrantIsNarrow() {
        BrokerPermissions.Grant grant = BrokerPermissions.Grant.DECOY;

        assertThat(grant.mayPublish(new Topic("decky.web-01.state"))).isTrue();
        assertThat(grant.mayPublish(new Topic("system.decoys.health"))).isTrue();
        assertThat(grant.mayPublish(new Topic("system.decoys.control"))).isFalse();
        assertThat(grant.mayPublish(new Topic("attacker.observed"))).isFalse();
        assertThat(grant.maySubscribe(new TopicFilter("system.decoys.control"))).isTrue();
        assertThat(grant.maySubscribe(new TopicFilter("system.*.control"))).isFalse();
    }
}
