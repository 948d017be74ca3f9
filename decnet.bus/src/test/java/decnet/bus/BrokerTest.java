package decnet.bus;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.bus.fixture.TestBroker;
import decnet.core.Config;
import decnet.core.ConfigException;
import decnet.core.Counters;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What bytes on the wire bring about. */
@SuppressWarnings("StringConcatToTextBlock") // what goes over the wire ends its lines with CRLF
class BrokerTest {
    private static final String QUIET = "{\"verbose\":false}";
    private static final String MODERN = "{\"verbose\":false,\"headers\":true,\"no_responders\":true}";

    private static BrokerConfig config(TestBroker broker) {
        return BrokerConfig.from(broker.config(), broker.places());
    }

    @Test
    void saysWhatItIsAndDelivers() throws IOException {
        try (TestBroker broker = TestBroker.start();
                RawClient client = RawClient.connect(broker.socket())) {
            String info = client.readUntil("\r\n");
            client.send("CONNECT " + QUIET + "\r\nSUB a.* 7\r\nPUB a.b 2\r\nhi\r\nPUB a.b re.ply 0\r\n\r\n");

            assertThat(info).startsWith("INFO {").contains("\"headers\":true", "\"max_payload\":262144");
            assertThat(client.readRest()).isEqualTo("MSG a.b 7 2\r\nhi\r\nMSG a.b 7 re.ply 0\r\n\r\n");
        }
    }

    @Test
    void whoAsksForConfirmationGetsIt() throws IOException {
        try (TestBroker broker = TestBroker.start();
                RawClient client = RawClient.connect(broker.socket())) {
            client.readUntil("\r\n");

            client.send("CONNECT {}\r\nSUB a 1\r\n");

            assertThat(client.readRest()).isEqualTo("+OK\r\n+OK\r\n");
        }
    }

    @Test
    void headersArriveWhereTheyAreUnderstood() throws IOException {
        try (TestBroker broker = TestBroker.start();
                RawClient modern = RawClient.connect(broker.socket()).introduce(MODERN);
                RawClient old = RawClient.connect(broker.socket()).introduce(QUIET)) {
            old.send("SUB a 1\r\n");
            old.readRest();
            modern.send("SUB a 2\r\nHPUB a re 12 14\r\nNATS/1.0\r\n\r\nhi\r\n");

            assertThat(modern.readRest()).isEqualTo("HMSG a 2 re 12 14\r\nNATS/1.0\r\n\r\nhi\r\n");
            assertThat(old.readRest()).isEqualTo("MSG a 1 re 2\r\nhi\r\n");
        }
    }

    @Test
    void clumsyFramesArriveTidy() throws IOException {
        try (TestBroker broker = TestBroker.start();
                RawClient client = RawClient.connect(broker.socket()).introduce(QUIET)) {
            client.send("sub  a\t1\nPUB \ta   re  002\nhi\r\n");

            assertThat(client.readRest()).isEqualTo("MSG a 1 re 2\r\nhi\r\n");
        }
    }

    @Test
    void echoCanBeSwitchedOff() throws IOException {
        try (TestBroker broker = TestBroker.start();
                RawClient client = RawClient.connect(broker.socket()).introduce("{\"verbose\":false,\"echo\":false}")) {
            client.send("SUB a 1\r\nPUB a 2\r\nhi\r\n");

            assertThat(client.readRest()).isEmpty();
        }
    }

    @Test
    void oneMemberOfAQueueGroupGetsEachMessageInTurn() throws IOException {
        try (TestBroker broker = TestBroker.start();
                RawClient client = RawClient.connect(broker.socket()).introduce(QUIET)) {
            client.send("SUB a g 1\r\nSUB a g 2\r\nSUB a 3\r\n");
            client.send("PUB a 1\r\nx\r\nPUB a 1\r\ny\r\n");

            assertThat(client.readRest())
                    .isEqualTo("MSG a 3 1\r\nx\r\nMSG a 1 1\r\nx\r\nMSG a 3 1\r\ny\r\nMSG a 2 1\r\ny\r\n");
        }
    }

    @Test
    void aSubscriptionEndsAfterItsLastMessage() throws IOException {
        try (TestBroker broker = TestBroker.start();
                RawClient client = RawClient.connect(broker.socket()).introduce(QUIET)) {
            client.send("SUB a 1\r\nSUB a 2\r\nUNSUB 1 2\r\nUNSUB 2\r\n");
            client.send("PUB a 1\r\nx\r\nPUB a 1\r\ny\r\nPUB a 1\r\nz\r\n");

            assertThat(client.readRest()).isEqualTo("MSG a 1 1\r\nx\r\nMSG a 1 1\r\ny\r\n");
        }
    }

