package decnet.operator.command;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** The lines of a log file, packed with gzip or not, with the places where they begin (in unpacked bytes). One owner thread. */
final class LogFile implements AutoCloseable {
    /** How much of the beginning tells files apart. */
    static final int HEAD = 64 << 10;

    private static final int PIECE = 64 << 10;
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;

    /**
     * One line.
     *
     * @param begin where it begins
     * @param end where the next one begins
     * @param tooLong whether it is longer than the limit; {@code bytes} is then its beginning
     * @param ended whether a line end stands behind it
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, by the loop that asked for it
    record Line(byte[] bytes, long begin, long end, boolean tooLong, boolean ended) {}

    private final InputStream in;
    private final int maxLine;
    private final byte[] piece = new byte[PIECE];
    private int at;
    private int filled;
    private long pieceBegin;
    private byte[] line = new byte[4096];

    private LogFile(InputStream in, int maxLine) {
        this.in = in;
        this.maxLine = maxLine;
    }

    /** The first {@value #HEAD} bytes of the unpacked file, or all of it. */
    static byte[] head(Path file) throws IOException {
        try (InputStream in = unpacked(file)) {
            return in.readNBytes(HEAD);
        }
    }

    /** @param from where a line begins */
    static LogFile open(Path file, long from, int maxLine) throws IOException {
        InputStream in = unpacked(file);
        try {
            in.skipNBytes(from);
        } catch (EOFException e) {
            in.close();
            throw new IOException(file + " is shorter than it was when it was read before", e);
        } catch (IOException e) {
            in.close();
            throw e;
        }
        LogFile opened = new LogFile(in, maxLine);
        opened.pieceBegin = from;
        return opened;
    }

    private static InputStream unpacked(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), PIECE);
        try {
            raw.mark(2);
            boolean gzip = raw.read() == GZIP_FIRST && raw.read() == GZIP_SECOND;
            raw.reset();
            return gzip ? new GZIPInputStream(raw, PIECE) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** The next line; empty at the end of the file. */
    java.util.Optional<Line> next() throws IOException {
        long begin = pieceBegin + at;
        int length = 0;
        boolean tooLong = false;
        while (true) {
            if (at == filled && !fill()) {
                return length == 0 && begin == pieceBegin + at
                        ? java.util.Optional.empty()
                        : java.util.Optional.of(
                                new Line(Arrays.copyOf(line, length), begin, pieceBegin + at, tooLong, false));
            }
            int end = at;
            while (end < filled && piece[end] != '\n') {
                end++;
            }
            int take = Math.min(end - at, maxLine - length);
            tooLong |= take < end - at;
            if (length + take > line.length) {
                line = Arrays.copyOf(line, Math.min(maxLine, Math.max(length + take, line.length * 2)));
            }
            System.arraycopy(piece, at, line, length, take);
            length += take;
            boolean ended = end < filled;
            at = ended ? end + 1 : end;
            if (ended) {
                return java.util.Optional.of(
                        new Line(Arrays.copyOf(line, length), begin, pieceBegin + at, tooLong, true));
            }
        }
    }

    private boolean fill() throws IOException {
        pieceBegin += filled;
        at = 0;
        filled = 0;
        int got = in.read(piece);
        filled = Math.max(0, got);
        return got > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
