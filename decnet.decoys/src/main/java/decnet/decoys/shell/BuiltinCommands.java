package decnet.decoys.shell;

import decnet.decoys.Disk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands of the shell itself, and of changing who one is. Stateless. */
final class BuiltinCommands {
    private BuiltinCommands() {}

    static void addTo(Map<String, Command> map) {
        map.put("cd", BuiltinCommands::cd);
        map.put("pwd", call -> call.line(call.shell().cwd).status());
        map.put("echo", BuiltinCommands::echo);
        map.put("printf", BuiltinCommands::printf);
        map.put("true", call -> 0);
        map.put(":", call -> 0);
        map.put("false", call -> 1);
        map.put("export", BuiltinCommands::export);
        map.put("set", BuiltinCommands::environment);
        map.put("env", BuiltinCommands::environment);
        map.put("printenv", BuiltinCommands::environment);
        map.put("unset", call -> {
            call.operands().forEach(call.shell().variables::remove);
            if (call.operands().contains("HISTFILE")) {
                call.shell().variables.remove("HISTFILE");
            }
            return 0;
        });
        map.put("exit", BuiltinCommands::exit);
        map.put("logout", BuiltinCommands::exit);
        map.put("return", call -> number(call.arg(1), 0));
        map.put("history", BuiltinCommands::history);
        map.put(
                "alias",
                call -> call.shell().ash()
                        ? 0
                        : call.line("alias ll='ls -alF'")
                                .line("alias ls='ls --color=auto'")
                                .status());
        map.put("type", BuiltinCommands::type);
        map.put("which", BuiltinCommands::which);
        map.put("command", BuiltinCommands::command);
        map.put("builtin", BuiltinCommands::delegate);
        map.put("exec", BuiltinCommands::delegate);
        map.put("nohup", BuiltinCommands::delegate);
        map.put("busybox", BuiltinCommands::busybox);
        map.put("eval", call -> call.interpreter()
                .script(String.join(" ", call.args().subList(1, call.count())), call.out(), call.err()));
        map.put("source", BuiltinCommands::source);
        map.put(".", BuiltinCommands::source);
        map.put("sh", BuiltinCommands::subshell);
        map.put("bash", BuiltinCommands::subshell);
        map.put("dash", BuiltinCommands::subshell);
        map.put("test", BuiltinCommands::test);
        map.put("[", BuiltinCommands::test);
        map.put("[[", BuiltinCommands::test);
        map.put("read", call -> {
            call.shell()
                    .set(
                            call.count() > 1 ? call.args().getLast() : "REPLY",
                            call.stdin().orElse("").lines().findFirst().orElse(""));
            return call.stdin().orElse("").isEmpty() ? 1 : 0;
        });
        for (String quiet :
                List.of("jobs", "wait", "shift", "local", "umask", "bg", "fg", "stty", "sync", "reset", "chattr")) {
            map.put(
                    quiet,
                    call -> call.name().equals("umask") && call.count() == 1
                            ? call.line("0022").status()
                            : 0);
        }
        map.put("ulimit", call -> call.line(
                        call.option('a')
                                ? "open files                          (-n) 1024"
                                : call.option('n') ? "1024" : "unlimited")
                .status());
        map.put("help", call -> call.line(
                        "GNU bash, version " + call.shell().persona.os().product("bash") + " (x86_64-pc-linux-gnu)")
                .status());
        map.put("sleep", call -> {
            long seconds =
                    Math.round(Double.parseDouble(call.arg(1).matches("\\d{1,6}(\\.\\d{1,3})?") ? call.arg(1) : "0"));
            call.shell().take(Duration.ofSeconds(seconds));
            return 0;
        });
        map.put("clear", call -> {
            call.out().append("\u001b[H\u001b[2J\u001b[3J");
            return 0;
        });
        map.put("su", BuiltinCommands::su);
        map.put("sudo", BuiltinCommands::sudo);
        map.put("passwd", BuiltinCommands::passwd);
        map.put("xargs", call -> {
            List<String> args = new ArrayList<>(
                    call.count() > 1
                            ? call.args().subList(1, call.count()).stream()
                                    .filter(arg -> !arg.startsWith("-"))
                                    .toList()
                            : List.of("echo"));
            args.addAll(List.of(call.stdin().orElse("").strip().split("\\s+", 200)));
            return call.interpreter().call(args, Optional.of(""), call.out(), call.err());
        });
    }

    private static int number(String text, int otherwise) {
        return text.matches("\\d{1,6}") ? Integer.parseInt(text) & 255 : otherwise;
    }

