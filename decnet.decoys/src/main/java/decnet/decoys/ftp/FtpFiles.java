package decnet.decoys.ftp;

import decnet.decoys.DecoyContext;
import decnet.decoys.Disk;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The files of the machine as one user may see and change them, with the words of vsftpd. Not thread-safe. */
final class FtpFiles {
    private static final DateTimeFormatter MDTM =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final DecoyContext context;
    private String user = "";
    private String home = "/";
    private String folder = "/";
    private String renameFrom = "";
    private int mask = 077;

    FtpFiles(DecoyContext context) {
        this.context = context;
    }

    void login(String name, String homeFolder) {
        user = name;
        home = homeFolder;
        folder = homeFolder;
    }

    String user() {
        return user;
    }

    int fileMode() {
        return 0666 & ~mask;
    }

    String target(String argument) {
        if (argument.equals("~") || argument.startsWith("~/")) {
            return Disk.resolve(home, "." + argument.substring(1));
        }
        return Disk.resolve(folder, argument);
    }

    Optional<Disk.Node> find(String file) {
        return context.disk().find(file);
    }

    private static String parent(String file) {
        int slash = file.lastIndexOf('/');
        return slash <= 0 ? "/" : file.substring(0, slash);
    }

    private static String quoted(String path) {
        return path.replace("\"", "\"\"");
    }

    private boolean mayWrite(String place) {
        return find(place)
                .filter(node -> node.folder() && (node.owner().equals(user) || (node.mode() & 2) != 0))
                .isPresent();
    }

    private boolean mayEnter(Disk.Node node) {
        return node.owner().equals(user) || (node.mode() & 1) != 0;
    }

    boolean mayRead(Disk.Node node) {
        return !node.folder() && (node.owner().equals(user) || (node.mode() & 4) != 0);
    }

    boolean mayStore(String file) {
        return find(file).filter(Disk.Node::folder).isEmpty() && mayWrite(parent(file));
    }

    /** A name for {@code STOU} that is not taken. */
    String unique(String argument) {
        String name = target(argument.isEmpty() ? "STOU" : argument);
        int number = 0;
        while (find(number == 0 && !argument.isEmpty() ? name : name + "." + (number == 0 ? ++number : number))
                .isPresent()) {
            number++;
        }
        return number == 0 && !argument.isEmpty() ? name : name + "." + Math.max(1, number);
    }

    String current() {
        return "257 \"" + quoted(folder) + "\" is the current directory\r\n";
    }

    String change(String argument) {
        String wanted = target(argument);
        boolean may = !argument.isEmpty()
                && find(wanted).filter(Disk.Node::folder).filter(this::mayEnter).isPresent();
        if (may) {
            folder = wanted;
        }
        return may ? "250 Directory successfully changed.\r\n" : "550 Failed to change directory.\r\n";
    }

    String size(String argument) {
        return find(target(argument))
                .filter(node -> !argument.isEmpty() && !node.folder())
                .map(node -> "213 " + node.size() + "\r\n")
                .orElse("550 Could not get file size.\r\n");
    }

    /** {@code MDTM}, which with a time in front of the name sets it. */
    String modified(String argument) {
        int blank = argument.indexOf(' ');
        if (blank == 14 && argument.substring(0, 14).matches("\\d{14}")) {
            String file = target(argument.substring(15));
            Optional<Disk.Node> node =
                    find(file).filter(one -> !one.folder() && one.owner().equals(user));
            Optional<Instant> time = time(argument.substring(0, 14));
            boolean set = node.isPresent()
                    && time.isPresent()
                    && context.disk().put(file, node.get().touched(time.get()));
            return set ? "213 File modification time set.\r\n" : "550 Could not set file modification time.\r\n";
        }
        return find(target(argument))
                .filter(node -> !argument.isEmpty() && !node.folder())
                .map(node -> "213 " + MDTM.format(node.modified()) + "\r\n")
                .orElse("550 Could not get file modification time.\r\n");
    }

