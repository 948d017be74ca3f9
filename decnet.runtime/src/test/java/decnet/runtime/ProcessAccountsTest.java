package decnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.runtime.ProcessAccounts.Traces;
import decnet.runtime.ThreadAccounts.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessAccountsTest {
    private static final Instant START = Instant.ofEpochMilli(1_000_000);

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("test.accounts");
    }

    /** One sample a second, in which {@code one} allocates 100 bytes, {@code two} 10, and the process 120. */
    private ProcessAccounts sampled(int samples) throws IOException {
        ProcessAccounts accounts = ProcessAccounts.open(file(), START, List.of("one", "two"), 3);
        for (int i = 1; i <= samples; i++) {
            accounts.begin(START.plusSeconds(i), 120L * i, 5);
            accounts.put(0, new Reading(7L * i, 100L * i), false);
            accounts.put(1, new Reading(i, 10L * i), i == samples);
            accounts.commit();
        }
        return accounts;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 30, 31, 32, 33, 64, 1000})
    void theLastSamplesAreReadBackWithoutTheOneThatMayBeHalfWritten(int samples) throws IOException {
        ProcessAccounts accounts = sampled(samples);
        accounts.begin(START, 999_999, 5);
        accounts.put(0, new Reading(999_999, 999_999), false); // and then it died

        Traces traces = ProcessAccounts.read(file()).orElseThrow();

        int between = Math.min(samples, ProcessAccounts.SAMPLES - 1) - 1;
        assertThat(traces.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(traces.started()).isEqualTo(START);
        assertThat(traces.oomKills()).isEqualTo(3);
        assertThat(traces.heapMax()).isEqualTo(Runtime.getRuntime().maxMemory());
        assertThat(traces.allocated()).isEqualTo(120L * between);
        assertThat(traces.span()).isEqualTo(1000L * between);
        assertThat(traces.workers())
                .containsExactly(
                        new ProcessAccounts.Trace("one", 100L * between, 7L * between, false),
                        new ProcessAccounts.Trace("two", 10L * between, between, true));
    }

    @Test
    void anOrderlyEndLeavesNothing() throws IOException {
        sampled(3).close();

        assertThat(folder).isEmptyDirectory();
        assertThat(ProcessAccounts.read(file())).isEmpty();
    }

    @Test
    void aLongNameIsCutAndWorkersBeyondTheLimitAreLeftOut() throws IOException {
        List<String> names = java.util.stream.IntStream.range(0, 70)
                .mapToObj(i -> i + "-" + "n".repeat(80))
                .toList();
        ProcessAccounts accounts = ProcessAccounts.open(file(), START, names, 0);
        accounts.begin(START, 0, 0);
        for (int i = 0; i < names.size(); i++) {
            accounts.put(i, Reading.NOTHING, false);
        }
        accounts.commit();

        Traces traces = ProcessAccounts.read(file()).orElseThrow();

        assertThat(traces.workers()).hasSize(64);
        assertThat(traces.workers().getFirst().worker()).hasSize(64).startsWith("0-nn");
    }

    @Test
    void whateverElseLiesThereIsNotRead() throws IOException {
        sampled(40);
        byte[] good = Files.readAllBytes(file());
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 300; i++) {
            byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (int j = 0; j < 3 && bad.length > 0; j++) {
                bad[random.nextInt(Math.min(64, bad.length))] = (byte) random.nextInt();
            }
            Files.write(file(), bad);

            ProcessAccounts.read(file())
                    .ifPresent(traces -> assertThat(traces.workers()).hasSizeLessThanOrEqualTo(64));
        }
        Files.write(file(), new byte[10 << 20]);
        assertThat(ProcessAccounts.read(file())).isEmpty();
    }
}
