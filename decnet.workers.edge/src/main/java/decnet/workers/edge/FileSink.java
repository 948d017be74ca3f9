package decnet.workers.edge;

import decnet.core.Event;
import decnet.formats.EventFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Lines in a file, which becomes {@code FILE.1}, {@code FILE.2} … when it is full. A batch is on the disk before its place is noted; a crash
 * between the two writes it twice.
 */
final class FileSink implements Sink {
    private final Path path;
    private final EventFormat format;
    private final long maxBytes;
    private final int keep;
    private FileChannel file;

    private FileSink(Path path, EventFormat format, long maxBytes, int keep, FileChannel file) {
        this.path = path;
        this.format = format;
        this.maxBytes = maxBytes;
        this.keep = keep;
        this.file = file;
    }

    /** @param keep full files kept beside the present one */
    static FileSink open(Path path, EventFormat format, long maxBytes, int keep) throws IOException {
        return new FileSink(path, format, maxBytes, keep, openFile(path));
    }

    private static FileChannel openFile(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        FileChannel channel = FileChannel.open(
                path,
                java.util.Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        channel.position(channel.size());
        return channel;
    }

    @Override
    public void deliver(List<Event> events) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(events.size() * 512);
        for (Event event : events) {
            byte[] line = format.format(event).getBytes(StandardCharsets.UTF_8);
            if (file.size() + lines.size() + line.length >= maxBytes && file.size() + lines.size() > 0) {
                write(lines);
                lines.reset();
                rotate();
            }
            lines.writeBytes(line);
            lines.write('\n');
        }
        write(lines);
        file.force(false);
    }

    private void write(ByteArrayOutputStream lines) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(lines.toByteArray());
        long before = file.size();
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            file.truncate(before); // no half line
            throw e;
        }
    }

    private void rotate() throws IOException {
        file.force(false);
        file.close();
        Files.deleteIfExists(numbered(keep));
        for (int i = keep - 1; i >= 0; i--) {
            Path from = i == 0 ? path : numbered(i);
            if (Files.exists(from)) {
                Files.move(from, numbered(i + 1), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        if (keep == 0) {
            Files.deleteIfExists(path);
        }
        file = openFile(path);
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