    private static Optional<Instant> time(String digits) {
        try {
            return Optional.of(LocalDateTime.parse(digits, MDTM).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    String delete(String argument) {
        String file = target(argument);
        boolean may = !argument.isEmpty()
                && find(file)
                        .filter(node -> !node.folder() && mayWrite(parent(file)))
                        .isPresent();
        if (may) {
            context.disk().remove(file);
        }
        return may ? "250 Delete operation successful.\r\n" : "550 Delete operation failed.\r\n";
    }

    String makeFolder(String argument) {
        String wanted = target(argument);
        boolean made = !argument.isEmpty()
                && find(wanted).isEmpty()
                && mayWrite(parent(wanted))
                && context.disk()
                        .put(
                                wanted,
                                Disk.Node.folder(
                                        0777 & ~mask, user, context.clock().instant()));
        return made ? "257 \"" + quoted(wanted) + "\" created\r\n" : "550 Create directory operation failed.\r\n";
    }

    String removeFolder(String argument) {
        String gone = target(argument);
        boolean may = !argument.isEmpty()
                && find(gone).filter(Disk.Node::folder).isPresent()
                && mayWrite(parent(gone))
                && context.disk().names(gone).isEmpty();
        if (may) {
            context.disk().remove(gone);
        }
        return may ? "250 Remove directory operation successful.\r\n" : "550 Remove directory operation failed.\r\n";
    }

    String renameFrom(String argument) {
        String file = target(argument);
        renameFrom = !argument.isEmpty() && find(file).isPresent() ? file : "";
        return renameFrom.isEmpty() ? "550 RNFR command failed.\r\n" : "350 Ready for RNTO.\r\n";
    }

    String renameTo(String argument) {
        if (renameFrom.isEmpty()) {
            return "503 RNFR required first.\r\n";
        }
        String from = renameFrom;
        String to = target(argument);
        renameFrom = "";
        Optional<Disk.Node> node = find(from);
        boolean may = node.isPresent()
                && !argument.isEmpty()
                && mayWrite(parent(from))
                && mayWrite(parent(to))
                && find(to).filter(Disk.Node::folder).isEmpty()
                && (!node.get().folder() || context.disk().names(from).isEmpty());
        if (may && !from.equals(to) && context.disk().put(to, node.get())) {
            context.disk().remove(from);
        }
        return may ? "250 Rename successful.\r\n" : "550 Rename failed.\r\n";
    }

    String site(String argument) {
        int blank = argument.indexOf(' ');
        String verb = (blank < 0 ? argument : argument.substring(0, blank)).toUpperCase(Locale.ROOT);
        String rest = blank < 0 ? "" : argument.substring(blank + 1);
        return switch (verb) {
            case "CHMOD" -> changeMode(rest);
            case "UMASK" -> {
                if (rest.isEmpty()) {
                    yield String.format("200 Your current UMASK is %03o\r\n", mask);
                }
                mask = octal(rest) & 0777;
                yield "200 UMASK set to " + (mask == 0 ? "0" : "0" + Integer.toOctalString(mask)) + "\r\n";
            }
            case "HELP" -> "214 CHMOD UMASK HELP\r\n";
            default -> "500 Unknown SITE command.\r\n";
        };
    }

    private static int octal(String text) {
        int value = 0;
        for (int i = 0; i < Math.min(text.length(), 6) && text.charAt(i) >= '0' && text.charAt(i) <= '7'; i++) {
            value = value * 8 + text.charAt(i) - '0';
        }
        return value;
    }

    private String changeMode(String rest) {
        int blank = rest.indexOf(' ');
        if (blank < 0) {
            return "500 SITE CHMOD needs 2 arguments.\r\n";
        }
        String file = target(rest.substring(blank + 1));
        Optional<Disk.Node> node = find(file).filter(one -> one.owner().equals(user));
        boolean may = node.isPresent() && context.disk().put(file, node.get().withMode(octal(rest) & 07777));
        return may ? "200 SITE CHMOD command ok.\r\n" : "550 SITE CHMOD command failed.\r\n";
    }

    /** Lines of a folder or a file. {@code -a} among the options shows hidden ones, {@code -d} the folder itself. */
    String listing(String argument, boolean names, boolean all) {
        String options = "";
        String path = argument;
        while (path.startsWith("-")) {
            int blank = path.indexOf(' ');
            options += blank < 0 ? path : path.substring(0, blank);
            path = blank < 0 ? "" : path.substring(blank + 1);
        }
        boolean hidden = all || options.contains("a") || options.contains("A");
        boolean dots = all || options.contains("a");
        boolean reverse = options.contains("r");
        String place = target(path);
        Optional<Disk.Node> node = find(place);
        StringBuilder text = new StringBuilder();
        if (node.isPresent() && !node.get().folder()) {
            append(text, path, node.get(), names);
        } else if (node.isPresent() && mayEnter(node.get())) {
            List<String> entries = new ArrayList<>(context.disk().names(place));
            if (dots) {
                entries.add(".");
                entries.add("..");
            }
            entries.removeIf(one -> !hidden && one.startsWith("."));
            entries.sort(reverse ? java.util.Comparator.<String>reverseOrder() : java.util.Comparator.naturalOrder());
            for (String one : entries) {
                String shown = names && !path.isEmpty() ? path + (path.endsWith("/") ? "" : "/") + one : one;
                find(Disk.resolve(place, one)).ifPresent(child -> append(text, shown, child, names));
            }
        }
        return text.toString();
    }

    private void append(StringBuilder text, String name, Disk.Node node, boolean names) {
        if (names) {
            text.append(name).append("\r\n");
        } else {
            int uid = context.persona()
                    .account(node.owner())
                    .map(decnet.topology.Account::uid)
                    .orElse(0);
            text.append(FtpListing.line(name, node, uid, context.clock().instant()));
        }
    }
}
