package decnet.decoys;

import decnet.topology.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Listening sockets: bound here, or taken over as a descriptor that somebody with more rights has made. Thread-safe. */
final class Sockets {
    private static final int MAX_DATAGRAM = 4096;

    private final EventLoopGroup loops;
    private final ByteBufAllocator allocator;

    Sockets(EventLoopGroup loops, ByteBufAllocator allocator) {
        this.loops = loops;
        this.allocator = allocator;
    }

    /**
     * Listens.
     *
     * @param descriptor of a socket that is bound, and for TCP listening; owned from here on
     * @param accepted given each connection, on its event loop
     */
    ChannelFuture listen(
            Endpoint endpoint,
            InetSocketAddress address,
            OptionalInt descriptor,
            Consumer<Channel> accepted,
            DatagramListener datagrams) {
        return endpoint.port().transport() == Transport.TCP
                ? stream(address, descriptor, accepted)
                : datagrams(address, descriptor, datagrams);
    }

    private ChannelFuture stream(InetSocketAddress address, OptionalInt descriptor, Consumer<Channel> accepted) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops, loops)
                .channelFactory(() -> descriptor.isPresent()
                        ? new EpollServerSocketChannel(descriptor.getAsInt())
                        : new EpollServerSocketChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 128)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 2048, 16_384))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(32 << 10, 64 << 10))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.accept(channel);
                    }
                });
        return descriptor.isPresent() ? bootstrap.register() : bootstrap.bind(address);
    }

    private ChannelFuture datagrams(InetSocketAddress address, OptionalInt descriptor, DatagramListener handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loops)
                .channelFactory(() -> descriptor.isPresent()
                        ? new EpollDatagramChannel(descriptor.getAsInt())
                        : new EpollDatagramChannel())
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM))
                .handler(handler);
        return descriptor.isPresent() ? bootstrap.register() : bootstrap.bind(address);
    }
}
