package decnet.workers.edge;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.core.Places;
import decnet.journal.JournalEntry;
import decnet.journal.JournalLine;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayLineTest {
    private static final DeckyName HERE = new DeckyName("paris-01");
    private static final EventId ID = new EventId(0xabcdefL, 3, 77);

    @TempDir
    private Path dir;

    private final Counters counters = new Counters();

    private JournalReader journal(String more, Event... events) throws IOException {
        Places host = new Places(dir, dir);
        Swarm.record(host, "collect", List.of(events));
        Files.writeString(host.journal("collect").resolve("000000000001.log"), more, StandardOpenOption.APPEND);
        return JournalReader.open(host.journal("collect"), JournalPosition.START, counters);
    }

    private List<String> sent(JournalReader reader) {
        return reader.readLines(1000, 1 << 20).stream()
                .map(line -> new String(RelayLine.of(line, HERE, Swarm.NOON, counters), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void anEventGoesAsItStandsAndWithItsPlaceIfItHasNoId() throws IOException {
        Event plain = Swarm.command("a \"quoted\" [one] \u00e4");
        Event named = Swarm.command("b").withRecording(Swarm.NOON, "paris-01").withId(ID);
        try (JournalReader reader = journal("", plain, named, plain)) {
            List<Event> read;
            try (JournalReader other =
                    JournalReader.open(dir.resolve("journal/collect"), JournalPosition.START, counters)) {
                read = other.read(10).stream()
                        .map(entry -> ((JournalEntry.Recorded) entry).event())
                        .toList();
            }

            List<String> lines = sent(reader);

            assertThat(lines)
                    .containsExactlyElementsOf(
                            read.stream().map(EventLine::format).toList());
            assertThat(read.get(1).id()).contains(ID);
        }
    }

    @Test
    void aLineThatDoesNotLookLikeAnEventBecomesOneThatSaysSo() throws IOException {
        try (JournalReader reader = journal("what is this\n<134>1 ]\n<134>1 x [event@32473\n\n")) {
            List<Event> events = sent(reader).stream().map(EventLine::parse).toList();

            assertThat(events).extracting(Event::type).containsExactly("bad_line", "bad_line", "bad_line");
            assertThat(events).extracting(Event::id).doesNotHaveDuplicates();
            assertThat(events.getFirst().field("line")).contains("what is this");
            assertThat(counters.value(ForwarderCounter.BAD_LINES)).isEqualTo(3);
        }
    }

    @Test
    void whatOnlyLooksLikeAnEventIsFoundByTheListenerAndKeepsItsId() throws IOException {
        Provenance provenance = new Provenance(HERE, Duration.ofMinutes(1), InstantSource.system(), counters);
        try (JournalReader reader = journal("<134>1 yesterday web-01 ssh - command [event@32473]\n")) {
            JournalLine line = reader.readLines(1, 1000).getFirst();

            Event event = provenance
                    .event(RelayLine.of(line, HERE, Swarm.NOON, counters))
                    .event();

            assertThat(event.type()).isEqualTo("bad_line");
            assertThat(event.id()).contains(line.place());
            assertThat(RelayLine.recordedAt(line, Instant.EPOCH)).isEqualTo(Instant.EPOCH);
        }
    }

    /** A line end in a value would be a line of its own in the journal: a forged place of a source, say. */
    @Test
    void whatCouldForgeALineIsWrittenAnew() throws IOException {
        Places centre = new Places(dir.resolve("centre"), dir);
        Files.createDirectories(centre.state());
        Provenance provenance = new Provenance(HERE, Duration.ofDays(400), InstantSource.system(), counters);
        Event event =
                Swarm.command("X").withRecording(Instant.now(), "paris-01").withId(ID);
        String forged = EventLine.format(event).replace("\"X\"", "\"\n<135>1 forged\u0080\"");
        Received received = provenance.event(forged.getBytes(StandardCharsets.UTF_8));

        Swarm.record(centre, "relay-paris-01", List.of(Swarm.command("before")));
        try (SensorJournal journal = SensorJournal.open(
                centre.journal("relay-paris-01"),
                decnet.journal.JournalConfig.from(decnet.core.Config.of(java.util.Map.of())),
                InstantSource.system(),
                counters)) {
            journal.record(
                    new RelayMessage.Batch(1, JournalPosition.START, new JournalPosition(1, 5), 1, Instant.now()),
                    List.of(received));
            journal.sync();
        }

        assertThat(Files.readAllLines(centre.journal("relay-paris-01").resolve("000000000002.log")))
                .filteredOn(line -> line.startsWith("<134>"))
                .singleElement()
                .asString()
                .contains("\\x0a<135>1 forged");
    }
}
