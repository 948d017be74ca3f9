package decnet.capture;

import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.Places;
import decnet.journal.JournalEntry;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import decnet.topology.FleetStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A journal of our own on this host: that of the decoys, or of the helper that sees what leaves them. Events of machines that never were in the fleet are refused. */
final class DecoysSource implements Source {
    /** Those that are followed. */
    static final List<String> NAMES = List.of("decoys", "netd");

    private static final System.Logger LOG = System.getLogger(DecoysSource.class.getName());
    private static final Duration REPORT_PERIOD = Duration.ofMinutes(1);
    private static final String READER = "collect";
    private static final long MOST_BYTES = 2 << 20;

    private final String name;
    private final JournalReader reader;
    private final Roster roster;
    private final Counters counters;
    private JournalPosition released;
    private Instant nextReport = Instant.MIN;

    DecoysSource(String name, Places places, Optional<String> position, Counters counters) {
        JournalPosition from = position.map(JournalPosition::parse).orElse(JournalPosition.START);
        this.name = name;
        this.reader = JournalReader.open(places.journal(name), from, counters);
        this.roster = new Roster(new FleetStore(places.fleet()));
        this.counters = counters;
        this.released = from;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Event> read(int most, Instant now) {
        List<Event> events = new ArrayList<>();
        for (JournalEntry entry : reader.read(most, MOST_BYTES)) {
            switch (entry) {
                case JournalEntry.Recorded recorded -> {
                    if (roster.knows(recorded.event().decky())) {
                        events.add(recorded.event());
                    } else {
                        counters.increment(CollectCounter.FOREIGN_DECKIES);
                        report(
                                now,
                                "event of an unknown machine refused decky="
                                        + recorded.event().decky());
                    }
                }
                case JournalEntry.Bad bad -> {
                    counters.increment(CollectCounter.BAD_LINES);
                    report(now, "no event at=" + bad.id() + " reason=" + bad.reason());
                }
            }
        }
        return events;
    }

    /** Whoever can write what is refused must not fill the log with it. */
    private void report(Instant now, String what) {
        if (now.isAfter(nextReport)) {
            nextReport = now.plus(REPORT_PERIOD);
            LOG.log(WARNING, () -> what + "; more within " + REPORT_PERIOD.toSeconds() + " s are only counted");
        }
    }

    @Override
    public Optional<String> position() {
        return Optional.of(reader.position().toString());
    }

    @Override
    public void durable() {
        if (!reader.position().equals(released)) {
            released = reader.position();
            reader.release(READER, released);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
