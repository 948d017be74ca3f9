package decnet.decoys.shell;

import decnet.core.Peer;
import decnet.core.WireText;
import decnet.decoys.DecoyContext;
import decnet.decoys.LogBook;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import decnet.topology.Account;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A log-in shell on a fake machine: pure, bytes in, bytes and events out. Interactive: {@link #start}, then {@link #feed} with what is
 * typed; it echoes, edits lines and is recorded. Or one command: {@link #exec}, then {@link #feed} and {@link #endOfInput} as long as it
 * has not ended. {@link #close} in any case. Not thread-safe; one session per channel.
 */
public final class ShellSession {
    private static final int MAX_RECORDING = 2 << 20;
    private static final int MAX_INPUT = 1 << 20;
    private static final int MAX_PARTIAL = 16 << 10;

    private final DecoyContext context;
    private final ShellState shell;
    private final Interpreter interpreter;
    private final LineEditor editor;
    private final StringBuilder partial = new StringBuilder();
    private final StringBuilder collected = new StringBuilder();
    private final List<String> heredocEnds = new ArrayList<>();
    private Optional<Asciicast> recording = Optional.empty();
    private Optional<Node.Sequence> waiting = Optional.empty();
    private int waitingAt;
    private final Optional<ShellLink> link;
    /** Where what is said now goes: to whoever called, or to the link. */
    private StringBuilder current = new StringBuilder();

    private Runnable afterFront = () -> {};
    private Optional<RuntimeException> defect = Optional.empty();
    private boolean execMode;
    private boolean scripted;
    private boolean closed;

    /** @param interactive whether there is a terminal; it decides what errors and prompts look like */
    public ShellSession(DecoyContext context, Account account, Peer source, boolean interactive) {
        this(context, account, source, interactive, Optional.empty());
    }

    /** One whose commands reach the other machines of the fleet. */
    public ShellSession(DecoyContext context, Account account, Peer source, boolean interactive, ShellLink link) {
        this(context, account, source, interactive, Optional.of(link));
    }

    private ShellSession(
            DecoyContext context, Account account, Peer source, boolean interactive, Optional<ShellLink> link) {
        this.link = link;
        this.context = context;
        this.shell = new ShellState(context, account, source, interactive);
        this.interpreter = new Interpreter(shell, Commands.map());
        this.editor = new LineEditor(shell.history);
    }

    /** Shows the greeting and the first prompt. Both sizes are at least 1 and at most 1000; others become 80 × 24. */
    public ShellOutput start(int columns, int rows) {
        StringBuilder out = begin();
        size(columns, rows);
        recording = Optional.of(new Asciicast(
                context.budget(),
                MAX_RECORDING,
                context.clock().instant(),
                shell.columns,
                shell.rows,
                shell.account.shell()));
        out.append(Greeting.of(shell).replace("\n", "\r\n"));
        shell.terminal = Optional.of(shell.disk
                .chronicle()
                .terminal(shell.account.name(), shell.source, context.clock().instant()));
        return output(out.append(shell.prompt()));
    }

    public void resize(int columns, int rows) {
        size(columns, rows);
        recording.ifPresent(cast -> cast.resize(context.clock().instant(), shell.columns, shell.rows));
    }

    private void size(int columns, int rows) {
        shell.columns = columns >= 1 && columns <= 1000 ? columns : 80;
        shell.rows = rows >= 1 && rows <= 1000 ? rows : 24;
    }

    /** Runs one command line without a terminal. If the output says that it has not ended, it waits for input. */
    public ShellOutput exec(String line) {
        execMode = true;
        tell(line, "exec");
        StringBuilder out = begin();
        run(line, () -> {
            if (waiting.isEmpty()) {
                shell.exited = true;
            }
        });
        return output(out);
    }

    /** Runs one line of standard input, as a shell without a terminal does: nothing is echoed, and nothing prompts. */
    public ShellOutput script(String line) {
        scripted = true;
        StringBuilder out = begin();
        if (shell.front.isPresent()) {
            shell.front.get().typed(line + "\n");
            settleFront();
        } else {
            line(line, out);
        }
        return output(out);
    }

    /** Takes what was typed, or sent as standard input of {@link #exec}. */
    public ShellOutput feed(byte[] bytes) {
        StringBuilder out = begin();
        if (execMode && shell.front.isPresent()) {
            shell.front.get().typed(new String(bytes, StandardCharsets.ISO_8859_1));
            settleFront();
            return output(out);
        }
        if (execMode) {
            collect(new String(bytes, StandardCharsets.ISO_8859_1));
            return output(out);
        }
        recording.ifPresent(cast -> cast.input(context.clock().instant(), hideSecret(bytes)));
        for (int i = 0; i < bytes.length && !shell.exited; i++) {
            if (shell.front.map(Foreground::raw).orElse(false)) {
                shell.front.get().typed(new String(bytes, i, bytes.length - i, StandardCharsets.ISO_8859_1));
                settleFront();
                break;
            }
            key(bytes[i] & 0xff, out);
        }
        return output(out);
    }

    private byte[] hideSecret(byte[] bytes) {
        if (shell.front.isPresent()) {
            return shell.front.get().secret() ? new byte[0] : bytes;
        }
        return shell.pending.map(ShellState.Pending::echo).orElse(true) ? bytes : new byte[0];
    }

    /** Standard input of {@link #exec} has ended. */
    public ShellOutput endOfInput() {
        StringBuilder out = begin();
        if (shell.front.isPresent()) {
            shell.front.get().inputEnded();
            settleFront();
        } else {
            inputIsOver();
        }
        return output(out);
    }

    private void inputIsOver() {
        if ((execMode || scripted) && waiting.isPresent()) {
            resume(() -> shell.exited = waiting.isEmpty());
        } else {
            shell.exited = true;
        }
    }

    private StringBuilder begin() {
        current = new StringBuilder();
        return current;
    }

    /** Runs a command line, in front if it may wait: then the call ends before it does. */
    private void launch(Runnable work, Runnable after) {
        if (link.isEmpty() || shell.front.isPresent()) {
            work.run();
            after.run();
            return;
        }
        Foreground front = new Foreground(shell, link.get(), this::fromOutside, this::flush);
        shell.front = Optional.of(front);
        afterFront = after;
        front.start(() -> {
            try {
                work.run();
                if (front.waited()) {
                    front.settle();
                }
            } catch (Interruption e) {
                flush();
                shell.pending = Optional.empty();
                waiting = Optional.empty();
                shell.status = 130;
            }
        });
        settleFront();
    }

    /** What was in front may have ended: then the shell goes on with what was typed meanwhile. */
    private void settleFront() {
        Foreground front = shell.front.orElse(null);
        if (front == null || !front.ended()) {
            return;
        }
        shell.front = Optional.empty();
        flush();
        afterFront.run();
        for (String text : front.leftOver()) {
            if (shell.front.isPresent()) {
                shell.front.get().typed(text);
            } else if (!shell.exited && !execMode) {
                String line = text.substring(0, text.length() - (text.endsWith("\n") ? 1 : 0));
                current.append(scripted ? "" : line + "\r\n");
                line(line, current);
            }
        }
        if (front.inputOver() && scripted && !shell.exited) {
            if (shell.front.isPresent()) {
                shell.front.get().inputEnded();
            } else {
                inputIsOver();
            }
        }
        if (!scripted && !execMode && shell.front.isEmpty() && !shell.exited) {
            for (char c : front.unfinished().toCharArray()) {
                key(c, current);
            }
        }
    }

    /** A timer or another machine brings something. */
    private void fromOutside(Runnable brings) {
        if (closed || link.isEmpty()) {
            return;
        }
        StringBuilder out = begin();
        try {
            brings.run();
            settleFront();
        } catch (RuntimeException | StackOverflowError e) {
            defect = Optional.of(new IllegalStateException("command failed", e));
            shell.exited = true;
        }
        link.get().show().accept(output(out));
    }

    /** Hands out what reached the screen. */
    private void flush() {
        current.append(newlines(interpreter.screen.toString()));
        interpreter.screen.setLength(0);
    }

    public boolean ended() {
        return shell.exited;
    }

    /** The name a prompt would show: who the visitor is now. */
    public String user() {
        return shell.account.name();
    }

    /**
     * Ends the session: leaves its files for the next one, and gives the recording. Idempotent.
     *
     * @throws IllegalStateException once, if a command that came from elsewhere than a call has failed
     */
    public List<Seen> close() {
        if (closed) {
            return List.of();
        }
        closed = true;
        shell.front.ifPresent(Foreground::close);
        shell.disk.commit();
        shell.terminal.ifPresent(LogBook.Stay::end);
        if (defect.isPresent()) {
            throw defect.get();
        }
        List<Seen> events = new ArrayList<>(shell.takeEvents());
        recording.ifPresent(cast -> events.add(
                cast.told(Duration.between(shell.loginAt, context.clock().instant()))));
        return events;
    }

    private void key(int b, StringBuilder out) {
        if (shell.front.isPresent()) {
            shell.front.get().key(b, out);
            settleFront();
            return;
        }
        boolean shown = shell.pending.map(ShellState.Pending::echo).orElse(true);
        switch (editor.key(b, out, shown)) {
            case LineEditor.Result.More more -> {}
            case LineEditor.Result.Line line -> line(line.text(), out);
            case LineEditor.Result.Interrupt interrupt -> {
                shell.pending = Optional.empty();
                waiting = Optional.empty();
                partial.setLength(0);
                heredocEnds.clear();
                shell.status = 130;
                out.append(shell.prompt());
            }
            case LineEditor.Result.EndOfInput end -> {
                if (waiting.isPresent()) {
                    resume(this::promptIfFree);
                } else if (shell.pending.isPresent()) {
                    shell.pending = Optional.empty();
                    out.append("\r\n").append(shell.prompt());
                } else {
                    run("exit", this::promptIfFree);
                }
            }
            case LineEditor.Result.Clear clear ->
                out.append("\u001b[H\u001b[2J").append(shell.prompt()).append(editor.text());
        }
    }

    private void line(String text, StringBuilder out) {
        if (shell.pending.isPresent()) {
            ShellState.Pending pending = shell.pending.get();
            interpreter.restart();
            launch(
                    () -> {
                        if (!pending.line(Optional.of(text), interpreter.screen)) {
                            shell.pending = Optional.empty();
                        }
                        flush();
                    },
                    this::promptIfFree);
            return;
        }
        if (waiting.isPresent()) {
            collect(text + "\n");
            return;
        }
        tell(text, "shell");
        if (!heredocEnds.isEmpty()) {
            heredocLine(text, out);
        } else {
            whole((partial.isEmpty() ? "" : partial + "\n") + text, out);
        }
    }

    private void whole(String text, StringBuilder out) {
        partial.setLength(0);
        try {
            ShellParser.parse(text);
        } catch (ShellSyntaxException e) {
            if (e.incomplete() && text.length() < MAX_PARTIAL) {
                partial.append(text);
                out.append(scripted ? "" : "> ");
                return;
            }
        }
        shell.remember(text);
        heredocEnds.addAll(Heredocs.ends(text));
        if (heredocEnds.isEmpty()) {
            run(text, this::promptIfFree);
        } else {
            partial.append(text);
            out.append(scripted ? "" : "> ");
        }
    }

    private void heredocLine(String text, StringBuilder out) {
        if (!text.strip().equals(heredocEnds.getFirst()) && collected.length() < MAX_INPUT) {
            collected.append(text).append('\n');
            out.append(scripted ? "" : "> ");
            return;
        }
        interpreter.heredocs.add(collected.toString());
        collected.setLength(0);
        heredocEnds.removeFirst();
        if (heredocEnds.isEmpty()) {
            String whole = partial.toString();
            partial.setLength(0);
            run(whole, () -> {
                interpreter.heredocs.clear();
                promptIfFree();
            });
        } else {
            out.append(scripted ? "" : "> ");
        }
    }

    private void collect(String text) {
        int room = MAX_INPUT - collected.length();
        collected.append(text, 0, Math.max(0, Math.min(room, text.length())));
    }

    private void promptIfFree() {
        if (!scripted && !shell.exited && shell.pending.isEmpty() && waiting.isEmpty()) {
            current.append(shell.prompt());
        }
    }

    private void run(String text, Runnable after) {
        interpreter.restart();
        String command = text;
        if (execMode) {
            Heredocs.Split split = Heredocs.split(text);
            command = split.command();
            interpreter.heredocs.addAll(split.bodies());
        }
        try {
            if (ShellParser.parse(command) instanceof Node.Sequence sequence) {
                launch(() -> steps(sequence, 0), after);
                return;
            }
        } catch (ShellSyntaxException e) {
            syntaxError(e);
        }
        after.run();
    }

    private void syntaxError(ShellSyntaxException e) {
        current.append(newlines(shell.name() + ": " + e.getMessage() + "\n"));
        shell.status = 2;
    }

    private void steps(Node.Sequence sequence, int from) {
        for (int i = from; i < sequence.steps().size() && !shell.exited; i++) {
            Node.Step step = sequence.steps().get(i);
            if (!Interpreter.due(step.when(), shell.status)) {
                continue;
            }
            try {
                shell.status = interpreter.step(step, Optional.empty(), interpreter.screen, interpreter.screen);
            } catch (ShellSyntaxException e) {
                syntaxError(e);
                return;
            } catch (Interpreter.NeedInput e) {
                waiting = Optional.of(sequence);
                waitingAt = i;
                collected.setLength(0);
                interpreter.screen.setLength(0);
                return;
            }
            flush();
        }
    }

    private void resume(Runnable after) {
        Node.Sequence sequence = waiting.orElseThrow();
        waiting = Optional.empty();
        String input = collected.toString();
        collected.setLength(0);
        interpreter.typed = Optional.of(input);
        interpreter.restart();
        if (!input.isEmpty()) {
            Seen upload = Seen.of("file_upload", "name", "standard input", "via", "shell");
            shell.saw(upload.with(Payload.latin1(input)));
        }
        launch(() -> steps(sequence, waitingAt), () -> {
            interpreter.typed = Optional.empty();
            after.run();
        });
    }

    private String newlines(String text) {
        return execMode || scripted ? text : text.replace("\r\n", "\n").replace("\n", "\r\n");
    }

    private void tell(String line, String mode) {
        if (!line.isBlank()) {
            shell.saw(Seen.of(
                    "command",
                    "command",
                    wire(line),
                    "cwd",
                    wire(shell.cwd),
                    "user",
                    wire(shell.account.name()),
                    "mode",
                    mode));
        }
    }

    private static String wire(String latin1) {
        return WireText.of(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private ShellOutput output(StringBuilder out) {
        Payload bytes = Payload.latin1(out.toString());
        Duration delay = shell.takeDelay();
        Instant shownAt = context.clock().instant().plus(delay);
        if (bytes.length() > 0) {
            recording.ifPresent(cast -> cast.output(shownAt, bytes.bytes()));
        }
        return new ShellOutput(bytes, shell.takeEvents(), delay, shell.exited, shell.status & 255);
    }
}
