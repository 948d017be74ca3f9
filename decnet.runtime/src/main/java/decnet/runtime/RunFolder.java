package decnet.runtime;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The host's possession of an installation and its run folder. {@code <state>/host.lock} is locked as long as the host lives; it stays
 * there and holds the name of the run folder if {@code up} made that, so that the next host knows even if this one is killed. When
 * possession is given up, what dead processes left in the run folder goes, and the folder itself if {@code up} made it. One owner
 * thread.
 */
final class RunFolder implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RunFolder.class.getName());
    private static final int LONGEST_NOTE = 4096;
    /** A process's name and what it leaves when it is killed. */
    private static final Pattern OURS = Pattern.compile(
            "([a-z0-9-]+)\\.(json|json\\.tmp|fleet|fleet\\.tmp|accounts|accounts\\.tmp|sock|sock\\.lock|sock\\.new)");

    private static final String POSTGRES = ".s.PGSQL.5432";

    private final Places places;
    private final FileChannel lock;
    private final boolean made;

    private RunFolder(Places places, FileChannel lock, boolean made) {
        this.places = places;
        this.lock = lock;
        this.made = made;
    }

    /** Makes the folders of an installation. */
    @FunctionalInterface
    interface Preparation {
        void prepare() throws IOException;
    }

    /**
     * Makes the folders if need be and takes possession.
     *
     * @throws HostException if another host has it
     */
    static RunFolder take(Places places, Preparation preparation) throws IOException {
        boolean missing = !Files.exists(places.run());
        preparation.prepare();
        FileChannel lock = FileChannel.open(
                places.state().resolve("host.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        try {
            Optional<ProcessFile> host =
                    ProcessFile.read(places.processFile("host")).filter(ProcessFile::alive);
            // the process file as well: another state folder may have been given the same run folder
            if (!locked(lock) || host.isPresent()) {
                throw new HostException("DECNET is running already on " + places.state() + " or in " + places.run()
                        + host.map(file -> ", as process " + file.pid()).orElse("")
                        + "; see  decnet status , or end it with  decnet down");
            }
            boolean made = missing || places.run().toString().equals(note(lock));
            write(lock, made ? places.run().toString() : "");
            return new RunFolder(places, lock, made);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            LOG.log(DEBUG, "the lock is held by this process", e);
            return false;
        }
    }

    private static String note(FileChannel lock) throws IOException {
        ByteBuffer note = ByteBuffer.allocate(LONGEST_NOTE);
        int count = Math.max(0, lock.read(note, 0));
        return new String(note.array(), 0, count, StandardCharsets.UTF_8);
    }

    private static void write(FileChannel lock, String note) throws IOException {
        lock.truncate(0);
        lock.write(ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** Clears up and gives the installation free. Every process of it must have ended. */
    @Override
    public void close() {
        try {
            sweep();
            if (made) {
                Files.deleteIfExists(places.run());
                write(lock, "");
            }
        } catch (DirectoryNotEmptyException e) {
            LOG.log(INFO, () -> "the run folder stays, somebody else uses it: " + places.run());
        } catch (IOException | UncheckedIOException e) {
            LOG.log(WARNING, () -> "cannot clear " + places.run() + ": " + e);
        }
        try {
            lock.close();
        } catch (IOException e) {
            LOG.log(WARNING, () -> "cannot release " + places.state().resolve("host.lock") + ": " + e.getMessage());
        }
    }

    private void sweep() throws IOException {
        List<Path> entries;
        try (Stream<Path> files = Files.list(places.run())) {
            entries = files.toList();
        }
        for (Path entry : entries) {
            Matcher ours = OURS.matcher(String.valueOf(entry.getFileName()));
            if (ours.matches() && !inUse(ours.group(1))) {
                Files.deleteIfExists(entry);
            }
        }
        Path postgres = places.run().resolve("postgres");
        if (Files.isDirectory(postgres, LinkOption.NOFOLLOW_LINKS) && !answers(postgres.resolve(POSTGRES))) {
            Files.deleteIfExists(postgres.resolve(POSTGRES));
            Files.deleteIfExists(postgres.resolve(POSTGRES + ".lock"));
            Files.deleteIfExists(postgres);
        }
    }

    /** Whether a process of that name lives that is none of ours: one that was started by hand. */
    private boolean inUse(String name) {
        return ProcessFile.read(places.processFile(name))
                        .filter(ProcessFile::alive)
                        .isPresent()
                || answers(places.run().resolve(name + ".sock"));
    }

    private static boolean answers(Path socket) {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
            return true;
        } catch (IOException e) {
            return false; // left by a process that was killed
        }
    }
}