    private static int cd(Call call) {
        ShellState shell = call.shell();
        String wanted =
                call.count() < 2 ? shell.variable("HOME") : call.arg(1).equals("-") ? shell.oldCwd : call.arg(1);
        String path = shell.absolute(wanted);
        Optional<Disk.Node> node = shell.follow(path);
        String problem =
                node.isEmpty() ? "No such file or directory" : !node.get().folder() ? "Not a directory" : "";
        if (problem.isEmpty()) {
            boolean allowed = shell.root()
                    || node.get().owner().equals(shell.account.name())
                    || (node.get().mode() & 1) != 0;
            problem = allowed ? "" : "Permission denied";
        }
        if (!problem.isEmpty()) {
            call.err()
                    .append(shell.name())
                    .append(": cd: ")
                    .append(shell.ash() ? "can't cd to " + wanted : wanted)
                    .append(": ")
                    .append(problem)
                    .append('\n');
            return 1;
        }
        shell.oldCwd = shell.cwd;
        shell.cwd = path;
        if (call.arg(1).equals("-")) {
            call.line(path);
        }
        return 0;
    }

    private static int echo(Call call) {
        boolean newline = true;
        boolean escapes = false;
        int at = 1;
        while (at < call.count() && call.arg(at).matches("-[neE]+")) {
            newline &= call.arg(at).indexOf('n') < 0;
            escapes |= call.arg(at).indexOf('e') > 0;
            at++;
        }
        String text = String.join(" ", call.args().subList(at, call.count()));
        call.out().append(escapes ? Escapes.of(text) : text).append(newline ? "\n" : "");
        return 0;
    }

    private static int printf(Call call) {
        List<String> values = call.count() > 2 ? call.args().subList(2, call.count()) : List.of();
        String format = Escapes.of(call.arg(1));
        int used = 0;
        do {
            StringBuilder text = new StringBuilder();
            int before = used;
            for (int i = 0; i < format.length(); i++) {
                char c = format.charAt(i);
                if (c != '%' || i + 1 >= format.length()) {
                    text.append(c);
                    continue;
                }
                int end = i + 1;
                while (end < format.length() && "-0123456789.".indexOf(format.charAt(end)) >= 0) {
                    end++;
                }
                char kind = end < format.length() ? format.charAt(end) : '%';
                if (kind == '%') {
                    text.append('%');
                } else {
                    String value = used < values.size() ? values.get(used++) : "";
                    text.append(kind == 'd' && value.isEmpty() ? "0" : kind == 'b' ? Escapes.of(value) : value);
                }
                i = end;
            }
            call.out().append(text);
            if (used == before) {
                break;
            }
        } while (used < values.size() && call.out().length() < Interpreter.MAX_OUTPUT);
        return 0;
    }

    private static int export(Call call) {
        for (String arg : call.operands()) {
            int equals = arg.indexOf('=');
            if (equals > 0) {
                call.shell().set(arg.substring(0, equals), arg.substring(equals + 1));
            }
        }
        if (call.count() == 1) {
            call.shell().variables.forEach((name, value) -> call.line("declare -x " + name + "=\"" + value + "\""));
        }
        return 0;
    }

    private static int environment(Call call) {
        ShellState shell = call.shell();
        if (call.name().equals("printenv") && call.count() > 1) {
            return shell.variable(call.arg(1)).isEmpty()
                    ? 1
                    : call.line(shell.variable(call.arg(1))).status();
        }
        if (call.name().equals("env") && call.operands().stream().anyMatch(arg -> arg.indexOf('=') < 0)) {
            List<String> rest = call.operands().stream()
                    .dropWhile(arg -> arg.indexOf('=') > 0)
                    .toList();
            return call.interpreter().call(rest, call.stdin(), call.out(), call.err());
        }
        if (call.name().equals("set") && call.count() > 1) {
            return 0;
        }
        shell.set("PWD", shell.cwd);
        shell.variables.forEach((name, value) -> call.line(name + "=" + value));
        return 0;
    }

    private static int exit(Call call) {
        ShellState shell = call.shell();
        int status = number(call.arg(1), shell.status);
        if (!shell.below.isEmpty()) {
            shell.become(shell.below.pop());
            if (shell.interactive) {
                call.line("exit");
            }
            return status;
        }
        if (shell.interactive) {
            call.line(call.name().equals("logout") || !shell.ash() ? "logout" : "");
        }
        shell.exited = true;
        shell.status = status;
        return status;
    }

