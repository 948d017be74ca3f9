package decnet.decoys.ssh;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.digest.Digest;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.kex.KeyExchange;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One key exchange, the server's side: a fixed group or curve (RFC 4253 section 8), or a group the client asks for (RFC 4419). Used
 * once; not thread-safe.
 */
final class ServerKex implements KeyExchange {
    private static final String GROUP_EXCHANGE = "diffie-hellman-group-exchange-";
    private static final int INIT = 30;
    private static final int REPLY = 31;
    private static final int GEX_GROUP = 31;
    private static final int GEX_INIT = 32;
    private static final int GEX_REPLY = 33;
    private static final int GEX_REQUEST = 34;
    private static final int MIN_BITS = 2048;
    private static final int MAX_BITS = 8192;

    private final String name;
    private final Session session;
    private final HostKeys keys;
    private final RandomGenerator random;
    private @Nullable Agreement agreement;
    private final Buffer group = new ByteArrayBuffer();
    private byte[] clientVersion = {};
    private byte[] serverVersion = {};
    private byte[] clientInit = {};
    private byte[] serverInit = {};
    private byte[] exchangeHash = {};
    private byte[] secret = {};

    ServerKex(String name, Session session, HostKeys keys, RandomGenerator random) {
        this.name = name;
        this.session = session;
        this.keys = keys;
        this.random = random;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Session getSession() {
        return session;
    }

    @Override
    @SuppressWarnings("checkstyle:ParameterName") // the names of RFC 4253
    public void init(byte[] v_s, byte[] v_c, byte[] i_s, byte[] i_c) throws GeneralSecurityException {
        serverVersion = v_s.clone();
        clientVersion = v_c.clone();
        serverInit = i_s.clone();
        clientInit = i_c.clone();
        if (!name.startsWith(GROUP_EXCHANGE)) {
            agreement = Agreement.of(name, random);
        }
    }

    @Override
    public boolean next(int command, Buffer buffer) throws GeneralSecurityException, IOException {
        Agreement chosen = agreement;
        if (chosen == null) {
            if (command != GEX_REQUEST) {
                throw new SshException("unexpected message " + command);
            }
            sendGroup(buffer);
            return false;
        }
        boolean asked = group.available() > 0;
        if (command != (asked ? GEX_INIT : INIT)) {
            throw new SshException("unexpected message " + command);
        }
        finish(chosen, buffer.getBytes(), asked ? GEX_REPLY : REPLY);
        return true;
    }

    private void sendGroup(Buffer buffer) throws IOException {
        int min = buffer.getInt();
        int wanted = buffer.getInt();
        int max = buffer.getInt();
        if (min < 0 || max < min || wanted < min || wanted > max || max < MIN_BITS || min > MAX_BITS) {
            throw new SshException("group exchange request for " + min + ".." + wanted + ".." + max + " bits");
        }
        BigInteger prime = Agreement.knownPrimes().stream()
                .filter(one -> one.bitLength() >= Math.max(MIN_BITS, wanted) && one.bitLength() <= max)
                .findFirst()
                .orElse(Agreement.knownPrimes().getFirst());
        group.putInt(min);
        group.putInt(wanted);
        group.putInt(max);
        group.putMPInt(prime);
        group.putMPInt(BigInteger.TWO);
        BuiltinDigests digest = name.endsWith("sha1") ? BuiltinDigests.sha1 : BuiltinDigests.sha256;
        agreement = new Agreement.Field(prime, BigInteger.TWO, digest, random);
        Buffer answer = session.createBuffer((byte) GEX_GROUP, MAX_BITS / 8 + Long.SIZE);
        answer.putMPInt(prime);
        answer.putMPInt(BigInteger.TWO);
        session.writePacket(answer);
    }

    private void finish(Agreement chosen, byte[] fromClient, int reply) throws GeneralSecurityException, IOException {
        String algorithm = session.getNegotiatedKexParameter(KexProposalOption.SERVERKEYS);
        byte[] hostKey = keys.blob(algorithm).orElseThrow(() -> new SshException("no host key for " + algorithm));
        Agreement.Outcome outcome = chosen.agree(fromClient);
        secret = outcome.secret().bytes();
        byte[] ours = outcome.reply().bytes();
        Buffer hashed = new ByteArrayBuffer();
        hashed.putBytes(clientVersion);
        hashed.putBytes(serverVersion);
        hashed.putBytes(clientInit);
        hashed.putBytes(serverInit);
        hashed.putBytes(hostKey);
        hashed.putRawBytes(group.array(), group.rpos(), group.available());
        chosen.putPublic(hashed, fromClient);
        chosen.putPublic(hashed, ours);
        hashed.putBytes(secret);
        try {
            Digest digest = chosen.digest();
            digest.init();
            digest.update(hashed.array(), hashed.rpos(), hashed.available());
            exchangeHash = digest.digest();
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new GeneralSecurityException(e);
        }
        Buffer answer = session.createBuffer((byte) reply, hostKey.length + ours.length + 1024);
        answer.putBytes(hostKey);
        chosen.putPublic(answer, ours);
        answer.putBytes(keys.sign(algorithm, exchangeHash));
        session.writePacket(answer);
    }

    /** A digest of this exchange's kind, ready for use. */
    @Override
    public Digest getHash() {
        Agreement chosen = agreement;
        if (chosen == null) {
            throw new IllegalStateException("no group chosen yet");
        }
        Digest digest = chosen.digest();
        try {
            digest.init();
        } catch (Exception e) {
            throw new IllegalStateException("digest is part of every JDK", e);
        }
        return digest;
    }

    @Override
    public byte[] getH() {
        return exchangeHash.clone();
    }

    @Override
    public byte[] getK() {
        return secret.clone();
    }
}
