package decnet.decoys.shell;

import decnet.decoys.Disk;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code ls}. Stateless. */
final class ListCommand {
    private static final DateTimeFormatter RECENT =
            DateTimeFormatter.ofPattern("MMM d HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter OLD =
            DateTimeFormatter.ofPattern("MMM d  yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);

    private ListCommand() {}

    static int ls(Call call) {
        ShellState shell = call.shell();
        List<String> targets = call.operands().isEmpty() ? List.of(".") : call.operands();
        boolean all = call.option('a');
        boolean itself = call.option('d');
        int status = 0;
        List<String> files = new ArrayList<>();
        List<String> folders = new ArrayList<>();
        for (String target : targets) {
            Optional<Disk.Node> node = shell.follow(target);
            if (node.isEmpty()) {
                call.err()
                        .append(
                                shell.ash()
                                        ? "ls: " + target + ": No such file or directory\n"
                                        : "ls: cannot access '" + target + "': No such file or directory\n");
                status = 2;
            } else if (node.get().folder() && !itself) {
                folders.add(target);
            } else {
                files.add(target);
            }
        }
        list(call, "", files);
        for (String folder : folders) {
            Disk.Node node = shell.follow(folder).orElseThrow();
            if (!shell.root() && !node.owner().equals(shell.account.name()) && (node.mode() & 4) == 0) {
                call.err().append("ls: cannot open directory '").append(folder).append("': Permission denied\n");
                status = 2;
                continue;
            }
            if (targets.size() > 1) {
                call.out()
                        .append(files.isEmpty() && folder.equals(folders.getFirst()) ? "" : "\n")
                        .append(folder)
                        .append(":\n");
            }
            List<String> names = new ArrayList<>(shell.disk.names(shell.absolute(folder)).stream()
                    .filter(name -> all || call.option('A') || !name.startsWith("."))
                    .toList());
            if (!shell.ash()) {
                names.sort(Comparator.comparing(
                        name -> name.replaceFirst("^\\.+", "").toLowerCase(Locale.ROOT)));
            }
            if (all) {
                names.addAll(0, List.of(".", ".."));
            }
            if (call.option('t')) {
                names.sort(Comparator.comparing((String name) -> node(shell, folder, name)
                                .map(Disk.Node::modified)
                                .orElse(Instant.EPOCH))
                        .reversed());
            }
            if (call.option('r')) {
                names = names.reversed();
            }
            if (call.option('l') || call.option('g')) {
                call.line("total "
                        + names.stream()
                                .mapToLong(name -> node(shell, folder, name)
                                        .map(one -> (one.size() + 4095) / 4096 * 4)
                                        .orElse(4L))
                                .sum());
            }
            list(call, folder, names);
        }
        return status;
    }

    private static Optional<Disk.Node> node(ShellState shell, String folder, String name) {
        return shell.disk.find(shell.absolute(folder.isEmpty() ? name : folder + "/" + name));
    }

    private static void list(Call call, String folder, List<String> names) {
        ShellState shell = call.shell();
        if (names.isEmpty()) {
            return;
        }
        if (!call.option('l') && !call.option('g')) {
            boolean columns = shell.interactive && !call.option('1');
            if (columns) {
                columns(call, names);
            } else {
                names.forEach(call::line);
            }
            return;
        }
        Instant now = shell.context.clock().instant();
        int owner = 1;
        int size = 1;
        for (String name : names) {
            Optional<Disk.Node> node = node(shell, folder, name);
            owner = Math.max(owner, node.map(one -> one.owner().length()).orElse(1));
            size = Math.max(size, node.map(one -> size(call, one).length()).orElse(1));
        }
        for (String name : names) {
            Disk.Node node =
                    node(shell, folder, name).orElse(Disk.Node.folder(0755, "root", shell.persona.installedAt()));
            boolean recent = Duration.between(node.modified(), now).toDays() < 182;
            String day = (recent ? RECENT : OLD).format(node.modified());
            int blank = day.indexOf(' ');
            String date = day.charAt(blank + 2) == ' ' ? day.substring(0, blank) + " " + day.substring(blank) : day;
            String link = node.kind() == Disk.Kind.LINK ? " -> " + ShellState.text(node) : "";
            call.line(String.format(
                    "%s %d %-" + owner + "s %-" + owner + "s %" + size + "s %s %s%s",
                    mode(node),
                    node.folder() ? 2 : 1,
                    node.owner(),
                    node.group(),
                    size(call, node),
                    date,
                    name,
                    link));
        }
    }

    private static void columns(Call call, List<String> names) {
        int width = names.stream().mapToInt(String::length).max().orElse(1) + 2;
        int perLine = Math.max(1, call.shell().columns / width);
        int lines = (names.size() + perLine - 1) / perLine;
        if (names.stream().mapToInt(name -> name.length() + 2).sum() <= call.shell().columns) {
            call.line(String.join("  ", names));
            return;
        }
        for (int i = 0; i < lines; i++) {
            StringBuilder line = new StringBuilder();
            for (int j = i; j < names.size(); j += lines) {
                line.append(j + lines < names.size() ? String.format("%-" + width + "s", names.get(j)) : names.get(j));
            }
            call.line(line.toString());
        }
    }

    private static String size(Call call, Disk.Node node) {
        long size = node.size();
        if (!call.option('h') || size < 1024) {
            return Long.toString(size);
        }
        return size < 10_240
                ? String.format(Locale.ROOT, "%.1fK", Math.ceil(size / 102.4) / 10)
                : size < 1 << 20 ? (size + 1023) / 1024 + "K" : String.format(Locale.ROOT, "%.1fM", size / 1048576.0);
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
        for (int i = 0; i < 9; i++) {
            text.append((node.mode() >> (8 - i) & 1) == 1 ? "rwxrwxrwx".charAt(i) : '-');
        }
        if ((node.mode() & 01000) != 0) {
            text.setCharAt(9, (node.mode() & 1) == 1 ? 't' : 'T');
        }
        return text.toString();
    }
}
