package decnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.runtime.ProcessAccounts.Trace;
import decnet.runtime.ProcessAccounts.Traces;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributionTest {
    private static final long MIB = 1 << 20;

    private static Traces traces(long hog, long other, long process, boolean otherStalled) {
        return new Traces(
                7,
                Instant.EPOCH,
                64 * MIB,
                0,
                5,
                process * MIB,
                10_000,
                List.of(new Trace("hog", hog * MIB, 0, false), new Trace("other", other * MIB, 0, otherStalled)));
    }

    @ParameterizedTest
    @CsvSource({
        // MiB of hog, other, process; end; processes the kernel has ended since boot; charged
        "75, 10, 100, exit 3, 5, hog",
        "74, 10, 100, exit 3, 5, nobody", // less than three quarters
        "10, 80, 100, exit 3, 5, other",
        "8, 0, 8, exit 3, 5, hog", // an eighth of the heap
        "7, 0, 7, exit 3, 5, nobody",
        "0, 0, 0, exit 3, 5, nobody",
        "90, 0, 100, '', 5, hog", // nobody saw it, as under systemd
        "90, 0, 100, signal 9, 5, nobody", // somebody's kill
        "90, 0, 100, signal 9, 6, hog", // the kernel's
        "90, 0, 100, signal 11, 6, nobody",
        "90, 0, 100, exit 1, 5, nobody",
        "90, 0, 100, exit 0, 5, nobody",
        "90, 0, 100, signal 15, 6, nobody",
    })
    void whoStandsOutWhenMemoryWasTheReasonIsCharged(
            long hog, long other, long process, String end, long oomKills, String charged) {
        Attribution found = Attribution.of(traces(hog, other, process, false), end, oomKills);

        assertThat(found.worker().orElse("nobody")).isEqualTo(charged);
        assertThat(found.reason()).contains(end.isEmpty() ? "nobody saw" : end);
    }

    @Test
    void whoHadStalledIsChargedHoweverTheProcessEnded() {
        Attribution found = Attribution.of(traces(90, 0, 100, true), "signal 9", 5);

        assertThat(found).isEqualTo(new Attribution(java.util.Optional.of("other"), "it had stalled; signal 9"));
    }
}