    @Test
    void aRequestNobodyHearsIsAnsweredAtOnce() throws IOException {
        try (TestBroker broker = TestBroker.start();
                RawClient client = RawClient.connect(broker.socket()).introduce(MODERN)) {
            client.send("SUB inbox.* 1\r\nPUB nobody inbox.1 0\r\n\r\n");

            assertThat(client.readRest()).isEqualTo("HMSG inbox.1 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
            assertThat(broker.counters().value(BrokerCounter.NO_RESPONDERS)).isEqualTo(1);
        }
    }

    @Test
    void largeMessagesArriveWholeAtSeveralReaders() throws IOException {
        String payload = "0123456789abcdef".repeat(16 * 1024);
        try (TestBroker broker = TestBroker.start();
                RawClient one = RawClient.connect(broker.socket()).introduce(QUIET);
                RawClient two = RawClient.connect(broker.socket()).introduce(QUIET)) {
            two.send("SUB a 1\r\n");
            two.readRest();
            one.send("SUB a 1\r\nPUB a 262144\r\n" + payload + "\r\nPUB a 1\r\nx\r\n");

            String expected = "MSG a 1 262144\r\n" + payload + "\r\nMSG a 1 1\r\nx\r\n";
            assertThat(one.readRest()).isEqualTo(expected);
            assertThat(two.readRest()).isEqualTo(expected);
        }
    }

    @Test
    void badTopicsAreRefusedAndTheConnectionLives() throws IOException {
        try (TestBroker broker = TestBroker.start();
                RawClient client = RawClient.connect(broker.socket()).introduce(QUIET)) {
            client.send("SUB a..b 1\r\nSUB a.>.b 2\r\nPUB a.* 1\r\nx\r\nPUB .a 1\r\nx\r\n");

            assertThat(client.readRest())
                    .isEqualTo("-ERR 'Invalid Subject'\r\n".repeat(2) + "-ERR 'Invalid Publish Subject'\r\n".repeat(2));
        }
    }

    @Test
    void brokenFramesEndTheConnectionOnly() throws IOException {
        try (TestBroker broker = TestBroker.start();
                RawClient bad = RawClient.connect(broker.socket()).introduce(QUIET);
                RawClient good = RawClient.connect(broker.socket()).introduce(QUIET)) {
            bad.send("PUB a 262145\r\n");

            assertThat(bad.readToEnd()).isEqualTo("-ERR 'Maximum Payload Violation'\r\n");
            assertThat(good.readRest()).isEmpty();
            assertThat(broker.counters().value(BrokerCounter.PROTOCOL_ERRORS)).isEqualTo(1);
        }
    }

    @Test
    void nothingIsDoneBeforeConnect() throws IOException {
        try (TestBroker broker = TestBroker.start();
                RawClient client = RawClient.connect(broker.socket())) {
            client.send("SUB > 1\r\n");

            assertThat(client.readToEnd()).endsWith("-ERR 'Authorization Violation'\r\n");
        }
    }

    @Test
    void whoDoesNotIntroduceItselfInTimeIsSentAway() throws IOException {
        try (TestBroker broker = TestBroker.start(Map.of("bus.connect-timeout", "100ms"));
                RawClient client = RawClient.connect(broker.socket())) {
            assertThat(client.readToEnd()).endsWith("-ERR 'Authentication Timeout'\r\n");
            assertThat(broker.counters().value(BrokerCounter.CONNECT_TIMEOUTS)).isEqualTo(1);
        }
    }

    @Test
    void whoGivesNoSignOfLifeIsAskedAndThenCutOff() throws IOException {
        try (TestBroker broker = TestBroker.start(Map.of("bus.ping-interval", "1s"));
                RawClient client = RawClient.connect(broker.socket()).introduce(QUIET)) {
            assertThat(client.readToEnd()).isEqualTo("PING\r\nPING\r\n-ERR 'Stale Connection'\r\n");
            assertThat(broker.counters().value(BrokerCounter.STALE_CONNECTIONS)).isEqualTo(1);
        }
    }

    @Test
    void connectionsAndSubscriptionsAreLimited() throws IOException {
        try (TestBroker broker = TestBroker.start(Map.of("bus.max-connections", "1", "bus.max-subscriptions", "2"));
                RawClient client = RawClient.connect(broker.socket()).introduce(QUIET);
                RawClient surplus = RawClient.connect(broker.socket())) {
            assertThat(surplus.readToEnd()).isEqualTo("-ERR 'maximum connections exceeded'\r\n");
            client.send("SUB a 1\r\nSUB a 2\r\nSUB a 3\r\n");

            assertThat(client.readToEnd()).isEqualTo("-ERR 'maximum subscriptions exceeded'\r\n");
            assertThat(broker.counters().value(BrokerCounter.CONNECTIONS_REFUSED))
                    .isEqualTo(1);
            assertThat(broker.counters().value(BrokerCounter.SUBSCRIPTIONS_REFUSED))
                    .isEqualTo(1);
        }
    }

    @Test
    void aSlowReaderIsCutOffAndOthersLoseNothing() throws IOException {
        try (TestBroker broker = TestBroker.start(Map.of("bus.max-pending", "1m"));
                RawClient slow = RawClient.connect(broker.socket()).introduce(QUIET);
                RawClient fast = RawClient.connect(broker.socket()).introduce(QUIET)) {
            slow.send("SUB a 1\r\n");
            slow.readRest();
            fast.send("SUB a 1\r\n");
            String frame = "PUB a 1000\r\n" + "x".repeat(1000) + "\r\n";
            int heard = 0;
            for (int i = 0; i < 3000; i++) {
                fast.send(frame);
                heard += i % 10 == 9 ? fast.readRest().split("MSG a 1 1000", -1).length - 1 : 0;
            }

            assertThat(heard).isEqualTo(3000);
            assertThat(broker.counters().value(BrokerCounter.SLOW_READERS)).isEqualTo(1);
            assertThat(broker.counters().value(BrokerCounter.SLOW_READER_BYTES)).isBetween(900_000L, 1_100_000L);
        }
    }

    @Test
    void aReaderThatTakesNothingIsCutOffInTime() throws IOException {
        try (TestBroker broker = TestBroker.start(Map.of("bus.write-deadline", "1s"));
                RawClient slow = RawClient.connect(broker.socket()).introduce(QUIET);
                RawClient other = RawClient.connect(broker.socket()).introduce(QUIET)) {
            slow.send("SUB a 1\r\n");
            slow.readRest();
            for (int i = 0; i < 4; i++) {
                other.send("PUB a 200000\r\n" + "x".repeat(200_000) + "\r\n");
            }

            await(() -> assertThat(broker.counters().value(BrokerCounter.SLOW_READERS))
                    .isEqualTo(1));
        }
    }

    @Test
    void aSecondBrokerIsRefusedAndTheFirstGoesOn() throws IOException {
        try (TestBroker broker = TestBroker.start()) {
            assertThatThrownBy(() -> Broker.start(config(broker), new Counters()))
                    .isInstanceOf(BusException.class)
                    .hasMessageContaining("another bus is alive at " + broker.socket());

            try (RawClient client = RawClient.connect(broker.socket()).introduce(QUIET)) {
                assertThat(client.readRest()).isEmpty();
            }
        }
    }

    @Test
    void aForeignServerAtTheSocketIsNotReplaced() throws IOException {
        try (TestBroker broker = TestBroker.start()) {
            broker.stop();
            try (ServerSocketChannel foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                foreign.bind(UnixDomainSocketAddress.of(broker.socket()));

                assertThatThrownBy(() -> Broker.start(config(broker), new Counters()))
                        .hasMessageContaining("another bus is alive");
            }
            // the file is still there, but nobody listens any more
            assertThat(broker.socket()).exists();
            broker.restart();
            try (RawClient client = RawClient.connect(broker.socket()).introduce(QUIET)) {
                assertThat(client.readRest()).isEmpty();
            }
        }
    }

    @Test
    void aFileThatIsNoSocketIsNotReplaced() throws IOException {
        try (TestBroker broker = TestBroker.start()) {
            broker.stop();
            Files.writeString(broker.socket(), "precious");

            assertThatThrownBy(() -> Broker.start(config(broker), new Counters()))
                    .hasMessageContaining("is not a socket");
            assertThat(broker.socket()).hasContent("precious");
        }
    }

    @Test
    void theSocketIsClosedToStrangersAndGoesWithTheBroker() throws IOException {
        try (TestBroker broker = TestBroker.start()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(broker.socket())))
                    .isEqualTo("rw-rw----");
            broker.stop();
            assertThat(broker.socket()).doesNotExist();
        }
    }

    @Test
    void overTcpTheTokenIsNeeded() throws IOException {
        try (TestBroker broker = TestBroker.startWithTcp();
                RawClient stranger = RawClient.connect(broker.tcpPort());
                RawClient wrong = RawClient.connect(broker.tcpPort());
                RawClient friend = RawClient.connect(broker.tcpPort())) {
            stranger.send("CONNECT {}\r\n");
            wrong.send("CONNECT {\"auth_token\":\"test-tokeN\"}\r\n");

            assertThat(stranger.readToEnd()).endsWith("-ERR 'Authorization Violation'\r\n");
            assertThat(wrong.readToEnd()).endsWith("-ERR 'Authorization Violation'\r\n");
            friend.introduce("{\"verbose\":false,\"auth_token\":\"" + TestBroker.TOKEN + "\"}");
            assertThat(broker.counters().value(BrokerCounter.AUTHORIZATION_FAILED))
                    .isEqualTo(2);
        }
    }

    @Test
    void tcpWithoutTokenOrBeyondLoopbackWithoutTlsIsRefused() {
        try (TestBroker broker = TestBroker.start()) {
            assertThatThrownBy(() -> BrokerConfig.from(Config.of(Map.of("bus.listen", "127.0.0.1:0")), broker.places()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("bus.token");
            assertThatThrownBy(() -> BrokerConfig.from(
                            Config.of(Map.of("bus.listen", "0.0.0.0:4222", "bus.token", "x")), broker.places()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("bus.tls-certificate");
        }
    }
}
