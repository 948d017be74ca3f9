package decnet.decoys;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A stream socket, in clear or under TLS. Belongs to the channel's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what matters is told by listeners and channel events
final class SocketCarrier extends ChannelInboundHandlerAdapter implements Carrier {
    private static final int HANDSHAKE = 0x16;
    private static final long LINGER_SECONDS = 10;

    private final Engine engine;
    private final Endpoint endpoint;
    private final Channel channel;
    private final Connection connection;
    private @Nullable ScheduledFuture<?> linger;

    SocketCarrier(Engine engine, Endpoint endpoint, Channel channel, Connection.Opener opener) {
        this.engine = engine;
        this.endpoint = endpoint;
        this.channel = channel;
        this.connection = opener.open(this);
    }

    Connection connection() {
        return connection;
    }

    /** Takes its place in the channel, behind TLS if the port speaks it from the first byte on. */
    void begin() {
        channel.pipeline().addLast(this);
        if (endpoint.port().tls()) {
            channel.pipeline().addFirst(new Gate());
        }
    }

    @Override
    public EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public void write(Payload bytes, Consumer<Boolean> done) {
        channel.write(Unpooled.wrappedBuffer(bytes.buffer())).addListener(future -> done.accept(future.isSuccess()));
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean writable() {
        return channel.isActive() && channel.isWritable();
    }

    @Override
    public void read() {
        channel.read();
    }

    @Override
    public void startTls() {
        try {
            channel.pipeline().addFirst(tls());
            channel.read();
        } catch (IllegalArgumentException e) {
            connection.tlsFailed(e); // the machine has no certificate
        }
    }

    private SslHandler tls() {
        SslHandler handler = new SslHandler(endpoint.tls().engine(), false, engine.work());
        handler.setHandshakeTimeout(engine.config().handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    @Override
    public void finish() {
        channel.write(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        // a peer that never reads must not keep it open
        linger = channel.eventLoop()
                .schedule(
                        () -> {
                            channel.close();
                        },
                        LINGER_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public Duration idle() {
        return engine.config().idleTimeout();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        buffer.release();
        connection.arrived(ByteBuffer.wrap(bytes));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        connection.askForMore();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.askForMore();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case ChannelInputShutdownEvent end -> connection.inputEnded();
            case SslHandshakeCompletionEvent handshake -> {
                SslHandler handler = channel.pipeline().get(SslHandler.class);
                if (handshake.isSuccess() && handler != null) {
                    connection.secured(TlsServer.info(handler.engine()));
                } else {
                    connection.tlsFailed(handshake.cause());
                }
            }
            default -> {
                // nothing else concerns us
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (linger != null) {
            linger.cancel(false); // or it would keep all of this for its time
        }
        connection.carrierEnded();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        connection.carrierFailed(cause);
    }

    /** Looks at the first byte: who does not begin with a handshake gets the service's answer to that, in clear. */
    private final class Gate extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            if (!buffer.isReadable()) {
                buffer.release();
                return;
            }
            int first = buffer.getUnsignedByte(buffer.readerIndex());
            if (first == HANDSHAKE || first >= 0x80) {
                channel.pipeline().addAfter(context.name(), null, tls());
                context.fireChannelRead(buffer);
                channel.pipeline().remove(this);
                return;
            }
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            buffer.release();
            channel.pipeline().remove(this);
            connection.plainOnTls(ByteBuffer.wrap(bytes));
        }
    }
}
