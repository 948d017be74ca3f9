package decnet.decoys.ftp;

import decnet.decoys.Disk;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Lines of a folder listing. Stateless. */
final class FtpListing {
    private static final DateTimeFormatter RECENT =
            DateTimeFormatter.ofPattern("MMM dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter OLD =
            DateTimeFormatter.ofPattern("MMM dd  yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);

    private FtpListing() {}

    /** As {@code vsftpd} writes it: numeric owners, width 4 and 8. */
    static String line(String name, Disk.Node node, int uid, Instant now) {
        boolean recent = !node.modified().isAfter(now)
                && Duration.between(node.modified(), now).toDays() < 182;
        String link = node.kind() == Disk.Kind.LINK
                ? " -> " + new String(node.content().bytes(), java.nio.charset.StandardCharsets.UTF_8)
                : "";
        return String.format(
                "%s %4d %-8d %-8d %8d %s %s%s\r\n",
                mode(node),
                node.folder() ? 2 : 1,
                uid,
                uid,
                node.size(),
                (recent ? RECENT : OLD).format(node.modified()),
                name,
                link);
    }

    static String mode(Disk.Node node) {
        StringBuilder text = new StringBuilder(10);
        text.append(
                switch (node.kind()) {
                    case FOLDER -> 'd';
                    case LINK -> 'l';
                    case DEVICE -> 'c';
                    case FILE -> '-';
                });
        String bits = "rwxrwxrwx";
        for (int i = 0; i < 9; i++) {
            text.append((node.mode() >> (8 - i) & 1) == 1 ? bits.charAt(i) : '-');
        }
        if ((node.mode() & 01000) != 0) {
            text.setCharAt(9, (node.mode() & 1) == 1 ? 't' : 'T');
        }
        return text.toString();
    }
}
