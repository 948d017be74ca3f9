package decnet.decoys.ssh;

import decnet.decoys.Disk;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.apache.sshd.common.util.buffer.Buffer;

/** File attributes of sftp version 3 (draft-ietf-secsh-filexfer-02 section 5). Of what a client sets only the mode counts. */
record SftpAttributes(Optional<Integer> mode) {
    private static final int SIZE = 1;
    private static final int OWNER = 2;
    private static final int PERMISSIONS = 4;
    private static final int TIMES = 8;
    private static final int MAX_EXTENDED = 64;
    private static final int FOLDER = 0040000;
    private static final int FILE = 0100000;
    private static final int LINK = 0120000;
    private static final int DEVICE = 0020000;
    private static final Duration RECENT = Duration.ofDays(182);
    private static final DateTimeFormatter WITH_TIME = DateTimeFormatter.ofPattern("MMM ppd HH:mm", Locale.ROOT);
    private static final DateTimeFormatter WITH_YEAR = DateTimeFormatter.ofPattern("MMM ppd  yyyy", Locale.ROOT);

    static SftpAttributes read(Buffer in) {
        int flags = in.getInt();
        if ((flags & SIZE) != 0) {
            in.getLong();
        }
        if ((flags & OWNER) != 0) {
            in.getLong();
        }
        Optional<Integer> mode = (flags & PERMISSIONS) != 0 ? Optional.of(in.getInt() & 07777) : Optional.empty();
        if ((flags & TIMES) != 0) {
            in.getLong();
        }
        if (flags < 0) {
            int count = in.getInt();
            if (count < 0 || count > MAX_EXTENDED) {
                throw new IllegalArgumentException("too many extended attributes: " + count);
            }
            for (int i = 0; i < count; i++) {
                in.getBytes();
                in.getBytes();
            }
        }
        return new SftpAttributes(mode);
    }

    static void write(Buffer out, Disk.Node node, RemoteFiles files) {
        int seconds = (int) node.modified().getEpochSecond();
        out.putInt(SIZE | OWNER | PERMISSIONS | TIMES);
        out.putLong(node.size());
        out.putInt(files.uid(node.owner()));
        out.putInt(files.uid(node.group()));
        out.putInt(node.mode() & 07777 | type(node));
        out.putInt(seconds);
        out.putInt(seconds);
    }

    private static int type(Disk.Node node) {
        return switch (node.kind()) {
            case FOLDER -> FOLDER;
            case FILE -> FILE;
            case LINK -> LINK;
            case DEVICE -> DEVICE;
        };
    }

    /** One line as {@code ls -l} writes it. */
    static String longName(String name, Disk.Node node, RemoteFiles files) {
        char kind =
                switch (node.kind()) {
                    case FOLDER -> 'd';
                    case FILE -> '-';
                    case LINK -> 'l';
                    case DEVICE -> 'c';
                };
        StringBuilder line = new StringBuilder().append(kind);
        String letters = "rwxrwxrwx";
        for (int bit = 0; bit < letters.length(); bit++) {
            line.append((node.mode() >> 8 - bit & 1) != 0 ? letters.charAt(bit) : '-');
        }
        if ((node.mode() & 01000) != 0) {
            line.setCharAt(9, line.charAt(9) == 'x' ? 't' : 'T');
        }
        Instant now = files.clock();
        boolean recent =
                node.modified().isAfter(now.minus(RECENT)) && !node.modified().isAfter(now);
        String date = (recent ? WITH_TIME : WITH_YEAR).format(node.modified().atOffset(ZoneOffset.UTC));
        return String.format(
                Locale.ROOT,
                "%s %4d %-8s %-8s %8d %s %s",
                line,
                node.folder() ? 2 : 1,
                node.owner(),
                node.group(),
                node.size(),
                date,
                name);
    }
}
