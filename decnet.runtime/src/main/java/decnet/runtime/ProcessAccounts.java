package decnet.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import decnet.core.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code <run>/<process>.accounts}: what each worker has cost in the last moments, in a mapped file, so that it can be read however
 * the process ended. Native byte order; written by one thread.
 * <pre>
 * file   = header *worker
 * header = magic[8] pid[8] started[8] workers[4] samples[4] sequence[8] heap-max[8] oom-kills[8] heap-used[8] *sample
 * sample = at[8] allocated[8]                                        ; of the whole process; at: epoch milliseconds
 * worker = name[64] stalled[8] *( allocated[8] cpu[8] )              ; name: UTF-8, ended by zeros
 * </pre>
 * There are {@value #SAMPLES} samples; sample number n lies at n modulo that, and counts once {@code sequence} is n.
 */
final class ProcessAccounts implements AutoCloseable {
    static final int SAMPLES = 32;

    private static final long MAGIC = 0x4443_4e41_4343_3031L; // DCNACC01
    private static final int PID = 8;
    private static final int STARTED = PID + 8;
    private static final int WORKERS = STARTED + 8;
    private static final int WINDOW = WORKERS + 4;
    private static final int SEQUENCE = WINDOW + 4;
    private static final int HEAP_MAX = SEQUENCE + 8;
    private static final int OOM_KILLS = HEAP_MAX + 8;
    private static final int HEAP_USED = OOM_KILLS + 8;
    private static final int SAMPLE = HEAP_USED + 8;
    private static final int HEADER = SAMPLE + SAMPLES * 16;
    private static final int NAME = 64;
    private static final int SLOT = NAME + 8 + SAMPLES * 16;
    private static final int MOST_WORKERS = 64;

    private final Path file;
    private final ByteBuffer map;
    private final int workers;
    private long sequence;

    private ProcessAccounts(Path file, ByteBuffer map, int workers) {
        this.file = file;
        this.map = map;
        this.workers = workers;
    }

    static Path file(decnet.core.Places places, String process) {
        return places.run().resolve(process + ".accounts");
    }

    /**
     * Starts a new file in place of the predecessor's.
     *
     * @param names of at most {@value #MOST_WORKERS} workers; the rest is left out
     */
    static ProcessAccounts open(Path file, Instant started, List<String> names, long oomKills) throws IOException {
        int workers = Math.min(MOST_WORKERS, names.size());
        int size = HEADER + workers * SLOT;
        ByteBuffer content = ByteBuffer.allocate(size).order(java.nio.ByteOrder.nativeOrder());
        content.putLong(0, MAGIC)
                .putLong(PID, ProcessHandle.current().pid())
                .putLong(STARTED, started.toEpochMilli())
                .putInt(WORKERS, workers)
                .putInt(WINDOW, SAMPLES)
                .putLong(HEAP_MAX, Runtime.getRuntime().maxMemory())
                .putLong(OOM_KILLS, oomKills);
        for (int i = 0; i < workers; i++) {
            byte[] name = names.get(i).getBytes(UTF_8);
            content.put(HEADER + i * SLOT, name, 0, Math.min(NAME, name.length));
        }
        // really written: a hole in a full file system would end the process when it is touched
        WholeFile.replace(file, content.array());
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer map =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, size).order(java.nio.ByteOrder.nativeOrder());
            return new ProcessAccounts(file, map, workers);
        }
    }

    /** Begins a sample. */
    void begin(Instant at, long allocatedByAll, long heapUsed) {
        int place = SAMPLE + (int) ((sequence + 1) % SAMPLES) * 16;
        map.putLong(place, at.toEpochMilli()).putLong(place + 8, allocatedByAll).putLong(HEAP_USED, heapUsed);
    }

    /** One worker's part of the sample; {@code index} as in the list of names. */
    void put(int index, ThreadAccounts.Reading total, boolean stalled) {
        if (index < workers) {
            int slot = HEADER + index * SLOT;
            int place = slot + NAME + 8 + (int) ((sequence + 1) % SAMPLES) * 16;
            map.putLong(place, total.allocatedBytes())
                    .putLong(place + 8, total.cpuNanos())
                    .putLong(slot + NAME, stalled ? 1 : 0);
        }
    }

    /** Makes the sample count. */
    void commit() {
        sequence++;
        map.putLong(SEQUENCE, sequence);
    }

    /** An orderly end: there is nothing to ask about. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }

    /**
     * What a process has left.
     *
     * @param allocated bytes its threads allocated within the samples
     * @param span milliseconds between first and last sample
     * @param oomKills processes that the kernel had ended for want of memory when it started
     */
    record Traces(
            long pid,
            Instant started,
            long heapMax,
            long heapUsed,
            long oomKills,
            long allocated,
            long span,
            List<Trace> workers) {
        Traces {
            workers = List.copyOf(workers);
        }
    }

    /** One worker's part of it, within the samples. */
    record Trace(String worker, long allocated, long cpuNanos, boolean stalled) {}

    /** Empty if there is none, what is there is not one, or another user made it: nobody accuses the workers of others. */
    static Optional<Traces> read(Path file) {
        byte[] bytes;
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || !own(file)
                    || Files.size(file) > HEADER + MOST_WORKERS * SLOT) {
                return Optional.empty();
            }
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            return Optional.empty();
        }
        ByteBuffer map = ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.nativeOrder());
        if (bytes.length < HEADER || map.getLong(0) != MAGIC || map.getInt(WINDOW) != SAMPLES) {
            return Optional.empty();
        }
        int workers = map.getInt(WORKERS);
        long last = map.getLong(SEQUENCE);
        if (workers < 0 || workers > MOST_WORKERS || bytes.length < HEADER + workers * SLOT || last < 0) {
            return Optional.empty();
        }
        // the place after the last may have been half written
        int end = (int) (last % SAMPLES);
        int begin = (int) (Math.max(last == 0 ? 0 : 1, last - SAMPLES + 2) % SAMPLES);
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            int slot = HEADER + i * SLOT;
            int samples = slot + NAME + 8;
            traces.add(new Trace(
                    name(bytes, slot),
                    map.getLong(samples + end * 16) - map.getLong(samples + begin * 16),
                    map.getLong(samples + end * 16 + 8) - map.getLong(samples + begin * 16 + 8),
                    map.getLong(slot + NAME) != 0));
        }
        return Optional.of(new Traces(
                map.getLong(PID),
                Instant.ofEpochMilli(map.getLong(STARTED)),
                map.getLong(HEAP_MAX),
                map.getLong(HEAP_USED),
                map.getLong(OOM_KILLS),
                map.getLong(SAMPLE + end * 16 + 8) - map.getLong(SAMPLE + begin * 16 + 8),
                map.getLong(SAMPLE + end * 16) - map.getLong(SAMPLE + begin * 16),
                traces));
    }

    private static boolean own(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static String name(byte[] bytes, int slot) {
        int length = 0;
        while (length < NAME && bytes[slot + length] != 0) {
            length++;
        }
        return new String(bytes, slot, length, UTF_8);
    }
}
