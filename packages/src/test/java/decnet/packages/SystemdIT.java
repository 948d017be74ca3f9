package decnet.packages;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packages in a Debian in which systemd runs, with every limit of the units in force: one life, as in {@link PackagesIT}. */
class SystemdIT {
    private static final List<String> PROCESSES = List.of("bus", "capture", "decoys", "herd", "profiler", "ttp");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @Test
    @Timeout(600)
    void systemdStartsLimitsWatchesUpgradesAndEndsTheServices() throws IOException, InterruptedException {
        DebianRoot.assumePossible();
        Optional<Path> groups = DebianRoot.controlGroups();
        if (groups.isEmpty()) {
            System.err.println("SKIPPED: no control groups of version 2, which systemd needs");
        }
        Assumptions.assumeTrue(groups.isPresent(), "control groups of version 2");
        try (DebianRoot debian = DebianRoot.booted()) {
            try {
                live(debian);
            } catch (AssertionError e) {
                e.addSuppressed(
                        new AssertionError(debian.run("journalctl", "--unit=decnet*", "--no-pager", "--lines=300")
                                .text()));
                throw e;
            }
        }
    }

    private static void live(DebianRoot debian) throws IOException, InterruptedException {
        Visit.install(debian, BuiltPackages.all());
        Visit.awaitHealthy(debian);
        checkConfined(debian);
        Visit.attack(debian, "first-secret");

        checkWatchdog(debian);
        checkConflict(debian);
        checkUpgrade(debian);

        debian.run("systemctl", "stop", "decnet.target").succeeded();
        await(PATIENCE, () -> assertThat(
                        debian.run("sh", "-c", "ls -l /proc/[0-9]*/exe 2>/dev/null | grep /usr/lib/decnet")
                                .text())
                .isEmpty());
        assertThat(debian.run("systemctl", "--failed", "--no-legend", "--plain").text())
                .isEmpty();
        debian.run("sh", "-c", "dpkg --purge $(dpkg-query --show --showformat='${Package} ' 'decnet-*')")
                .succeeded();
        assertThat(debian.run("systemctl", "list-unit-files", "--no-legend", "decnet*")
                        .text())
                .isEmpty();
    }

    private static String show(DebianRoot debian, String process, String property) {
        return debian.run("systemctl", "show", "--value", "--property=" + property, "decnet-" + process)
                .succeeded()
                .text()
                .strip();
    }

    private static void checkConfined(DebianRoot debian) {
        for (String process : PROCESSES) {
            String status = debian.run("cat", "/proc/" + show(debian, process, "MainPID") + "/status")
                    .succeeded()
                    .text();
            assertThat(status)
                    .as(process)
                    .containsPattern("\nSeccomp:\\s+2\n")
                    .containsPattern("\nNoNewPrivs:\\s+1\n")
                    .containsPattern("\nCapBnd:\\s+0+\n");
            assertThat(show(debian, process, "StatusText")).endsWith(" ready");
        }
    }

    /** A process that stands still is ended and started again. */
    private static void checkWatchdog(DebianRoot debian) {
        debian.run(
                        "sh",
                        "-c",
                        "mkdir -p /run/systemd/system/decnet-ttp.service.d && printf '[Service]\\nWatchdogSec=6\\n'"
                                + " > /run/systemd/system/decnet-ttp.service.d/watchdog.conf && systemctl daemon-reload"
                                + " && systemctl restart decnet-ttp")
                .succeeded();
        String before = show(debian, "ttp", "MainPID");
        debian.run("sh", "-c", "kill -STOP " + before).succeeded();
        await(PATIENCE, () -> {
            assertThat(show(debian, "ttp", "NRestarts")).isEqualTo("1");
            assertThat(show(debian, "ttp", "StatusText")).isEqualTo("ttp ready");
        });
        assertThat(show(debian, "ttp", "MainPID")).isNotEqualTo(before);
    }

    private static void checkConflict(DebianRoot debian) {
        debian.run("systemctl", "start", "decnet-ingest").succeeded();
        assertThat(show(debian, "herd", "ActiveState")).isEqualTo("inactive");
        debian.run("systemctl", "start", "decnet-herd").succeeded();
        assertThat(show(debian, "ingest", "ActiveState")).isEqualTo("inactive");
    }

    /** What runs is restarted, what was stopped stays so. */
    private static void checkUpgrade(DebianRoot debian) throws IOException, InterruptedException {
        debian.run("systemctl", "stop", "decnet-profiler").succeeded();
        Map<String, String> before = new TreeMap<>();
        for (String process : PROCESSES) {
            before.put(process, show(debian, process, "MainPID"));
        }
        Visit.install(debian, BuiltPackages.higher());
        Visit.awaitHealthy(debian);
        for (String process : PROCESSES) {
            if (process.equals("profiler")) {
                assertThat(show(debian, process, "ActiveState")).isEqualTo("inactive");
            } else {
                assertThat(show(debian, process, "MainPID"))
                        .as("process %s", process)
                        .isNotEqualTo(before.get(process))
                        .isNotEqualTo("0");
            }
        }
        assertThat(Visit.credentials(debian)).contains("first-secret");
        debian.run("systemctl", "start", "decnet-profiler").succeeded();
        Visit.attack(debian, "second-secret");
        assertThat(Files.exists(debian.path("/var/lib/decnet/secret"))).isTrue();
    }
}
