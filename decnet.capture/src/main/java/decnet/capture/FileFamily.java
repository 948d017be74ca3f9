package decnet.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A log file and its older brothers: files of the same folder whose names begin with its name, such as {@code cowrie.json.1} and
 * {@code cowrie.json.2026-11-18}. Compressed ones do not count. Stateless.
 *
 * @param path the file that is being written
 */
record FileFamily(Path path) {
    private static final int MOST = 1000;

    /** All there are, oldest first, the one being written last. */
    List<Path> members() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        String name = String.valueOf(path.getFileName());
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        record Aged(Path file, long modified) {}
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> old = files.filter(file -> isBrother(name, String.valueOf(file.getFileName())))
                    .filter(Files::isRegularFile)
                    .limit(MOST)
                    .map(file -> new Aged(file, file.toFile().lastModified()))
                    .sorted(Comparator.comparingLong(Aged::modified)
                            .thenComparing(aged -> aged.file().toString(), Comparator.reverseOrder()))
                    .map(Aged::file)
                    .toList();
            return Files.exists(path)
                    ? Stream.concat(old.stream(), Stream.of(path)).toList()
                    : old;
        }
    }

    private static boolean isBrother(String name, String other) {
        return other.length() > name.length()
                && other.startsWith(name)
                && (other.charAt(name.length()) == '.' || other.charAt(name.length()) == '-')
                && !other.matches(".*\\.(gz|bz2|xz|zst|tmp|swp)");
    }

    /** The member that {@code place} is in, first under its old inode, then as a copy. */
    Optional<Path> find(FilePlace place) throws IOException {
        Optional<Path> copy = Optional.empty();
        for (Path file : members().reversed()) {
            if (holds(file, place)) {
                if (inode(file) == place.inode()) {
                    return Optional.of(file);
                }
                copy = place.headLength() > 0 && copy.isEmpty() ? Optional.of(file) : copy;
            }
        }
        return copy;
    }

    /** The member after {@code inode}; the one being written if that one is gone. Empty if there is none. */
    Optional<Path> after(long inode) throws IOException {
        List<Path> all = members();
        for (int i = 0; i < all.size() - 1; i++) {
            if (inode(all.get(i)) == inode) {
                return Optional.of(all.get(i + 1));
            }
        }
        return all.isEmpty() || inode(all.getLast()) == inode ? Optional.empty() : Optional.of(all.getLast());
    }

    private static boolean holds(Path file, FilePlace place) throws IOException {
        try {
            return Files.size(file) >= place.offset()
                    && headHash(file, place.headLength()).equals(place.headHash());
        } catch (NoSuchFileException e) {
            return false; // renamed in this moment
        }
    }

    /** 0 if there is no such file. */
    static long inode(Path file) throws IOException {
        try {
            return ((Number) Files.getAttribute(file, "unix:ino")).longValue();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static String headHash(Path file, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return headHash(channel, length);
        }
    }

    /** 16 hexadecimal digits; those of what there is if the file is shorter than {@code length}. */
    static String headHash(FileChannel channel, int length) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(length);
        int count = 0;
        while (count >= 0 && head.hasRemaining()) {
            count = channel.read(head, head.position());
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(head.flip());
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
