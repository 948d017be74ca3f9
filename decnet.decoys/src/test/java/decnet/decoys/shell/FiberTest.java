package decnet.decoys.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class FiberTest {
    @Test
    void itRunsOnlyWhileSomebodyResumesIt() {
        List<String> order = new ArrayList<>();
        Fiber[] self = new Fiber[1];
        Fiber fiber = new Fiber(() -> {
            order.add("one");
            self[0].suspend();
            order.add("three");
        });
        self[0] = fiber;

        fiber.resume();
        order.add("two");
        assertThat(fiber.ended()).isFalse();
        fiber.resume();

        assertThat(order).containsExactly("one", "two", "three");
        assertThat(fiber.ended()).isTrue();
    }

    @Test
    void whatItThrowsComesOutWhereItWasResumed() {
        Fiber fiber = new Fiber(() -> {
            throw new IllegalStateException("broken");
        });

        assertThatThrownBy(fiber::resume)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("broken");
        assertThat(fiber.ended()).isTrue();
    }
}
