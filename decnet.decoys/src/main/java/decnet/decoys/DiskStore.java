package decnet.decoys;

import decnet.core.ByteSize;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.topology.Persona;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Disks that outlive the process: what visitors left on them and who was there is written to a file per decky, within a quota for all
 * together, soon after it changed. A thread of its own writes; nobody waits for it but {@link #close}. Nothing is forced to the device:
 * a file that a power failure tears is noticed by its checksum. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write tells its own trouble
public final class DiskStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DiskStore.class.getName());
    private static final String SUFFIX = ".disk";
    /** Changes of files that come within this time are written together. */
    private static final Duration SOON = Duration.ofMillis(500);
    /** The same of log-ins: who guesses passwords makes many. */
    private static final Duration LATER = Duration.ofSeconds(5);

    private final Optional<Path> folder;
    private final long quotaBytes;
    private final InstantSource clock;
    private final Counters counters;
    private final ScheduledThreadPoolExecutor writer;
    private final Object lock = new Object();
    private final Map<DeckyName, Disk> disks = new HashMap<>();
    private final Set<DeckyName> dirty = new LinkedHashSet<>();
    private final Object files = new Object(); // held while files are written or removed; before lock, if both
    private final Map<DeckyName, Long> sizes = new HashMap<>(); // guarded by files
    private boolean soon;
    private boolean later;
    private boolean told;

    private DiskStore(Optional<Path> folder, ByteSize quota, InstantSource clock, Counters counters) {
        this.folder = folder;
        this.quotaBytes = quota.bytes();
        this.clock = clock;
        this.counters = counters;
        this.writer = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "worker-decoys-disks"));
        writer.setKeepAliveTime(10, TimeUnit.SECONDS);
        writer.allowCoreThreadTimeOut(true);
    }

    /** Disks that are kept as long as the process lives. */
    public static DiskStore inMemory(InstantSource clock) {
        return new DiskStore(Optional.empty(), new ByteSize(0), clock, new Counters());
    }

    /**
     * Opens the store in a folder, creating it if need be.
     *
     * @param quota of all files together
     * @throws UncheckedIOException if the folder cannot be made or read
     */
    public static DiskStore open(Path folder, ByteSize quota, InstantSource clock, Counters counters) {
        DiskStore store = new DiskStore(Optional.of(folder), quota, clock, counters);
        try {
            Files.createDirectories(folder);
            try (Stream<Path> all = Files.list(folder)) {
                for (Path file : all.toList()) {
                    store.found(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + folder + "; check rights and disk space", e);
        }
        return store;
    }

    private void found(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)) {
            try {
                sizes.put(new DeckyName(name.substring(0, name.length() - SUFFIX.length())), Files.size(file));
            } catch (IllegalArgumentException e) {
                LOG.log(System.Logger.Level.WARNING, () -> "not a decky's file: " + file);
            }
        } else if (name.endsWith(".tmp")) {
            Files.delete(file); // of a process that died while it wrote
        }
    }

    private static Path file(Path folder, DeckyName name) {
        return folder.resolve(name.text() + SUFFIX);
    }

    /** The disk of a machine, with what an earlier run kept of it. One disk per name: an earlier one is not written any more. */
    public Disk attach(DeckyName name, Persona persona) {
        Disk disk = new Disk(persona, clock);
        if (folder.isEmpty()) {
            return disk;
        }
        flush(); // what the same machine's disk has to say yet
        synchronized (files) {
            read(file(folder.get(), name), name, persona).ifPresent(kept -> kept.restore(disk));
        }
        synchronized (lock) {
            disks.put(name, disk);
            dirty.remove(name);
        }
        disk.onChange(() -> changed(name, disk, SOON));
        disk.logBook().onChange(() -> changed(name, disk, LATER));
        return disk;
    }

    private Optional<DiskFile> read(Path file, DeckyName name, Persona persona) {
        if (!sizes.containsKey(name)) {
            return Optional.empty();
        }
        try {
            if (Files.size(file) > DiskFile.MAX_LENGTH) {
                throw new DiskFile.MalformedException("a length of " + Files.size(file) + " bytes");
            }
            Optional<DiskFile> kept = DiskFile.decode(Files.readAllBytes(file), persona);
            if (kept.isEmpty()) {
                remove(file, name); // of another machine of that name
            }
            return kept;
        } catch (IOException | DiskFile.MalformedException e) {
            counters.increment(DecoysCounter.DISKS_UNREADABLE);
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "cannot read " + file + ", the machine starts without what visitors left: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void remove(Path file, DeckyName name) {
        try {
            Files.deleteIfExists(file);
            sizes.remove(name);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, () -> "cannot remove " + file + ": " + e.getMessage());
        }
    }

    private void changed(DeckyName name, Disk disk, Duration delay) {
        synchronized (lock) {
            if (disks.get(name) != disk) {
                return;
            }
            dirty.add(name);
            if (soon || later && delay.equals(LATER)) {
                return; // what is scheduled takes it along
            }
            soon |= delay.equals(SOON);
            later = true;
        }
        try {
            writer.schedule(this::flush, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            flush(); // closing: whoever comes last writes himself
        }
    }

    /** Forgets all machines but these, and removes their files. */
    public void retain(Set<DeckyName> names) {
        synchronized (files) {
            synchronized (lock) {
                disks.keySet().retainAll(names);
                dirty.retainAll(names);
            }
            for (DeckyName name : List.copyOf(sizes.keySet())) {
                if (!names.contains(name)) {
                    folder.ifPresent(place -> remove(file(place, name), name));
                }
            }
        }
    }

    /** Writes what has changed. */
    void flush() {
        synchronized (files) {
            Map<DeckyName, Disk> due = new HashMap<>();
            synchronized (lock) {
                soon = false;
                later = false;
                for (DeckyName name : dirty) {
                    Optional.ofNullable(disks.get(name)).ifPresent(disk -> due.put(name, disk));
                }
                dirty.clear();
            }
            due.forEach(this::write);
        }
    }

    private void write(DeckyName name, Disk disk) {
        byte[] bytes = DiskFile.of(disk).encode(disk.persona());
        long others = sizes.entrySet().stream()
                .filter(one -> !one.getKey().equals(name))
                .mapToLong(Map.Entry::getValue)
                .sum();
        if (others + bytes.length > quotaBytes) {
            counters.increment(DecoysCounter.DISKS_REFUSED);
            tell("decoys.disk-quota is reached: what visitors leave from now on is lost at the next restart");
            return;
        }
        Path to = file(folder.orElseThrow(), name);
        Path draft = to.resolveSibling(to.getFileName() + ".tmp");
        try {
            try (FileChannel out = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
            Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sizes.put(name, (long) bytes.length);
            counters.increment(DecoysCounter.DISKS_WRITTEN);
            told = false;
        } catch (IOException e) {
            counters.increment(DecoysCounter.DISKS_REFUSED);
            tell("cannot write " + to + ", what visitors left is lost at the next restart: " + e.getMessage());
        }
    }

    private void tell(String problem) {
        if (!told) {
            told = true;
            LOG.log(System.Logger.Level.WARNING, () -> problem);
        }
    }

    /** Writes what is left, and ends the thread. Idempotent. */
    @Override
    public void close() {
        writer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        writer.shutdown();
        flush(); // waits for a write that is under way
    }
}
