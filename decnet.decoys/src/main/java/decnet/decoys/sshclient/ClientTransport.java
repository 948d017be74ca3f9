package decnet.decoys.sshclient;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.apache.sshd.common.util.buffer.Buffer;

/** The transport layer of a client (RFC 4253), with nothing of the library above it: those messages go to their taker. */
final class ClientTransport extends ClientSessionImpl {
    private static final int FIRST_OF_LOGIN = 50;

    private final Taker taker;

    /** Takes messages of log-in and channels, and the service request's answer. */
    interface Taker {
        void message(int command, Buffer buffer) throws IOException;

        /** Keys are agreed on. */
        void ready() throws IOException;

        /** The connection is over. @param why empty if the other side said nothing */
        void over(String why);
    }

    ClientTransport(ClientFactoryManager library, LineIoSession io, Taker taker) throws Exception {
        super(library, io);
        this.taker = taker;
    }

    @Override
    protected KeyExchangeMessageHandler initializeKeyExchangeMessageHandler() {
        return new ClientKexQueue(this, log);
    }

    IoWriteFuture writeNow(Buffer packet) throws IOException {
        return doWritePacket(packet);
    }

    /** There is no timer. */
    @Override
    public IoWriteFuture writePacket(Buffer buffer, long timeout, TimeUnit unit) throws IOException {
        return writePacket(buffer);
    }

    @Override
    protected void sendInitialServiceRequest() throws IOException {
        taker.ready();
    }

    @Override
    protected void doHandleMessage(Buffer buffer) throws Exception {
        int command = buffer.rawByte(buffer.rpos()) & 0xff;
        boolean ours = command == SshConstants.SSH_MSG_SERVICE_ACCEPT || command >= FIRST_OF_LOGIN;
        if (initialKexDone && ours && isOpen()) {
            buffer.getUByte();
            taker.message(command, buffer);
        } else {
            super.doHandleMessage(buffer);
        }
    }

    @Override
    protected void handleDisconnect(int code, String message, String lang, Buffer buffer) {
        taker.over("Received disconnect from " + getIoSession().getRemoteAddress() + ":" + code + ": " + message);
        close(true);
    }

    @Override
    public void exceptionCaught(Throwable cause) {
        taker.over(String.valueOf(cause.getMessage()));
        close(true);
    }
}
