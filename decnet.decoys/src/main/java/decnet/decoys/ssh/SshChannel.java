package decnet.decoys.ssh;

import decnet.decoys.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * One session channel (RFC 4254 section 5): windows in both directions, and what waits for them. Window sizes, and when they are
 * opened, are those of OpenSSH. A program is fed only while its output is not piling up.
 */
final class SshChannel {
    static final int MAX_PACKET = 32 * 1024;

    private static final int WINDOW = 64 * MAX_PACKET;
    private static final int EXTENDED_STDERR = 1;
    /** Output beyond this keeps the program from being fed. */
    private static final int OUTPUT_ROOM = 256 * 1024;
    /** Output beyond this cannot be: programs answer what they are fed. */
    private static final int OUTPUT_LIMIT = 4 * 1024 * 1024;

    /** Bytes in one direction; kind 0 is data, 1 is standard error. */
    private record Chunk(int kind, Payload data) {}

    private final SshTransport transport;
    private final ConnectionService service;
    private final int id;
    private final int remoteId;
    private final int remotePacket;
    private final Deque<Chunk> output = new ArrayDeque<>();
    private final Deque<byte[]> input = new ArrayDeque<>();
    private Optional<Program> program = Optional.empty();
    private Optional<Integer> exitStatus = Optional.empty();
    private long remoteWindow;
    private int localWindow;
    private int consumed;
    private int outputBytes;
    private int inputBytes;
    private boolean inputEnded;
    private boolean endTold;
    private boolean closeSent;
    private boolean feeding;
    private int holds;

    SshChannel(
            ConnectionService service,
            SshTransport transport,
            int id,
            int remoteId,
            long remoteWindow,
            long remotePacket) {
        this.service = service;
        this.transport = transport;
        this.id = id;
        this.remoteId = remoteId;
        this.remoteWindow = remoteWindow;
        this.remotePacket = (int) Math.max(1, Math.min(remotePacket, MAX_PACKET));
    }

    int id() {
        return id;
    }

    boolean running() {
        return program.isPresent();
    }

    Optional<Program> program() {
        return program;
    }

    /** Bytes that wait here in memory. */
    int held() {
        return inputBytes + outputBytes;
    }

    /** Opens the window for a program; to be followed by the answer to the request, and by its start. */
    void attach(Program started) throws IOException {
        program = Optional.of(started);
        localWindow = WINDOW;
        sendWindow(WINDOW);
    }

    private void sendWindow(int bytes) throws IOException {
        Buffer packet = packet(SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST, Integer.BYTES);
        packet.putInt(bytes);
        transport.writePacket(packet);
    }

    Buffer packet(int command, int room) {
        Buffer packet = transport.createBuffer((byte) command, room + Long.SIZE);
        packet.putInt(remoteId);
        return packet;
    }

    // ------------------------------------------------------------------ from the client

    /** Data from the client; what exceeds the window is ignored, as OpenSSH does. */
    void received(byte[] data) throws IOException {
        if (data.length > localWindow || inputEnded || program.isEmpty()) {
            return;
        }
        localWindow -= data.length;
        if (exitStatus.isPresent() || closeSent) {
            return;
        }
        input.add(data);
        inputBytes += data.length;
        feed();
    }

    void endOfInput() throws IOException {
        inputEnded = true;
        feed();
    }

    void windowAdjusted(long bytes) throws IOException {
        remoteWindow = Math.min(0xffff_ffffL, remoteWindow + bytes);
        pump();
    }

    /** The program takes its time: it is fed again after as many {@link #release}. */
    void hold() {
        holds++;
    }

    void release() throws IOException {
        holds--;
        feed();
    }

