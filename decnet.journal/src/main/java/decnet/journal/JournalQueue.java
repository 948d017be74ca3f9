package decnet.journal;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.core.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A journal that many threads write: a bounded queue before one writer thread, which makes a whole batch durable with one sync.
 * While the disk is full the thread retries every second, the queue fills, and {@link #offer} refuses. Thread-safe.
 */
public final class JournalQueue implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(JournalQueue.class.getName());
    private static final int BATCH = 1000;
    private static final int MAX_UNSYNCED_BYTES = 1 << 20;

    private final JournalWriter writer;
    private final Counters counters;
    private final Runnable news;
    private final ArrayBlockingQueue<Entry> waiting;
    private final Thread thread;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean failing;

    /** An event, and whom to tell once it is in the file. */
    private record Entry(Event event, Runnable written) {}

    private JournalQueue(JournalWriter writer, int length, Counters counters, String name, Runnable news) {
        this.writer = writer;
        this.counters = counters;
        this.news = news;
        this.waiting = new ArrayBlockingQueue<>(length);
        this.thread = Thread.ofPlatform().name(name).unstarted(this::drain);
    }

    /**
     * Starts the writer thread.
     *
     * @param writer owned by the queue from now on
     * @param threadName name of the writer thread, for example {@code worker-decoys-journal}
     * @param news called on the writer thread after every sync that made events durable; must not block
     */
    public static JournalQueue start(
            JournalWriter writer, JournalConfig config, Counters counters, String threadName, Runnable news) {
        JournalQueue queue = new JournalQueue(writer, config.queueLength(), counters, threadName, news);
        queue.thread.start();
        return queue;
    }

    /** Takes an event unless the queue is full or closed; false is the moment to slow the attacker down. */
    public boolean offer(Event event) {
        return offer(event, () -> {});
    }

    /**
     * As {@link #offer(Event)}.
     *
     * @param written called on the writer thread once the event is in the file, where the end of this process cannot take it away any
     *     more (only that of the machine can, until the sync that follows at once); must not block or throw
     */
    public boolean offer(Event event, Runnable written) {
        if (!closing.get() && waiting.offer(new Entry(event, written))) {
            return true;
        }
        counters.increment(JournalCounter.QUEUE_REFUSALS);
        return false;
    }

    /** Whether the last attempt to write failed. */
    public boolean failing() {
        return failing;
    }

    private void drain() {
        List<Entry> batch = new ArrayList<>(BATCH);
        try {
            while (!closing.get() || !waiting.isEmpty()) {
                Entry first = waiting.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                waiting.drainTo(batch, BATCH - 1);
                for (Entry entry : batch) {
                    if (writer.pendingBytes() > MAX_UNSYNCED_BYTES) {
                        untilDone(writer::sync); // long events: less than the writer refuses
                    }
                    writer.append(entry.event());
                }
                untilDone(writer::write);
                batch.forEach(entry -> entry.written().run());
                batch.clear();
                untilDone(writer::sync);
                news.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (JournalException e) {
            LOG.log(WARNING, () -> "journal closed with events unwritten: " + e.getMessage());
        } finally {
            closeWriter();
        }
    }

    private void closeWriter() {
        try {
            writer.close();
        } catch (JournalException e) {
            // the disk is still full: a last attempt failed, the files are closed all the same
            LOG.log(WARNING, () -> "journal closed without its last events: " + e.getMessage());
        }
    }

    private void untilDone(Runnable step) throws InterruptedException {
        while (true) {
            try {
                step.run();
                if (failing) {
                    failing = false;
                    LOG.log(INFO, () -> "journal writable again");
                }
                return;
            } catch (JournalException e) {
                if (!failing) {
                    failing = true;
                    LOG.log(WARNING, () -> "journal not writable, retrying every second: " + e.getMessage());
                }
                if (closing.get()) {
                    throw e;
                }
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    /** Writes what waits, at most for 5 s, and closes the journal. Idempotent. */
    @Override
    public void close() {
        closing.set(true);
        try {
            if (!thread.join(java.time.Duration.ofSeconds(5))) {
                LOG.log(WARNING, () -> "journal closed with events unwritten count=" + waiting.size());
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
