package decnet.decoys.ssh;

import decnet.core.WireText;
import decnet.topology.Account;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.RuntimeSshException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.kex.KexState;
import org.apache.sshd.common.kex.extension.KexExtensions;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.session.AbstractServerSession;

/**
 * The transport layer of one connection (RFC 4253): the library's packets and states with the manners of OpenSSH, that is its
 * identification, lists, padding, and what it says (mostly nothing) when a client breaks the rules.
 */
final class SshTransport extends AbstractServerSession {
    private static final int MAX_IDENTIFICATION = 8191;
    private static final int FIRST_BLOCK = 8;
    private static final int PLAIN_BLOCK = 8;
    private static final int MIN_PADDING = 4;
    /** From here on messages are private extensions (RFC 4250 section 4.1). */
    private static final int FIRST_LOCAL = 192;

    private static final int MAX_EARLY_EXCHANGES = 3;
    private static final int MAX_EXCHANGES = 1000;
    private static final int MIN_PACKET = 5;
    private static final int MAX_PACKET = 256 * 1024;
    private static final Pattern IDENTIFICATION = Pattern.compile("SSH-(\\d+)\\.(\\d+)-([^\\n\\r]+)");
    private static final List<KexProposalOption> HASSH = List.of(
            KexProposalOption.ALGORITHMS,
            KexProposalOption.C2SENC,
            KexProposalOption.C2SMAC,
            KexProposalOption.C2SCOMP);

    /** What the layers of one connection share. */
    private final SshConnection connection;

    private final EngineIoSession io;
    private Optional<Account> account = Optional.empty();
    private Optional<ConnectionService> channels = Optional.empty();
    private int exchanges;

    SshTransport(ServerFactoryManager library, EngineIoSession io, SshConnection connection) {
        super(library, io);
        this.connection = connection;
        this.io = io;
    }

    SshConnection connection() {
        return connection;
    }

    @Override
    protected KeyExchangeMessageHandler initializeKeyExchangeMessageHandler() {
        return new KexQueue(this, log);
    }

    @Override
    protected void start() throws IOException {
        serverVersion = connection.profile().defaults().identification();
        getIoSession().writeBuffer(new ByteArrayBuffer((serverVersion + "\r\n").getBytes(StandardCharsets.US_ASCII)));
    }

    IoWriteFuture writeNow(Buffer packet) throws IOException {
        return doWritePacket(packet);
    }

    /** There is no timer: a packet goes out, or the engine ends the connection. */
    @Override
    public IoWriteFuture writePacket(Buffer buffer, long timeout, TimeUnit unit) throws IOException {
        return writePacket(buffer);
    }

    /** As {@code kex_exchange_identification} of OpenSSH: other lines are not allowed, a lone line feed ends a line too. */
    @Override
    protected boolean readIdentification(Buffer buffer) throws Exception {
        byte[] data = buffer.array();
        int end = buffer.rpos();
        while (end < buffer.wpos() && data[end] != '\n' && data[end] != 0) {
            end++;
        }
        int length = end - buffer.rpos();
        boolean binary = end < buffer.wpos() && data[end] == 0; // refused before its line ends
        if (end == buffer.wpos() && length <= MAX_IDENTIFICATION) {
            return false;
        }
        int bare = length > 0 && data[end - 1] == '\r' ? length - 1 : length;
        byte[] line =
                java.util.Arrays.copyOfRange(data, buffer.rpos(), buffer.rpos() + Math.min(bare, MAX_IDENTIFICATION));
        Matcher matcher = IDENTIFICATION.matcher(new String(line, StandardCharsets.ISO_8859_1));
        if (binary || bare > MAX_IDENTIFICATION || !matcher.matches()) {
            refuse(line, "Invalid SSH identification string.\r\n");
            return false;
        }
        boolean second = matcher.group(1).equals("2")
                || matcher.group(1).equals("1") && matcher.group(2).equals("99");
        if (!second) {
            refuse(line, "Protocol major versions differ.\r\n");
            return false;
        }
        buffer.rpos(end + 1);
        clientVersion = new String(line, StandardCharsets.UTF_8);
        connection.identified(line);
        kexState.set(KexState.INIT);
        sendKexInit();
        return true;
    }

    private void refuse(byte[] line, String text) throws IOException {
        connection.saw(decnet.decoys.Seen.of(
                "unknown_input", "data", WireText.of(line, 0, Math.min(line.length, 1024)), "what", "identification"));
        getIoSession().writeBuffer(new ByteArrayBuffer(text.getBytes(StandardCharsets.US_ASCII)));
        close(true);
    }

    @Override
    public void messageReceived(org.apache.sshd.common.util.Readable buffer) throws Exception {
        if (isOpen()) {
            super.messageReceived(buffer);
        }
    }

