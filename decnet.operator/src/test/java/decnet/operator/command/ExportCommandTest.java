package decnet.operator.command;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Catalogue;
import decnet.core.CommandContext;
import decnet.core.Config;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Places;
import decnet.db.StoredEvent;
import decnet.db.fixture.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ExportCommandTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final int EVENTS = 2500; // more than two pages

    @TempDir
    private Path folder = Path.of("replaced");

    private final TestDatabase test = TestDatabase.create();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void close() {
        test.close();
    }

    private final class Context implements CommandContext {
        private final PrintWriter outWriter = new PrintWriter(out, true);
        private final PrintWriter errWriter = new PrintWriter(err, true);

        @Override
        public Config config() {
            return test.config();
        }

        @Override
        public Optional<Path> configFile() {
            return Optional.empty();
        }

        @Override
        public Places places() {
            return new Places(folder.resolve("state"), folder.resolve("run"));
        }

        @Override
        public Catalogue catalogue() {
            return Catalogue.empty();
        }

        @Override
        public PrintWriter out() {
            return outWriter;
        }

        @Override
        public PrintWriter err() {
            return errWriter;
        }
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        CommandLine line = new CommandLine(new ExportCommand(new Context()));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            err.append(String.valueOf(failure.getMessage()));
            return failure instanceof IllegalArgumentException ? ExitCode.USAGE : ExitCode.FAILED;
        });
        return line.execute(arguments);
    }

    private List<Event> store() {
        List<StoredEvent> rows = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            String type = i % 100 == 0 ? "login_attempt" : "connect";
            Event event = Event.of(
                            NOON.plusSeconds(i), new DeckyName("web-01"), "ssh", type, Map.of("principal", "user-" + i))
                    .withRecording(NOON.plusSeconds(i), "edge")
                    .withId(new EventId(9, 1, i));
            rows.add(new StoredEvent(i + 1L, event));
        }
        test.database().inTransaction(tx -> {
            tx.partitions().ensure(List.of(LocalDate.of(2026, 11, 20)));
            tx.events().add(rows);
            return true;
        });
        return rows.stream().map(StoredEvent::event).toList();
    }

    @Test
    void everyEventIsExportedInEveryFormatOldestFirst() {
        List<Event> events = store();

        assertThat(run()).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(out.toString().lines())
                .containsExactlyElementsOf(
                        events.stream().map(event -> Json.text(event.toJson())).toList());
        for (String format : List.of("cef", "leef", "ecs", "ocsf")) {
            assertThat(run("--format", format)).isEqualTo(ExitCode.OK);
            assertThat(out.toString().lines()).hasSize(EVENTS);
        }
    }

    @Test
    void aQueryAndTimesChoose() throws Exception {
        store();
        Path file = folder.resolve("events.json");
        Files.writeString(file, "what was there before");

        assertThat(run(
                        "--query",
                        "type:login_attempt",
                        "--since",
                        "2026-11-20T12:00:01Z",
                        "--until",
                        "2026-11-20T12:05:00Z",
                        "-o",
                        file.toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        assertThat(Files.readAllLines(file)).hasSize(2).allSatisfy(line -> assertThat(line)
                .containsAnyOf("user-100\"", "user-200\""));
        assertThat(err.toString()).contains("2 events");
    }

    @Test
    void aMistakeIsShown() {
        assertThat(run("--format", "nope")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("cef, ecs, json, leef, ocsf");
        assertThat(run("--query", "nope:1")).isNotEqualTo(ExitCode.OK);
    }
}
