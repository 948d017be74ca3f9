package decnet.decoys.sshclient;

import decnet.decoys.Payload;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;

/** A line to another machine as the protocol library sees it: what it writes is on its way at once. No socket, no thread. */
final class LineIoSession extends AbstractCloseable implements IoSession {
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>(4);
    private final InetSocketAddress remote;
    private final Consumer<Payload> sending;

    LineIoSession(InetSocketAddress remote, Consumer<Payload> sending) {
        this.remote = remote;
        this.sending = sending;
    }

    @Override
    public IoWriteFuture writeBuffer(Buffer buffer) {
        Sent future = new Sent(remote);
        Payload bytes = Payload.of(ByteBuffer.wrap(buffer.array(), buffer.rpos(), buffer.available()));
        buffer.rpos(buffer.wpos());
        sending.accept(bytes);
        future.setValue(true);
        return future;
    }

    /** A packet that has gone out. */
    private static final class Sent extends AbstractIoWriteFuture {
        Sent(Object id) {
            super(id, null);
        }
    }

    @Override
    protected CloseFuture doCloseGracefully() {
        doCloseImmediately();
        return closeFuture;
    }

    @Override
    public long getId() {
        return 0;
    }

    @Override
    public SocketAddress getAcceptanceAddress() {
        return remote;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return remote;
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

    /** There is nothing that connects. */
    @Override
    public IoService getService() {
        throw new UnsupportedOperationException("lines are made by the engine");
    }

    @Override
    public void shutdownOutputStream() {
        // whoever has the line ends it
    }

    @Override
    public void suspendRead() {
        // whoever has the line feeds what came
    }

    @Override
    public void resumeRead() {
        // whoever has the line feeds what came
    }
}
