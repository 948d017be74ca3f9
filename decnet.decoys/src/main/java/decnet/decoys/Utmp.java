package decnet.decoys;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The records of {@code utmp}, {@code wtmp} and {@code btmp} as the C library of Linux on x86-64 lays them out (utmp(5)), little endian:
 *
 * <pre>
 * 0 type (16 bit) | 4 pid | 8 line, 32 bytes | 40 id, 4 | 44 user, 32 | 76 host, 256 | 340 seconds | 344 microseconds | 348 address, 16 | 384
 * </pre>
 * Stateless.
 */
public final class Utmp {
    public static final short BOOT = 2;
    public static final short USER = 7;
    public static final short DEAD = 8;

    private static final int PID = 4;
    private static final int LINE = 8;
    private static final int LINE_LENGTH = 32;
    private static final int ID = LINE + LINE_LENGTH;
    private static final int ID_LENGTH = 4;
    private static final int USER_NAME = ID + ID_LENGTH;
    private static final int USER_LENGTH = 32;
    private static final int HOST = USER_NAME + USER_LENGTH;
    private static final int HOST_LENGTH = 256;
    private static final int SECONDS = HOST + HOST_LENGTH + 8;
    private static final int ADDRESS = SECONDS + 8;
    private static final int LENGTH = 384;
    /** A record of {@code lastlog}: seconds, line, host. */
    private static final int LAST_LENGTH = 4 + LINE_LENGTH + HOST_LENGTH;

    /** One record; texts are Latin-1 and cut to their places. */
    public record Entry(short type, int pid, String line, String user, String host, Instant at) {}

    private Utmp() {}

    static byte[] write(List<Entry> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(entries.size() * LENGTH);
        for (Entry entry : entries) {
            ByteBuffer record = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            record.putShort(0, entry.type()).putInt(PID, entry.pid());
            text(record, LINE, LINE_LENGTH, entry.line());
            String id = entry.line().startsWith("pts/") ? "s/" + entry.line().substring(4) : "~~";
            text(record, ID, ID_LENGTH, entry.line().startsWith("ssh") ? "" : id);
            text(record, USER_NAME, USER_LENGTH, entry.user());
            text(record, HOST, HOST_LENGTH, entry.host());
            record.putInt(SECONDS, (int) entry.at().getEpochSecond());
            record.putInt(SECONDS + 4, entry.at().get(ChronoField.MICRO_OF_SECOND));
            if (entry.host().matches("(\\d{1,3}\\.){3}\\d{1,3}")) {
                String[] parts = entry.host().split("\\.");
                for (int i = 0; i < parts.length; i++) {
                    record.put(ADDRESS + i, (byte) Integer.parseInt(parts[i]));
                }
            }
            out.writeBytes(record.array());
        }
        return out.toByteArray();
    }

    private static void text(ByteBuffer record, int at, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        record.put(at, bytes, 0, Math.min(length, bytes.length));
    }

    /** All whole records of a file. */
    public static List<Entry> read(byte[] file) {
        List<Entry> entries = new ArrayList<>();
        for (int at = 0; at + LENGTH <= file.length; at += LENGTH) {
            ByteBuffer record = ByteBuffer.wrap(file, at, LENGTH).slice().order(ByteOrder.LITTLE_ENDIAN);
            entries.add(new Entry(
                    record.getShort(0),
                    record.getInt(PID),
                    text(record, LINE, LINE_LENGTH),
                    text(record, USER_NAME, USER_LENGTH),
                    text(record, HOST, HOST_LENGTH),
                    Instant.ofEpochSecond(
                            Integer.toUnsignedLong(record.getInt(SECONDS)),
                            Math.floorMod(record.getInt(SECONDS + 4), 1_000_000) * 1000L)));
        }
        return entries;
    }

    private static String text(ByteBuffer record, int at, int length) {
        byte[] bytes = new byte[length];
        record.get(at, bytes);
        int end = 0;
        while (end < length && bytes[end] != 0) {
            end++;
        }
        return new String(Arrays.copyOf(bytes, end), StandardCharsets.ISO_8859_1);
    }

    /** The file {@code lastlog}: one record for each user number up to the highest that logged in. */
    static byte[] lastLog(java.util.Map<Integer, Login> last) {
        int most = last.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
        ByteBuffer file = ByteBuffer.allocate((most + 1) * LAST_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        last.forEach((uid, login) -> {
            int at = uid * LAST_LENGTH;
            file.putInt(at, (int) login.from().getEpochSecond());
            text(file, at + 4, LINE_LENGTH, login.terminal());
            text(file, at + 4 + LINE_LENGTH, HOST_LENGTH, login.host());
        });
        return file.array();
    }
}
