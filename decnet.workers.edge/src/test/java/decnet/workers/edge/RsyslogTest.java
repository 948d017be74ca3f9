package decnet.workers.edge;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.core.Config;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.core.Places;
import decnet.runtime.fixture.TestWorkerContext;
import decnet.testing.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With rsyslog as it comes with Debian, over TLS, both ways, with certificates of our authority. */
@Timeout(90)
class RsyslogTest {
    private static final Path PROGRAM = Path.of("/usr/sbin/rsyslogd");
    private static final Path TLS_DRIVER = Path.of("/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_ossl.so");

    @TempDir
    private Path dir;

    private Swarm swarm;

    @BeforeEach
    void foundASwarm() throws IOException {
        boolean there = Files.isExecutable(PROGRAM) && Files.exists(TLS_DRIVER);
        if (!there) {
            System.err.println("SKIPPED: install rsyslog and rsyslog-openssl to test with a real syslog server");
        }
        assumeTrue(there, "rsyslog and rsyslog-openssl are not installed");
        swarm = new Swarm(dir);
    }

    /** A running rsyslog. */
    private record Rsyslog(Process process) implements AutoCloseable {
        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    private Rsyslog start(Path bundle, String rules) throws IOException {
        return startAs(
                """
                global(defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="%s"
                       defaultNetstreamDriverCertFile="%s" defaultNetstreamDriverKeyFile="%s")
                """.formatted(bundle.resolve("ca.pem"), bundle.resolve("cert.pem"), bundle.resolve("key.pem")) + rules);
    }

