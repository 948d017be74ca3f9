package decnet.decoys.ssh;

import decnet.decoys.shell.ShellLink;
import decnet.decoys.shell.ShellOutput;
import decnet.decoys.shell.ShellSession;
import decnet.topology.Account;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The machine's shell: at a terminal, with one command, or fed with lines. Its output comes when the machine would have it ready. */
final class ShellProgram implements Program {
    /** How it was started. */
    private enum Mode {
        TERMINAL,
        COMMAND,
        LINES
    }

    private static final int MAX_LINE = 64 * 1024;
    private static final int INTERRUPTED = 130;

    private final SshConnection connection;
    private final SshTransport transport;
    private final SshChannel channel;
    private final ShellSession shell;
    private final Optional<Terminal> terminal;
    private final String command;
    private final Mode mode;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean gone;

    private ShellProgram(
            SshTransport transport,
            SshChannel channel,
            Account account,
            Optional<Terminal> terminal,
            Optional<String> command) {
        this.transport = transport;
        this.connection = transport.connection();
        this.channel = channel;
        this.terminal = terminal;
        this.command = command.orElse("");
        this.mode = command.isPresent() ? Mode.COMMAND : terminal.isPresent() ? Mode.TERMINAL : Mode.LINES;
        this.shell = new ShellSession(
                connection.profile().context(),
                account,
                connection.source(),
                mode == Mode.TERMINAL,
                new ShellLink(connection.outlet(), this::showLater));
    }

    /** A log-in shell; without a terminal it reads lines. */
    static Program login(SshTransport transport, SshChannel channel, Account account, Optional<Terminal> terminal) {
        return new ShellProgram(transport, channel, account, terminal, Optional.empty());
    }

    /** One command line. */
    static Program command(
            SshTransport transport, SshChannel channel, Account account, Optional<Terminal> terminal, String command) {
        return new ShellProgram(transport, channel, account, terminal, Optional.of(command));
    }

    @Override
    public void start() {
        switch (mode) {
            case TERMINAL ->
                show(shell.start(
                        terminal.map(Terminal::columns).orElse(80),
                        terminal.map(Terminal::rows).orElse(24)));
            case COMMAND -> show(shell.exec(command));
            case LINES -> {
                // waits for the first
            }
        }
    }

    @Override
    public void input(byte[] data) {
        if (mode != Mode.LINES) {
            show(shell.feed(data));
            return;
        }
        for (byte b : data) {
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                line.reset();
                show(shell.script(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text));
            } else if (line.size() < MAX_LINE) {
                line.write(b);
            }
            if (shell.ended()) {
                return;
            }
        }
    }

    @Override
    public void inputEnded() {
        if (mode == Mode.TERMINAL) {
            return; // a terminal does not end
        }
        if (mode == Mode.LINES && line.size() > 0) {
            show(shell.script(line.toString(StandardCharsets.ISO_8859_1)));
            line.reset();
        }
        if (!shell.ended()) {
            show(shell.endOfInput());
        }
    }

    @Override
    public void resized(int columns, int rows) {
        shell.resize(columns, rows);
    }

    @Override
    public void signal(String name) {
        if (mode == Mode.TERMINAL && name.equals("INT")) {
            show(shell.feed(new byte[] {3}));
        } else if (name.equals("KILL") || name.equals("TERM") || name.equals("HUP")) {
            channel.exit(INTERRUPTED);
        }
    }

    /** What a command says later than what it was asked. */
    private void showLater(ShellOutput output) {
        transport.guard(() -> {
            if (!gone) {
                show(output);
            }
        });
    }

    private void show(ShellOutput output) {
        output.events().forEach(connection::saw);
        if (output.delay().compareTo(Duration.ofMillis(1)) < 0) {
            deliver(output);
            return;
        }
        channel.hold();
        connection
                .outlet()
                .schedule(
                        output.delay(),
                        () -> transport.guard(() -> {
                            if (!gone) {
                                deliver(output);
                                channel.release();
                            }
                        }));
    }

    private void deliver(ShellOutput output) {
        byte[] bytes = output.bytes().bytes();
        if (mode == Mode.COMMAND && terminal.isPresent()) {
            bytes = new String(bytes, StandardCharsets.ISO_8859_1)
                    .replace("\r\n", "\n")
                    .replace("\n", "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
        channel.write(bytes);
        if (output.ended()) {
            channel.exit(output.exitStatus());
        }
    }

    @Override
    public void closed() {
        gone = true;
        shell.close().forEach(connection::saw);
    }
}
