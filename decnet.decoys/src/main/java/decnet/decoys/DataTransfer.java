package decnet.decoys;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The passive data connection of one control connection: listens on a free port of the decky's address, takes one connection, from
 * the same source only, and moves bytes one way. Never connects out. Belongs to the control connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what matters is told by listeners and channel events
final class DataTransfer {
    private static final long PATIENCE_SECONDS = 60;

    private final Connection control;
    private final Engine engine;
    private final InetAddress source;
    private final InetAddress address;
    private @Nullable Channel listener;
    private @Nullable Channel peer;
    private @Nullable DataDialogue waiting;
    private boolean transferring;
    private int generation;

    DataTransfer(Connection control, Engine engine, InetAddress source, InetAddress address) {
        this.control = control;
        this.engine = engine;
        this.source = source;
        this.address = address;
    }

    /** Whether something is being waited for or moved. */
    boolean active() {
        return transferring || waiting != null;
    }

    void demand(Step.Demand demand, DataDialogue dialogue) {
        switch (demand) {
            case Step.Demand.Listen listen -> listen(dialogue);
            case Step.Demand.Await await -> await(dialogue);
            case Step.Demand.Send send -> send(send.bytes(), dialogue);
            case Step.Demand.Receive receive -> receive();
            case Step.Demand.Drop drop -> close();
        }
    }

    private void listen(DataDialogue dialogue) {
        close();
        int mine = generation;
        try {
            engine.work().execute(() -> {
                Descriptors.Offer offer = engine.dataSocket(control.endpoint());
                control.carrier().loop().execute(() -> listen(dialogue, mine, offer));
            });
        } catch (RejectedExecutionException e) {
            control.callLater(dialogue::dataFailed);
        }
    }

    private void listen(DataDialogue dialogue, int mine, Descriptors.Offer offer) {
        if (offer instanceof Descriptors.Missing) {
            control.callLater(dialogue::dataFailed);
            return;
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(control.carrier().loop(), control.carrier().loop())
                .channelFactory(() -> offer instanceof Descriptors.Taken taken
                        ? new EpollServerSocketChannel(taken.descriptor())
                        : new EpollServerSocketChannel())
                .option(ChannelOption.SO_BACKLOG, 1)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOCATOR, engine.allocator())
                .childHandler(new Peer(dialogue, mine));
        (offer instanceof Descriptors.Taken ? bootstrap.register() : bootstrap.bind(new InetSocketAddress(address, 0)))
                .addListener((io.netty.channel.ChannelFuture future) -> {
                    if (!future.isSuccess() || mine != generation) {
                        future.channel().close();
                        control.callLater(dialogue::dataFailed);
                        return;
                    }
                    listener = future.channel();
                    int port = ((InetSocketAddress) future.channel().localAddress()).getPort();
                    control.callLater(() -> dialogue.dataListening(port));
                });
    }

    private void await(DataDialogue dialogue) {
        if (peer != null) {
            transferring = true;
            control.callLater(dialogue::dataConnected);
            return;
        }
        if (listener == null) {
            control.callLater(dialogue::dataFailed);
            return;
        }
        waiting = dialogue;
        int mine = generation;
        control.carrier()
                .loop()
                .schedule(
                        () -> {
                            if (mine == generation && waiting != null) {
                                fail(dialogue);
                            }
                        },
                        PATIENCE_SECONDS,
                        TimeUnit.SECONDS);
    }

    private void send(Payload bytes, DataDialogue dialogue) {
        Channel target = peer;
        if (target == null) {
            control.callLater(dialogue::dataFailed);
            return;
        }
        int mine = generation;
        control.countOutput(bytes.length());
        target.writeAndFlush(Unpooled.wrappedBuffer(bytes.buffer())).addListener(future -> {
            if (mine == generation) {
                close();
                control.callLater(future.isSuccess() ? dialogue::dataFinished : dialogue::dataFailed);
            }
        });
        target.eventLoop()
                .schedule(
                        () -> {
                            if (mine == generation) {
                                fail(dialogue);
                            }
                        },
                        2 * PATIENCE_SECONDS,
                        TimeUnit.SECONDS);
    }

    private void receive() {
        if (peer != null) {
            peer.read();
        }
    }

    private void fail(DataDialogue dialogue) {
        close();
        control.callLater(dialogue::dataFailed);
    }

    void close() {
        generation++;
        waiting = null;
        transferring = false;
        if (listener != null) {
            listener.close();
            listener = null;
        }
        if (peer != null) {
            peer.close();
            peer = null;
        }
    }

    /** The data connection itself. */
    @io.netty.channel.ChannelHandler.Sharable
    private final class Peer extends ChannelInboundHandlerAdapter {
        private final DataDialogue dialogue;
        private final int mine;

        Peer(DataDialogue dialogue, int mine) {
            this.dialogue = dialogue;
            this.mine = mine;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            InetAddress from = ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
            if (mine != generation || peer != null || !from.equals(source)) {
                context.close();
                return;
            }
            peer = context.channel();
            if (listener != null) {
                listener.close();
                listener = null;
            }
            if (waiting != null) {
                waiting = null;
                transferring = true;
                control.callLater(dialogue::dataConnected);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            buffer.release();
            if (mine != generation || bytes.length == 0 || !control.countInput(bytes.length)) {
                return;
            }
            control.callLater(() -> {
                Step step = dialogue.dataReceived(ByteBuffer.wrap(bytes));
                context.channel().eventLoop().execute(context::read);
                return step;
            });
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (mine == generation && context.channel() == peer) {
                boolean moving = transferring;
                close();
                if (moving) {
                    control.callLater(dialogue::dataFinished);
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
