package decnet.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot work is said once and clearly, with what to do, and leaves nothing behind. */
@Timeout(600)
final class RefusalIT {
    @Test
    void aWrongConfigurationIsToldWholeAndStartsNothing() throws IOException {
        try (Installation decnet = Installation.empty()) {
            Path file = Files.writeString(decnet.folder().resolve("decnet.conf"), """
                # three mistakes
                host.plan = quick
                host.redy-timeout = 5s
                host.min-free-mib = many
                journal.queue-length = several
                """);
            decnet.with("DECNET_CONFIG", file.toString());

            Outcome up = decnet.up();

            assertThat(up.code()).isEqualTo(2);
            assertThat(up.err())
                    .contains("host.plan", "tiered", ":2")
                    .contains("host.redy-timeout", "host.ready-timeout", ":3")
                    .contains("host.min-free-mib", "many", ":4")
                    .as("a key that another image reads")
                    .contains("journal.queue-length", "several", ":5")
                    .doesNotContain("Exception");
            assertThat(decnet.processes()).isEmpty();
            assertThat(decnet.state()).doesNotExist();
        }
    }

    @Test
    void aPortInUseIsNamedAndNothingIsLeftRunning() throws IOException {
        try (Installation decnet = Installation.empty()) {
            decnet.command("deploy", "--default").succeeded();
            Installation.Service taken = decnet.services().getFirst();
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(taken.socket());

                Outcome up = decnet.up();

                assertThat(up.code()).as(up.toString()).isEqualTo(1);
                assertThat(up.text())
                        .contains(taken.address() + ":" + taken.port(), "in use")
                        .doesNotContain("Exception", "\tat ");
                assertThat(decnet.processes())
                        .map(Processes::commandLine)
                        .as("left running")
                        .isEmpty();
            }

            decnet.up().succeeded();
        }
    }

    @Test
    void aStateThatCannotBeWrittenIsToldAndLeavesNothing() throws IOException {
        try (Installation decnet = Installation.empty()) {
            Path file = Files.writeString(decnet.folder().resolve("file"), "in the way");
            decnet.with("DECNET_STATE", file.resolve("state").toString());

            Outcome up = decnet.up();

            assertThat(up.code()).isEqualTo(1);
            assertThat(up.text()).contains(file.toString(), "--state").doesNotContain("\tat ");
            assertThat(up.text().strip().lines()).hasSizeLessThan(4);
            assertThat(decnet.processes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"up --plan nosuch", "run nosuch", "supervise nosuch", "fleet nosuch", "nosuch"})
    void anUnknownNameIsWrongUsage(String line) {
        try (Installation decnet = Installation.empty()) {
            Outcome outcome = decnet.command(List.of(line.split(" ")).toArray(String[]::new));

            assertThat(outcome.code()).as(outcome.toString()).isEqualTo(2);
            assertThat(outcome.err()).isNotBlank().doesNotContain("\tat ");
            assertThat(decnet.processes()).isEmpty();
        }
    }
}