    @Override
    protected void decode() throws Exception {
        if (inCipher == null && decoderState == 0 && decoderBuffer.available() >= FIRST_BLOCK) {
            long length = decoderBuffer.rawUInt(decoderBuffer.rpos());
            boolean uneven = (length + Integer.BYTES) % PLAIN_BLOCK != 0;
            if (length < MIN_PACKET || length > MAX_PACKET || uneven) {
                connection.broken("packet length " + length);
                close(true); // without a word, as long as there are no keys
                return;
            }
            int padding = decoderBuffer.rawByte(decoderBuffer.rpos() + Integer.BYTES) & 0xff;
            if (padding < MIN_PADDING && decoderBuffer.available() >= length + Integer.BYTES) {
                connection.broken("padding " + padding);
                disconnect(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "Corrupted padlen " + padding + " on input.");
                return;
            }
        }
        super.decode();
    }

    @Override
    protected String resolveAvailableSignaturesProposal(FactoryManager manager) {
        return String.join(",", connection.profile().hostKeyAlgorithms());
    }

    @Override
    protected Map<KexProposalOption, String> createProposal(String hostKeyTypes) {
        OpenSshDefaults defaults = connection.profile().defaults();
        Map<KexProposalOption, String> proposal = new EnumMap<>(KexProposalOption.class);
        proposal.put(KexProposalOption.ALGORITHMS, String.join(",", defaults.kex()));
        proposal.put(KexProposalOption.SERVERKEYS, hostKeyTypes);
        String ciphers = String.join(",", defaults.ciphers());
        proposal.put(KexProposalOption.C2SENC, ciphers);
        proposal.put(KexProposalOption.S2CENC, ciphers);
        String macs = String.join(",", defaults.macs());
        proposal.put(KexProposalOption.C2SMAC, macs);
        proposal.put(KexProposalOption.S2CMAC, macs);
        String compressions = String.join(",", defaults.compressions());
        proposal.put(KexProposalOption.C2SCOMP, compressions);
        proposal.put(KexProposalOption.S2CCOMP, compressions);
        proposal.put(KexProposalOption.C2SLANG, "");
        proposal.put(KexProposalOption.S2CLANG, "");
        return proposal;
    }

    /** The list already says what is offered. */
    @Override
    protected Map<KexProposalOption, String> doStrictKexProposal(Map<KexProposalOption, String> proposal) {
        return proposal;
    }

    @Override
    protected void receiveKexInit(Map<KexProposalOption, String> proposal, byte[] seed) throws IOException {
        if (++exchanges > (isAuthenticated() ? MAX_EXCHANGES : MAX_EARLY_EXCHANGES)) {
            throw new IOException("too many key exchanges");
        }
        if (exchanges == 1) {
            connection.hello(clientVersion, proposal, hassh(proposal));
        }
        super.receiveKexInit(proposal, seed);
    }

