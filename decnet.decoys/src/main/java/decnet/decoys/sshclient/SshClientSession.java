package decnet.decoys.sshclient;

import decnet.decoys.Payload;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A client of the secure shell with one session channel (RFC 4252, 4254): bytes in with {@link #received}, bytes out to who made it,
 * and {@link Event}s that are asked for. No socket, thread or timer. Text is Latin-1 of bytes. Not thread-safe.
 */
public final class SshClientSession implements AutoCloseable {
    private static final int WINDOW = 1 << 20;
    private static final int PACKET = 32 << 10;
    private static final int MAX_PENDING = 128 << 10;
    private static final int ADMINISTRATIVELY_PROHIBITED = 1;
    private static final int STDERR = 1;

    private final ClientTransport transport;
    private final Deque<Event> events = new ArrayDeque<>();
    private final StringBuilder pending = new StringBuilder();
    private long remoteWindow;
    private int remotePacket = PACKET;
    private int remoteChannel;
    private int consumed;
    private boolean inputOver;
    private boolean over;

    /** What the server did. */
    public sealed interface Event {
        /** Keys are agreed on and log-in can begin. */
        record Ready() implements Event {}

        /** A text to be shown before log-in. */
        record Banner(String text) implements Event {}

        /** @param methods that would go on, joined by commas */
        record Refused(String methods) implements Event {}

        record LoggedIn() implements Event {}

        record ChannelOpen() implements Event {}

        /** The server has not opened the channel, or not started what was asked for. */
        record ChannelRefused() implements Event {}

        record Output(String text) implements Event {}

        record Exit(int status) implements Event {}

        /** The channel has ended. */
        record Closed() implements Event {}

        /** The connection has ended. @param why empty if nothing was said */
        record Over(String why) implements Event {}
    }

    /** A server's key. @param line type and key, as in files; @param fingerprint of SHA-256 */
    public record HostKey(String type, String line, String fingerprint) {}

    /**
     * @param product what the client calls itself
     * @param sending takes what is for the server
     * @param trusts asked once for the server's key, within {@link #received}
     * @throws IllegalStateException if the library cannot be used
     */
    public SshClientSession(
            String product, InetSocketAddress server, Consumer<Payload> sending, Predicate<HostKey> trusts) {
        try {
            transport =
                    new ClientTransport(ClientLibrary.of(product), new LineIoSession(server, sending), new Messages());
            transport.setServerKeyVerifier((session, address, key) -> trusts.test(hostKey(key)));
        } catch (Exception e) {
            throw new IllegalStateException("no client of the secure shell", e);
        }
    }

    private static HostKey hostKey(PublicKey key) {
        Buffer buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        String line = KeyUtils.getKeyType(key) + " " + Base64.getEncoder().encodeToString(buffer.getCompactData());
        return new HostKey(KeyUtils.getKeyType(key), line, KeyUtils.getFingerPrint(BuiltinDigests.sha256, key));
    }

    /** Something that goes to the server. */
    private interface Work {
        void run() throws Exception;
    }

    /** Whatever goes wrong is the end of this connection only. */
    private void guard(Work work) {
        if (over) {
            return;
        }
        try {
            work.run();
        } catch (RuntimeException e) {
            if (e.getClass().getName().startsWith("decnet.")) {
                throw e; // what the one who asks about keys wants to be rid of
            }
            transport.exceptionCaught(e);
        } catch (Exception e) {
            transport.exceptionCaught(e);
        }
    }

    public void start() {
        guard(transport::start);
    }

    public void received(String bytes) {
        guard(() -> transport.messageReceived(
                Readable.readable(java.nio.ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))));
    }

    /** The next thing that happened. */
    public Optional<Event> poll() {
        return Optional.ofNullable(events.poll());
    }

    /** Asks which methods of log-in there are. */
    public void tryNone(String user) {
        login(user, "none", "");
    }

    public void tryPassword(String user, String secret) {
        login(user, "password", secret);
    }

    private void login(String user, String method, String secret) {
        guard(() -> {
            Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_USERAUTH_REQUEST);
            text(packet, user);
            text(packet, "ssh-connection");
            text(packet, method);
            if (method.equals("password")) {
                packet.putBoolean(false);
                text(packet, secret);
            }
            transport.writePacket(packet);
        });
    }

    private static void text(Buffer packet, String latin1) {
        packet.putBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void openChannel() {
        guard(() -> {
            Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN);
            text(packet, "session");
            packet.putInt(0);
            packet.putInt(WINDOW);
            packet.putInt(PACKET);
            transport.writePacket(packet);
        });
    }

    public void terminal(String name, int columns, int rows) {
        guard(() -> {
            Buffer packet = request("pty-req", false);
            text(packet, name);
            packet.putInt(columns);
            packet.putInt(rows);
            packet.putInt(0);
            packet.putInt(0);
            text(packet, "\0");
            transport.writePacket(packet);
        });
    }

    /** Starts a shell. */
    public void shell() {
        guard(() -> transport.writePacket(request("shell", true)));
    }

    public void exec(String command) {
        guard(() -> {
            Buffer packet = request("exec", true);
            text(packet, command);
            transport.writePacket(packet);
        });
    }

    private Buffer request(String what, boolean reply) {
        Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
        packet.putInt(remoteChannel);
        text(packet, what);
        packet.putBoolean(reply);
        return packet;
    }

    /** Input of the program; what finds no room is lost. */
    public void send(String text) {
        if (pending.length() + text.length() <= MAX_PENDING) {
            pending.append(text);
        }
        guard(this::pump);
    }

    public void endInput() {
        inputOver = true;
        guard(this::pump);
    }

    private void pump() throws IOException {
        while (!pending.isEmpty() && remoteWindow > 0) {
            int length = (int) Math.min(pending.length(), Math.min(remoteWindow, remotePacket));
            Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_CHANNEL_DATA);
            packet.putInt(remoteChannel);
            text(packet, pending.substring(0, length));
            pending.delete(0, length);
            remoteWindow -= length;
            transport.writePacket(packet);
        }
        if (inputOver && pending.isEmpty() && remoteWindow > 0) {
            inputOver = false;
            Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_CHANNEL_EOF);
            packet.putInt(remoteChannel);
            transport.writePacket(packet);
        }
    }

    /** Says goodbye. Idempotent. */
    @Override
    public void close() {
        if (!over) {
            guard(() -> {
                Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_DISCONNECT);
                packet.putInt(SshConstants.SSH2_DISCONNECT_BY_APPLICATION);
                text(packet, "disconnected by user");
                text(packet, "");
                transport.writePacket(packet);
            });
            over = true;
            transport.close(true);
        }
    }

    /** What comes above the transport layer. */
    private final class Messages implements ClientTransport.Taker {
        @Override
        public void ready() throws IOException {
            Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_SERVICE_REQUEST);
            text(packet, "ssh-userauth");
            transport.writePacket(packet);
        }

        @Override
        public void over(String why) {
            if (!over) {
                over = true;
                events.add(new Event.Over(why));
            }
        }

        @Override
        public void message(int command, Buffer buffer) throws IOException {
            switch (command) {
                case SshConstants.SSH_MSG_SERVICE_ACCEPT -> events.add(new Event.Ready());
                case SshConstants.SSH_MSG_USERAUTH_BANNER -> events.add(new Event.Banner(latin1(buffer)));
                case SshConstants.SSH_MSG_USERAUTH_FAILURE -> events.add(new Event.Refused(latin1(buffer)));
                case SshConstants.SSH_MSG_USERAUTH_SUCCESS -> events.add(new Event.LoggedIn());
                case SshConstants.SSH_MSG_GLOBAL_REQUEST -> {
                    latin1(buffer);
                    if (buffer.getBoolean()) {
                        transport.writePacket(transport.createBuffer(SshConstants.SSH_MSG_REQUEST_FAILURE));
                    }
                }
                case SshConstants.SSH_MSG_CHANNEL_OPEN -> {
                    latin1(buffer);
                    Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE);
                    packet.putInt(buffer.getUInt());
                    packet.putInt(ADMINISTRATIVELY_PROHIBITED);
                    text(packet, "");
                    text(packet, "");
                    transport.writePacket(packet);
                }
                default -> channelMessage(command, buffer);
            }
        }

        private void channelMessage(int command, Buffer buffer) throws IOException {
            buffer.getUInt(); // there is one channel
            switch (command) {
                case SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION -> {
                    remoteChannel = buffer.getInt();
                    remoteWindow = buffer.getUInt();
                    remotePacket = Math.clamp(buffer.getUInt(), 1, PACKET);
                    events.add(new Event.ChannelOpen());
                }
                case SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE, SshConstants.SSH_MSG_CHANNEL_FAILURE ->
                    events.add(new Event.ChannelRefused());
                case SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST -> {
                    remoteWindow += buffer.getUInt();
                    pump();
                }
                case SshConstants.SSH_MSG_CHANNEL_DATA -> output(latin1(buffer));
                case SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA -> {
                    if (buffer.getInt() == STDERR) {
                        output(latin1(buffer));
                    }
                }
                case SshConstants.SSH_MSG_CHANNEL_REQUEST -> asked(buffer);
                case SshConstants.SSH_MSG_CHANNEL_CLOSE -> events.add(new Event.Closed());
                default -> {
                    // success, end of output: nothing to be done
                }
            }
        }

        private void asked(Buffer buffer) throws IOException {
            String what = latin1(buffer);
            if (buffer.getBoolean()) {
                Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_CHANNEL_FAILURE);
                packet.putInt(remoteChannel);
                transport.writePacket(packet);
            }
            if (what.equals("exit-status")) {
                events.add(new Event.Exit(buffer.getInt() & 255));
            }
        }

        private void output(String text) throws IOException {
            events.add(new Event.Output(text));
            consumed += text.length();
            if (consumed > WINDOW / 2) {
                Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST);
                packet.putInt(remoteChannel);
                packet.putInt(consumed);
                consumed = 0;
                transport.writePacket(packet);
            }
        }

        private static String latin1(Buffer buffer) {
            return new String(buffer.getBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
