package decnet.decoys;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Peer;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Serves deckies: owns their sockets, limits, time-outs, sessions, events and counters. {@link #serve} and {@link #close} are called
 * by one thread; everything else is its own.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what matters is told by listeners and channel events
public final class Engine implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Engine.class.getName());
    private static final int WORK_QUEUE = 20_000;
    private static final long RETRY_MILLIS = 20;

    private final DecoysConfig config;
    private final BlobSink blobs;
    private final InstantSource clock;
    private final Counters counters;
    private final Map<String, DecoyService> services = new HashMap<>();
    private final Outbox outbox;
    private final Admission admission;
    private final Budget budget;
    private final SecureRandom random = new SecureRandom();
    private final String run = newRun(random);
    private final AtomicInteger sessions = new AtomicInteger();
    private final ByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final MultiThreadIoEventLoopGroup loops;
    private final ThreadPoolExecutor work;
    private final Map<InetSocketAddress, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final Map<DeckyName, Disk> disks = new HashMap<>();
    private final DiskStore diskStore;
    private final AtomicBoolean retrying = new AtomicBoolean();
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /** One whose machines forget their visitors with the end of the process. */
    public Engine(
            DecoysConfig config,
            EventSink events,
            BlobSink blobs,
            InstantSource clock,
            Counters counters,
            List<DecoyService> services) {
        this(config, events, blobs, DiskStore.inMemory(clock), clock, counters, services);
    }

    /** @param diskStore keeps what visitors leave; stays the caller's to close, after the engine */
    public Engine(
            DecoysConfig config,
            EventSink events,
            BlobSink blobs,
            DiskStore diskStore,
            InstantSource clock,
            Counters counters,
            List<DecoyService> services) {
        this.diskStore = diskStore;
        this.config = config;
        this.blobs = blobs;
        this.clock = clock;
        this.counters = counters;
        services.forEach(service -> this.services.put(service.slug(), service));
        this.outbox = new Outbox(events, counters);
        this.admission = new Admission(config.maxConnections(), config.maxPerSource());
        this.budget = new Budget(config.captureMemory().bytes());
        this.loops = new MultiThreadIoEventLoopGroup(
                config.eventLoops(), new DefaultThreadFactory("worker-decoys-loop"), EpollIoHandler.newFactory());
        AtomicInteger number = new AtomicInteger();
        this.work = new ThreadPoolExecutor(
                config.workThreads(),
                config.workThreads(),
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WORK_QUEUE),
                task -> new Thread(task, "worker-decoys-work-" + number.incrementAndGet()));
        work.allowCoreThreadTimeOut(true);
    }

    /**
     * Makes what is served equal to {@code deckies}: opens what is missing, closes what is gone or different, leaves the rest alone.
     *
     * @return one line for each address that could not be bound; it is tried again at the next call
     */
    public List<String> serve(List<Decky> deckies) throws InterruptedException {
        Map<InetSocketAddress, Map.Entry<Decky, DeckyService>> wanted = new LinkedHashMap<>();
        for (Decky decky : deckies) {
            for (DeckyService service : decky.services()) {
                wanted.put(new InetSocketAddress(decky.address(), service.port()), Map.entry(decky, service));
            }
        }
        for (Map.Entry<InetSocketAddress, Endpoint> open : List.copyOf(endpoints.entrySet())) {
            Map.Entry<Decky, DeckyService> same = wanted.get(open.getKey());
            Endpoint endpoint = open.getValue();
            if (same == null
                    || !same.getKey().name().equals(endpoint.decky().name())
                    || !same.getKey().persona().equals(endpoint.decky().persona())
                    || !same.getValue().equals(endpoint.service())) {
                endpoints.remove(open.getKey());
                shut(endpoint);
            }
        }
        disks.keySet().retainAll(deckies.stream().map(Decky::name).toList());
        diskStore.retain(deckies.stream().map(Decky::name).collect(Collectors.toSet()));
        List<String> problems = new ArrayList<>();
        for (Map.Entry<InetSocketAddress, Map.Entry<Decky, DeckyService>> one : wanted.entrySet()) {
            if (!endpoints.containsKey(one.getKey())) {
                open(one.getKey(), one.getValue().getKey(), one.getValue().getValue(), problems);
            }
        }
        return problems;
    }

    private void open(InetSocketAddress address, Decky decky, DeckyService service, List<String> problems)
            throws InterruptedException {
        DecoyService implementation = services.get(service.slug());
        String where = decky.name() + " " + service.slug() + " "
                + address.getAddress().getHostAddress() + ":" + address.getPort();
        if (implementation == null) {
            if (reported.add(where)) {
                LOG.log(System.Logger.Level.WARNING, () -> "not served, this version does not speak it: " + where);
            }
            return;
        }
        Disk disk = disks.get(decky.name());
        if (disk == null || !disk.persona().equals(decky.persona())) {
            disk = diskStore.attach(decky.name(), decky.persona());
            disks.put(decky.name(), disk);
        }
        DecoyContext context = new DecoyContext(
                decky.persona(),
                service.options(),
                clock,
                random,
                budget,
                disk,
                config.maxUpload().toInt());
        Endpoint endpoint = Endpoint.of(decky, service, implementation.on(context));
        ChannelFuture bound = new ServerBootstrap()
                .group(loops, loops)
                .channel(EpollServerSocketChannel.class)
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
                        accepted(endpoint, channel);
                    }
                })
                .bind(address)
                .await();
        if (bound.isSuccess()) {
            endpoint.socket().channel = bound.channel();
            endpoints.put(address, endpoint);
        } else {
            Throwable cause = bound.cause();
            problems.add(where + ": cannot listen: " + (cause == null ? "unknown" : cause.getMessage()));
        }
    }

    private void accepted(Endpoint endpoint, Channel channel) {
        Peer source = Peer.of((InetSocketAddress) channel.remoteAddress());
        Peer destination = Peer.of((InetSocketAddress) channel.localAddress());
        InetAddress address = source.address();
        switch (admission.admit(address)) {
            case ADMITTED -> {
                counters.increment(DecoysCounter.ACCEPTED);
                Connection connection = new Connection(this, endpoint, channel, newSession(), source, destination);
                endpoint.connections().add(connection);
                channel.pipeline().addLast(connection);
                channel.eventLoop().execute(connection::start);
            }
            case TOO_MANY -> {
                counters.increment(DecoysCounter.REFUSED_TOTAL);
                channel.close();
            }
            case SOURCE_FIRST -> {
                counters.increment(DecoysCounter.REFUSED_SOURCE);
                event(
                        endpoint,
                        Seen.of(
                                "limit_reached",
                                "limit",
                                "max-per-source",
                                "value",
                                Integer.toString(config.maxPerSource())),
                        newSession(),
                        source,
                        destination,
                        () -> {});
                channel.close();
            }
            case SOURCE_AGAIN -> {
                counters.increment(DecoysCounter.REFUSED_SOURCE);
                channel.close();
            }
        }
    }

    /** Of this run, so that whoever stores sessions knows that those of an earlier run are over; nothing an attacker sees. */
    private String newSession() {
        return run + HexFormat.of().toHexDigits(sessions.incrementAndGet());
    }

    private static String newRun(SecureRandom random) {
        byte[] id = new byte[6];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** @param written called when the event is written, on any thread */
    void event(Connection connection, Seen seen, Runnable written) {
        event(
                connection.endpoint(),
                seen,
                connection.session(),
                connection.source(),
                connection.destination(),
                written);
    }

    private void event(Endpoint endpoint, Seen seen, String session, Peer source, Peer destination, Runnable written) {
        Map<String, String> fields = EventFields.fit(seen.fields(), counters);
        Event event = Event.of(
                        clock.instant(),
                        endpoint.decky().name(),
                        endpoint.service().slug(),
                        seen.type(),
                        fields)
                .withConnection(session, source, destination);
        if (seen.content().isEmpty()) {
            offer(event, written);
            return;
        }
        Payload content = seen.content().get();
        try {
            work.execute(() -> offer(event.withFields(stored(content, fields)), written));
        } catch (RejectedExecutionException e) {
            counters.increment(DecoysCounter.BLOBS_LOST);
            offer(event, written);
        }
    }

    private Map<String, String> stored(Payload content, Map<String, String> fields) {
        Map<String, String> all = new LinkedHashMap<>(fields);
        blobs.store(content)
                .ifPresentOrElse(
                        hash -> {
                            counters.increment(DecoysCounter.BLOBS);
                            all.put("sha256", hash);
                        },
                        () -> counters.increment(DecoysCounter.BLOBS_LOST));
        all.putIfAbsent("size", Integer.toString(content.length()));
        return all;
    }

    private void offer(Event event, Runnable written) {
        outbox.offer(event, written);
        if (outbox.congested() && retrying.compareAndSet(false, true)) {
            accept(false);
            retry();
        }
    }

    private void retry() {
        loops.schedule(
                () -> {
                    if (outbox.drain()) {
                        retrying.set(false);
                        accept(true);
                        for (Endpoint endpoint : everyEndpoint()) {
                            for (Connection connection : endpoint.connections()) {
                                connection.channel().eventLoop().execute(connection::askForMore);
                            }
                        }
                    } else {
                        retry();
                    }
                },
                RETRY_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void accept(boolean on) {
        for (Endpoint endpoint : everyEndpoint()) {
            Channel channel = endpoint.socket().channel;
            if (channel != null) {
                channel.config().setAutoRead(on);
            }
        }
    }

    private List<Endpoint> everyEndpoint() {
        return List.copyOf(endpoints.values());
    }

    void released(Connection connection) {
        if (connection.endpoint().connections().remove(connection)) {
            admission.release(connection.source().address());
        }
    }

    void failed(Endpoint endpoint, Throwable cause) {
        counters.increment(DecoysCounter.DIALOGUES_FAILED);
        if (reported.size() < 100
                && reported.add(endpoint.service().slug() + cause.getClass().getName())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "dialogue failed service=" + endpoint.service().slug(),
                    cause);
        }
    }

    boolean congested() {
        return outbox.congested();
    }

    DecoysConfig config() {
        return config;
    }

    Counters counters() {
        return counters;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    Executor work() {
        return work;
    }

    /** Open connections now. */
    public int connections() {
        return admission.open();
    }

    private void shut(Endpoint endpoint) {
        Channel channel = endpoint.socket().channel;
        if (channel != null) {
            channel.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
        for (Connection connection : endpoint.connections()) {
            connection.channel().eventLoop().execute(() -> connection.finish("shutdown"));
        }
    }

    /** Closes listeners, then connections, hands on what is left to the sink, ends the threads. Idempotent. */
    @Override
    public void close() {
        everyEndpoint().forEach(this::shut);
        endpoints.clear();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (admission.open() > 0 && System.nanoTime() < end) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        work.shutdown();
        try {
            if (!work.awaitTermination(5, TimeUnit.SECONDS)) {
                work.shutdownNow();
            }
            while (!outbox.drain() && System.nanoTime() < end) {
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
        } catch (InterruptedException e) {
            work.shutdownNow();
            Thread.currentThread().interrupt();
        }
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
