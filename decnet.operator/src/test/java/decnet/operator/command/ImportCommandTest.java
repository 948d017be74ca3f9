package decnet.operator.command;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Catalogue;
import decnet.core.CommandContext;
import decnet.core.Config;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Places;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ImportCommandTest {
    @TempDir
    private Path folder = Path.of("replaced");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private final class Context implements CommandContext {
        private final Path state;

        Context(Path state) {
            this.state = state;
        }

        @Override
        public Config config() {
            return Config.of(Map.of());
        }

        @Override
        public Optional<Path> configFile() {
            return Optional.empty();
        }

        @Override
        public Places places() {
            return new Places(state, folder.resolve("run"));
        }

        @Override
        public Catalogue catalogue() {
            return Catalogue.empty();
        }

        @Override
        public PrintWriter out() {
            return new PrintWriter(out, true);
        }

        @Override
        public PrintWriter err() {
            return new PrintWriter(err, true);
        }
    }

    private Path state() {
        return folder.resolve("state");
    }

    private int run(String... arguments) {
        return runAt(state(), arguments);
    }

    private int runAt(Path state, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = new CommandLine(new ImportCommand(new Context(state)));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            err.append(String.valueOf(failure.getMessage()));
            return failure instanceof IllegalArgumentException ? ExitCode.USAGE : ExitCode.FAILED;
        });
        return line.execute(arguments);
    }

    private static String cowrie(int number) {
        return "{\"eventid\":\"cowrie.command.input\",\"timestamp\":\"2019-03-01T10:00:00.000000Z\",\"session\":\"s1\","
                + "\"src_ip\":\"203.0.113.9\",\"input\":\"echo " + number + "\"}\n";
    }

    private Path log(String name, int from, int to) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(cowrie(i));
        }
        return Files.writeString(folder.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static List<Path> segments(Path state) throws IOException {
        try (Stream<Path> files = Files.list(state.resolve("journal/import"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Event> journal(Path state) throws IOException {
        List<Event> events = new ArrayList<>();
        for (Path segment : segments(state)) {
            for (String line : Files.readAllLines(segment)) {
                if (line.startsWith("<134>")) {
                    events.add(EventLine.parse(line));
                }
            }
        }
        return events;
    }

    private static List<EventId> ids(Path state) throws IOException {
        return journal(state).stream().map(event -> event.id().orElseThrow()).toList();
    }

    @Test
    void anOldLogIsImportedOnce() throws IOException {
        Path file = log("cowrie.json", 0, 300);

        assertThat(run(file.toString(), "--decky", "web-07", "--sensor", "edge"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("cowrie, 300 lines, 300 events, 0 refused");
        assertThat(run(file.toString(), "--decky", "web-07")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("0 lines, 0 events").contains("were imported before");

        List<Event> events = journal(state());
        assertThat(events).hasSize(300);
        Event first = events.getFirst();
        assertThat(first.at()).isEqualTo(Instant.parse("2019-03-01T10:00:00Z"));
        assertThat(first.decky().text()).isEqualTo("web-07");
        assertThat(first.sensor()).contains("edge");
        assertThat(first.session()).contains("import-web-07/s1");
        assertThat(first.type()).isEqualTo("command");
        assertThat(first.service()).isEqualTo("ssh");
        assertThat(ids(state())).doesNotHaveDuplicates();
    }

    @Test
    void aLogThatHasGrownGivesItsNewLines() throws IOException {
        Path file = log("cowrie.json", 0, 10);
        run(file.toString(), "--decky", "web-07");
        log("cowrie.json", 10, 2000);

        run(file.toString(), "--decky", "web-07");
        assertThat(out.toString()).contains("1990 lines, 1990 events");
        log("cowrie.json", 2000, 2001);
        run(file.toString(), "--decky", "web-07");

        assertThat(ids(state())).hasSize(2001).doesNotHaveDuplicates();
        assertThat(journal(state()).stream().map(Event::recordedAt).distinct()).hasSize(1);
    }

    @Test
    void anEmptyLogIsNotTheBeginningOfAllOthers() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.json"), "");
        run(empty.toString(), "--decky", "web-07", "--format", "cowrie");
        run(log("a.json", 0, 10).toString(), "--decky", "web-07");
        run(log("b.json", 10, 30).toString(), "--decky", "web-07");

        assertThat(ids(state())).hasSize(30).doesNotHaveDuplicates();
    }

    @Test
    void aPackedLogIsTheSameLog() throws IOException {
        Path file = log("cowrie.json", 0, 1500);
        Path packed = folder.resolve("old.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(file, gzip);
        }

        run(packed.toString(), "--decky", "web-07");
        assertThat(out.toString()).contains("1500 events");
        run(file.toString(), "--decky", "web-07");

        assertThat(ids(state())).hasSize(1500).doesNotHaveDuplicates();
    }

    @Test
    void whereverAnImportWasKilledTheNextOneCompletesIt() throws IOException {
        Path file = log("cowrie.json", 0, 40);
        run(file.toString(), "--decky", "web-07");
        byte[] whole = Files.readAllBytes(segments(state()).getFirst());
        List<EventId> expected = ids(state());
        int tried = 0;

        for (int cut = 0; cut <= whole.length; cut += 97) {
            Path killed = folder.resolve("killed-" + cut);
            Path journal = killed.resolve("journal/import");
            Files.createDirectories(journal);
            Files.writeString(journal.resolve("id"), "00000000000000aa\n");
            Files.write(journal.resolve("000000000001.log"), java.util.Arrays.copyOf(whole, cut));

            assertThat(runAt(killed, file.toString(), "--decky", "web-07"))
                    .as(err.toString())
                    .isEqualTo(ExitCode.OK);

            List<EventId> found = new ArrayList<>();
            for (Path segment : segments(killed)) {
                String text = Files.readString(segment);
                int end = text.lastIndexOf('\n') + 1; // only lines that end count
                text.substring(0, end)
                        .lines()
                        .filter(line -> line.startsWith("<134>"))
                        .forEach(line -> found.add(EventLine.parse(line).id().orElseThrow()));
            }
            assertThat(found).as("killed at byte %d", cut).containsExactlyInAnyOrderElementsOf(expected);
            tried++;
        }
        assertThat(tried).isGreaterThan(50);
    }

    @Test
    void linesThatAreNoneAreCountedAndShownAndATornLastLineWaits() throws IOException {
        Path file = log("cowrie.json", 0, 3);
        Files.writeString(file, "nonsense\n" + "x".repeat(2 << 20) + "\n" + cowrie(3), StandardOpenOption.APPEND);
        String last = cowrie(4);
        Files.writeString(file, last.substring(0, 50), StandardOpenOption.APPEND);

        assertThat(run(file.toString(), "--decky", "web-07", "--format", "cowrie"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("7 lines, 4 events, 3 refused");
        assertThat(err.toString()).contains("not JSON").contains("nonsense").contains("line of over 1m bytes");
        Files.writeString(file, last.substring(50), StandardOpenOption.APPEND);
        run(file.toString(), "--decky", "web-07", "--format", "cowrie");

        assertThat(out.toString()).contains("1 lines, 1 events, 0 refused");
        assertThat(ids(state())).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void ourOwnEventsKeepWhoTheyAre() throws IOException {
        Path file = log("cowrie.json", 0, 5);
        run(file.toString(), "--decky", "web-07");
        List<Event> events = journal(state());
        StringBuilder exported = new StringBuilder();
        events.forEach(event -> exported.append(Json.text(event.toJson())).append('\n'));
        Path own = Files.writeString(folder.resolve("own.json"), exported);
        Path other = folder.resolve("other");

        assertThat(runAt(other, own.toString())).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(journal(other)).isEqualTo(events);
        Path third = folder.resolve("third");
        assertThat(runAt(third, segments(other).getFirst().toString())).isEqualTo(ExitCode.OK);

        assertThat(journal(third)).isEqualTo(events);
    }

    @Test
    void whatCannotBeDoneIsSaid() throws IOException {
        Path file = log("cowrie.json", 0, 5);
        Path text = Files.writeString(folder.resolve("text"), "hello\n");

        assertThat(run(file.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--decky");
        assertThat(run(file.toString(), "--decky", "web-07", "--format", "nope"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("cowrie").contains("opencanary");
        assertThat(run(text.toString(), "--decky", "web-07")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--format");
        assertThat(run(folder.resolve("absent").toString(), "--decky", "web-07"))
                .isEqualTo(ExitCode.FAILED);
    }

    @Test
    void linesOfALogFileAreWhereTheySayWhereverTheBufferEnds() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            text.append("x".repeat(i * 7919 % 211)).append('\n');
        }
        text.append("no end");
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        Path file = Files.write(folder.resolve("lines"), bytes);
        long expected = 0;
        int lines = 0;

        try (LogFile log = LogFile.open(file, 0, 100)) {
            for (Optional<LogFile.Line> next = log.next(); next.isPresent(); next = log.next()) {
                LogFile.Line line = next.get();
                assertThat(line.begin()).isEqualTo(expected);
                int length = (int) (line.end() - line.begin()) - (line.ended() ? 1 : 0);
                assertThat(line.tooLong()).isEqualTo(length > 100);
                assertThat(line.bytes()).hasSize(Math.min(length, 100));
                expected = line.end();
                lines++;
            }
        }

        assertThat(lines).isEqualTo(3001);
        assertThat(expected).isEqualTo(bytes.length);
    }
}
