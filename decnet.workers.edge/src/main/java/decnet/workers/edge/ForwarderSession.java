package decnet.workers.edge;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.journal.JournalLine;
import decnet.journal.JournalPosition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The forwarder's side of {@value RelayMessage#PROTOCOL}, over one connection: tells of each journal, goes on where the listener stands,
 * keeps a few batches under way, notes what is acknowledged, and serves blobs in between. Knows streams only. {@link #run} has one
 * owner thread; another calls {@link #receive}.
 */
final class ForwarderSession {
    private static final System.Logger LOG = System.getLogger(ForwarderSession.class.getName());
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(60);
    private static final Duration GREETING = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(120);
    private static final long RELEASE_NANOS = 1_000_000_000L;
    private static final int MOST_WAITING = 1024;

    private final FrameReader in;
    private final FrameWriter out;
    private final Feeds feeds;
    private final BlobOutlet blobs;
    private final ForwarderConfig config;
    private final DeckyName name;
    private final DestinationState state;
    private final InstantSource clock;
    private final Counters counters;
    private final Signal signal;

    private final Map<Long, Course> courses = new HashMap<>();
    private final BlockingQueue<RelayMessage> received = new ArrayBlockingQueue<>(MOST_WAITING);
    private volatile String end = "";
    private long spokenNanos = System.nanoTime();
    private long measuredNanos = System.nanoTime();

    /** What a session needs besides its streams. */
    record Parts(
            Feeds feeds,
            BlobOutlet blobs,
            ForwarderConfig config,
            DeckyName name,
            DestinationState state,
            InstantSource clock,
            Counters counters,
            Signal signal) {}

    /** One journal on this connection. */
    private static final class Course {
        private final Feeds.Feed feed;
        private final Deque<Sent> underWay = new ArrayDeque<>();
        private boolean standing;
        private long releasedNanos = System.nanoTime();
        private JournalPosition acknowledged = JournalPosition.START;
        /** Where the last batch ended: the next begins there, though lines that are no events may lie between. */
        private JournalPosition told = JournalPosition.START;

        Course(Feeds.Feed feed) {
            this.feed = feed;
        }
    }

    private record Sent(JournalPosition to, int events, Instant newest, long nanos) {}

    ForwarderSession(FrameReader in, FrameWriter out, Parts parts) {
        this.in = in;
        this.out = out;
        this.feeds = parts.feeds();
        this.blobs = parts.blobs();
        this.config = parts.config();
        this.name = parts.name();
        this.state = parts.state();
        this.clock = parts.clock();
        this.counters = parts.counters();
        this.signal = parts.signal();
    }

    /** Takes what the listener says until the connection ends; on a thread of its own, beside {@link #run}. */
    void receive() {
        String how = "the centre has closed the connection";
        try {
            while (true) {
                var frame = in.read();
                if (frame.isEmpty()) {
                    break;
                }
                received.put(RelayMessage.parse(frame.get()));
                signal.give();
            }
        } catch (IOException | FrameException e) {
            how = RelayLink.explain(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end = how;
        signal.give();
    }

    /**
     * Delivers until {@code stopping} or the connection ends.
     *
     * @throws IOException when it ends, saying how
     */
    void run(java.util.function.BooleanSupplier stopping) throws IOException, InterruptedException {
        try {
            waitForGreeting();
            while (!stopping.getAsBoolean()) {
                boolean worked = hear();
                for (Feeds.Feed feed : feeds.all()) {
                    worked |= advance(feed);
                }
                worked |= blobs.send(out, clock.instant());
                if (System.nanoTime() - measuredNanos > RELEASE_NANOS) {
                    measuredNanos = System.nanoTime();
                    state.behind(feeds.bytesBehind());
                }
                if (!worked) {
                    releaseAll();
                    state.behind(
                            courses.values().stream().allMatch(course -> course.underWay.isEmpty())
                                    ? 0
                                    : feeds.bytesBehind());
                    measuredNanos = System.nanoTime();
                    signOfLife();
                    out.flush();
                    if (!end.isEmpty()) {
                        hear();
                        throw new IOException(end);
                    }
                    signal.await(config.poll());
                }
            }
        } catch (IOException e) {
            String heard = end;
            throw heard.isEmpty() || heard.equals(e.getMessage()) ? e : new IOException(heard, e);
        } finally {
            releaseAll();
        }
    }

    /** Before it, nothing is sent: a listener that refuses our certificate says so only after our handshake, and is then heard. */
    private void waitForGreeting() throws IOException, InterruptedException {
        long limit = System.nanoTime() + GREETING.toNanos();
        while (received.isEmpty()) {
            if (!end.isEmpty()) {
                throw new IOException(end);
            }
            if (System.nanoTime() > limit) {
                throw new IOException("no greeting in time");
            }
            signal.await(GREETING);
        }
        if (!(received.remove() instanceof RelayMessage.Hello)) {
            throw new IOException("no greeting, but something else");
        }
        state.connected();
    }

    private boolean hear() throws IOException {
        boolean any = false;
        for (RelayMessage message = received.poll(); message != null; message = received.poll()) {
            any = true;
            switch (message) {
                case RelayMessage.Ack ack -> acknowledged(ack);
                case RelayMessage.BlobWant want -> blobs.wanted(want.blob());
                case RelayMessage.Hello _, RelayMessage.Batch _, RelayMessage.BlobPart _ ->
                    throw new IOException("the centre sends what only a sensor sends");
            }
        }
        return any;
    }

    private void acknowledged(RelayMessage.Ack ack) throws IOException {
        Course course = courses.get(ack.journal());
        if (course == null) {
            throw new IOException("the centre acknowledges a journal that is not here");
        }
        if (!course.standing) {
            stand(course, ack.position());
            return;
        }
        while (!course.underWay.isEmpty() && course.underWay.peek().to().compareTo(ack.position()) <= 0) {
            Sent sent = course.underWay.remove();
            counters.add(ForwarderCounter.EVENTS, sent.events());
            counters.increment(ForwarderCounter.BATCHES);
            state.delivered(sent.events(), sent.newest());
        }
        course.acknowledged = ack.position();
        if (System.nanoTime() - course.releasedNanos > RELEASE_NANOS) {
            release(course);
        }
    }

    /** The listener knows better than our own note where it stands; usually both agree. */
    private void stand(Course course, JournalPosition position) {
        JournalPosition noted = course.feed.released();
        if (position.compareTo(noted) < 0) {
            LOG.log(
                    WARNING,
                    () -> "the centre is behind what it had acknowledged; sending again what is left journal="
                            + course.feed.name() + " from=" + position + " acknowledged=" + noted);
        }
        course.feed.seek(position);
        course.acknowledged = position;
        course.told = position;
        course.standing = true;
        LOG.log(INFO, () -> "forwarding journal=" + course.feed.name() + " from=" + position);
    }

    private boolean advance(Feeds.Feed feed) throws IOException {
        Course course = courses.get(feed.journal());
        if (course == null) {
            courses.put(feed.journal(), new Course(feed));
            out.write(new RelayMessage.Hello(feed.journal(), clock.instant()).encode());
            out.flush();
            return true;
        }
        Sent oldest = course.underWay.peek();
        if (oldest != null && System.nanoTime() - oldest.nanos() > ANSWER.toNanos()) {
            throw new IOException("the centre has not acknowledged anything for " + ANSWER.toSeconds() + " s");
        }
        if (!course.standing || course.underWay.size() >= config.window()) {
            return false;
        }
        List<JournalLine> lines = feed.readLines(config.batch(), ForwarderConfig.BATCH_BYTES);
        if (lines.isEmpty() && feed.position().segment() == course.told.segment()) {
            // nothing, or only checkpoints: not worth a message
            return false;
        }
        send(course, lines);
        return true;
    }

    private void send(Course course, List<JournalLine> lines) throws IOException {
        Instant now = clock.instant();
        for (JournalLine line : lines) {
            out.write(RelayLine.of(line, name, now, counters));
        }
        Instant newest = lines.isEmpty() ? now : RelayLine.recordedAt(lines.getLast(), now);
        JournalPosition to = course.feed.position();
        out.write(new RelayMessage.Batch(course.feed.journal(), course.told, to, lines.size(), now).encode());
        course.told = to;
        out.flush();
        course.underWay.add(new Sent(to, lines.size(), newest, System.nanoTime()));
        spokenNanos = System.nanoTime();
    }

    /** A silent connection is cut by the listener, and by many a router. */
    private void signOfLife() throws IOException {
        if (System.nanoTime() - spokenNanos < SIGN_OF_LIFE.toNanos()) {
            return;
        }
        for (Course course : courses.values()) {
            if (course.standing && course.underWay.isEmpty()) {
                send(course, List.of());
                return;
            }
        }
    }

    private void release(Course course) {
        if (course.standing) {
            course.feed.release(course.acknowledged);
            course.releasedNanos = System.nanoTime();
        }
    }

    private void releaseAll() {
        courses.values().forEach(this::release);
    }
}
