package decnet.build;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks the PostgreSQL binaries that the class path holds: {@code PostgresImage FOLDER VERSION}. Does nothing if the folder
 * holds that version. The folder appears whole or not at all.
 *
 * <p>The archive is a tar of the ustar kind: 512-byte headers with name at 0 (100), mode at 100 (8), size at 124 (12), type at 156,
 * link name at 157 (100), all in ASCII and octal; contents padded to 512 bytes.
 */
public final class PostgresImage {
    private static final String ARCHIVE = "postgres-linux-x86_64.txz";
    private static final int BLOCK = 512;

    private PostgresImage() {}

    /** @throws IOException if the archive is missing or damaged, or the folder cannot be written */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        String version = arguments[1];
        Path stamp = folder.resolve("VERSION");
        if (Files.isRegularFile(stamp) && Files.readString(stamp).strip().equals(version)) {
            return;
        }
        Path fresh =
                folder.resolveSibling(".postgres." + ProcessHandle.current().pid());
        Files.createDirectories(fresh);
        try (InputStream archive = PostgresImage.class.getClassLoader().getResourceAsStream(ARCHIVE)) {
            if (archive == null) {
                throw new IOException(ARCHIVE + " is not on the class path");
            }
            unpack(new BufferedInputStream(new XZInputStream(archive), 1 << 16), fresh);
        }
        Files.writeString(fresh.resolve("VERSION"), version + "\n");
        delete(folder);
        Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void unpack(InputStream tar, Path root) throws IOException {
        byte[] header = new byte[BLOCK];
        while (true) {
            if (tar.readNBytes(header, 0, BLOCK) < BLOCK || header[0] == 0) {
                return;
            }
            Path path = root.resolve(text(header, 0, 100)).normalize();
            if (!path.startsWith(root)) {
                throw new IOException("entry outside the folder: " + path);
            }
            boolean executable = (octal(header, 100, 8) & 0111) != 0;
            long size = octal(header, 124, 12);
            switch (header[156]) {
                case '5' -> Files.createDirectories(path);
                case '2' -> {
                    Files.createDirectories(path.getParent());
                    Files.createSymbolicLink(path, Path.of(text(header, 157, 100)));
                }
                case '0', 0 -> file(tar, path, size, executable);
                default -> throw new IOException("entry of unknown type " + (char) header[156] + ": " + path);
            }
        }
    }

    private static void file(InputStream tar, Path path, long size, boolean executable) throws IOException {
        Files.createDirectories(path.getParent());
        long left = size;
        try (var out = Files.newOutputStream(path)) {
            byte[] buffer = new byte[1 << 16];
            while (left > 0) {
                int count = tar.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    throw new EOFException("the archive ends within " + path);
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
        tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.US_ASCII);
    }

    private static long octal(byte[] header, int from, int length) throws IOException {
        String digits = text(header, from, length).strip();
        try {
            return Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("damaged archive: not an octal number: " + digits, e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
