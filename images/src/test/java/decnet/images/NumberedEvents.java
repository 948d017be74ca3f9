package decnet.images;

import decnet.core.ByteSize;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Peer;
import decnet.journal.Blob;
import decnet.journal.BlobStore;
import decnet.journal.BlobWriter;
import decnet.journal.JournalConfig;
import decnet.journal.JournalException;
import decnet.journal.JournalWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands in for the decoys of a host: writes numbered events of interleaved sessions, and blobs, into their journal. Each event tells its
 * number in all and in its session.
 */
final class NumberedEvents implements AutoCloseable {
    private static final int SESSIONS = 8;
    private static final int LENGTH = 12;

    private final String host;
    private final DeckyName decky;
    private final JournalWriter journal;
    private final BlobStore blobs;
    private final Random random;
    private final String run;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Set<String> hashes = ConcurrentHashMap.newKeySet();
    private final List<int[]> open = new ArrayList<>();
    private final Thread thread;
    private int sessions;
    private volatile boolean stopping;

    /** @param state folder of the host, whose own decoys do not run */
    NumberedEvents(String host, Path state, String decky, long seed) {
        this.host = host;
        this.decky = new DeckyName(decky);
        this.random = new Random(seed);
        this.run = String.format(Locale.ROOT, "%012x", random.nextLong() & 0xffff_ffff_ffffL);
        Config defaults = Config.of(Map.of());
        this.journal = JournalWriter.open(
                state.resolve("journal/decoys"), JournalConfig.from(defaults), InstantSource.system(), new Counters());
        this.blobs = BlobStore.open(state.resolve("blobs"), ByteSize.mib(512), new Counters());
        this.thread = Thread.ofPlatform().name("events-" + host).start(this::write);
    }

    long sent() {
        return sent.get();
    }

    /** How often the disk refused. */
    long failures() {
        return failures.get();
    }

    Set<String> hashes() {
        return Set.copyOf(hashes);
    }

    private void write() {
        while (!stopping) {
            for (int i = 0; i < 10; i++) {
                one();
            }
            sync();
            LockSupport.parkNanos(25_000_000);
        }
    }

    private void one() {
        if (open.size() < SESSIONS) {
            open.add(new int[] {sessions++, 0});
        }
        int[] session = open.get(random.nextInt(open.size()));
        int number = session[1]++;
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("host", host);
        fields.put("n", Long.toString(sent.get()));
        fields.put("k", Integer.toString(number));
        String type =
                switch (number) {
                    case 0 -> "connect";
                    case 1 -> {
                        fields.put("principal", "root");
                        fields.put("secret", host + sent.get());
                        yield "login_attempt";
                    }
                    case 5 -> {
                        Blob blob = blob();
                        fields.put("name", "x.sh");
                        fields.put("sha256", blob.sha256());
                        fields.put("size", Long.toString(blob.size()));
                        yield "file_upload";
                    }
                    case LENGTH - 1 -> {
                        open.remove(session);
                        fields.put("reason", "client");
                        yield "disconnect";
                    }
                    default -> {
                        fields.put("command", "wget http://203.0.113.1/" + random.nextInt());
                        yield "command";
                    }
                };
        journal.append(Event.of(Instant.now(), decky, "ssh", type, fields)
                .withConnection(
                        run + String.format(Locale.ROOT, "%08x", session[0]),
                        Peer.of("203.0.113.9", 40_000),
                        Peer.of("127.0.0.2", 10_022)));
        sent.incrementAndGet();
    }

    private Blob blob() {
        while (true) {
            try (BlobWriter writer = blobs.create(ByteSize.mib(1))) {
                byte[] content = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 300_000 : 3000)];
                random.nextBytes(content);
                writer.write(ByteBuffer.wrap((host + "\n").getBytes(StandardCharsets.UTF_8)));
                writer.write(ByteBuffer.wrap(content));
                Blob blob = writer.commit().orElseThrow();
                hashes.add(blob.sha256());
                return blob;
            } catch (JournalException e) {
                failures.incrementAndGet();
                LockSupport.parkNanos(100_000_000);
            }
        }
    }

    private void sync() {
        while (true) {
            try {
                journal.sync();
                return;
            } catch (JournalException e) {
                failures.incrementAndGet(); // the disk is full for a while
                LockSupport.parkNanos(100_000_000);
            }
        }
    }

    /** Returns once everything that was sent is in the journal. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        journal.close();
    }
}
