package decnet.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class PollerTest {
    private static void ring(int descriptor) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            Libc.write(descriptor, arena.allocateFrom(ValueLayout.JAVA_LONG, 1L));
        }
    }

    private static Set<Integer> ready(Poller poller, int timeoutMillis) throws SystemCallException {
        int count = poller.await(timeoutMillis);
        Set<Integer> ready = new HashSet<>();
        for (int i = 0; i < count; i++) {
            ready.add(poller.ready(i));
        }
        return ready;
    }

    @Test
    void ofAThousandDescriptorsTheReadyOnesAreTold() throws Exception {
        List<Integer> all = new ArrayList<>();
        try (Poller poller = Poller.open()) {
            for (int i = 0; i < 1000; i++) {
                int descriptor = Libc.eventDescriptor(Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
                all.add(descriptor);
                poller.add(descriptor);
            }
            assertThat(ready(poller, 0)).isEmpty();

            ring(all.get(3));
            ring(all.get(999));

            assertThat(ready(poller, 1000)).containsExactlyInAnyOrder(all.get(3), all.get(999));
            poller.remove(all.get(3));
            assertThat(ready(poller, 1000)).containsExactly(all.get(999)); // not read, so told again
        } finally {
            for (int descriptor : all) {
                Libc.close(descriptor);
            }
        }
    }

    @Test
    void whoWaitsForEverIsWokenUp() throws Exception {
        try (Poller poller = Poller.open()) {
            FutureTask<Integer> waiting = new FutureTask<>(() -> poller.await(-1));
            Thread thread = Thread.ofPlatform().name("waiting").start(waiting);

            poller.wakeUp();
            poller.wakeUp();

            assertThat(waiting.get()).isZero();
            thread.join();
        }
    }

    @Test
    void aCallThatComesBeforeTheWaitCountsOnce() throws Exception {
        try (Poller poller = Poller.open()) {
            poller.wakeUp();
            long start = System.nanoTime();

            assertThat(poller.await(60_000)).isZero();
            assertThat(poller.await(1)).isZero(); // waits out its time

            assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
            poller.wakeUp();
            assertThat(poller.await(-1)).isZero();
        }
    }
}