    private static int history(Call call) {
        if (call.option('c')) {
            call.shell().history.clear();
            return 0;
        }
        int number = 1;
        for (String line : call.shell().history) {
            call.line(String.format("%5d  %s", number++, line));
        }
        return 0;
    }

    private static Optional<String> place(Call call, String name) {
        return List.of("/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/").stream()
                .map(folder -> folder + name)
                .filter(path -> call.shell().disk.find(path).isPresent())
                .findFirst();
    }

    private static int type(Call call) {
        int status = 0;
        for (String name : call.operands()) {
            if (Commands.BUILTINS.contains(name)) {
                call.line(name + " is a shell builtin");
            } else if (place(call, name).isPresent()) {
                call.line(name + " is " + place(call, name).get());
            } else {
                call.err()
                        .append(call.shell().name())
                        .append(": type: ")
                        .append(name)
                        .append(": not found\n");
                status = 1;
            }
        }
        return status;
    }

    private static int which(Call call) {
        int status = 0;
        for (String name : call.operands()) {
            Optional<String> place = place(call, name);
            place.ifPresent(call::line);
            status = place.isPresent() ? status : 1;
        }
        return status;
    }

    private static int command(Call call) {
        if (call.arg(1).equals("-v")) {
            Optional<String> place =
                    Commands.BUILTINS.contains(call.arg(2)) ? Optional.of(call.arg(2)) : place(call, call.arg(2));
            place.ifPresent(call::line);
            return place.isPresent() ? 0 : 1;
        }
        return delegate(call);
    }

    private static int delegate(Call call) {
        if (call.count() < 2) {
            return 0;
        }
        return call.interpreter().call(call.args().subList(1, call.count()), call.stdin(), call.out(), call.err());
    }

    private static int busybox(Call call) {
        String version = call.shell().persona.os().product("busybox");
        if (call.count() < 2) {
            call.line("BusyBox "
                    + (version.isEmpty() ? "v1.35.0 (Debian 1:1.35.0-4+b3)" : version + " (2021-03-09 03:18:52 UTC)")
                    + " multi-call binary.");
            call.line("BusyBox is copyrighted by many authors between 1998-2015.")
                    .line("Licensed under GPLv2. See source distribution for detailed")
                    .line("copyright notices.")
                    .line("");
            call.line("Usage: busybox [function [arguments]...]").line("   or: busybox --list[-full]");
            return 0;
        }
        if (!call.interpreter().knows(call.arg(1))) {
            call.err().append(call.arg(1)).append(": applet not found\n");
            return 127;
        }
        return delegate(call);
    }

    private static int source(Call call) {
        return call.read(call.arg(1))
                .map(text -> call.interpreter().script(text, call.out(), call.err()))
                .orElse(1);
    }

    private static int subshell(Call call) {
        if (call.option('c')) {
            int at = call.args()
                    .indexOf(call.args().stream()
                            .filter(arg -> arg.startsWith("-") && arg.indexOf('c') > 0)
                            .findFirst()
                            .orElse("-c"));
            return call.interpreter().script(call.arg(at + 1), call.out(), call.err());
        }
        if (call.arg(1).equals("--version")) {
            return call.line(
                            "GNU bash, version " + call.shell().persona.os().product("bash") + " (x86_64-pc-linux-gnu)")
                    .status();
        }
        if (!call.operands().isEmpty()) {
            return call.read(call.operands().getFirst())
                    .map(text -> call.interpreter().script(text, call.out(), call.err()))
                    .orElse(127);
        }
        if (call.stdin().isPresent() && !call.stdin().get().isEmpty()) {
            return call.interpreter().script(call.stdin().get(), call.out(), call.err());
        }
        if (call.shell().interactive && call.shell().below.size() < 16) {
            call.shell().below.push(call.shell().account);
        }
        return 0;
    }

    private static int test(Call call) {
        List<String> words = new ArrayList<>(call.args().subList(1, call.count()));
        if (call.name().startsWith("[") && !words.isEmpty()) {
            words.removeLast();
        }
        return truth(call.shell(), words) ? 0 : 1;
    }

