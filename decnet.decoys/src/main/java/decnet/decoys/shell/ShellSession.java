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
    private boolean execMode;
    private boolean scripted;
    private boolean closed;

    /** @param interactive whether there is a terminal; it decides what errors and prompts look like */
    public ShellSession(DecoyContext context, Account account, Peer source, boolean interactive) {
        this.context = context;
        this.shell = new ShellState(context, account, source, interactive);
        this.interpreter = new Interpreter(shell, Commands.map());
        this.editor = new LineEditor(shell.history);
    }

    /** Shows the greeting and the first prompt. Both sizes are at least 1 and at most 1000; others become 80 × 24. */
    public ShellOutput start(int columns, int rows) {
        size(columns, rows);
        recording = Optional.of(new Asciicast(
                context.budget(),
                MAX_RECORDING,
                context.clock().instant(),
                shell.columns,
                shell.rows,
                shell.account.shell()));
        StringBuilder out = new StringBuilder(Greeting.of(shell).replace("\n", "\r\n"));
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
        StringBuilder out = new StringBuilder();
        run(line, out);
        if (waiting.isEmpty()) {
            shell.exited = true;
        }
        return output(out);
    }

    /** Runs one line of standard input, as a shell without a terminal does: nothing is echoed, and nothing prompts. */
    public ShellOutput script(String line) {
        scripted = true;
        StringBuilder out = new StringBuilder();
        line(line, out);
        return output(out);
    }

    /** Takes what was typed, or sent as standard input of {@link #exec}. */
    public ShellOutput feed(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        if (execMode) {
            collect(new String(bytes, StandardCharsets.ISO_8859_1));
            return output(out);
        }
        recording.ifPresent(cast -> cast.input(context.clock().instant(), hideSecret(bytes)));
        for (byte b : bytes) {
            if (shell.exited) {
                break;
            }
            key(b & 0xff, out);
        }
        return output(out);
    }

    private byte[] hideSecret(byte[] bytes) {
        return shell.pending.map(ShellState.Pending::echo).orElse(true) ? bytes : new byte[0];
    }

    /** Standard input of {@link #exec} has ended. */
    public ShellOutput endOfInput() {
        StringBuilder out = new StringBuilder();
        if ((execMode || scripted) && waiting.isPresent()) {
            resume(out);
            shell.exited = waiting.isEmpty();
        } else {
            shell.exited = true;
        }
        return output(out);
    }

    public boolean ended() {
        return shell.exited;
    }

    /** The name a prompt would show: who the visitor is now. */
    public String user() {
        return shell.account.name();
    }

    /** Ends the session: leaves its files for the next one, and gives the recording. Idempotent. */
    public List<Seen> close() {
        if (closed) {
            return List.of();
        }
        closed = true;
        shell.disk.commit();
        shell.terminal.ifPresent(LogBook.Stay::end);
        List<Seen> events = new ArrayList<>(shell.takeEvents());
        recording.ifPresent(cast -> {
            long millis =
                    Duration.between(shell.loginAt, context.clock().instant()).toMillis();
            Seen seen = Seen.of(
                    "session_recorded",
                    "format",
                    "asciicast-v2",
                    "duration_ms",
                    Long.toString(millis),
                    "cols",
                    Integer.toString(cast.columns()),
                    "rows",
                    Integer.toString(cast.rows()));
            events.add(seen.with(cast.finish()));
        });
        return events;
    }

    private void key(int b, StringBuilder out) {
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
                    resume(out);
                    promptIfFree(out);
                } else if (shell.pending.isPresent()) {
                    shell.pending = Optional.empty();
                    out.append("\r\n").append(shell.prompt());
                } else {
                    run("exit", out);
                    promptIfFree(out);
                }
            }
            case LineEditor.Result.Clear clear ->
                out.append("\u001b[H\u001b[2J").append(shell.prompt()).append(editor.text());
        }
    }

    private void line(String text, StringBuilder out) {
        if (shell.pending.isPresent()) {
            ShellState.Pending pending = shell.pending.get();
            StringBuilder said = new StringBuilder();
            if (!pending.line(Optional.of(text), said)) {
                shell.pending = Optional.empty();
            }
            out.append(said.toString().replace("\n", "\r\n"));
            promptIfFree(out);
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
            run(text, out);
            promptIfFree(out);
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
            run(whole, out);
            interpreter.heredocs.clear();
            promptIfFree(out);
        } else {
            out.append(scripted ? "" : "> ");
        }
    }

    private void collect(String text) {
        int room = MAX_INPUT - collected.length();
        collected.append(text, 0, Math.max(0, Math.min(room, text.length())));
    }

    private void promptIfFree(StringBuilder out) {
        if (!scripted && !shell.exited && shell.pending.isEmpty() && waiting.isEmpty()) {
            out.append(shell.prompt());
        }
    }

    private void run(String text, StringBuilder out) {
        interpreter.restart();
        String command = text;
        if (execMode) {
            Heredocs.Split split = Heredocs.split(text);
            command = split.command();
            interpreter.heredocs.addAll(split.bodies());
        }
        try {
            if (ShellParser.parse(command) instanceof Node.Sequence sequence) {
                steps(sequence, 0, out);
            }
        } catch (ShellSyntaxException e) {
            out.append(newlines(shell.name() + ": " + e.getMessage() + "\n"));
            shell.status = 2;
        }
    }

    private void steps(Node.Sequence sequence, int from, StringBuilder out) {
        for (int i = from; i < sequence.steps().size() && !shell.exited; i++) {
            Node.Step step = sequence.steps().get(i);
            if (!Interpreter.due(step.when(), shell.status)) {
                continue;
            }
            StringBuilder said = new StringBuilder();
            StringBuilder err = new StringBuilder();
            try {
                shell.status = interpreter.run(step.node(), Optional.empty(), said, err);
            } catch (Interpreter.NeedInput e) {
                waiting = Optional.of(sequence);
                waitingAt = i;
                collected.setLength(0);
                return;
            }
            // errors come first only in the order of our buffers; a reader of both sees them together
            out.append(newlines(err.toString())).append(newlines(said.toString()));
        }
    }

    private void resume(StringBuilder out) {
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
        steps(sequence, waitingAt, out);
        interpreter.typed = Optional.empty();
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
        recording.ifPresent(cast -> cast.output(shownAt, bytes.bytes()));
        return new ShellOutput(bytes, shell.takeEvents(), delay, shell.exited, shell.status & 255);
    }
}
