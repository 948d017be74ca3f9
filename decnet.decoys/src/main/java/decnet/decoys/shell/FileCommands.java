package decnet.decoys.shell;

import decnet.decoys.Disk;
import decnet.decoys.Payload;
import decnet.topology.Account;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Commands on files and folders. Stateless. */
final class FileCommands {
    private static final int MAX_WALK = 3000;

    private FileCommands() {}

    static void addTo(Map<String, Command> map) {
        map.put("ls", ListCommand::ls);
        map.put("cat", call -> {
            int before = call.err().length();
            String text = call.input(call.operands());
            int status = call.err().length() == before ? 0 : 1; // output may go to the same place
            call.out().append(text);
            return status;
        });
        for (String pager : List.of("less", "more", "strings")) {
            map.put(pager, map.get("cat"));
        }
        map.put("cp", FileCommands::copy);
        map.put("mv", FileCommands::copy);
        map.put("rm", FileCommands::remove);
        map.put("rmdir", FileCommands::removeFolder);
        map.put("mkdir", FileCommands::makeFolder);
        map.put("touch", FileCommands::touch);
        map.put("ln", FileCommands::link);
        map.put("chmod", FileCommands::chmod);
        map.put("chown", FileCommands::chown);
        map.put("find", FileCommands::find);
        map.put("file", FileCommands::file);
        map.put("stat", FileCommands::stat);
        map.put("readlink", call -> call.line(call.shell()
                        .disk
                        .find(call.shell()
                                .absolute(
                                        call.operands().isEmpty()
                                                ? ""
                                                : call.operands().getLast()))
                        .filter(node -> node.kind() == Disk.Kind.LINK)
                        .map(ShellState::text)
                        .orElse(call.shell()
                                .absolute(
                                        call.operands().isEmpty()
                                                ? ""
                                                : call.operands().getLast())))
                .status());
        map.put("mktemp", call -> {
            String name = "/tmp/tmp."
                    + Integer.toString(
                            100_000_000 + call.shell().context.random().nextInt(1 << 30), 36);
            call.shell().write(name, "", false);
            return call.line(name).status();
        });
        map.put("md5sum", call -> sum(call, "MD5"));
        map.put("sha256sum", call -> sum(call, "SHA-256"));
        map.put("du", call -> {
            List<String> targets = call.operands().isEmpty() ? List.of(".") : call.operands();
            targets.forEach(one -> call.line((call.option('h') ? "1.2M" : "1228") + "\t" + one));
            return 0;
        });
        map.put("tar", call -> 0);
        map.put("gzip", call -> 0);
        map.put("gunzip", call -> call.operands().isEmpty() ? 1 : 0);
        map.put(
                "unzip",
                call -> call.fail("cannot find or open " + call.arg(1) + ", " + call.arg(1) + ".zip or " + call.arg(1)
                        + ".ZIP."));
        map.put("dd", FileCommands::dd);
        map.put("lsattr", call -> {
            call.operands().forEach(one -> call.line("--------------e------- " + one));
            return 0;
        });
        for (String editor : List.of("vi", "vim", "nano")) {
            map.put(editor, call -> call.shell().interactive ? 0 : call.fail("Warning: Output is not to a terminal"));
        }
    }

    private static int copy(Call call) {
        ShellState shell = call.shell();
        List<String> operands = call.operands();
        if (operands.size() < 2) {
            return call.fail(
                    operands.isEmpty()
                            ? "missing file operand"
                            : "missing destination file operand after '" + operands.getFirst() + "'");
        }
        String target = shell.absolute(operands.getLast());
        boolean into = shell.follow(target).filter(Disk.Node::folder).isPresent();
        int status = 0;
        for (String from : operands.subList(0, operands.size() - 1)) {
            String source = shell.absolute(from);
            Optional<Disk.Node> node = shell.follow(source);
            String to = into ? Disk.resolve(target, source.substring(source.lastIndexOf('/') + 1)) : target;
            if (node.isEmpty()) {
                status = call.fail("cannot stat '" + from + "': No such file or directory");
            } else if (node.get().folder()
                    && call.name().endsWith("cp")
                    && !call.option('r')
                    && !call.option('a')
                    && !call.option('R')) {
                status = call.fail("-r not specified; omitting directory '" + from + "'");
            } else if (shell.disk
                            .find(ShellState.parent(to))
                            .filter(shell::mayWrite)
                            .isEmpty()
                    || !shell.mayRead(node.get())) {
                status = call.fail("cannot create regular file '" + operands.getLast() + "': Permission denied");
            } else {
                boolean move = call.name().endsWith("mv");
                put(shell, source, to, node.get(), move, 0);
                if (move) {
                    shell.disk.remove(source);
                }
            }
        }
        return status;
    }

