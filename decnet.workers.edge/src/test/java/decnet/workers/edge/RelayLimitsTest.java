package decnet.workers.edge;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.core.Config;
import decnet.core.DeckyName;
import decnet.core.EventId;
import decnet.core.Places;
import decnet.runtime.fixture.TestWorkerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a listener takes from a sensor, and how long it waits for it. */
@Timeout(120)
class RelayLimitsTest {
    @TempDir
    private Path dir;

    private Swarm swarm;

    @BeforeEach
    void foundASwarm() throws IOException {
        swarm = new Swarm(dir);
    }

    private SSLSocket connect(Places sensor) throws IOException {
        Path own = sensor.state().resolve("swarm/own");
        TlsIdentity identity = TlsIdentity.load(new TlsFiles(
                Optional.of(new TlsFiles.Own(own.resolve("cert.pem"), own.resolve("key.pem"))),
                Optional.of(own.resolve("ca.pem")),
                Optional.empty()));
        HostPort to = new HostPort("127.0.0.1", swarm.port);
        return RelayLink.secure(RelayLink.connect(to), to, identity, Duration.ofSeconds(5), RelayMessage.PROTOCOL);
    }

    @Test
    void aSensorIsHeldToItsRateAndLosesNothing() throws IOException {
        Places paris = swarm.sensor("paris-01");
        List<EventId> sent = Swarm.record(paris, "collect", "paris-01", 0, 1500);
        try (TestWorkerContext listener = swarm.listener("listener.rate", "64k")) {
            await(() -> assertThat(listener.state()).isEqualTo("ready"));
            long begun = System.nanoTime();
            try (TestWorkerContext _ = swarm.forwarder(paris)) {
                await(Duration.ofSeconds(30), () -> assertThat(swarm.arrived("paris-01"))
                        .isEqualTo(sent));
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            double least = (listener.counters().value(ListenerCounter.BYTES) - 2 * 65_536) / 65_536.0;

            assertThat(least).isGreaterThan(1);
            assertThat(seconds).isGreaterThan(0.9 * least);
        }
    }

    @Test
    void aRateThatIsTooLowToWorkIsRefused() {
        assertThatThrownBy(() -> ListenerConfig.from(Config.of(Map.of("listener.rate", "1k")), swarm.centre))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("listener.rate")
                .hasMessageContaining("at least");
    }

    @Test
    void aPeerThatIsSilentForTooLongIsCut() throws IOException {
        Places paris = swarm.sensor("paris-01");
        try (TestWorkerContext listener = swarm.listener("listener.idle", "1s")) {
            await(() -> assertThat(listener.state()).isEqualTo("ready"));
            try (SSLSocket silent = connect(paris)) {
                silent.setSoTimeout(20_000);
                FrameReader in = new FrameReader(silent.getInputStream(), 60_000_000_000L);

                assertThat(in.read()).isPresent(); // the greeting
                assertThat(in.read()).isEmpty(); // the end, and not by our time-out
                await(() -> assertThat(listener.counters().value(ListenerCounter.PROTOCOL_ERRORS))
                        .isEqualTo(1));
            }
        }
    }

    @Test
    void aForwarderIsToldThatThereIsNoRoom() throws IOException {
        Places paris = swarm.sensor("paris-01");
        Places rome = swarm.sensor("rome-01");
        try (TestWorkerContext listener = swarm.listener("listener.connections", "1")) {
            await(() -> assertThat(listener.state()).isEqualTo("ready"));
            try (SSLSocket first = connect(paris);
                    TestWorkerContext second = swarm.forwarder(rome)) {
                assertThat(first.isConnected()).isTrue();
                await(() -> assertThat(second.state())
                        .startsWith("degraded: centre:")
                        .contains("listener.connections"));
                assertThat(listener.counters().value(ListenerCounter.CONNECTIONS_REFUSED))
                        .isPositive();
            }
        }
    }

    @Test
    void certificatesThatEndSoonAreNamedOnBothSides() throws IOException {
        swarm.authority.issue(new DeckyName("centre"), List.of("127.0.0.1"), 20, swarm.authority.own());
        Places paris = swarm.places("paris-01");
        DeckyName name = new DeckyName("paris-01");
        Swarm.install(swarm.authority.issue(name, List.of(), 10, swarm.authority.bundle(name)), paris);
        Swarm.record(paris, "collect", "paris-01", 0, 3);
        try (TestWorkerContext listener = swarm.listener();
                TestWorkerContext forwarder = swarm.forwarder(paris)) {
            await(() -> assertThat(listener.state())
                    .startsWith("degraded: the certificate of this listener ends at ")
                    .contains("decnet swarm ca issue"));
            await(() -> assertThat(swarm.arrived("paris-01")).hasSize(3)); // it works all the same
            await(() -> assertThat(forwarder.state()).startsWith("degraded: ").contains("certificate", "ends at"));
            await(Duration.ofSeconds(20), () -> assertThat(
                            listener.counters().value(ListenerCounter.CERTIFICATES_EXPIRING))
                    .isEqualTo(2)); // its own and the sensor's, once each
        }
    }

    private static boolean run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aFullDiskHoldsSensorsUpUntilThereIsRoom() throws IOException {
        Path journal = Files.createDirectories(swarm.centre.state().resolve("journal"));
        boolean mounted = Files.getAttribute(dir, "unix:uid").equals(0)
                && run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", journal.toString());
        assumeTrue(mounted, "needs root and the right to mount");
        try {
            Path filler = Files.write(journal.resolve("filler"), new byte[2 * 1024 * 1024 - 128 * 1024]);
            Places paris = swarm.sensor("paris-01");
            List<EventId> sent = Swarm.record(paris, "collect", "paris-01", 0, 2000);
            try (TestWorkerContext listener = swarm.listener();
                    TestWorkerContext forwarder = swarm.forwarder(paris)) {
                await(Duration.ofSeconds(20), () -> assertThat(listener.state())
                        .startsWith("degraded: cannot write the journal")
                        .contains("No space left"));
                assertThat(forwarder.counters().value(ForwarderCounter.EVENTS)).isLessThan(2000);

                Files.delete(filler);

                await(Duration.ofSeconds(30), () -> assertThat(
                                forwarder.counters().value(ForwarderCounter.EVENTS))
                        .isEqualTo(2000));
                assertThat(swarm.arrived("paris-01")).isEqualTo(sent);
                await(Duration.ofSeconds(20), () -> assertThat(listener.state()).isEqualTo("ready"));
            }
        } finally {
            assertThat(run("umount", "-l", journal.toString())).isTrue();
        }
    }
}
