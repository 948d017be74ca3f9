package decnet.decoys.shell;

import decnet.decoys.Daemons;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs parsed commands on a shell. Bounded in steps, depth and output. Not thread-safe. */
final class Interpreter {
    static final int MAX_OUTPUT = 256 << 10;
    private static final int MAX_STEPS = 3000;
    private static final int MAX_SCRIPTS = 8;
    private static final int MAX_CALLS = 16;
    /** A line that computes longer is as if interrupted: the work threads are for everybody. */
    private static final long MAX_NANOS = 2_000_000_000L;

    private static final Duration BACKGROUND = Duration.ofSeconds(3);

    private static final Set<String> READERS = Set.of(
            "cat",
            "tee",
            "sh",
            "bash",
            "base64",
            "head",
            "tail",
            "grep",
            "wc",
            "sort",
            "uniq",
            "sed",
            "awk",
            "tr",
            "cut",
            "dd",
            "md5sum",
            "sha256sum",
            "xargs",
            "od",
            "read",
            "gunzip",
            "tar");

    /** A command wants input that has not been typed yet. */
    static final class NeedInput extends RuntimeException {
        NeedInput() {
            super(null, null, false, false);
        }
    }

    private final ShellState shell;
    private final Map<String, Command> commands;
    private final Expander expander;
    final Deque<String> heredocs = new ArrayDeque<>();
    /** What was typed for the command that asked; absent if nothing was. */
    Optional<String> typed = Optional.empty();

    private int steps;
    private int depth;
    private int scripts;
    private int calls;
    private long deadlineNanos;
    /** What reaches the terminal at once, output and errors in their order; other buffers are for pipes and files. */
    final StringBuilder screen = new StringBuilder();

    Interpreter(ShellState shell, Map<String, Command> commands) {
        this.shell = shell;
        this.commands = commands;
        this.expander = new Expander(shell, this);
    }

    /** A new line begins: its bounds count anew. */
    void restart() {
        steps = 0;
        depth = 0;
        scripts = 0;
        calls = 0;
        deadlineNanos = System.nanoTime() - pausedNanos() + MAX_NANOS;
    }

    boolean exhausted() {
        return steps > MAX_STEPS || System.nanoTime() - pausedNanos() - deadlineNanos > 0;
    }

    /** Waiting is no work. */
    private long pausedNanos() {
        return shell.front.map(Foreground::pausedNanos).orElse(0L);
    }

    boolean knows(String name) {
        return commands.containsKey(name);
    }

    int run(Node node, Optional<String> stdin, StringBuilder out, StringBuilder err) {
        steps++;
        if (exhausted() || shell.exited || out.length() > MAX_OUTPUT || err.length() > MAX_OUTPUT) {
            return 130;
        }
        if (++depth > 64) {
            depth--;
            return 1;
        }
        try {
            return switch (node) {
                case Node.Simple simple -> simple(simple, stdin, out, err);
                case Node.Pipe pipe -> pipe(pipe, stdin, out, err);
                case Node.Sequence sequence -> sequence(sequence, stdin, out, err);
                case Node.For loop -> loop(loop, stdin, out, err);
                case Node.If condition ->
                    run(
                            run(condition.condition(), stdin, out, err) == 0 ? condition.then() : condition.otherwise(),
                            stdin,
                            out,
                            err);
                case Node.While loop -> repeat(loop, stdin, out, err);
            };
        } finally {
            depth--;
        }
    }

    private int sequence(Node.Sequence sequence, Optional<String> stdin, StringBuilder out, StringBuilder err) {
        int status = 0;
        for (Node.Step step : sequence.steps()) {
            if (due(step.when(), status)) {
                status = step(step, stdin, out, err);
                shell.status = status;
            }
        }
        return status;
    }

    /** A step in the background does not wait for long: the shell does one thing after the other. */
    int step(Node.Step step, Optional<String> stdin, StringBuilder out, StringBuilder err) {
        return step.background() && shell.front.isPresent()
                ? shell.front.get().within(BACKGROUND, () -> run(step.node(), stdin, out, err))
                : run(step.node(), stdin, out, err);
    }

    static boolean due(Node.When when, int status) {
        return switch (when) {
            case ALWAYS -> true;
            case SUCCESS -> status == 0;
            case FAILURE -> status != 0;
        };
    }

    private int pipe(Node.Pipe pipe, Optional<String> stdin, StringBuilder out, StringBuilder err) {
        Optional<String> input = stdin;
        int status = 0;
        for (int i = 0; i < pipe.stages().size(); i++) {
            boolean last = i == pipe.stages().size() - 1;
            StringBuilder to = last ? out : new StringBuilder();
            status = run(pipe.stages().get(i), input, to, err);
            input = Optional.of(to.toString());
        }
        return status;
    }

