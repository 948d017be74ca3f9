package decnet.decoys;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The datagrams of one peer. What it is answered is bounded by what it sent, as its address may be another's: nobody is flooded by us.
 * Belongs to the listener's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what matters is told by listeners
final class DatagramCarrier implements Carrier {
    private static final long FREE_BYTES = 8 << 10;
    private static final long FACTOR = 4;

    private final Engine engine;
    private final DatagramListener listener;
    private final Channel channel;
    private final InetSocketAddress peer;
    private final Connection connection;
    private long mayWrite = FREE_BYTES;
    private boolean finishing;
    private boolean ended;

    DatagramCarrier(
            Engine engine,
            DatagramListener listener,
            Channel channel,
            InetSocketAddress peer,
            Connection.Opener opener) {
        this.engine = engine;
        this.listener = listener;
        this.channel = channel;
        this.peer = peer;
        this.connection = opener.open(this);
    }

    Connection connection() {
        return connection;
    }

    void arrived(ByteBuffer datagram) {
        mayWrite += FACTOR * datagram.remaining();
        connection.arrived(datagram);
    }

    @Override
    public EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public void write(Payload bytes, Consumer<Boolean> done) {
        if (ended || bytes.length() > mayWrite) {
            engine.counters().increment(DecoysCounter.DATAGRAMS_UNANSWERED);
            done.accept(false);
            return;
        }
        mayWrite -= bytes.length();
        channel.write(new DatagramPacket(Unpooled.wrappedBuffer(bytes.buffer()), peer))
                .addListener(future -> done.accept(future.isSuccess()));
    }

    @Override
    public void flush() {
        channel.flush();
        if (finishing) {
            close();
        }
    }

    @Override
    public boolean writable() {
        return channel.isActive() && channel.isWritable();
    }

    @Override
    public void read() {
        // the listener reads for all peers
    }

    @Override
    public void startTls() {
        connection.tlsFailed(new IllegalStateException("no TLS over datagrams"));
    }

    @Override
    public void finish() {
        finishing = true;
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            listener.forget(peer);
            loop().execute(connection::carrierEnded);
        }
    }

    @Override
    public Duration idle() {
        return engine.config().datagramIdle();
    }
}