    private void feed() throws IOException {
        if (feeding || program.isEmpty()) {
            return;
        }
        feeding = true;
        try {
            while (!input.isEmpty() && holds == 0 && exitStatus.isEmpty() && outputBytes < OUTPUT_ROOM) {
                byte[] data = input.poll();
                inputBytes -= data.length;
                consumed += data.length;
                program.get().input(data);
            }
            if (exitStatus.isPresent()) {
                input.clear();
                inputBytes = 0;
            } else if (input.isEmpty() && holds == 0 && inputEnded && !endTold) {
                endTold = true;
                program.get().inputEnded();
            }
            if (consumed > 0
                    && !inputEnded
                    && !closeSent
                    && (WINDOW - localWindow > MAX_PACKET * 3 || localWindow < WINDOW / 2)) {
                localWindow += consumed;
                sendWindow(consumed);
                consumed = 0;
            }
        } finally {
            feeding = false;
        }
        pump();
    }

    // ------------------------------------------------------------------ to the client

    void write(byte[] data) {
        write(0, data);
    }

    void writeError(byte[] data) {
        write(EXTENDED_STDERR, data);
    }

    private void write(int kind, byte[] data) {
        if (data.length == 0 || exitStatus.isPresent() || closeSent) {
            return;
        }
        if (outputBytes + data.length > OUTPUT_LIMIT) {
            throw new IllegalStateException("output of a program exceeds " + OUTPUT_LIMIT + " bytes");
        }
        output.add(new Chunk(kind, Payload.of(data)));
        outputBytes += data.length;
        if (!feeding) {
            transport.guard(this::pump);
        }
    }

    /** The program has ended; its output is sent first. */
    void exit(int status) {
        if (exitStatus.isEmpty()) {
            exitStatus = Optional.of(status);
            if (!feeding) {
                transport.guard(this::pump);
            }
        }
    }

    /** Sends what windows and the connection allow. */
    void pump() throws IOException {
        while (!output.isEmpty() && remoteWindow > 0 && service.writable()) {
            Chunk chunk = output.poll();
            byte[] bytes = chunk.data().bytes();
            int length = (int) Math.min(bytes.length, Math.min(remoteWindow, remotePacket));
            boolean error = chunk.kind() == EXTENDED_STDERR;
            Buffer packet = packet(
                    error ? SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA : SshConstants.SSH_MSG_CHANNEL_DATA, length);
            if (error) {
                packet.putInt(EXTENDED_STDERR);
            }
            packet.putBytes(bytes, 0, length);
            remoteWindow -= length;
            outputBytes -= length;
            if (length < bytes.length) {
                output.addFirst(
                        new Chunk(chunk.kind(), Payload.of(ByteBuffer.wrap(bytes, length, bytes.length - length))));
            }
            transport.writePacket(packet);
        }
        if (output.isEmpty() && exitStatus.isPresent() && !closeSent) {
            sendExit(exitStatus.get());
        } else if (!feeding && holds == 0 && outputBytes < OUTPUT_ROOM && !input.isEmpty() && exitStatus.isEmpty()) {
            feed();
        }
    }

    private void sendExit(int status) throws IOException {
        Buffer exit = packet(SshConstants.SSH_MSG_CHANNEL_REQUEST, Long.SIZE);
        exit.putString("exit-status");
        exit.putBoolean(false);
        exit.putInt(status);
        transport.writePacket(exit);
        if (transport.connection().openSshClient()) {
            Buffer noInput = packet(SshConstants.SSH_MSG_CHANNEL_REQUEST, Long.SIZE);
            noInput.putString("eow@openssh.com");
            noInput.putBoolean(false);
            transport.writePacket(noInput);
        }
        transport.writePacket(packet(SshConstants.SSH_MSG_CHANNEL_EOF, 0));
        sendClose();
    }

    void sendClose() throws IOException {
        if (!closeSent) {
            closeSent = true;
            output.clear();
            outputBytes = 0;
            transport.writePacket(packet(SshConstants.SSH_MSG_CHANNEL_CLOSE, 0));
        }
    }

    /** The channel is gone, by agreement or with the connection. */
    void gone() {
        closeSent = true;
        program.ifPresent(Program::closed);
        program = Optional.empty();
        input.clear();
        output.clear();
        inputBytes = 0;
        outputBytes = 0;
    }
}