    private int loop(Node.For loop, Optional<String> stdin, StringBuilder out, StringBuilder err) {
        int status = 0;
        for (String word : expander.words(loop.words())) {
            shell.set(loop.variable(), word);
            status = run(loop.body(), stdin, out, err);
            if (exhausted() || shell.exited) {
                break;
            }
        }
        return status;
    }

    private int repeat(Node.While loop, Optional<String> stdin, StringBuilder out, StringBuilder err) {
        int status = 0;
        while (!exhausted() && !shell.exited && (run(loop.condition(), stdin, out, err) == 0) != loop.until()) {
            status = run(loop.body(), stdin, out, err);
        }
        return status;
    }

    private int simple(Node.Simple simple, Optional<String> stdin, StringBuilder out, StringBuilder err) {
        List<String> args = expander.words(simple.words());
        for (String assignment : simple.assignments()) {
            int equals = assignment.indexOf('=');
            shell.set(assignment.substring(0, equals), expander.text(assignment.substring(equals + 1)));
        }
        Optional<String> input = stdin;
        StringBuilder own = new StringBuilder();
        StringBuilder ownErr = new StringBuilder();
        for (Node.Redirect redirect : simple.redirects()) {
            if (redirect.descriptor() == 0) {
                Optional<String> found = input(redirect, err);
                if (found.isEmpty()) {
                    return 1;
                }
                input = found;
            }
        }
        if (simple.redirects().stream().allMatch(redirect -> redirect.descriptor() == 0)) {
            return args.isEmpty() ? 0 : call(args, input, out, err);
        }
        int status = args.isEmpty() ? 0 : call(args, input, own, ownErr);
        return redirectAll(simple.redirects(), own, ownErr, out, err) ? status : 1;
    }

    private Optional<String> input(Node.Redirect redirect, StringBuilder err) {
        if (redirect.operator().equals("<<")) {
            String body = heredocs.isEmpty() ? "" : heredocs.poll();
            boolean raw =
                    redirect.target().indexOf('\'') >= 0 || redirect.target().indexOf('"') >= 0;
            return Optional.of(raw ? body : heredoc(body));
        }
        String target = expander.text(redirect.target());
        if (redirect.operator().equals("<<<")) {
            return Optional.of(target + "\n");
        }
        if (target.startsWith("/dev/tcp/") || target.startsWith("/dev/udp/")) {
            err.append(shell.name())
                    .append(": connect: Connection refused\n")
                    .append(shell.name())
                    .append(": ")
                    .append(target)
                    .append(": Connection refused\n");
            return Optional.empty();
        }
        Call reader = new Call(shell, this, List.of(shell.name()), Optional.empty(), new StringBuilder(), err);
        return reader.read(target);
    }

