package decnet.decoys.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One run of one command. */
record Call(
        ShellState shell,
        Interpreter interpreter,
        List<String> args,
        Optional<String> stdin,
        StringBuilder out,
        StringBuilder err) {
    /** What lets a command wait and reach other machines; absent where that cannot be. */
    Optional<Foreground> front() {
        return shell.front;
    }

    /** Whether output goes to the terminal, not to a pipe or file. */
    boolean onScreen() {
        return out == interpreter.screen;
    }

    String name() {
        return args.getFirst();
    }

    /** Argument {@code index}; 0 is the name; empty text if there are fewer. */
    String arg(int index) {
        return index < args.size() ? args.get(index) : "";
    }

    int count() {
        return args.size();
    }

    /** The arguments that are no options. */
    List<String> operands() {
        return args.stream()
                .skip(1)
                .filter(arg -> !arg.startsWith("-") || arg.equals("-"))
                .toList();
    }

    /**
     * The arguments that are neither options nor values of options, wherever they stand.
     *
     * @param letters one-letter options that take a value, attached or as the next argument
     * @param words long options whose value is the next argument unless {@code =} attaches it
     */
    List<String> operands(String letters, Set<String> words) {
        List<String> operands = new ArrayList<>();
        for (int i = 1; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("--")) {
                operands.addAll(args.subList(i + 1, args.size()));
                break;
            }
            if (arg.length() < 2 || arg.charAt(0) != '-') {
                operands.add(arg);
            } else if (arg.charAt(1) == '-' ? words.contains(arg.substring(2)) : valueFollows(arg, letters)) {
                i++;
            }
        }
        return operands;
    }

    private static boolean valueFollows(String cluster, String letters) {
        for (int i = 1; i < cluster.length(); i++) {
            if (letters.indexOf(cluster.charAt(i)) >= 0) {
                return i == cluster.length() - 1;
            }
        }
        return false;
    }

    /** Whether a one-letter option is given, alone or among others. */
    boolean option(char letter) {
        return args.stream()
                .skip(1)
                .anyMatch(arg ->
                        arg.length() > 1 && arg.charAt(0) == '-' && arg.charAt(1) != '-' && arg.indexOf(letter) > 0);
    }

    int fail(String message) {
        err.append(name()).append(": ").append(message).append('\n');
        return 1;
    }

    Call line(String text) {
        out.append(text).append('\n');
        return this;
    }

    /** Success, after {@link #line}. */
    int status() {
        return 0;
    }

    /** Standard input, or the files named, one after the other; errors are said. */
    String input(List<String> files) {
        if (files.isEmpty()) {
            return stdin.orElse("");
        }
        StringBuilder all = new StringBuilder();
        for (String file : files) {
            if (file.equals("-")) {
                all.append(stdin.orElse(""));
                continue;
            }
            read(file).ifPresent(all::append);
        }
        return all.toString();
    }

    Optional<String> read(String file) {
        Optional<decnet.decoys.Disk.Node> node = shell.follow(file);
        if (node.isEmpty()) {
            fail(file + ": No such file or directory");
            return Optional.empty();
        }
        if (node.get().folder()) {
            fail(file + ": Is a directory");
            return Optional.empty();
        }
        if (!shell.mayRead(node.get())) {
            fail(file + ": Permission denied");
            return Optional.empty();
        }
        return Optional.of(ShellState.text(node.get()));
    }
}
