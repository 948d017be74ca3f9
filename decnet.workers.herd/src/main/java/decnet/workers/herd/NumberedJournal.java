package decnet.workers.herd;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Places;
import decnet.journal.JournalConfig;
import decnet.journal.JournalWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * The journal of a worker whose events are numbered where they come from, in a file that was written before. Each number is told once: how
 * far it is told is written with the same sync, what a killed worker wrote behind its last place is recognised by its id, and the id of
 * an event follows from its number, so that even a second one would count once. One owner thread.
 */
final class NumberedJournal implements AutoCloseable {
    private static final String SOURCE = "fleet";
    /** Ids have three parts, and a number needs only two. */
    private static final long SEGMENT = 1;
    /** The name that events of this host carry; {@code collect} declares the key. */
    private static final ConfigKey<String> SENSOR = ConfigKey.text("collect.sensor", "", "");

    private final JournalWriter writer;
    private final Set<EventId> written;
    private final String sensor;
    private Place appended;
    private Place settled;

    /**
     * @param origin drawn when the numbers were begun
     * @param number the last one
     */
    private record Place(long origin, long number) {
        private static final Place NONE = new Place(0, 0);

        static Place parse(String text) {
            int colon = text.indexOf(':');
            return new Place(
                    HexFormat.fromHexDigitsToLong(text, 0, colon), Long.parseLong(text, colon + 1, text.length(), 10));
        }

        @Override
        public String toString() {
            return HexFormat.of().toHexDigits(origin) + ":" + number;
        }
    }

    private NumberedJournal(JournalWriter writer, String sensor) {
        this.writer = writer;
        this.sensor = sensor;
        this.written = writer.writtenBehindCheckpoint();
        this.settled = Optional.ofNullable(writer.checkpoints().get(SOURCE))
                .map(Place::parse)
                .orElse(Place.NONE);
        this.appended = settled;
    }

    /**
     * Opens the journal of a worker, or makes it.
     *
     * @throws decnet.journal.JournalException if it cannot be used, or another process writes it
     */
    static NumberedJournal open(String worker, Places places, Config config, InstantSource clock, Counters counters) {
        String set = config.get(SENSOR);
        return new NumberedJournal(
                JournalWriter.open(places.journal(worker), JournalConfig.from(config), clock, counters),
                set.isEmpty() ? hostName() : set);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "sensor"; // as collect says
        }
    }

    /** The last number of an origin that was told; 0 if none was. */
    long told(long origin) {
        return appended.origin() == origin ? appended.number() : 0;
    }

    /** Takes an event, durable with the next {@link #settle}. @param number greater than any told of this origin */
    void tell(long origin, long number, Event event) {
        EventId id = new EventId(origin, SEGMENT, number);
        if (!written.contains(id)) {
            writer.append(event.withRecording(event.at(), sensor).withId(id));
        }
        appended = new Place(origin, number);
    }

    /** Leaves out a number that has no event. */
    void pass(long origin, long number) {
        appended = new Place(origin, number);
    }

    /**
     * Makes durable what was told.
     *
     * @throws decnet.journal.JournalException if that failed; everything is kept and the call may be repeated
     */
    void settle() {
        if (!appended.equals(settled)) {
            writer.checkpoint(SOURCE, appended.toString());
            settled = appended;
        }
        writer.sync();
    }

    @Override
    public void close() {
        writer.close();
    }
}
