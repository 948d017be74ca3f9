package decnet.decoys.ssh;

import decnet.core.WireText;
import decnet.decoys.Seen;
import decnet.topology.Account;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;

/**
 * Channels and global requests of a logged-in client (RFC 4254), as sshd answers them with forwarding switched off. What is asked
 * for and refused is recorded.
 */
final class ConnectionService extends AbstractCloseable implements Service {
    private static final int MAX_SESSIONS = 10;
    private static final int MAX_HELD = 4 * 1024 * 1024;
    private static final int MAX_UNSENT = 256 * 1024;
    private static final int MAX_FORWARD_EVENTS = 1000;
    private static final int MAX_PROVED_KEYS = 16;

    private final SshTransport transport;
    private final SshConnection connection;
    private final Account account;
    private final TreeMap<Integer, SshChannel> channels = new TreeMap<>();
    private final Map<Integer, SessionRequests> sessions = new TreeMap<>();
    private boolean noMoreSessions;
    private int forwards;

    ConnectionService(SshTransport transport) {
        this.transport = transport;
        this.connection = transport.connection();
        this.account = transport.account();
    }

    @Override
    public Session getSession() {
        return transport;
    }

    @Override
    public Map<String, Object> getProperties() {
        return new ConcurrentHashMap<>();
    }

    @Override
    public void start() {
        // waits for requests
    }

    boolean writable() {
        return transport.unsent() < MAX_UNSENT && !transport.exchangingKeys();
    }

    /** The peer took something. */
    void pump() {
        transport.guard(() -> {
            for (SshChannel channel : List.copyOf(channels.values())) {
                channel.pump();
            }
        });
    }

