package decnet.decoys.sshclient;

import java.io.IOException;
import org.apache.sshd.common.future.DefaultKeyExchangeFuture;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.apache.sshd.common.session.helpers.PendingWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.slf4j.Logger;

/** Packets that wait for the end of a key exchange: bounded, and sent in the caller's turn instead of on a thread. */
final class ClientKexQueue extends KeyExchangeMessageHandler {
    private static final int MAX_PACKETS = 256;

    private final ClientTransport transport;

    ClientKexQueue(ClientTransport transport, Logger log) {
        super(transport, log);
        this.transport = transport;
    }

    @Override
    protected boolean isBlockAllowed(int command) {
        return false;
    }

    /** @throws IllegalStateException if too many wait already, which ends the connection */
    @Override
    protected PendingWriteFuture enqueuePendingPacket(int command, Buffer buffer) {
        if (pendingPackets.size() >= MAX_PACKETS) {
            throw new IllegalStateException("too many packets wait for the end of a key exchange");
        }
        return super.enqueuePendingPacket(command, buffer);
    }

    @Override
    protected void flushQueue(DefaultKeyExchangeFuture flushed) {
        try {
            for (PendingWriteFuture packet = pendingPackets.poll(); packet != null; packet = pendingPackets.poll()) {
                transport.writeNow(packet.getBuffer()).addListener(packet);
            }
            kexFlushed.set(true);
            flushed.setValue(true);
        } catch (IOException e) {
            flushed.setValue(e);
            transport.exceptionCaught(e);
        }
    }
}
