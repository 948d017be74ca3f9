package decnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import decnet.runtime.ThreadAccounts.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ThreadAccountsTest {
    private static final int MIB = 1 << 20;

    /** Thirty-two pieces of 1 MiB, one alive at a time. */
    private static void allocate() {
        byte[][] last = new byte[1][];
        for (int i = 0; i < 32; i++) {
            last[0] = new byte[MIB];
        }
        assertThat(last[0]).hasSize(MIB);
    }

    private static void spin(long nanos) {
        long before = ThreadAccounts.ofThisThread().cpuNanos();
        while (ThreadAccounts.ofThisThread().cpuNanos() - before < nanos) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatAnotherThreadAllocatesAndComputesIsOnItsAccount() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread busy = Thread.ofPlatform().start(() -> {
            allocate();
            spin(20_000_000);
            done.countDown();
            awaitQuietly(leave);
        });
        Thread idle = Thread.ofPlatform().start(() -> awaitQuietly(leave));
        done.await();

        List<Optional<Reading>> readings = ThreadAccounts.of(new long[] {busy.threadId(), idle.threadId()});

        assertThat(readings.get(0).orElseThrow().allocatedBytes()).isBetween(32L * MIB, 48L * MIB);
        assertThat(readings.get(0).orElseThrow().cpuNanos()).isGreaterThanOrEqualTo(20_000_000);
        assertThat(readings.get(1).orElseThrow().allocatedBytes()).isLessThan(MIB);
        leave.countDown();
        busy.join();
        idle.join();
        assertThat(ThreadAccounts.of(busy.threadId())).isEmpty();
    }

    @Test
    void aQuestionHasALimit() {
        assertThat(ThreadAccounts.of(new long[0])).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ThreadAccounts.of(new long[ThreadAccounts.MOST + 1]))
                .withMessageContaining("256");
        assertThatIllegalArgumentException().isThrownBy(() -> ThreadAccounts.of(0));
    }

    @Test
    void aDifferenceIsNeverNegative() {
        Reading earlier = new Reading(10, 20);

        assertThat(new Reading(15, 50).since(earlier)).isEqualTo(new Reading(5, 30));
        assertThat(new Reading(5, 10).since(earlier)).isEqualTo(Reading.NOTHING);
    }

    @Test
    void aWorkersAccountGoesOnWithItsNextThread() throws InterruptedException {
        WorkerAccount account = new WorkerAccount();
        List<Long> totals = new ArrayList<>();
        totals.add(account.total().allocatedBytes());

        for (int run = 0; run < 2; run++) {
            CountDownLatch done = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            Thread thread = Thread.ofPlatform()
                    .start(() -> account.charge(() -> {
                        allocate();
                        done.countDown();
                        awaitQuietly(leave);
                    }));
            done.await();
            totals.add(account.total().allocatedBytes());
            leave.countDown();
            thread.join();
            totals.add(account.total().allocatedBytes());
        }

        assertThat(totals).isSorted();
        assertThat(totals.get(1)).isGreaterThanOrEqualTo(32L * MIB);
        assertThat(totals.get(4)).isBetween(64L * MIB, 96L * MIB);
        assertThat(account.total()).isEqualTo(account.total());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