    /** Tells the client about all keys of this machine, as sshd does after log-in. */
    void announceHostKeys() throws IOException {
        Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST, 2048);
        packet.putString("hostkeys-00@openssh.com");
        packet.putBoolean(false);
        connection.profile().hostKeys().blobs().forEach(packet::putBytes);
        transport.writePacket(packet);
    }

    @Override
    public void process(int command, Buffer buffer) throws Exception {
        switch (command) {
            case SshConstants.SSH_MSG_GLOBAL_REQUEST -> globalRequest(buffer);
            case SshConstants.SSH_MSG_REQUEST_SUCCESS, SshConstants.SSH_MSG_REQUEST_FAILURE -> {
                // nothing was asked
            }
            case SshConstants.SSH_MSG_CHANNEL_OPEN -> open(buffer);
            case SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST -> {
                Optional<SshChannel> channel = channel(buffer);
                if (channel.isPresent()) {
                    channel.get().windowAdjusted(buffer.getUInt());
                }
            }
            case SshConstants.SSH_MSG_CHANNEL_DATA -> data(required(buffer), buffer.getBytes());
            case SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA -> required(buffer); // none is expected of a client
            case SshConstants.SSH_MSG_CHANNEL_EOF -> required(buffer).endOfInput();
            case SshConstants.SSH_MSG_CHANNEL_CLOSE -> {
                SshChannel channel = required(buffer);
                channel.sendClose();
                remove(channel);
            }
            case SshConstants.SSH_MSG_CHANNEL_REQUEST -> {
                SshChannel channel = required(buffer);
                SessionRequests requests = sessions.get(channel.id());
                if (requests != null) {
                    requests.request(buffer);
                }
            }
            default -> transport.unknown(command, buffer);
        }
    }

    private Optional<SshChannel> channel(Buffer buffer) {
        return Optional.ofNullable(channels.get(buffer.getInt()));
    }

    private SshChannel required(Buffer buffer) throws IOException {
        int id = buffer.getInt();
        SshChannel channel = channels.get(id);
        if (channel == null) {
            transport.disconnect(
                    SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "packet referred to nonexistent channel " + id);
            throw new IOException("no channel " + id);
        }
        return channel;
    }

    private void data(SshChannel channel, byte[] data) throws IOException {
        channel.received(data);
        int held = channels.values().stream().mapToInt(SshChannel::held).sum();
        if (held > MAX_HELD) {
            connection.saw(Seen.of("limit_reached", "limit", "ssh-channels", "value", Integer.toString(held)));
            transport.close(true);
        }
    }

    private void remove(SshChannel channel) {
        channels.remove(channel.id());
        sessions.remove(channel.id());
        channel.gone();
    }

    /** The connection has ended. */
    void ended() {
        List.copyOf(channels.values()).forEach(this::remove);
    }

    private void open(Buffer buffer) throws IOException {
        byte[] type = buffer.getBytes();
        int remoteId = buffer.getInt();
        long window = buffer.getUInt();
        long packet = buffer.getUInt();
        switch (new String(type, StandardCharsets.US_ASCII)) {
            case "session" -> {
                if (noMoreSessions) {
                    transport.disconnect(
                            SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR,
                            "Possible attack: attempt to open a session after additional sessions disabled");
                } else if (channels.size() >= MAX_SESSIONS) {
                    refuse(remoteId, SshConstants.SSH_OPEN_CONNECT_FAILED);
                } else {
                    openSession(remoteId, window, packet);
                }
            }
            case "direct-tcpip", "direct-streamlocal@openssh.com" -> {
                byte[] host = buffer.getBytes();
                boolean tcp = type[7] == 't';
                int port = tcp ? buffer.getInt() : 0;
                byte[] from = buffer.getBytes();
                int fromPort = buffer.getInt();
                forward("direct", host, port, WireText.of(from, 0, Math.min(from.length, 256)) + ":" + fromPort);
                refuse(remoteId, SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED);
            }
            default -> {
                connection.saw(Seen.of(
                        "ssh_request",
                        "request",
                        "channel-open",
                        "value",
                        WireText.of(type, 0, Math.min(type.length, 256))));
                refuse(remoteId, SshConstants.SSH_OPEN_CONNECT_FAILED);
            }
        }
    }

    private void forward(String direction, byte[] host, int port, String originator) {
        if (forwards++ < MAX_FORWARD_EVENTS) {
            connection.saw(Seen.of(
                    "forward_attempt",
                    "direction",
                    direction,
                    "host",
                    WireText.of(host, 0, Math.min(host.length, 1024)),
                    "port",
                    Integer.toUnsignedString(port),
                    "originator",
                    originator));
        }
    }

    private void refuse(int remoteId, int reason) throws IOException {
        Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE, 64);
        packet.putInt(remoteId);
        packet.putInt(reason);
        packet.putString("open failed");
        packet.putString("");
        transport.writePacket(packet);
    }

    private void openSession(int remoteId, long window, long packetSize) throws IOException {
        int id = 0;
        while (channels.containsKey(id)) {
            id++;
        }
        SshChannel channel = new SshChannel(this, transport, id, remoteId, window, packetSize);
        channels.put(id, channel);
        sessions.put(id, new SessionRequests(transport, channel, account));
        Buffer packet = transport.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION, 64);
        packet.putInt(remoteId);
        packet.putInt(id);
        packet.putInt(0); // opened when a program runs
        packet.putInt(SshChannel.MAX_PACKET);
        transport.writePacket(packet);
    }

    private void globalRequest(Buffer buffer) throws IOException, GeneralSecurityException {
        byte[] name = buffer.getBytes();
        boolean reply = buffer.getBoolean();
        boolean success = false;
        Buffer answer = transport.createBuffer(SshConstants.SSH_MSG_REQUEST_SUCCESS, 64);
        switch (new String(name, StandardCharsets.US_ASCII)) {
            case "no-more-sessions@openssh.com" -> {
                noMoreSessions = true;
                success = true;
            }
            case "tcpip-forward" -> {
                byte[] host = buffer.getBytes();
                forward("remote", host, buffer.getInt(), "");
            }
            case "streamlocal-forward@openssh.com" -> forward("remote", buffer.getBytes(), 0, "");
            case "hostkeys-prove-00@openssh.com" -> success = prove(buffer, answer);
            default -> {
                // refused, as sshd does with what it does not know
            }
        }
        if (reply) {
            transport.writePacket(
                    success ? answer : transport.createBuffer(SshConstants.SSH_MSG_REQUEST_FAILURE, Long.BYTES));
        }
    }

    /** Signs for each key the client asks about ({@code PROTOCOL} of OpenSSH, section 2.5). */
    private boolean prove(Buffer buffer, Buffer answer) throws GeneralSecurityException {
        List<byte[]> asked = new ArrayList<>();
        while (buffer.available() > 0) {
            asked.add(buffer.getBytes());
            if (asked.size() > MAX_PROVED_KEYS) {
                return false;
            }
        }
        for (byte[] key : asked) {
            Optional<String> algorithm = connection.profile().hostKeys().algorithmFor(key);
            if (algorithm.isEmpty()) {
                return false;
            }
            Buffer signed = new ByteArrayBuffer();
            signed.putString("hostkeys-prove-00@openssh.com");
            signed.putBytes(transport.getSessionId());
            signed.putBytes(key);
            answer.putBytes(connection.profile().hostKeys().sign(algorithm.get(), signed.getCompactData()));
        }
        return true;
    }
}
