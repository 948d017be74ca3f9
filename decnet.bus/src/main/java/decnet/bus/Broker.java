package decnet.bus;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Secret;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The message hub of one host: takes connections on a Unix-domain socket and, if wanted, on TCP, and speaks the NATS client
 * protocol ({@code docs/bus-protocol.md}). Keeps nothing: who is not connected misses the message.
 *
 * <p>One event loop, thread {@code bus-broker}, does all the work. Thread-safe.
 */
public final class Broker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Broker.class.getName());
    private static final int PAGE_BYTES = 8192;
    private static final int CHUNK_SHIFT = 5;
    private static final int MAX_READ_BYTES = 64 * 1024;
    private static final int READS_PER_ROUND = 2;
    private static final int BACKLOG = 128;

    private final BrokerConfig config;
    private final SocketClaim claim;
    private final EventLoopGroup loop;
    private final Hub hub;
    private final List<Channel> listeners = new ArrayList<>();
    private final String serverId =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final PooledByteBufAllocator allocator =
            new PooledByteBufAllocator(true, 0, 1, PAGE_BYTES, CHUNK_SHIFT, 0, 0, false);

    private @Nullable Future<?> ticking;

    private Broker(BrokerConfig config, Counters counters, SocketClaim claim) {
        this.config = config;
        this.claim = claim;
        this.hub = new Hub(config.limits(), counters);
        this.loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("bus-broker", true), EpollIoHandler.newFactory());
    }

    /**
     * Listens and returns.
     *
     * @throws BusException if the socket is taken by a living broker, its folder is missing, or an address is in use
     */
    public static Broker start(BrokerConfig config, Counters counters) {
        requireNonNull(config, "config");
        Broker broker = new Broker(config, counters, SocketClaim.claim(config.socket()));
        try {
            broker.listen();
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
        return broker;
    }

    private void listen() {
        Channel unix = bind(
                EpollServerDomainSocketChannel.class,
                new DomainSocketAddress(claim.temporary().toFile()),
                new ChannelInitializer<EpollDomainSocketChannel>() {
                    @Override
                    protected void initChannel(EpollDomainSocketChannel channel) {
                        acceptUnix(channel);
                    }
                });
        listeners.add(unix);
        claim.publish(config.group());
        config.tcp().ifPresent(tcp -> {
            Optional<SslContext> tls = tcp.tls().map(Broker::tls);
            listeners.add(bind(EpollServerSocketChannel.class, tcp.address(), new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
                    welcome(channel, BrokerPermissions.Grant.ALL, Optional.of(tcp.token()), tls);
                }
            }));
        });
        ticking = loop.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
        LOG.log(
                Level.INFO,
                () -> "listening socket=" + config.socket() + " tcp="
                        + tcpAddress().map(Object::toString).orElse("none") + " users="
                        + config.permissions().listed());
    }

    private Channel bind(
            Class<? extends ServerChannel> type,
            SocketAddress address,
            ChannelInitializer<? extends Channel> accepted) {
        try {
            return new ServerBootstrap()
                    .group(loop)
                    .channel(type)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .childOption(ChannelOption.ALLOCATOR, allocator)
                    .childOption(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new AdaptiveRecvByteBufAllocator(1024, 4096, MAX_READ_BYTES)
                                    .maxMessagesPerRead(READS_PER_ROUND))
                    .childHandler(accepted)
                    .bind(address)
                    .syncUninterruptibly()
                    .channel();
        } catch (Exception e) {
            // Netty throws what bind(2) said, checked or not, without declaring it
            throw new BusException(
                    "the bus cannot listen at " + address + " (" + e.getMessage() + "); is another program using it?",
                    e);
        }
    }

    private static SslContext tls(BrokerConfig.Tls files) {
        try {
            return SslContextBuilder.forServer(
                            files.certificate().toFile(), files.key().toFile())
                    .build();
        } catch (IOException | IllegalArgumentException e) {
            throw new BusException(
                    "cannot use bus.tls-certificate " + files.certificate() + " with bus.tls-key " + files.key(), e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // errors come to exceptionCaught
    private void acceptUnix(EpollDomainSocketChannel channel) {
        int uid;
        try {
            uid = channel.peerCredentials().uid();
        } catch (IOException e) {
            hub.count(BrokerCounter.IO_ERRORS);
            channel.close();
            return;
        }
        Optional<BrokerPermissions.Grant> grant = config.permissions().grant(uid);
        if (grant.isEmpty()) {
            hub.count(BrokerCounter.AUTHORIZATION_FAILED);
            LOG.log(
                    Level.WARNING,
                    () -> "refused uid=" + uid + " reason=\"neither in bus.trusted-users nor bus.decoy-users\"");
            turnAway(channel, "Authorization Violation");
            return;
        }
        welcome(channel, grant.get(), Optional.empty(), Optional.empty());
    }

    private void welcome(
            Channel channel, BrokerPermissions.Grant grant, Optional<Secret> token, Optional<SslContext> tls) {
        if (hub.clients.size() >= config.limits().maxConnections()) {
            hub.count(BrokerCounter.CONNECTIONS_REFUSED);
            turnAway(channel, "maximum connections exceeded");
            return;
        }
        hub.count(BrokerCounter.CONNECTIONS);
        BrokerClient client = new BrokerClient(hub, channel, grant, token);
        hub.clients.add(client);
        channel.pipeline().addLast(client);
        client.greet(info(token.isPresent(), tls.isPresent()));
        // INFO goes out in the clear, then the client starts TLS
        tls.ifPresent(context -> channel.pipeline().addFirst(context.newHandler(channel.alloc())));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // errors come to exceptionCaught
    private static void turnAway(Channel channel, String error) {
        byte[] text = WireAscii.bytes("-ERR '" + error + "'\r\n");
        channel.writeAndFlush(channel.alloc().directBuffer(text.length).writeBytes(text), channel.voidPromise());
        channel.close();
    }

    private ObjectNode info(boolean tokenNeeded, boolean tls) {
        ObjectNode info = Json.object();
        info.put("server_id", serverId);
        info.put("server_name", "decnet-bus");
        info.put("version", "2.9.0");
        info.put("proto", 1);
        info.put("headers", true);
        info.put("max_payload", config.limits().maxPayload());
        if (tokenNeeded) {
            info.put("auth_required", true);
        }
        if (tls) {
            info.put("tls_required", true);
        }
        return info;
    }

    private void tick() {
        long now = System.nanoTime();
        List.copyOf(hub.clients).forEach(client -> client.tick(now));
        hub.endOfRound();
    }

    /** The port of the TCP listener, if there is one. */
    public OptionalInt tcpPort() {
        Optional<InetSocketAddress> address = tcpAddress();
        return address.isPresent() ? OptionalInt.of(address.get().getPort()) : OptionalInt.empty();
    }

    private Optional<InetSocketAddress> tcpAddress() {
        return listeners.stream()
                .map(Channel::localAddress)
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast)
                .findFirst();
    }

    /** Refuses newcomers, ends the connections, frees the socket. May be called more than once. */
    @Override
    public void close() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        if (ticking != null) {
            ticking.cancel(false);
        }
        if (!loop.isShuttingDown()) {
            loop.submit(() -> List.copyOf(hub.clients).forEach(BrokerClient::close))
                    .awaitUninterruptibly();
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
        claim.close();
    }
}
