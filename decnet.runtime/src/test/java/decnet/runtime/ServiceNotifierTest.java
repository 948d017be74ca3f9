package decnet.runtime;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Counters;
import decnet.runtime.fixture.NotifySocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceNotifierTest {
    private static final Duration USUAL = Duration.ofSeconds(10);

    private final Counters counters = new Counters();

    @TempDir
    private Path folder = Path.of("/nowhere");

    private ServiceNotifier notifier(String... environment) {
        Map<String, String> map = new java.util.HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            map.put(environment[i], environment[i + 1]);
        }
        return ServiceNotifier.of(map, counters);
    }

    private String freePath() {
        return folder.resolve("n").toString();
    }

    @Test
    void theManagerHearsWhatHappensInOrder() {
        String path = freePath();
        try (NotifySocket manager = NotifySocket.listen(path)) {
            ServiceNotifier notifier = notifier("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "30000000");

            notifier.status("one starting");
            notifier.ready();
            notifier.alive();
            notifier.alive(); // too early to be worth a message
            notifier.stopping();

            await(() -> assertThat(manager.messages())
                    .containsExactly("STATUS=one starting", "READY=1", "WATCHDOG=1", "STOPPING=1"));
            assertThat(counters.value(RuntimeCounter.SERVICE_NOTICES_LOST)).isZero();
        }
    }

    @Test
    void anAbstractNameIsReachedToo() {
        String name = "@decnet-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        try (NotifySocket manager = NotifySocket.listen(name)) {
            notifier("NOTIFY_SOCKET", name).ready();

            await(() -> assertThat(manager.messages()).containsExactly("READY=1"));
        }
    }

    @Test
    void aStatusIsOneLineIsCutAndIsSentOnce() {
        String path = freePath();
        try (NotifySocket manager = NotifySocket.listen(path)) {
            ServiceNotifier notifier = notifier("NOTIFY_SOCKET", path);

            notifier.status("one degraded: first\nREADY=1");
            notifier.status("one degraded: first\nREADY=1");
            notifier.status("x".repeat(5000));

            await(() -> assertThat(manager.messages()).hasSize(2));
            assertThat(manager.messages().getFirst()).isEqualTo("STATUS=one degraded: first READY=1");
            assertThat(manager.messages().getLast()).hasSize(512);
        }
    }

    @Test
    void withoutAManagerNothingHappens() {
        ServiceNotifier notifier = notifier();

        notifier.ready();
        notifier.alive();
        notifier.status("one ready");
        notifier.stopping();

        assertThat(counters.value(RuntimeCounter.SERVICE_NOTICES_LOST)).isZero();
        assertThat(notifier.period(USUAL)).isEqualTo(USUAL);
    }

    @Test
    void aManagerThatIsAwayIsCountedAndHarmless() {
        ServiceNotifier notifier = notifier("NOTIFY_SOCKET", freePath());

        notifier.ready();
        notifier.stopping();

        assertThat(counters.value(RuntimeCounter.SERVICE_NOTICES_LOST)).isEqualTo(2);
    }

    @Test
    void signsOfLifeComeAtHalfTheWatchdogsTimeOrMoreOften() {
        assertThat(notifier("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", "30000000").period(USUAL))
                .isEqualTo(USUAL);
        assertThat(notifier("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", "3000000").period(USUAL))
                .isEqualTo(Duration.ofMillis(1500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "soon", "99999999999999999999"})
    void aWatchdogWithoutATimeIsNone(String micros) {
        assertThat(notifier("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", micros).period(USUAL))
                .isEqualTo(USUAL);
    }

    @Test
    void aWatchdogOfAnotherProcessIsNotOurs() {
        ServiceNotifier notifier =
                notifier("NOTIFY_SOCKET", Path.of("/x").toString(), "WATCHDOG_USEC", "2000000", "WATCHDOG_PID", "1");

        notifier.alive();

        assertThat(notifier.period(USUAL)).isEqualTo(USUAL);
        assertThat(counters.value(RuntimeCounter.SERVICE_NOTICES_LOST)).isZero();
    }
}
