package decnet.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Output of a child process in a file of at most 5 MiB, with one older generation ({@code .1}). One owner. */
final class LogFile implements AutoCloseable {
    private static final long MAX_BYTES = 5 << 20;

    private final Path path;
    private @Nullable OutputStream out;
    private long size;

    LogFile(Path path) {
        this.path = path;
    }

    void write(byte[] bytes, int length) throws IOException {
        OutputStream stream = out;
        if (stream == null || size + length > MAX_BYTES) {
            close();
            if (Files.exists(path) && Files.size(path) + length > MAX_BYTES) {
                Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            stream = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            size = Files.size(path);
            out = stream;
        }
        stream.write(bytes, 0, length);
        size += length;
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
            out = null;
        }
    }
}