    private static boolean truth(ShellState shell, List<String> words) {
        if (words.isEmpty()) {
            return false;
        }
        if (words.getFirst().equals("!")) {
            return !truth(shell, words.subList(1, words.size()));
        }
        if (words.size() == 1) {
            return !words.getFirst().isEmpty();
        }
        if (words.size() == 2) {
            String value = words.get(1);
            Optional<Disk.Node> node = shell.follow(value);
            return switch (words.getFirst()) {
                case "-z" -> value.isEmpty();
                case "-n" -> !value.isEmpty();
                case "-d" -> node.filter(Disk.Node::folder).isPresent();
                case "-f" -> node.filter(one -> one.kind() == Disk.Kind.FILE).isPresent();
                case "-x" -> node.filter(one -> (one.mode() & 0111) != 0).isPresent();
                case "-w" -> node.filter(shell::mayWrite).isPresent();
                case "-r" -> node.filter(shell::mayRead).isPresent();
                case "-s" -> node.filter(one -> one.size() > 0).isPresent();
                default -> node.isPresent();
            };
        }
        String left = words.get(0);
        String right = words.get(2);
        return switch (words.get(1)) {
            case "=", "==" -> left.equals(right) || FileNames.matches(right, left);
            case "!=" -> !left.equals(right);
            case "-eq" -> compare(left, right) == 0;
            case "-ne" -> compare(left, right) != 0;
            case "-lt" -> compare(left, right) < 0;
            case "-le" -> compare(left, right) <= 0;
            case "-gt" -> compare(left, right) > 0;
            case "-ge" -> compare(left, right) >= 0;
            default -> false;
        };
    }

    private static int compare(String left, String right) {
        boolean numbers = left.matches("-?\\d{1,18}") && right.matches("-?\\d{1,18}");
        return numbers ? Long.compare(Long.parseLong(left), Long.parseLong(right)) : left.compareTo(right);
    }

    private static int su(Call call) {
        ShellState shell = call.shell();
        String name = call.operands().stream()
                .filter(arg -> !arg.equals("-"))
                .findFirst()
                .orElse("root");
        var wanted = shell.persona.account(name);
        if (wanted.isEmpty()) {
            return call.fail(
                    "user " + name + " does not exist or the user entry does not contain all the required fields");
        }
        if (shell.root()) {
            return enter(shell, wanted.get());
        }
        Passwords.ask(call, "Password: ", "su", name, secret -> {
            if (wanted.get().accepts(secret)) {
                enter(shell, wanted.get());
                return "";
            }
            shell.status = 1;
            shell.take(Duration.ofMillis(1800));
            return "su: Authentication failure\n";
        });
        return 0;
    }

    private static int enter(ShellState shell, decnet.topology.Account account) {
        if (shell.below.size() < 16) {
            shell.below.push(shell.account);
            shell.become(account);
        }
        return 0;
    }

    private static int sudo(Call call) {
        ShellState shell = call.shell();
        if (call.count() < 2) {
            call.err()
                    .append("usage: sudo -h | -K | -k | -V\n"
                            + "usage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]\n");
            return 1;
        }
        List<String> rest = call.args().subList(1, call.count()).stream()
                .dropWhile(arg -> arg.startsWith("-"))
                .toList();
        boolean login = call.option('i') || call.option('s');
        if (shell.root()) {
            return rest.isEmpty() ? 0 : call.interpreter().call(rest, call.stdin(), call.out(), call.err());
        }
        String user = shell.account.name();
        Passwords.ask(call, "[sudo] password for " + user + ": ", "sudo", user, secret -> {
            if (!shell.account.accepts(secret)) {
                shell.take(Duration.ofMillis(1500));
                return "Sorry, try again.\nsudo: 1 incorrect password attempt\n";
            }
            if (!shell.account.sudo()) {
                return user + " is not in the sudoers file.\n";
            }
            var root = shell.persona.accounts().getFirst();
            if (login || rest.getFirst().equals("su") || rest.getFirst().endsWith("sh") && rest.size() == 1) {
                enter(shell, root);
                return "";
            }
            var before = shell.account;
            shell.account = root;
            try {
                call.interpreter().onScreen(rest);
            } finally {
                shell.account = before;
            }
            return "";
        });
        return 0;
    }

    private static int passwd(Call call) {
        ShellState shell = call.shell();
        String user = call.count() > 1 ? call.arg(1) : shell.account.name();
        if (!shell.root() && !user.equals(shell.account.name())) {
            call.err()
                    .append("passwd: You may not view or modify password information for ")
                    .append(user)
                    .append(".\n");
            return 1;
        }
        Passwords.ask(call, "New password: ", "passwd", user, first -> {
            Passwords.ask(
                    call,
                    "Retype new password: ",
                    "passwd",
                    user,
                    second -> first.equals(second)
                            ? "passwd: password updated successfully\n"
                            : "Sorry, passwords do not match.\n"
                                    + "passwd: Authentication token manipulation error\n"
                                    + "passwd: password unchanged\n");
            return "Retype new password: ";
        });
        return 0;
    }
}