    /** Fingerprint of a client by its lists: MD5, as the method is defined. */
    private static String hassh(Map<KexProposalOption, String> proposal) {
        String text = String.join(
                ";", HASSH.stream().map(one -> proposal.getOrDefault(one, "")).toList());
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("MD5 is part of every JDK", e);
        }
    }

    @Override
    protected IoWriteFuture sendNewKeys() throws Exception {
        IoWriteFuture sent = super.sendNewKeys();
        String asked = getClientKexProposals().getOrDefault(KexProposalOption.ALGORITHMS, "");
        if (!initialKexDone && List.of(asked.split(",")).contains(KexExtensions.CLIENT_KEX_EXTENSION)) {
            OpenSshDefaults defaults = connection.profile().defaults();
            Buffer info = createBuffer(KexExtensions.SSH_MSG_EXT_INFO, 512);
            info.putInt(defaults.hostbound() ? 2 : 1);
            info.putString("server-sig-algs");
            info.putString(String.join(",", defaults.signatures()));
            if (defaults.hostbound()) {
                info.putString("publickey-hostbound@openssh.com");
                info.putString("0");
            }
            writePacket(info);
        }
        written(); // what waited for the end of the exchange
        return sent;
    }

    /** Before there are keys, OpenSSH pads with zeros and as little as it may; the library pads more. */
    @Override
    protected Buffer encode(Buffer buffer) throws IOException {
        if (outCipher != null) {
            return super.encode(buffer);
        }
        int start = buffer.rpos() - SshConstants.SSH_PACKET_HEADER_LEN;
        int length = buffer.available();
        int padding = PLAIN_BLOCK - (SshConstants.SSH_PACKET_HEADER_LEN + length) % PLAIN_BLOCK;
        padding += padding < MIN_PADDING ? PLAIN_BLOCK : 0;
        buffer.putRawBytes(new byte[padding]);
        int end = buffer.wpos();
        buffer.wpos(start);
        buffer.putInt(1L + length + padding);
        buffer.putByte((byte) padding);
        buffer.wpos(end);
        buffer.rpos(start);
        seqo = seqo + 1 & 0xffff_ffffL;
        return buffer;
    }

    /** Until the first keys are agreed, only some messages are for anybody; what the rest gets is as in OpenSSH. */
    @Override
    protected void doHandleMessage(Buffer buffer) throws Exception {
        if (!isOpen()) {
            return; // an earlier message in the same bytes has ended the connection
        }
        int command = buffer.rawByte(buffer.rpos()) & 0xff;
        if (!initialKexDone && !timely(command)) {
            if (command == 0 || command >= FIRST_LOCAL) {
                connection.broken("message " + command);
                disconnect(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "Invalid ssh2 packet type: " + command);
            } else if (command >= SshConstants.SSH_MSG_USERAUTH_REQUEST) {
                throw new IOException("message " + command + " before keys are exchanged");
            } else {
                unknown(command, buffer);
            }
            return;
        }
        super.doHandleMessage(buffer);
    }

    private boolean timely(int command) {
        boolean asked = kexState.get() == KexState.RUN && kex != null;
        return switch (command) {
            case SshConstants.SSH_MSG_DISCONNECT,
                    SshConstants.SSH_MSG_IGNORE,
                    SshConstants.SSH_MSG_UNIMPLEMENTED,
                    SshConstants.SSH_MSG_DEBUG -> true;
            case SshConstants.SSH_MSG_KEXINIT -> exchanges == 0;
            case SshConstants.SSH_MSG_NEWKEYS -> kexState.get() == KexState.KEYS;
            default -> asked && command >= SshConstants.SSH_MSG_KEX_FIRST && command <= SshConstants.SSH_MSG_KEX_LAST;
        };
    }

    @Override
    protected boolean handleServiceRequest(String service, Buffer buffer) throws Exception {
        if (isAuthenticated() || !service.equals("ssh-userauth")) {
            disconnect(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "bad service request " + service);
            return false;
        }
        return super.handleServiceRequest(service, buffer);
    }

    /** Says why, and ends the connection. */
    @Override
    public void disconnect(int reason, String message) throws IOException {
        if (!isOpen()) {
            return;
        }
        Buffer packet = createBuffer(SshConstants.SSH_MSG_DISCONNECT, message.length() + Short.SIZE);
        packet.putInt(reason);
        packet.putString(message);
        packet.putString("");
        doWritePacket(packet);
        close(true);
    }

    /** OpenSSH logs what a client did wrong, and is gone. */
    @Override
    public void exceptionCaught(Throwable cause) {
        if (isOpen()) {
            connection.broken(String.valueOf(cause.getMessage()));
            close(true);
        }
    }

    /** Opens the connection layer for {@code who}. */
    void loggedIn(Account who) throws Exception {
        account = Optional.of(who);
        ConnectionService service = new ConnectionService(this);
        channels = Optional.of(service);
        signalAuthenticationSuccess(who.name(), "ssh-connection", new ByteArrayBuffer());
        service.announceHostKeys();
    }

    /** @throws IllegalStateException before log-in */
    Account account() {
        return account.orElseThrow(() -> new IllegalStateException("nobody is logged in"));
    }

    /** @throws IllegalStateException before log-in */
    ConnectionService connectionService() {
        return channels.orElseThrow(() -> new IllegalStateException("nobody is logged in"));
    }

    /** Whether data has to wait for new keys. */
    boolean exchangingKeys() {
        KexState now = kexState.get();
        return now != KexState.DONE && now != KexState.KEYS;
    }

    /** Bytes on their way to a peer that has not taken them. */
    int unsent() {
        return io.unsent();
    }

    /** The peer took something. */
    void written() {
        channels.ifPresent(ConnectionService::pump);
    }

    /** The engine's connection is gone. */
    void ended() {
        channels.ifPresent(ConnectionService::ended);
        close(true);
        if (inCompression instanceof DelayedZlib zlib) {
            zlib.end();
        }
        if (outCompression instanceof DelayedZlib zlib) {
            zlib.end();
        }
    }

    /** A message that is not known in this place. */
    void unknown(int command, Buffer buffer) throws Exception {
        notImplemented(command, buffer);
    }

    /** Work whose failure is the client's doing and ends the connection. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** A message of the key exchange before there is one: as OpenSSH, whose table has no entry for it. */
    @Override
    protected void handleKexMessage(int cmd, Buffer buffer) throws Exception {
        if (kex == null) {
            notImplemented(cmd, buffer);
        } else {
            super.handleKexMessage(cmd, buffer);
        }
    }

    /** Runs {@code work}; whatever happens, only this connection suffers. */
    void guard(Work work) {
        try {
            if (isOpen()) {
                work.run();
            }
        } catch (IOException
                | GeneralSecurityException
                | BufferException
                | IllegalArgumentException
                | IllegalStateException
                | RuntimeSshException e) {
            exceptionCaught(e); // the client's doing
        } catch (RuntimeException e) {
            connection.failed(e);
            exceptionCaught(e);
        } catch (Exception e) {
            exceptionCaught(e);
        }
    }
}
