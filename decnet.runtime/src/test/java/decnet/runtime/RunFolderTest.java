package decnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Places;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RunFolderTest {
    private Places places = new Places(Path.of("/nowhere"), Path.of("/nowhere"));

    @BeforeEach
    void choosePlaces() throws IOException {
        Path folder = Files.createTempDirectory("rf"); // short: socket paths end at 107 bytes
        places = new Places(folder.resolve("s"), folder.resolve("r"));
    }

    private RunFolder take() throws IOException {
        return RunFolder.take(places, () -> {
            Files.createDirectories(places.state());
            Files.createDirectories(places.run());
        });
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> files = Files.list(places.run())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** As a process leaves it that was killed. */
    private void leaveSocket(Path path) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        server.close();
        assertThat(path).exists();
    }

    private void leaveFile(String process, long pid) throws IOException {
        Files.writeString(
                places.processFile(process),
                Json.text(
                        Json.object().put("process", process).put("pid", pid).put("started", "2026-01-01T00:00:00Z")));
    }

    @Test
    void aFolderThatWasMadeGoesAgain() throws IOException {
        take().close();

        assertThat(places.run()).doesNotExist();
        assertThat(places.state().resolve("host.lock")).isEmptyFile();
    }

    @Test
    void aFolderThatWasThereStays() throws IOException {
        Files.createDirectories(places.run());

        take().close();

        assertThat(entries()).isEmpty();
    }

    @Test
    void aSecondHostIsRefusedUntilTheFirstIsGone() throws IOException {
        RunFolder first = take();

        assertThatExceptionOfType(HostException.class)
                .isThrownBy(this::take)
                .withMessageContaining("running already")
                .withMessageContaining(places.state().toString());
        first.close();

        take().close();
        assertThat(places.run()).doesNotExist();
    }

    @Test
    void aRunFolderInUseByTheHostOfAnotherStateIsRefused() throws IOException {
        Files.createDirectories(places.run());
        ProcessFile.ofThisProcess("host", List.of()).write(places);

        assertThatExceptionOfType(HostException.class)
                .isThrownBy(this::take)
                .withMessageContaining("process " + ProcessHandle.current().pid());
        assertThat(places.processFile("host")).exists();
    }

    @Test
    void theHostAfterOneThatWasKilledKnowsThatTheFolderWasMade() throws IOException {
        RunFolder killed = take();
        leaveSocket(places.processSocket("host"));
        leaveFile("host", 4_194_305);
        String note = Files.readString(places.state().resolve("host.lock"));
        killed.close();
        Files.createDirectories(places.run());
        Files.writeString(places.state().resolve("host.lock"), note);

        take().close();

        assertThat(note).isEqualTo(places.run().toString());
        assertThat(places.run()).doesNotExist();
    }

    @Test
    void whatDeadProcessesLeftGoesAndWhatLivesStays() throws IOException {
        RunFolder folder = take();
        leaveFile("herd", 4_194_305);
        leaveSocket(places.processSocket("herd"));
        Files.writeString(places.run().resolve("herd.accounts"), "x");
        Files.writeString(places.run().resolve("herd.json.tmp"), "x");
        leaveSocket(places.busSocket());
        Files.writeString(places.run().resolve("broker.sock.lock"), "");
        Files.createDirectory(places.run().resolve("postgres"));
        leaveSocket(places.run().resolve("postgres/.s.PGSQL.5432"));
        Files.writeString(places.run().resolve("postgres/.s.PGSQL.5432.lock"), "1");
        Files.writeString(places.run().resolve("notes.txt"), "an operator's");
        ProcessFile.ofThisProcess("ttp", List.of("ttp")).write(places);

        try (ControlSocket _ = ControlSocket.start(
                places.processSocket("ttp"), request -> request, Duration.ofSeconds(10), () -> {}, new Counters())) {
            folder.close();

            assertThat(entries()).containsExactly("notes.txt", "ttp.json", "ttp.sock");
        }
    }
}
