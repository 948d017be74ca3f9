package decnet.decoys.ssh;

import decnet.core.WireText;
import decnet.decoys.LogBook;
import decnet.decoys.Seen;
import decnet.topology.Account;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;

/**
 * Log-in (RFC 4252) with the manners of sshd and PAM: six tries, and a pause of about two seconds
 * after a wrong password. A key never logs in; a password does if the machine has that account.
 */
final class AuthService extends AbstractCloseable implements Service {
    static final Duration GRACE = Duration.ofMinutes(2);

    private static final int MAX_TRIES = 6;
    private static final int MAX_ATTEMPTS = 1024;
    private static final int MAX_WAITING_BYTES = 256 * 1024;
    private static final int MAX_SECRET = 4096;
    /** What hashing a password takes at least. */
    private static final int HASH_MILLIS = 40;
    /** What PAM asks for is 2 s, and it varies by half of that. */
    private static final int PAM_DELAY_MILLIS = 2000;

    private final SshTransport transport;
    private final SshConnection connection;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean paused;
    private int attempts;
    private int failures;
    private byte[] user = {};
    private byte[] service = {};

    AuthService(SshTransport transport) {
        this.transport = transport;
        this.connection = transport.connection();
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

    @Override
    public void process(int command, Buffer buffer) throws Exception {
        if (command != SshConstants.SSH_MSG_USERAUTH_REQUEST) {
            transport.unknown(command, buffer);
        } else if (paused) {
            byte[] request = buffer.getCompactData();
            waitingBytes += request.length;
            if (waitingBytes > MAX_WAITING_BYTES) {
                throw new IllegalStateException("too many requests during a pause");
            }
            waiting.add(request);
        } else {
            request(buffer);
        }
    }

    private void request(Buffer buffer) throws Exception {
        byte[] name = buffer.getBytes();
        byte[] wanted = buffer.getBytes();
        String method = text(buffer.getBytes());
        if (transport.isAuthenticated()) {
            return;
        }
        if (attempts++ >= MAX_ATTEMPTS) {
            throw new IllegalStateException("too many authentication attempts");
        }
        if (attempts == 1) {
            user = name;
            service = wanted;
        } else if (!Arrays.equals(user, name) || !Arrays.equals(service, wanted)) {
            transport.disconnect(
                    SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR,
                    "Change of username or service not allowed: (" + text(user) + "," + text(service) + ") -> ("
                            + text(name) + "," + text(wanted) + ")");
            return;
        }
        switch (method) {
            case "password" -> password(buffer);
            case "publickey" -> publicKey(buffer);
            case "none" -> {
                failures += attempts > 1 ? 1 : 0;
                refuse();
            }
            default -> refuseAfter(Duration.ofMillis(quickDelay()));
        }
    }

    private void password(Buffer buffer) throws Exception {
        boolean change = buffer.getBoolean();
        byte[] password = buffer.getBytes();
        String name = text(user);
        Optional<Account> account = change || !text(service).equals("ssh-connection")
                ? Optional.empty()
                : connection.profile().context().persona().login(name, text(password));
        connection.saw(Seen.of(
                "login_attempt",
                "principal",
                WireText.of(user),
                "secret",
                WireText.of(password, 0, Math.min(password.length, MAX_SECRET)),
                "secret_kind",
                "plaintext",
                "outcome",
                account.isPresent() ? "accepted" : "rejected",
                "method",
                "password"));
        int chance = connection.profile().context().random().nextInt(PAM_DELAY_MILLIS / 2);
        if (account.isPresent()) {
            connection.arrived(account.get());
            paused = true;
            Duration delay = Duration.ofMillis(HASH_MILLIS + chance % HASH_MILLIS);
            connection.outlet().schedule(delay, () -> transport.guard(() -> transport.loggedIn(account.get())));
        } else {
            connection
                    .profile()
                    .context()
                    .disk()
                    .logBook()
                    .refused(LogBook.Door.SSH, new String(user, StandardCharsets.ISO_8859_1), connection.source());
            refuseAfter(Duration.ofMillis(PAM_DELAY_MILLIS - PAM_DELAY_MILLIS / 4 + chance));
        }
    }

    private void publicKey(Buffer buffer) throws Exception {
        boolean signed = buffer.getBoolean();
        byte[] algorithm = buffer.getBytes();
        byte[] key = buffer.getBytes();
        byte[] kept = key.length > MAX_SECRET ? Arrays.copyOf(key, MAX_SECRET) : key;
        connection.saw(Seen.of(
                "login_attempt",
                "principal",
                WireText.of(user),
                "secret",
                WireText.of(keyType(key, algorithm)) + " " + Base64.getEncoder().encodeToString(kept),
                "secret_kind",
                "ssh_publickey",
                "outcome",
                "rejected",
                "method",
                "publickey",
                "algorithm",
                WireText.of(algorithm, 0, Math.min(algorithm.length, 100)),
                "fingerprint",
                fingerprint(key),
                "signed",
                Boolean.toString(signed)));
        refuseAfter(Duration.ofMillis(quickDelay()));
    }

    /** The type a key says it has. */
    private static byte[] keyType(byte[] key, byte[] algorithm) {
        Buffer blob = new ByteArrayBuffer(key);
        if (blob.available() > Integer.BYTES) {
            long length = blob.rawUInt(blob.rpos());
            if (length > 0 && length <= 100 && length <= key.length - Integer.BYTES) {
                return blob.getBytes();
            }
        }
        return Arrays.copyOf(algorithm, Math.min(algorithm.length, 100));
    }

    private static String fingerprint(byte[] key) {
        try {
            return "SHA256:"
                    + Base64.getEncoder()
                            .withoutPadding()
                            .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /** A failure takes sshd some five to nine milliseconds, always the same for one name. */
    private int quickDelay() {
        return 5
                + Math.floorMod(
                        Arrays.hashCode(user)
                                ^ Long.hashCode(
                                        connection.profile().context().persona().seed()),
                        5);
    }

    private void refuseAfter(Duration delay) {
        failures++;
        paused = true;
        connection
                .outlet()
                .schedule(
                        delay,
                        () -> transport.guard(() -> {
                            paused = false;
                            refuse();
                            while (!paused && transport.isOpen() && !waiting.isEmpty()) {
                                byte[] next = waiting.poll();
                                waitingBytes -= next.length;
                                request(new ByteArrayBuffer(next));
                            }
                        }));
    }

    private void refuse() throws java.io.IOException {
        if (failures >= MAX_TRIES) {
            transport.disconnect(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "Too many authentication failures");
            return;
        }
        String methods = connection.profile().defaults().methods();
        Buffer answer = transport.createBuffer(SshConstants.SSH_MSG_USERAUTH_FAILURE, methods.length() + Long.BYTES);
        answer.putString(methods);
        answer.putBoolean(false);
        transport.writePacket(answer);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