    private static void put(ShellState shell, String from, String to, Disk.Node node, boolean keepOwner, int depth) {
        Disk.Node fresh = keepOwner
                ? node
                : node.withOwner(shell.account.name(), shell.account.name())
                        .touched(shell.context.clock().instant());
        if (!shell.disk.put(to, fresh) || !node.folder() || depth > 8) {
            return;
        }
        for (String name : shell.disk.names(from)) {
            String child = Disk.resolve(from, name);
            shell.disk
                    .find(child)
                    .ifPresent(one -> put(shell, child, Disk.resolve(to, name), one, keepOwner, depth + 1));
        }
    }

    private static int remove(Call call) {
        ShellState shell = call.shell();
        int status = 0;
        if (call.operands().isEmpty()) {
            return call.option('f') ? 0 : call.fail("missing operand");
        }
        for (String one : call.operands()) {
            String path = shell.absolute(one);
            Optional<Disk.Node> node = shell.disk.find(path);
            if (path.equals("/")) {
                call.err()
                        .append("rm: it is dangerous to operate recursively on '/'\n"
                                + "rm: use --no-preserve-root to override this failsafe\n");
                status = 1;
            } else if (node.isEmpty()) {
                status =
                        call.option('f') ? status : call.fail("cannot remove '" + one + "': No such file or directory");
            } else if (node.get().folder() && !call.option('r') && !call.option('R')) {
                status = call.fail("cannot remove '" + one + "': Is a directory");
            } else if (shell.disk
                            .find(ShellState.parent(path))
                            .filter(shell::mayWrite)
                            .isEmpty()
                    || path.startsWith("/proc/")) {
                status = call.fail("cannot remove '" + one + "': Permission denied");
            } else {
                shell.disk.remove(path);
            }
        }
        return status;
    }

    private static int removeFolder(Call call) {
        ShellState shell = call.shell();
        int status = 0;
        for (String one : call.operands()) {
            String path = shell.absolute(one);
            Optional<Disk.Node> node = shell.disk.find(path);
            if (node.isEmpty()) {
                status = call.fail("failed to remove '" + one + "': No such file or directory");
            } else if (!node.get().folder()) {
                status = call.fail("failed to remove '" + one + "': Not a directory");
            } else if (!shell.disk.names(path).isEmpty()) {
                status = call.fail("failed to remove '" + one + "': Directory not empty");
            } else {
                shell.disk.remove(path);
            }
        }
        return status;
    }

