package decnet.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The files of one journal.
 *
 * <pre>
 * DIR/id                       16 hexadecimal digits
 * DIR/000000000001.log …       segments
 * DIR/readers/NAME             segment:offset, the place up to which NAME needs nothing any more
 * DIR/lock                     held by the writer
 * </pre>
 */
record JournalFolder(Path path) {
    private static final String SUFFIX = ".log";
    private static final Set<PosixFilePermission> SHARED = PosixFilePermissions.fromString("rwxrwx---");
    /** Inside a folder that keeps strangers out. */
    private static final Set<PosixFilePermission> INNER = PosixFilePermissions.fromString("rwxr-xr-x");

    static final Set<PosixFilePermission> INNER_FILE = PosixFilePermissions.fromString("rw-r--r--");

    /** Creates the outermost folder, which keeps strangers out; one that exists is left as its owner made it. */
    static void createShared(Path folder) throws IOException {
        create(folder, SHARED);
    }

    /** Creates a folder inside one that keeps strangers out: whoever may enter that may read here. */
    static void createInner(Path folder) throws IOException {
        create(folder, INNER);
    }

    private static void create(Path folder, Set<PosixFilePermission> permissions) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder);
        try {
            Files.setPosixFilePermissions(folder, permissions);
        } catch (UnsupportedOperationException e) {
            throw new IOException("the file system of " + folder + " knows no permissions", e);
        }
    }

    Path segment(long number) {
        return path.resolve(String.format("%012d%s", number, SUFFIX));
    }

    Path readers() {
        return path.resolve("readers");
    }

    NavigableSet<Long> segments() throws IOException {
        NavigableSet<Long> numbers = new TreeSet<>();
        if (!Files.isDirectory(path)) {
            return numbers;
        }
        try (Stream<Path> files = Files.list(path)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d{12}\\.log"))
                    .forEach(name -> numbers.add(Long.valueOf(name.substring(0, 12))));
        }
        return numbers;
    }

    /** The journal's id, drawn at its creation. */
    long createId() throws IOException {
        Path file = path.resolve("id");
        try {
            long id = new SecureRandom().nextLong();
            Path draft = Files.createTempFile(path, "id", ".tmp");
            Files.writeString(draft, HexFormat.of().toHexDigits(id) + "\n");
            Files.setPosixFilePermissions(draft, INNER_FILE);
            try {
                Files.createLink(file, draft);
                return id;
            } finally {
                Files.delete(draft);
            }
        } catch (FileAlreadyExistsException e) {
            return readId();
        }
    }

    long readId() throws IOException {
        String text =
                Files.readString(path.resolve("id"), StandardCharsets.US_ASCII).strip();
        try {
            return HexFormat.fromHexDigitsToLong(text);
        } catch (IllegalArgumentException e) {
            throw new IOException(path.resolve("id") + " is damaged; the journal cannot be read without it", e);
        }
    }

    Map<String, JournalPosition> readerPositions() throws IOException {
        Map<String, JournalPosition> positions = new TreeMap<>();
        if (!Files.isDirectory(readers())) {
            return positions;
        }
        try (Stream<Path> files = Files.list(readers())) {
            for (Path file : files.filter(f -> !f.toString().endsWith(".tmp")).toList()) {
                try {
                    positions.put(file.getFileName().toString(), JournalPosition.parse(Files.readString(file)));
                } catch (NoSuchFileException e) {
                    positions.remove(file.getFileName().toString()); // it has just unregistered
                } catch (IllegalArgumentException e) {
                    positions.put(file.getFileName().toString(), JournalPosition.START);
                }
            }
        }
        return positions;
    }

    void writeReader(String name, JournalPosition position) throws IOException {
        createShared(readers());
        Path draft = readers().resolve(name + ".tmp");
        Files.writeString(draft, position + "\n");
        Files.move(draft, readers().resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