    private Rsyslog startAs(String rules) throws IOException {
        Path conf = dir.resolve("rsyslog.conf");
        Files.writeString(conf, "global(workDirectory=\"%s\")\n".formatted(dir) + rules);
        return new Rsyslog(new ProcessBuilder(
                        PROGRAM.toString(),
                        "-n",
                        "-f",
                        conf.toString(),
                        "-i",
                        dir.resolve("pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("rsyslog.out").toFile())
                .start());
    }

    private Path bundle(String name, String... san) throws IOException {
        DeckyName host = new DeckyName(name);
        return swarm.authority.issue(host, List.of(san), 30, swarm.authority.bundle(host));
    }

    /** Where rsyslog reads from; what is added there comes in with the next look. */
    private Path input() throws IOException {
        return Files.writeString(dir.resolve("in.log"), "");
    }

    private static String reading(Path input) {
        return """
            module(load="imfile" mode="polling" pollingInterval="1")
            input(type="imfile" file="%s" tag="postfix:" severity="warning" facility="mail")
            """.formatted(input);
    }

    private List<String> messages() {
        return Swarm.recorded(swarm.centre, "relay-mail-gw").stream()
                .map(event -> event.fields().getOrDefault("message", ""))
                .toList();
    }

    @Test
    void itsLinesComeInAsEventsUnderTheNameOfItsCertificate() throws IOException {
        Path input = input();
        try (TestWorkerContext listener = swarm.listener()) {
            await(() -> assertThat(listener.state()).isNotEqualTo("starting"));
            try (Rsyslog _ = start(bundle("mail-gw"), reading(input) + """
                action(type="omfwd" target="127.0.0.1" port="%d" protocol="tcp" TCP_Framing="octet-counted"
                       streamDriver="ossl" streamDriverMode="1" streamDriverAuthMode="x509/name"
                       streamDriverPermittedPeers="centre" template="RSYSLOG_SyslogProtocol23Format")
                """.formatted(swarm.port))) {
                Files.writeString(input, "login failed for \"root\"]\nsecond line\n", StandardOpenOption.APPEND);
                await(Duration.ofSeconds(30), () -> assertThat(messages())
                        .contains("login failed for \"root\"]", "second line"));
                assertThat(listener.counters().value(ListenerCounter.PROTOCOL_ERRORS))
                        .isZero();
            }
        }
        Event event = Swarm.recorded(swarm.centre, "relay-mail-gw").stream()
                .filter(one -> one.fields().getOrDefault("message", "").startsWith("login"))
                .findFirst()
                .orElseThrow();
        assertThat(event.type()).isEqualTo("log_line");
        assertThat(event.service()).isEqualTo("syslog");
        assertThat(event.decky()).isEqualTo(new DeckyName("mail-gw"));
        assertThat(event.sensor()).contains("mail-gw");
        assertThat(event.fields()).containsEntry("facility", "mail").containsEntry("severity", "warning");
        assertThat(event.fields().get("app")).isEqualTo("postfix");
    }

    /** The few lines that every manual shows: old syntax, no framing, the old format. */
    @ParameterizedTest
    @ValueSource(strings = {"ossl", "gtls"})
    void withTheShortestConfigurationItSendsLinesWithoutFrames(String driver) throws IOException {
        Path input = input();
        Path bundle = bundle("mail-gw");
        try (TestWorkerContext listener = swarm.listener()) {
            await(() -> assertThat(listener.state()).isNotEqualTo("starting"));
            try (Rsyslog _ = startAs(reading(input)
                    + """
                    $DefaultNetstreamDriver %s
                    $DefaultNetstreamDriverCAFile %s
                    $DefaultNetstreamDriverCertFile %s
                    $DefaultNetstreamDriverKeyFile %s
                    $ActionSendStreamDriverMode 1
                    $ActionSendStreamDriverAuthMode x509/name
                    $ActionSendStreamDriverPermittedPeer centre
                    *.* @@127.0.0.1:%d
                    """.formatted(
                                    driver,
                                    bundle.resolve("ca.pem"),
                                    bundle.resolve("cert.pem"),
                                    bundle.resolve("key.pem"),
                                    swarm.port))) {
                Files.writeString(input, "first line\nsecond line\n", StandardOpenOption.APPEND);
                await(Duration.ofSeconds(30), () -> assertThat(messages()).contains("first line", "second line"));
                Files.writeString(input, "third line\n", StandardOpenOption.APPEND);
                await(Duration.ofSeconds(30), () -> assertThat(messages()).contains("third line"));
                assertThat(listener.counters().value(ListenerCounter.PROTOCOL_ERRORS))
                        .isZero();
            }
        }
        assertThat(Swarm.recorded(swarm.centre, "relay-mail-gw"))
                .filteredOn(event ->
                        event.field("message").filter("first line"::equals).isPresent())
                .singleElement()
                .satisfies(event -> assertThat(event.fields())
                        .containsEntry("facility", "mail")
                        .containsEntry("app", "postfix"));
    }

    /** Without a queue and without retries rsyslog throws away what it cannot send at once; docs/relay.md says so. */
    @Test
    void withTheQueueThatOurManualShowsNothingIsLostWhileTheListenerIsAway() throws IOException {
        Path input = input();
        try (Rsyslog _ = start(bundle("mail-gw"), reading(input) + """
            action(type="omfwd" target="127.0.0.1" port="%d" protocol="tcp" TCP_Framing="octet-counted"
                   streamDriver="ossl" streamDriverMode="1" streamDriverAuthMode="x509/name"
                   streamDriverPermittedPeers="centre" template="RSYSLOG_SyslogProtocol23Format"
                   queue.type="linkedList" action.resumeRetryCount="-1" action.resumeInterval="1")
            """.formatted(swarm.port))) {
            Files.writeString(input, "before anybody listens\n", StandardOpenOption.APPEND);
            await(
                    Duration.ofSeconds(30),
                    () -> assertThat(dir.resolve("rsyslog.out")).content().contains("refused"));
            try (TestWorkerContext _ = swarm.listener()) {
                await(Duration.ofSeconds(30), () -> assertThat(messages()).contains("before anybody listens"));
            }
        }
    }

    @Test
    void itReceivesEveryEventFromASink() throws IOException {
        Path bundle = bundle("siem", "127.0.0.1");
        Places paris = swarm.sensor("paris-01");
        Path own = paris.state().resolve("swarm/own");
        Path output = dir.resolve("out.log");
        int port = FreePort.next();
        List<EventId> sent = Swarm.record(paris, "collect", "paris-01", 0, 200);
        try (Rsyslog _ = start(bundle, """
            module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1"
                   streamDriver.authMode="x509/name" permittedPeer=["paris-01"])
            input(type="imtcp" address="127.0.0.1" port="%d")
            template(name="raw" type="string" string="%%rawmsg%%\\n")
            action(type="omfile" file="%s" template="raw")
            """.formatted(port, output));
                TestWorkerContext _ = new TestWorkerContext(
                                "herd",
                                Config.of(Map.of(
                                        "forwarder.poll",
                                        "20ms",
                                        "forwarder.sink.siem",
                                        "syslog to=127.0.0.1:" + port + " tls=yes ca=" + own.resolve("ca.pem")
                                                + " cert=" + own.resolve("cert.pem") + " key="
                                                + own.resolve("key.pem"))),
                                paris)
                        .start(new Forwarder())) {
            await(Duration.ofSeconds(30), () -> assertThat(Files.readAllLines(output).stream()
                            .filter(line -> line.startsWith("<134>"))
                            .map(line -> EventLine.parse(line).id().orElseThrow()))
                    .containsExactlyElementsOf(sent));
        }
    }
}
