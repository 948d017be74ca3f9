package decnet.decoys.ssh;

import decnet.core.WireText;
import decnet.decoys.Seen;
import decnet.topology.Account;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;

/** The requests of one session channel (RFC 4254 section 6), answered as sshd does. */
final class SessionRequests {
    private static final int MAX_EVENTS = 100;
    private static final int MAX_TEXT = 4096;

    private final SshTransport transport;
    private final SshChannel channel;
    private final Account account;
    private Optional<Terminal> terminal = Optional.empty();
    private int events;

    SessionRequests(SshTransport transport, SshChannel channel, Account account) {
        this.transport = transport;
        this.channel = channel;
        this.account = account;
    }

    void request(Buffer buffer) throws IOException {
        String name = new String(buffer.getBytes(), StandardCharsets.US_ASCII);
        boolean reply = buffer.getBoolean();
        boolean success =
                switch (name) {
                    case "pty-req" -> terminal(buffer);
                    case "shell" -> start(name, new byte[0]);
                    case "exec", "subsystem" -> start(name, buffer.getBytes());
                    case "window-change" -> resize(buffer);
                    case "env" -> environment(buffer);
                    case "signal" -> signal(buffer);
                    case "auth-agent-req@openssh.com" -> {
                        saw(name, "");
                        yield true;
                    }
                    case "eow@openssh.com" -> true;
                    default -> {
                        saw(name, "");
                        yield false;
                    }
                };
        if (reply) {
            transport.writePacket(channel.packet(
                    success ? SshConstants.SSH_MSG_CHANNEL_SUCCESS : SshConstants.SSH_MSG_CHANNEL_FAILURE, 0));
        }
        boolean started = success && (name.equals("shell") || name.equals("exec") || name.equals("subsystem"));
        if (started) {
            channel.program().ifPresent(Program::start);
        }
    }

    private boolean terminal(Buffer buffer) {
        if (terminal.isPresent() || channel.running()) {
            return false;
        }
        byte[] kind = buffer.getBytes();
        terminal = Optional.of(
                new Terminal(new String(kind, StandardCharsets.ISO_8859_1), buffer.getInt(), buffer.getInt()));
        saw(
                "pty-req",
                WireText.of(kind, 0, Math.min(kind.length, MAX_TEXT)) + " "
                        + terminal.get().columns() + "x" + terminal.get().rows());
        return true;
    }

    private boolean resize(Buffer buffer) {
        if (terminal.isEmpty()) {
            return false;
        }
        Terminal changed = new Terminal(terminal.get().kind(), buffer.getInt(), buffer.getInt());
        terminal = Optional.of(changed);
        channel.program().ifPresent(program -> program.resized(changed.columns(), changed.rows()));
        return true;
    }

    /** Debian's sshd takes {@code LANG} and {@code LC_*}. */
    private boolean environment(Buffer buffer) {
        byte[] variable = buffer.getBytes();
        byte[] value = buffer.getBytes();
        String name = WireText.of(variable, 0, Math.min(variable.length, MAX_TEXT));
        saw("env", name + "=" + WireText.of(value, 0, Math.min(value.length, MAX_TEXT)));
        return name.equals("LANG") || name.startsWith("LC_");
    }

    private boolean signal(Buffer buffer) {
        String name = new String(buffer.getBytes(), StandardCharsets.US_ASCII);
        channel.program().ifPresent(program -> program.signal(name));
        return channel.running();
    }

    private boolean start(String how, byte[] line) throws IOException {
        if (channel.running()) {
            return false;
        }
        Optional<Program> program = Programs.of(transport, channel, account, terminal, how, line);
        if (how.equals("subsystem")) {
            saw(how, WireText.of(line, 0, Math.min(line.length, MAX_TEXT)));
        }
        if (program.isEmpty()) {
            return false;
        }
        channel.attach(program.get());
        return true;
    }

    private void saw(String request, String value) {
        if (events++ < MAX_EVENTS) {
            byte[] name = request.getBytes(StandardCharsets.US_ASCII);
            transport
                    .connection()
                    .saw(Seen.of(
                            "ssh_request",
                            "request",
                            WireText.of(name, 0, Math.min(name.length, 256)),
                            "value",
                            value));
        }
    }
}
