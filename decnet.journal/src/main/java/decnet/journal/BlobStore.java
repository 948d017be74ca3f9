package decnet.journal;

import decnet.core.ByteSize;
import decnet.core.Counters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Recordings, uploads and mails by content: {@code DIR/aa/SHA256}, written once, within a quota. What was last stored too long ago goes,
 * and when a new blob needs room the oldest do: what is new is worth more than what was there. Drafts are never touched before a day
 * has passed. Thread-safe; several processes may write one store, each with the quota counted from what it found and what it added.
 */
public final class BlobStore {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Duration SWEEP_INTERVAL = Duration.ofHours(1);
    private static final Duration DRAFT_AGE = Duration.ofDays(1);
    /** Part of the quota that is freed beyond need, so that not every blob has to look for the oldest. */
    private static final long SPARE = 20;

    private final Path folder;
    private final long quotaBytes;
    private final Duration age;
    private final InstantSource clock;
    private final Counters counters;
    private final AtomicLong usedBytes = new AtomicLong();
    private final Object files = new Object(); // held while blobs are put in place or removed
    private volatile Instant swept = Instant.MIN;

    private BlobStore(Path folder, ByteSize quota, Duration age, InstantSource clock, Counters counters) {
        this.folder = folder;
        this.quotaBytes = quota.bytes();
        this.age = age;
        this.clock = clock;
        this.counters = counters;
    }

    /** Opens a store for writing, creating it if need be; its blobs are kept for ever. @throws JournalException if that fails */
    public static BlobStore open(Path folder, ByteSize quota, Counters counters) {
        return open(folder, quota, Duration.ofDays(100_000), InstantSource.system(), counters);
    }

    /**
     * Opens a store for writing, creating it if need be, and removes what is too old.
     *
     * @param age how long a blob is kept after it was last stored
     * @throws JournalException if that fails
     */
    public static BlobStore open(Path folder, ByteSize quota, Duration age, InstantSource clock, Counters counters) {
        try {
            JournalFolder.createShared(folder);
            JournalFolder.createInner(folder.resolve("tmp"));
        } catch (IOException e) {
            throw new JournalException("cannot open the blob store " + folder + "; check rights and disk space", e);
        }
        BlobStore store = new BlobStore(folder, quota, age, clock, counters);
        store.sweep();
        return store;
    }

    /** The file of a blob in the store at {@code folder}; empty if it is not there. */
    public static Optional<Path> find(Path folder, String sha256) {
        Path file = place(folder, new Blob(sha256, 0).sha256());
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /** The file of a blob in the first of {@code folders} that has it; empty if none has. */
    public static Optional<Path> find(List<Path> folders, String sha256) {
        return folders.stream().flatMap(folder -> find(folder, sha256).stream()).findFirst();
    }

    /** The files of all blobs in the store at {@code folder}, which need not exist. @throws JournalException if it cannot be read */
    public static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder, 2)) {
            return all.filter(BlobStore::isBlob).filter(Files::isRegularFile).toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new JournalException("cannot read the blob store " + folder + "; check rights and disk space", e);
        }
    }

    /** Others keep lists of theirs beside the blobs: only what is named like one is one. */
    private static boolean isBlob(Path file) {
        return SHA256.matcher(file.getFileName().toString()).matches();
    }

    static Path place(Path folder, String sha256) {
        return folder.resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    /**
     * Starts a blob. Now and then this removes what is too old.
     *
     * @param most longest it may get; what comes after is cut off and counted
     */
    public BlobWriter create(ByteSize most) {
        if (swept.plus(SWEEP_INTERVAL).isBefore(clock.instant())) {
            sweep();
        }
        return new BlobWriter(this, most.bytes());
    }

    private record StoredFile(Path path, Instant at, long bytes) {}

    /** Removes what is too old, and counts the rest anew. @throws JournalException if the store cannot be read */
    public void sweep() {
        synchronized (files) {
            Instant now = clock.instant();
            swept = now;
            long used = 0;
            for (StoredFile file : files()) {
                boolean draft = isDraft(file.path());
                if (file.at().plus(draft ? DRAFT_AGE : age).isBefore(now) && remove(file.path())) {
                    if (!draft) {
                        counters.increment(JournalCounter.BLOBS_EXPIRED);
                    }
                } else {
                    used += file.bytes();
                }
            }
            usedBytes.set(used);
        }
    }

    private boolean isDraft(Path file) {
        return file.startsWith(folder.resolve("tmp"));
    }

    private List<StoredFile> files() {
        List<StoredFile> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder, 2)) {
            all.filter(path -> isBlob(path) || isDraft(path))
                    .forEach(path -> file(path).ifPresent(found::add));
            return found;
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new JournalException("cannot read the blob store " + folder + "; check rights and disk space", e);
        }
    }

    /** Empty if it is none, or gone meanwhile. */
    private static Optional<StoredFile> file(Path path) {
        try {
            return Files.isRegularFile(path)
                    ? Optional.of(
                            new StoredFile(path, Files.getLastModifiedTime(path).toInstant(), Files.size(path)))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean remove(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            return false; // it counts on, and is tried again
        }
    }

    Path folder() {
        return folder;
    }

    Counters counters() {
        return counters;
    }

    /** Reserves room, if need be that of the oldest blobs; false if even that does not do. */
    boolean reserve(long bytes) {
        if (usedBytes.addAndGet(bytes) <= quotaBytes || evict()) {
            return true;
        }
        usedBytes.addAndGet(-bytes);
        return false;
    }

    /** @return whether the quota holds now */
    private boolean evict() {
        synchronized (files) {
            if (usedBytes.get() <= quotaBytes) {
                return true; // another writer did it
            }
            List<StoredFile> oldest = new ArrayList<>(files());
            oldest.removeIf(file -> isDraft(file.path()));
            long removable = oldest.stream().mapToLong(StoredFile::bytes).sum();
            if (usedBytes.get() - removable > quotaBytes) {
                return false; // all of it for nothing
            }
            oldest.sort(Comparator.comparing(StoredFile::at).thenComparing(StoredFile::path));
            for (StoredFile file : oldest) {
                if (usedBytes.get() <= quotaBytes - quotaBytes / SPARE) {
                    break;
                }
                if (remove(file.path())) {
                    usedBytes.addAndGet(-file.bytes());
                    counters.increment(JournalCounter.BLOBS_EVICTED);
                }
            }
            return usedBytes.get() <= quotaBytes;
        }
    }

    /** Puts a finished draft in its place; one that is there already is as good as new then. */
    void place(Path draft, Blob blob) throws IOException {
        synchronized (files) {
            Path to = place(folder, blob.sha256());
            JournalFolder.createInner(folder.resolve(blob.sha256().substring(0, 2)));
            if (Files.exists(to)) {
                Files.setLastModifiedTime(to, FileTime.from(clock.instant()));
                release(blob.size());
                Files.delete(draft);
            } else {
                Files.setLastModifiedTime(draft, FileTime.from(clock.instant()));
                Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    void release(long bytes) {
        usedBytes.addAndGet(-bytes);
    }
}
