package decnet.decoys;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Peer;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.Fleet;
import decnet.topology.Routes;
import decnet.topology.ServiceCatalogue;
import decnet.topology.ServicePort;
import decnet.topology.Transport;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Serves deckies: owns their sockets, limits, time-outs, sessions, events and counters. {@link #serve} and {@link #close} are called
 * by one thread; everything else is its own.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what matters is told by listeners and channel events
public final class Engine implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Engine.class.getName());
    private static final int WORK_QUEUE = 20_000;
    private static final long RETRY_MILLIS = 20;
    private static final int FIRST_EPHEMERAL = 32_768;
    private static final int EPHEMERALS = 28_000;

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
    private final Sockets sockets;
    private final ThreadPoolExecutor work;
    private final Map<Place, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final Map<DeckyName, Disk> disks = new HashMap<>();
    private final DiskStore diskStore;
    private final AtomicBoolean retrying = new AtomicBoolean();
    private final Set<String> reported = ConcurrentHashMap.newKeySet();
    private volatile Descriptors descriptors = Descriptors.NONE;
    private volatile Neighbourhood neighbourhood = Neighbourhood.NONE;
    private volatile BaitIndex bait = BaitIndex.NONE;

    /** Where a socket is. */
    private record Place(InetSocketAddress address, Transport transport) {}

    /** What is to listen at a place. */
    private record Wanted(Decky decky, DeckyService service, ServicePort port, ServicePort wellKnown) {
        Place place() {
            return new Place(new InetSocketAddress(decky.address(), port.number()), port.transport());
        }
    }

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
        this.budget = new Budget(config.captureMemory().bytes());
        this.admission = new Admission(config, budget);
        this.loops = new MultiThreadIoEventLoopGroup(
                config.eventLoops(), new DefaultThreadFactory("worker-decoys-loop"), EpollIoHandler.newFactory());
        this.sockets = new Sockets(loops, allocator);
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

    /** As {@link #serve(List, Descriptors)}, with sockets of its own. */
    public List<Unserved> serve(List<Decky> deckies) throws InterruptedException {
        return serve(deckies, Descriptors.NONE);
    }

    /**
     * Makes what is served equal to {@code deckies}: opens what is missing, closes what is gone or different, leaves the rest alone.
     *
     * @param descriptors asked for each socket that is missing
     * @return what could not be opened; it is tried again at the next call
     */
    public List<Unserved> serve(List<Decky> deckies, Descriptors descriptors) throws InterruptedException {
        return serve(deckies, Optional.empty(), descriptors);
    }

    /** As {@link #serve(List, Descriptors)}, but its machines reach each other only where the topology leads. */
    public List<Unserved> serve(Fleet fleet, Descriptors descriptors) throws InterruptedException {
        return serve(fleet.deckies(), Optional.of(Routes.of(fleet)), descriptors);
    }

    private List<Unserved> serve(List<Decky> deckies, Optional<Routes> routes, Descriptors descriptors)
            throws InterruptedException {
        this.descriptors = descriptors;
        Map<Place, Wanted> wanted = wanted(deckies);
        for (Map.Entry<Place, Endpoint> open : List.copyOf(endpoints.entrySet())) {
            Wanted same = wanted.get(open.getKey());
            if (same == null || !open.getValue().same(same.decky(), same.service())) {
                endpoints.remove(open.getKey());
                shut(open.getValue());
            }
        }
        Set<DeckyName> names = Set.copyOf(deckies.stream().map(Decky::name).toList());
        disks.keySet().retainAll(names);
        diskStore.retain(names);
        admission.retain(names);
        List<Unserved> problems = new ArrayList<>();
        for (Map.Entry<Place, Wanted> one : wanted.entrySet()) {
            if (!endpoints.containsKey(one.getKey())) {
                open(one.getKey(), one.getValue(), descriptors, problems);
            }
        }
        neighbourhood = Neighbourhood.of(deckies, everyEndpoint(), routes);
        bait = BaitIndex.of(deckies);
        return problems;
    }

    private static Map<Place, Wanted> wanted(List<Decky> deckies) {
        Map<Place, Wanted> wanted = new LinkedHashMap<>();
        for (Decky decky : deckies) {
            for (DeckyService service : decky.services()) {
                List<ServicePort> known = ServiceCatalogue.find(service.slug())
                        .map(spec -> spec.ports().isEmpty() ? service.ports() : spec.ports())
                        .orElse(service.ports());
                for (int i = 0; i < service.ports().size(); i++) {
                    ServicePort port = service.ports().get(i);
                    Wanted one = new Wanted(decky, service, port, i < known.size() ? known.get(i) : port);
                    wanted.put(one.place(), one);
                }
            }
        }
        return wanted;
    }

    private void open(Place place, Wanted wanted, Descriptors descriptors, List<Unserved> problems)
            throws InterruptedException {
        Decky decky = wanted.decky();
        DeckyService service = wanted.service();
        String slug = service.slug().startsWith(ServiceCatalogue.CUSTOM) ? ServiceCatalogue.CUSTOM : service.slug();
        DecoyService implementation = services.get(slug);
        if (implementation == null) {
            if (reported.add(decky.name() + " " + service.slug())) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        () -> "not served, this version does not speak it: " + decky.name() + " " + service.slug());
            }
            return;
        }
        OptionalInt descriptor =
                switch (descriptors.take(decky, wanted.port())) {
                    case Descriptors.Taken taken -> OptionalInt.of(taken.descriptor());
                    case Descriptors.Own _ -> OptionalInt.empty();
                    case Descriptors.Missing missing -> {
                        problems.add(new Unserved(decky.name(), service.slug() + " has no socket: " + missing.why()));
                        yield OptionalInt.of(-1);
                    }
                };
        if (descriptor.orElse(0) < 0) {
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
                new Surroundings(decky.name(), () -> neighbourhood),
                config.maxUpload().toInt());
        DialogueFactory factory = implementation.on(context);
        Endpoint endpoint = new Endpoint(
                decky,
                service,
                wanted.port(),
                wanted.wellKnown(),
                factory,
                () -> TlsServer.of(decky.persona(), factory::alpn));
        ChannelFuture listening = sockets.listen(
                        endpoint,
                        place.address(),
                        descriptor,
                        channel -> accepted(endpoint, channel),
                        new DatagramListener(this, endpoint))
                .await();
        if (listening.isSuccess()) {
            endpoint.listening(listening.channel());
            endpoints.put(place, endpoint);
        } else {
            Throwable cause = listening.cause();
            problems.add(new Unserved(
                    decky.name(),
                    endpoint.place() + ": cannot listen: " + (cause == null ? "unknown" : cause.getMessage())));
        }
    }

    private void accepted(Endpoint endpoint, Channel channel) {
        Optional<SocketCarrier> carrier = accept(
                endpoint,
                (InetSocketAddress) channel.remoteAddress(),
                (InetSocketAddress) channel.localAddress(),
                opener -> new SocketCarrier(this, endpoint, channel, opener));
        if (carrier.isEmpty()) {
            channel.close();
            return;
        }
        carrier.get().begin();
        channel.eventLoop().execute(carrier.get().connection()::start);
    }

    /**
     * Admits somebody, or tells why not.
     *
     * @param make makes the carrier, which makes its connection with what it is given
     */
    <C extends Carrier> Optional<C> accept(
            Endpoint endpoint,
            InetSocketAddress source,
            InetSocketAddress destination,
            Function<Connection.Opener, C> make) {
        return accept(endpoint, Peer.of(source), Peer.of(destination), Map.of(), make);
    }

    private <C extends Carrier> Optional<C> accept(
            Endpoint endpoint,
            Peer source,
            Peer destination,
            Map<String, String> origin,
            Function<Connection.Opener, C> make) {
        Admission.Verdict verdict =
                admission.admit(source.address(), endpoint.decky().name(), System.nanoTime());
        if (verdict.pass().isEmpty()) {
            refused(endpoint, verdict, source, destination);
            return Optional.empty();
        }
        counters.increment(DecoysCounter.ACCEPTED);
        Connection.Visit visit = new Connection.Visit(
                newSession(), source, destination, verdict.pass().get(), origin);
        C made = make.apply(carrier -> {
            Connection connection = new Connection(this, endpoint, carrier, visit);
            endpoint.connections().add(connection);
            return connection;
        });
        return Optional.of(made);
    }

    private void refused(Endpoint endpoint, Admission.Verdict verdict, Peer source, Peer destination) {
        counters.increment(
                switch (verdict.reason()) {
                    case SOURCE -> DecoysCounter.REFUSED_SOURCE;
                    case SOURCE_RATE -> DecoysCounter.REFUSED_SOURCE_RATE;
                    case DECKY -> DecoysCounter.REFUSED_DECKY;
                    case DECKY_RATE -> DecoysCounter.REFUSED_DECKY_RATE;
                    case TOTAL, ADMITTED -> DecoysCounter.REFUSED_TOTAL;
                });
        if (verdict.first()) {
            Seen seen =
                    switch (verdict.reason()) {
                        case SOURCE ->
                            limit("max-per-source", config.perSource().open());
                        case SOURCE_RATE ->
                            limit("rate-per-source", config.perSource().openings());
                        case DECKY -> limit("max-per-decky", config.perDecky().open());
                        case DECKY_RATE ->
                            limit("rate-per-decky", config.perDecky().openings());
                        case TOTAL, ADMITTED -> limit("max-connections", config.maxConnections());
                    };
            event(endpoint, seen, newSession(), source, destination, () -> {});
        }
    }

    private static Seen limit(String limit, int value) {
        return Seen.of("limit_reached", "limit", limit, "value", Integer.toString(value));
    }

    /** Connects from one machine of the fleet to another, if it listens there. @param freed called when the line has ended */
    Reach connect(Connection from, InetAddress address, int port, Line.Visitor visitor, Consumer<Line> freed) {
        Neighbourhood now = neighbourhood;
        Optional<Routes.Way> way = now.way(from.endpoint().decky().name(), address);
        Optional<Endpoint> target = way.flatMap(_ -> now.endpoint(address, port));
        String outcome = target.isPresent() ? "open" : way.isPresent() ? "refused" : "silent";
        from.saw(Seen.of(
                "lateral_connect",
                "address",
                address.getHostAddress(),
                "port",
                Integer.toString(port),
                "target",
                target.map(endpoint -> endpoint.decky().name().text()).orElse(""),
                "outcome",
                outcome));
        if (target.isEmpty()) {
            return way.isPresent() ? new Reach.Refused() : new Reach.Silent();
        }
        Peer source = new Peer(from.endpoint().decky().address(), FIRST_EPHEMERAL + random.nextInt(EPHEMERALS));
        Map<String, String> origin = Map.of(
                "origin_decky", from.endpoint().decky().name().text(),
                "origin_session", from.visit().session());
        Optional<InnerCarrier> carrier = accept(
                target.get(),
                source,
                new Peer(address, port),
                origin,
                opener -> new InnerCarrier(
                        this,
                        loops.next(),
                        way.map(Routes.Way::latencyMillis).orElse(0),
                        from,
                        visitor,
                        freed,
                        opener));
        if (carrier.isEmpty()) {
            return new Reach.Silent();
        }
        counters.increment(DecoysCounter.INNER);
        carrier.get().begin();
        return new Reach.Open(carrier.get());
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
        Connection.Visit visit = connection.visit();
        event(connection.endpoint(), seen, visit.session(), visit.source(), visit.destination(), written);
        bait.used(seen)
                .ifPresent(used -> event(
                        connection.endpoint(), used, visit.session(), visit.source(), visit.destination(), () -> {}));
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
            acceptMore(false);
            retry();
        }
    }

    private void retry() {
        loops.schedule(
                () -> {
                    if (outbox.drain()) {
                        retrying.set(false);
                        acceptMore(true);
                        for (Endpoint endpoint : everyEndpoint()) {
                            for (Connection connection : endpoint.connections()) {
                                connection.carrier().loop().execute(connection::askForMore);
                            }
                        }
                    } else {
                        retry();
                    }
                },
                RETRY_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void acceptMore(boolean on) {
        everyEndpoint().forEach(endpoint -> endpoint.channel()
                .ifPresent(channel -> channel.config().setAutoRead(on)));
    }

    private List<Endpoint> everyEndpoint() {
        return List.copyOf(endpoints.values());
    }

    void released(Connection connection) {
        if (connection.endpoint().connections().remove(connection)) {
            admission.release(connection.visit().pass());
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

    InstantSource clock() {
        return clock;
    }

    SecureRandom random() {
        return random;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    Executor work() {
        return work;
    }

    /** Asks for a socket for one conversation beside a connection; blocks. */
    Descriptors.Offer dataSocket(Endpoint endpoint) {
        return descriptors.takeData(endpoint.decky());
    }

    /** Open connections now. */
    public int connections() {
        return admission.open();
    }

    /**
     * Closes everything of some machines; {@link #serve(Fleet, Descriptors)} opens it anew.
     *
     * @return whether there was anything
     */
    boolean drop(Set<DeckyName> names) {
        boolean any = false;
        for (Map.Entry<Place, Endpoint> open : List.copyOf(endpoints.entrySet())) {
            if (names.contains(open.getValue().decky().name())) {
                endpoints.remove(open.getKey());
                shut(open.getValue());
                any = true;
            }
        }
        return any;
    }

    private void shut(Endpoint endpoint) {
        endpoint.channel().ifPresent(channel -> channel.close().awaitUninterruptibly(5, TimeUnit.SECONDS));
        for (Connection connection : endpoint.connections()) {
            connection.carrier().loop().execute(() -> connection.finish("shutdown"));
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
