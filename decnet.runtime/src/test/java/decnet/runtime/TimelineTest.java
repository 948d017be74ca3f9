package decnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class TimelineTest {
    @Test
    void stepsAndProcessesAreTables() {
        Timeline timeline = new Timeline();

        timeline.mark("command line read");
        timeline.started("herd");
        timeline.started("ttp");
        timeline.ready("herd", Instant.now().plusSeconds(2));
        timeline.ready("herd", Instant.now().plusSeconds(1000));
        timeline.ready("nobody", Instant.now());

        assertThat(timeline.text())
                .matches("STEP +DONE AT +TOOK *\n"
                        + "command line read +[\\d,]+ ms +[\\d,]+ ms *\n"
                        + "\n"
                        + "PROCESS +STARTED AT +READY AT +TOOK *\n"
                        + "herd +[\\d,]+ ms +[\\d,]+ ms +[12],\\d{3} ms *\n"
                        + "ttp +[\\d,]+ ms +- +- *\n");
    }
}