    /** A here document without quotes: variables and substitutions are expanded. */
    private String heredoc(String body) {
        return body.indexOf('$') < 0 && body.indexOf('`') < 0
                ? body
                : expander.text("\"" + body.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }

    private boolean redirectAll(
            List<Node.Redirect> redirects,
            StringBuilder own,
            StringBuilder ownErr,
            StringBuilder out,
            StringBuilder err) {
        boolean outGone = false;
        boolean errGone = false;
        boolean fine = true;
        for (Node.Redirect redirect : redirects) {
            switch (redirect.operator()) {
                case ">&1" -> {
                    // to where standard output goes now: after a file redirection that is the file
                    if (!outGone) {
                        own.append(ownErr);
                    }
                    errGone = true;
                }
                case ">&2" -> {
                    ownErr.append(own);
                    outGone = true;
                }
                case ">", ">>" -> {
                    boolean both = redirect.descriptor() == 3
                            || redirects.stream().anyMatch(one -> one.operator().equals(">&1"));
                    String text = redirect.descriptor() == 2
                            ? ownErr.toString()
                            : both && redirect.descriptor() != 2 ? own + ownErr.toString() : own.toString();
                    String target = expander.text(redirect.target());
                    Optional<String> problem =
                            shell.write(target, text, redirect.operator().equals(">>"));
                    if (problem.isPresent()) {
                        err.append(shell.name())
                                .append(": ")
                                .append(target)
                                .append(": ")
                                .append(problem.get())
                                .append('\n');
                        fine = false;
                    }
                    outGone |= redirect.descriptor() != 2;
                    errGone |= redirect.descriptor() != 1 || both;
                }
                default -> {}
            }
        }
        if (!outGone) {
            out.append(own);
        }
        if (!errGone) {
            err.append(ownErr);
        }
        return fine;
    }

    /** Runs a command later than its line, at the terminal; one that wants whole files as input gets none. */
    void onScreen(List<String> args) {
        try {
            call(args, Optional.empty(), screen, screen);
        } catch (NeedInput e) {
            call(args, Optional.of(""), screen, screen);
        }
    }

    /** Runs a command by its name. */
    int call(List<String> args, Optional<String> stdin, StringBuilder out, StringBuilder err) {
        if (calls >= MAX_CALLS) {
            return 126;
        }
        calls++;
        try {
            return called(args, stdin, out, err);
        } finally {
            calls--;
        }
    }

    private int called(List<String> args, Optional<String> stdin, StringBuilder out, StringBuilder err) {
        String name = args.getFirst();
        String base = name.substring(name.lastIndexOf('/') + 1);
        Optional<String> input = stdin;
        if (name.indexOf('/') >= 0) {
            Optional<decnet.decoys.Disk.Node> file = shell.follow(name);
            if (file.isEmpty()) {
                err.append(shell.name())
                        .append(": ")
                        .append(name)
                        .append(shell.ash() ? ": not found\n" : ": No such file or directory\n");
                return 127;
            }
            if (file.get().folder()) {
                err.append(shell.name()).append(": ").append(name).append(": Is a directory\n");
                return 126;
            }
            if ((file.get().mode() & 0111) == 0) {
                err.append(shell.name()).append(": ").append(name).append(": Permission denied\n");
                return 126;
            }
            String text = ShellState.text(file.get());
            boolean ours = commands.containsKey(base) && name.matches("/(usr/)?s?bin/.*");
            if (!ours && (text.startsWith("#!") || !text.startsWith("\u007fELF"))) {
                return script(text, out, err);
            }
            if (!commands.containsKey(base)) {
                err.append(shell.name())
                        .append(": ")
                        .append(name)
                        .append(": cannot execute binary file: Exec format error\n");
                return 126;
            }
        }
        Command command = commands.get(base);
        if (command == null || !present(base, name)) {
            err.append(shell.name())
                    .append(": ")
                    .append(name)
                    .append(shell.ash() ? ": not found\n" : ": command not found\n");
            return 127;
        }
        if (input.isEmpty() && reads(base, args)) {
            if (typed.isEmpty()) {
                throw new NeedInput();
            }
            input = typed;
            typed = Optional.of("");
        }
        int status = command.run(new Call(shell, this, args, input, out, err));
        shell.status = status;
        return status;
    }

    /** Whether this machine has the command. */
    private boolean present(String base, String name) {
        if (base.equals("redis-cli")) {
            return Daemons.units(shell.persona).contains("redis-server");
        }
        return name.indexOf('/') >= 0
                || Commands.BUILTINS.contains(base)
                || shell.ash()
                || List.of("/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/").stream()
                        .anyMatch(folder -> shell.disk.find(folder + base).isPresent())
                || Commands.ALWAYS.contains(base);
    }

    private static boolean reads(String name, List<String> args) {
        if (!READERS.contains(name)) {
            return false;
        }
        List<String> operands = args.stream()
                .skip(1)
                .filter(arg -> !arg.startsWith("-") || arg.equals("-"))
                .toList();
        return switch (name) {
            case "grep", "sed", "awk", "cut", "head", "tail" ->
                operands.size() <= (name.equals("cut") || name.equals("head") || name.equals("tail") ? 0 : 1)
                        && !args.contains("--help")
                        && !args.contains("--version");
            case "tr", "tee", "read", "xargs" -> true;
            case "sh", "bash" -> args.contains("-s");
            case "dd" -> args.stream().noneMatch(arg -> arg.startsWith("if="));
            case "tar" -> operands.isEmpty() && args.size() > 1 && args.get(1).contains("f");
            default -> operands.isEmpty() && args.stream().noneMatch(arg -> arg.startsWith("--"));
        };
    }

    /** Runs the lines of a script. */
    int script(String text, StringBuilder out, StringBuilder err) {
        if (scripts >= MAX_SCRIPTS) {
            return 1;
        }
        scripts++;
        try {
            return run(
                    ShellParser.parse(text.length() > 64 << 10 ? text.substring(0, 64 << 10) : text),
                    Optional.of(""),
                    out,
                    err);
        } catch (ShellSyntaxException e) {
            err.append(shell.name()).append(": ").append(e.getMessage()).append('\n');
            return 2;
        } finally {
            scripts--;
        }
    }

    /** Output of a command, for {@code $(…)}: without the line ends at its end. */
    String substitute(String text) {
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        script(text, out, err);
        int end = out.length();
        while (end > 0 && out.charAt(end - 1) == '\n') {
            end--;
        }
        return out.substring(0, Math.min(end, MAX_OUTPUT));
    }

    List<String> expand(List<String> words) {
        return new ArrayList<>(expander.words(words));
    }
}
