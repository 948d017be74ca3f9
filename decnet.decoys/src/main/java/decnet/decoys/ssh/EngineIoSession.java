package decnet.decoys.ssh;

import decnet.core.Peer;
import decnet.decoys.Outlet;
import decnet.decoys.Payload;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the engine as the protocol library sees it: no socket, no buffer, no thread of its own. Everything runs in the
 * turn of the connection's dialogue.
 */
final class EngineIoSession extends AbstractCloseable implements IoSession {
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>(4);
    private final Outlet outlet;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final Runnable written;
    private int unsent;

    /** @param written called when something that waited has been taken by the peer */
    EngineIoSession(Outlet outlet, Peer source, Peer destination, Runnable written) {
        this.outlet = outlet;
        this.remote = new InetSocketAddress(source.address(), source.port());
        this.local = new InetSocketAddress(destination.address(), destination.port());
        this.written = written;
    }

    /** Bytes handed to the engine and not yet taken by the peer. */
    int unsent() {
        return unsent;
    }

    @Override
    public IoWriteFuture writeBuffer(Buffer buffer) {
        Sent future = new Sent(remote);
        int length = buffer.available();
        unsent += length;
        Payload bytes = Payload.of(ByteBuffer.wrap(buffer.array(), buffer.rpos(), length));
        buffer.rpos(buffer.wpos());
        outlet.send(bytes, done -> {
            unsent -= length;
            future.setValue(done ? true : new java.io.EOFException("connection ended"));
            written.run();
        });
        return future;
    }

    /** Whether a packet has gone out. */
    private static final class Sent extends AbstractIoWriteFuture {
        Sent(Object id) {
            super(id, null);
        }
    }

    @Override
    protected void doCloseImmediately() {
        outlet.close(); // sends first what waits
        super.doCloseImmediately();
    }

    @Override
    protected CloseFuture doCloseGracefully() {
        outlet.close();
        super.doCloseImmediately();
        return closeFuture;
    }

    @Override
    public long getId() {
        return 0;
    }

    @Override
    public SocketAddress getAcceptanceAddress() {
        return local;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return local;
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return remote;
    }

    @Override
    public @Nullable Object getAttribute(Object key) {
        return attributes.get(key);
    }

    @Override
    public @Nullable Object setAttribute(Object key, Object value) {
        return attributes.put(key, value);
    }

    @Override
    public @Nullable Object setAttributeIfAbsent(Object key, Object value) {
        return attributes.putIfAbsent(key, value);
    }

    @Override
    public @Nullable Object removeAttribute(Object key) {
        return attributes.remove(key);
    }

    /** Listening is the engine's business. */
    @Override
    public IoService getService() {
        throw new UnsupportedOperationException("the engine accepts connections");
    }

    @Override
    public void shutdownOutputStream() {
        outlet.close();
    }

    @Override
    public void suspendRead() {
        // the engine reads when the dialogue has answered
    }

    @Override
    public void resumeRead() {
        // the engine reads when the dialogue has answered
    }
}
