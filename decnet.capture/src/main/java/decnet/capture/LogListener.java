package decnet.capture;

import decnet.core.Counters;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/** A socket that takes lines from other systems into a queue, on a thread of its own. Thread-safe. */
final class LogListener implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 256;
    private static final int LEAST_CONNECTIONS = 16;
    /** Of all connections together: each may hold one line that has not ended. */
    private static final int LINE_BYTES = 16 << 20;

    /** Whoever says nothing for so long makes room; a log sender connects again. */
    private static final int IDLE_MINUTES = 60;

    private static final int DATAGRAM = 64 << 10;

    private final SourceConfig config;
    private final LineQueue queue;
    private final Counters counters;
    private final EventLoopGroup loop;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Channel> waiting = ConcurrentHashMap.newKeySet();
    private Optional<Channel> channel = Optional.empty();

    /** The socket cannot be opened; the message says why. */
    static final class ListenException extends Exception {
        ListenException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Opens a listener. */
    interface Opener {
        LogListener open(SourceConfig config, LineQueue queue) throws ListenException;
    }

    private LogListener(SourceConfig config, LineQueue queue, Counters counters) {
        this.config = config;
        this.queue = queue;
        this.counters = counters;
        this.loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("collect-" + config.name(), true), EpollIoHandler.newFactory());
    }

    static LogListener open(SourceConfig config, LineQueue queue, Counters counters) throws ListenException {
        var listener = new LogListener(config, queue, counters);
        try {
            listener.bind();
            return listener;
        } catch (IOException | IllegalArgumentException e) {
            listener.close();
            throw new ListenException(
                    "cannot listen on " + config.channel().option() + "=" + config.place() + " (" + e.getMessage()
                            + ")",
                    e);
        } catch (Exception e) { // Netty throws what its native part says, declared or not
            listener.close();
            throw new ListenException(
                    "cannot listen on " + config.channel().option() + "=" + config.place() + " (" + e + ")", e);
        }
    }

    private void bind() throws IOException {
        Channel bound =
                switch (config.channel()) {
                    case UDP ->
                        datagrams(new Bootstrap()
                                .channel(EpollDatagramChannel.class)
                                .handler(new Datagrams())
                                .localAddress(inet(config.place())));
                    case UNIX -> unix(Path.of(config.place()));
                    case TCP -> stream(Optional.empty());
                    case TLS -> stream(Optional.of(tls()));
                    default -> throw new IllegalArgumentException("not a socket");
                };
        channel = Optional.of(bound);
    }

    private Channel datagrams(Bootstrap bootstrap) {
        return bootstrap
                .group(loop)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM))
                .bind()
                .syncUninterruptibly()
                .channel();
    }

    /** Whoever may write the file may log. One that is left of an earlier run is replaced. */
    private Channel unix(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            boolean socket =
                    (((Number) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS)).intValue() & 0170000)
                            == 0140000;
            if (!socket) {
                throw new IOException("it exists and is no socket");
            }
            Files.delete(path);
        }
        Channel bound = datagrams(new Bootstrap()
                .channel(EpollDomainDatagramChannel.class)
                .handler(new UnixDatagrams())
                .localAddress(new DomainSocketAddress(path.toString())));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        return bound;
    }

    private SslContext tls() throws SSLException {
        SourceConfig.Tls files = config.tls().orElseThrow();
        SslContextBuilder builder = SslContextBuilder.forServer(
                        files.cert().toFile(), files.key().toFile())
                .protocols("TLSv1.3", "TLSv1.2");
        files.ca().ifPresent(ca -> builder.trustManager(ca.toFile()).clientAuth(ClientAuth.REQUIRE));
        return builder.build();
    }

    private Channel stream(Optional<SslContext> tls) {
        return new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        if (connections.incrementAndGet() > mostConnections(config.maxLine())) {
                            counters.increment(CollectCounter.CONNECTIONS_REFUSED);
                            child.closeFuture().addListener(_ -> connections.decrementAndGet());
                            var _ = child.close();
                            return;
                        }
                        child.closeFuture().addListener(_ -> {
                            connections.decrementAndGet();
                            waiting.remove(child);
                        });
                        tls.ifPresent(context -> child.pipeline().addLast(context.newHandler(child.alloc())));
                        child.pipeline().addLast(new ReadTimeoutHandler(IDLE_MINUTES, TimeUnit.MINUTES), new Stream());
                    }
                })
                .bind(inet(config.place()))
                .syncUninterruptibly()
                .channel();
    }

    static int mostConnections(int maxLine) {
        return Math.clamp(LINE_BYTES / maxLine, LEAST_CONNECTIONS, MOST_CONNECTIONS);
    }

    /** {@code 192.0.2.1:514} or {@code [2001:db8::1]:514}. */
    static InetSocketAddress inet(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("expected ADDRESS:PORT");
        }
        String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
        int port = Integer.parseInt(text.substring(colon + 1));
        return new InetSocketAddress(java.net.InetAddress.ofLiteral(host), port);
    }

    SocketAddress address() {
        return channel.orElseThrow().localAddress();
    }

    /** There is room in the queue again: whoever was made to wait is read on. */
    void goOn() {
        for (var each = waiting.iterator(); each.hasNext(); ) {
            Channel child = each.next();
            each.remove();
            child.eventLoop().execute(() -> child.config().setAutoRead(true));
        }
    }

    private static Optional<String> name(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? Optional.of(inet.getAddress().getHostAddress())
                : Optional.empty();
    }

    private void datagram(ByteBuf content, Optional<String> sender) {
        int length = Math.min(content.readableBytes(), config.maxLine());
        byte[] line = new byte[length];
        content.getBytes(content.readerIndex(), line);
        boolean cut = content.readableBytes() > length;
        if (!queue.offer(new LineQueue.Received(line, sender, cut))) {
            counters.increment(CollectCounter.DROPPED);
        }
    }

    private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            datagram(packet.content(), name(packet.sender()));
        }
    }

    private final class UnixDatagrams extends SimpleChannelInboundHandler<DomainDatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
            datagram(packet.content(), Optional.empty());
        }
    }

    private final class Stream extends SimpleChannelInboundHandler<ByteBuf> {
        private final SyslogFraming framing = new SyslogFraming(config.maxLine());

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            Optional<String> sender = name(context.channel().remoteAddress());
            var in = bytes.nioBuffer();
            try {
                for (var message = framing.take(in); message != null; message = framing.take(in)) {
                    // a stream waits rather than lose: the queue may go over its bound by what one read brings
                    queue.force(new LineQueue.Received(message.bytes(), sender, message.cut()));
                }
            } catch (SyslogFraming.FramingException e) {
                counters.increment(CollectCounter.CONNECTIONS_REFUSED);
                var _ = context.close();
                return;
            }
            if (queue.high()) {
                context.channel().config().setAutoRead(false);
                waiting.add(context.channel());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            counters.increment(CollectCounter.CONNECTIONS_REFUSED);
            var _ = context.close();
        }
    }

    @Override
    public void close() {
        channel.ifPresent(bound -> bound.close().syncUninterruptibly());
        if (config.channel() == SourceConfig.Channel.UNIX && channel.isPresent()) {
            try {
                Files.deleteIfExists(Path.of(config.place()));
            } catch (IOException e) {
                counters.increment(CollectCounter.SOURCE_FAILURES); // the next opening replaces it
            }
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
