package decnet.operator.command;

import decnet.core.EventId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * How an imported file is known again, whatever it is called and whether it is packed, and how far it was read.
 *
 * @param hash the first 64 bits of the SHA-256 over its first {@code hashed} bytes: 16 hexadecimal digits
 * @param hashed all of its first 64 KiB, or what there was of it at its first import: it may have grown since
 * @param offset everything before is in the journal
 * @param firstImport when it was first imported: what its events count as recorded at, however often the import is interrupted
 */
record FileMark(String hash, int hashed, long offset, Instant firstImport) {
    /** Events of one line: their number is the lower part of an id's segment. */
    private static final int INDEX_BITS = 12;

    private static final int OFFSET_BITS = 32;

    /**
     * The mark of a file among those of earlier imports, that of the longest beginning if several fit; a new one if it is not there.
     *
     * @param head at least one byte: an empty file is like every other one
     */
    static FileMark of(byte[] head, Map<String, String> checkpoints, Instant now) {
        Map<Integer, String> hashes = new HashMap<>(); // nearly all files are known by the same length
        return checkpoints.entrySet().stream()
                .flatMap(checkpoint -> parse(checkpoint.getKey(), checkpoint.getValue()).stream())
                .filter(mark -> mark.hashed > 0
                        && mark.hashed <= head.length
                        && hashes.computeIfAbsent(mark.hashed, length -> hash(head, length))
                                .equals(mark.hash))
                .max(Comparator.comparingInt(FileMark::hashed))
                .orElseGet(() ->
                        new FileMark(hash(head, head.length), head.length, 0, now.truncatedTo(ChronoUnit.MILLIS)));
    }

    private static Optional<FileMark> parse(String source, String position) {
        String[] parts = position.split(",", -1);
        if (parts.length != 3 || source.length() != 16) {
            return Optional.empty();
        }
        try {
            return Optional.of(new FileMark(
                    source,
                    Integer.parseInt(parts[1]),
                    Long.parseLong(parts[0]),
                    Instant.ofEpochMilli(Long.parseLong(parts[2]))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String hash(byte[] head, int length) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(head, length));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    FileMark at(long newOffset) {
        return new FileMark(hash, hashed, newOffset, firstImport);
    }

    /** What a checkpoint holds: offset, hashed bytes, time of the first import in epoch milliseconds. */
    String position() {
        return offset + "," + hashed + "," + firstImport.toEpochMilli();
    }

    /** The same for the same event of the same file for ever. */
    EventId id(long lineOffset, int index) {
        long segment = (lineOffset >>> OFFSET_BITS) << INDEX_BITS | index;
        return new EventId(HexFormat.fromHexDigitsToLong(hash), segment, lineOffset & ((1L << OFFSET_BITS) - 1));
    }
}