    private static int makeFolder(Call call) {
        ShellState shell = call.shell();
        int status = 0;
        for (String one : call.operands()) {
            String path = shell.absolute(one);
            Optional<Disk.Node> parent = shell.disk.find(ShellState.parent(path));
            if (shell.disk.find(path).isPresent()) {
                status = call.option('p') ? status : call.fail("cannot create directory '" + one + "': File exists");
            } else if (parent.isEmpty() && !call.option('p')) {
                status = call.fail("cannot create directory '" + one + "': No such file or directory");
            } else if (parent.filter(node -> !shell.mayWrite(node)).isPresent()) {
                status = call.fail("cannot create directory '" + one + "': Permission denied");
            } else {
                for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
                    if (shell.disk.find(path.substring(0, slash)).isEmpty()) {
                        shell.disk.put(
                                path.substring(0, slash),
                                Disk.Node.folder(
                                        0755,
                                        shell.account.name(),
                                        shell.context.clock().instant()));
                    }
                }
                shell.disk.put(
                        path,
                        Disk.Node.folder(
                                0755,
                                shell.account.name(),
                                shell.context.clock().instant()));
            }
        }
        return status;
    }

    private static int touch(Call call) {
        ShellState shell = call.shell();
        int status = 0;
        for (String one : call.operands()) {
            Optional<Disk.Node> node = shell.follow(one);
            if (node.isPresent()) {
                shell.disk.put(
                        shell.absolute(one),
                        node.get().touched(shell.context.clock().instant()));
                continue;
            }
            Optional<String> problem = shell.write(one, "", false);
            if (problem.isPresent()) {
                status = call.fail("cannot touch '" + one + "': " + problem.get());
            }
        }
        return status;
    }

    private static int link(Call call) {
        ShellState shell = call.shell();
        if (call.operands().size() < 2) {
            return call.fail("missing file operand");
        }
        String target = call.operands().getFirst();
        Disk.Node node = new Disk.Node(
                Disk.Kind.LINK,
                0777,
                shell.account.name(),
                shell.account.name(),
                shell.context.clock().instant(),
                target.length(),
                Payload.latin1(target));
        return shell.disk.put(shell.absolute(call.operands().get(1)), node) ? 0 : 1;
    }

    private static int chmod(Call call) {
        ShellState shell = call.shell();
        List<String> args = call.args().stream()
                .skip(1)
                .filter(arg -> !arg.matches("-[Rvfc]+"))
                .toList();
        if (args.size() < 2) {
            return call.fail("missing operand");
        }
        String change = args.getFirst();
        int status = 0;
        for (String one : args.subList(1, args.size())) {
            Optional<Disk.Node> node = shell.follow(one);
            if (node.isEmpty()) {
                status = call.fail("cannot access '" + one + "': No such file or directory");
            } else if (!shell.root() && !node.get().owner().equals(shell.account.name())) {
                status = call.fail("changing permissions of '" + one + "': Operation not permitted");
            } else {
                int mode = node.get().mode();
                if (change.matches("[0-7]{1,4}")) {
                    mode = Integer.parseInt(change, 8);
                } else if (change.matches("[ugoa]*[+=-][rwxst]*")) {
                    int bits = (change.contains("r") ? 0444 : 0)
                            | (change.contains("w") ? 0200 : 0)
                            | (change.contains("x") ? 0111 : 0);
                    mode = change.contains("-") ? mode & ~bits : mode | bits;
                } else {
                    return call.fail("invalid mode: '" + change + "'");
                }
                shell.disk.put(shell.absolute(one), node.get().withMode(mode));
            }
        }
        return status;
    }

    private static int chown(Call call) {
        ShellState shell = call.shell();
        List<String> args = call.operands();
        if (args.size() < 2) {
            return call.fail("missing operand");
        }
        String[] parts = args.getFirst().split(":", 2);
        if (shell.persona.account(parts[0]).isEmpty()) {
            return call.fail("invalid user: '" + args.getFirst() + "'");
        }
        if (!shell.root()) {
            return call.fail("changing ownership of '" + args.get(1) + "': Operation not permitted");
        }
        for (String one : args.subList(1, args.size())) {
            shell.follow(one)
                    .ifPresent(node -> shell.disk.put(
                            shell.absolute(one), node.withOwner(parts[0], parts.length > 1 ? parts[1] : parts[0])));
        }
        return 0;
    }

    private static int find(Call call) {
        String start = call.count() > 1 && !call.arg(1).startsWith("-") ? call.arg(1) : ".";
        int name = Math.max(call.args().indexOf("-name"), call.args().indexOf("-iname"));
        int type = call.args().indexOf("-type");
        String pattern = name > 0 ? call.arg(name + 1) : "*";
        String kind = type > 0 ? call.arg(type + 1) : "";
        if (call.shell().follow(start).isEmpty()) {
            return call.fail("'" + start + "': No such file or directory");
        }
        int[] seen = {0};
        walk(call, start, pattern, kind, seen, 0);
        return 0;
    }

    private static void walk(Call call, String path, String pattern, String kind, int[] seen, int depth) {
        ShellState shell = call.shell();
        Optional<Disk.Node> node = shell.disk.find(shell.absolute(path));
        if (node.isEmpty() || ++seen[0] > MAX_WALK || depth > 12) {
            return;
        }
        String base = path.substring(path.lastIndexOf('/') + 1);
        boolean fits = kind.isEmpty() || kind.equals("d") == node.get().folder();
        if (fits && FileNames.matches(pattern, base)) {
            call.line(path);
        }
        if (node.get().folder()) {
            if (!shell.root()
                    && !node.get().owner().equals(shell.account.name())
                    && (node.get().mode() & 1) == 0) {
                call.err().append("find: '").append(path).append("': Permission denied\n");
                return;
            }
            for (String name : shell.disk.names(shell.absolute(path))) {
                walk(call, path.equals("/") ? "/" + name : path + "/" + name, pattern, kind, seen, depth + 1);
            }
        }
    }

    private static int file(Call call) {
        for (String one : call.operands()) {
            Optional<Disk.Node> node = call.shell().follow(one);
            String text = node.map(ShellState::text).orElse("");
            String what = node.isEmpty()
                    ? "cannot open `" + one + "' (No such file or directory)"
                    : node.get().folder()
                            ? "directory"
                            : text.startsWith("\u007fELF")
                                    ? "ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked,"
                                            + " interpreter /lib64/ld-linux-x86-64.so.2, for GNU/Linux 3.2.0, stripped"
                                    : text.startsWith("#!/bin/bash")
                                            ? "Bourne-Again shell script, ASCII text executable"
                                            : text.isEmpty() ? "empty" : "ASCII text";
            call.line(one + ": " + what);
        }
        return 0;
    }

    private static int stat(Call call) {
        int status = 0;
        for (String one : call.operands()) {
            Optional<Disk.Node> node = call.shell().follow(one);
            if (node.isEmpty()) {
                status = call.fail("cannot statx '" + one + "': No such file or directory");
                continue;
            }
            int uid = call.shell()
                    .persona
                    .account(node.get().owner())
                    .map(Account::uid)
                    .orElse(0);
            String time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSSSS Z", Locale.ROOT)
                    .withZone(ZoneOffset.UTC)
                    .format(node.get().modified());
            String octal = String.format("%04o", node.get().mode());
            String name = node.get().owner();
            call.line("  File: " + one);
            call.line(String.format(
                    "  Size: %-10d\tBlocks: %-10d IO Block: 4096   %s",
                    node.get().size(),
                    (node.get().size() + 4095) / 4096 * 8,
                    node.get().folder() ? "directory" : "regular file"));
            call.line("Device: 8,1\tInode: " + (131_072 + Math.abs(one.hashCode() % 90_000)) + "     Links: "
                    + (node.get().folder() ? 2 : 1));
            call.line(String.format(
                    "Access: (%s/%s)  Uid: (%5d/%8s)   Gid: (%5d/%8s)",
                    octal, ListCommand.mode(node.get()), uid, name, uid, name));
            call.line("Access: " + time)
                    .line("Modify: " + time)
                    .line("Change: " + time)
                    .line(" Birth: " + time);
        }
        return status;
    }

    private static int sum(Call call, String algorithm) {
        List<String> files = call.operands().isEmpty() ? List.of("-") : call.operands();
        for (String file : files) {
            Optional<String> text = file.equals("-") ? call.stdin() : call.read(file);
            text.ifPresent(one -> {
                try {
                    byte[] bytes = one.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
                    call.line(HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance(algorithm).digest(bytes)) + "  " + file);
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        return 0;
    }

    private static int dd(Call call) {
        String in = "";
        String out = "";
        int size = 512;
        int count = 1 << 20;
        for (String arg : call.args()) {
            if (arg.startsWith("if=")) {
                in = arg.substring(3);
            } else if (arg.startsWith("of=")) {
                out = arg.substring(3);
            } else if (arg.matches("bs=\\d{1,6}")) {
                size = Math.max(1, Integer.parseInt(arg.substring(3)));
            } else if (arg.matches("count=\\d{1,6}")) {
                count = Integer.parseInt(arg.substring(6));
            }
        }
        String text = in.isEmpty()
                ? call.stdin().orElse("")
                : in.equals("/dev/zero")
                        ? "\0".repeat((int) Math.min(1 << 16, (long) size * count))
                        : call.read(in).orElse("");
        String part = text.substring(0, (int) Math.min(text.length(), (long) size * count));
        if (out.isEmpty()) {
            call.out().append(part);
        } else {
            call.shell().write(out, part, false);
        }
        int whole = part.length() / size;
        int rest = part.length() % size == 0 ? 0 : 1;
        call.err()
                .append(whole + "+" + rest + " records in\n" + whole + "+" + rest + " records out\n" + part.length()
                        + " bytes copied, 0.000" + (100 + part.length() % 800) + " s\n");
        return 0;
    }
}
