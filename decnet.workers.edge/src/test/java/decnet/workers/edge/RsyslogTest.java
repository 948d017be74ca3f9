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
        Path conf = dir.resolve("rsyslog.conf");
        Files.writeString(
                conf,
                """
                global(workDirectory="%s" defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="%s"
                       defaultNetstreamDriverCertFile="%s" defaultNetstreamDriverKeyFile="%s")
                """.formatted(dir, bundle.resolve("ca.pem"), bundle.resolve("cert.pem"), bundle.resolve("key.pem"))
                        + rules);
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

    @Test
    void itsLinesComeInAsEventsUnderTheNameOfItsCertificate() throws IOException {
        Path bundle = swarm.authority.issue(
                new DeckyName("mail-gw"), List.of(), 30, swarm.authority.bundle(new DeckyName("mail-gw")));
        Path input = Files.writeString(dir.resolve("in.log"), "");
        try (TestWorkerContext listener = swarm.listener();
                Rsyslog _ = start(bundle, """
                    module(load="imfile" mode="polling" pollingInterval="1")
                    input(type="imfile" file="%s" tag="postfix" severity="warning" facility="mail")
                    action(type="omfwd" target="127.0.0.1" port="%d" protocol="tcp" TCP_Framing="octet-counted"
                           streamDriver="ossl" streamDriverMode="1" streamDriverAuthMode="x509/name"
                           streamDriverPermittedPeers="centre" template="RSYSLOG_SyslogProtocol23Format")
                    """.formatted(input, swarm.port))) {
            Files.writeString(input, "login failed for \"root\"]\nsecond line\n", StandardOpenOption.APPEND);
            await(Duration.ofSeconds(30), () -> assertThat(Swarm.recorded(swarm.centre, "relay-mail-gw").stream()
                            .map(e -> e.fields().get("message")))
                    .contains("login failed for \"root\"]", "second line"));
            assertThat(listener.counters().value(ListenerCounter.PROTOCOL_ERRORS))
                    .isZero();
        }
        Event event = Swarm.recorded(swarm.centre, "relay-mail-gw").stream()
                .filter(one -> one.fields().getOrDefault("message", "").startsWith("login"))
                .findFirst()
                .orElseThrow();
        assertThat(event.type()).isEqualTo("log_line");
        assertThat(event.service()).isEqualTo("syslog");
        assertThat(event.decky()).isEqualTo(new DeckyName("mail-gw"));
        assertThat(event.sensor()).contains("mail-gw");
        assertThat(event.fields()).containsEntry("facility", "2").containsEntry("severity", "4");
        assertThat(event.fields().get("app")).isEqualTo("postfix");
    }

    @Test
    void itReceivesEveryEventFromASink() throws IOException {
        Path bundle = swarm.authority.issue(
                new DeckyName("siem"), List.of("127.0.0.1"), 30, swarm.authority.bundle(new DeckyName("siem")));
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
