package decnet.runtime;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ToolTest {
    @TempDir
    private Path folder;

    private List<String> shell(String script) {
        return List.of("sh", "-c", script, "tool", folder.toString());
    }

    private void nothingIsLeft() {
        await(() -> assertThat(ProcessHandle.allProcesses()
                        .filter(process -> process.isAlive()
                                && process.info().commandLine().orElse("").contains(folder.toString())))
                .isEmpty());
    }

    @Test
    void resultsAndComplaintsAreKeptApart() throws IOException, InterruptedException {
        Tool tool = Tool.run(shell("echo out; echo err >&2; exit 3"), Map.of(), Duration.ofSeconds(20), () -> false);

        assertThat(tool).isEqualTo(new Tool(3, "out\n", "err"));
    }

    @Test
    void whatIsStoppedEndsWithAllItStarted() {
        // a grandchild that ignores the polite request
        String script = "sh -c 'trap \"\" TERM; echo > \"$1/started\"; while :; do :; done' tool \"$1\" & wait";

        assertThatIOException()
                .isThrownBy(() -> Tool.run(
                        shell(script), Map.of(), Duration.ofSeconds(50), () -> Files.exists(folder.resolve("started"))))
                .withMessageContaining("stopped before it was done");

        nothingIsLeft();
    }

    @Test
    void whatTakesTooLongEnds() {
        assertThatIOException()
                .isThrownBy(() -> Tool.run(shell("while :; do :; done"), Map.of(), Duration.ofMillis(300), () -> false))
                .withMessageContaining("no end after");

        nothingIsLeft();
    }
}
