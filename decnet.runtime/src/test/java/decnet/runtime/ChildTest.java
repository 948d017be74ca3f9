package decnet.runtime;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Counters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
    @TempDir
    private Path folder;

    private final Counters counters = new Counters();

    private Child child(String script) {
        return new Child(
                new Child.Spec(
                        "child",
                        () -> List.of("sh", "-c", script),
                        Map.of("FOLDER", folder.toString()),
                        Optional.of(folder.resolve("child.log")),
                        "TERM",
                        true),
                InstantSource.system(),
                counters);
    }

    private static void end(Child child) throws InterruptedException {
        child.requestStop();
        child.awaitEnd(Duration.ofSeconds(5));
    }

    @Test
    void aChildThatDiesIsStartedAgainAndItsOutputIsKept() throws InterruptedException, IOException {
        Child child =
                child("echo run >> $FOLDER/runs; echo hello; [ $(wc -l < $FOLDER/runs) -gt 1 ] && exec cat; exit 3");
        child.start();

        await(() -> assertThat(child.restarts()).isEqualTo(1));
        await(() -> assertThat(child.pid()).isPresent());
        assertThat(child.lastEnd()).isEqualTo("exit 3");
        assertThat(counters.value(RuntimeCounter.CHILD_DEATHS)).isEqualTo(1);
        await(() -> assertThat(Files.readString(folder.resolve("child.log"))).isEqualTo("hello\nhello\n"));
        end(child);

        assertThat(child.pid()).isEmpty();
    }

    @Test
    void aChildKilledFromOutsideComesBackUnderAnotherPid() throws InterruptedException {
        Child child = child("exec cat");
        child.start();
        await(() -> assertThat(child.pid()).isPresent());
        long first = child.pid().orElseThrow();

        ProcessHandle.of(first).orElseThrow().destroyForcibly();

        await(() -> assertThat(child.pid()).isPresent().hasValueSatisfying(pid -> assertThat(pid)
                .isNotEqualTo(first)));
        assertThat(child.lastEnd()).isEqualTo("signal 9");
        end(child);
    }

    @Test
    void aChildThatIgnoresTheSignalIsKilled() throws InterruptedException {
        Child child = child("trap '' TERM; echo up > $FOLDER/up; while :; do read line || :; done < /dev/zero");
        child.start();
        await(() -> assertThat(folder.resolve("up")).exists());

        child.requestStop();
        child.awaitEnd(Duration.ofMillis(300));

        await(() -> assertThat(child.pid()).isEmpty());
    }

    @Test
    void standardInputStaysOpenAsLongAsTheMasterLives() throws InterruptedException {
        Child child = child("read line; echo closed > $FOLDER/closed");
        child.start();
        await(() -> assertThat(child.pid()).isPresent());

        assertThat(folder.resolve("closed")).doesNotExist();

        end(child);
    }

    @Test
    void theLogOfAChildIsBounded() throws InterruptedException {
        Child child = child("yes 'a line of a chatty child' | head -c 12000000; exec cat");
        child.start();

        await(Duration.ofSeconds(30), () -> assertThat(folder.resolve("child.log.1"))
                .exists());
        await(() -> assertThat(Files.size(folder.resolve("child.log"))).isLessThan(6_000_000));
        end(child);
    }
}
