package decnet.runtime;

import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service manager how this process is, as sd_notify(3) describes: a datagram of lines {@code NAME=value} to the socket that
 * {@code $NOTIFY_SOCKET} names, a path or, after {@code @}, an abstract name. Where the variable is unset every method does nothing
 * and loads nothing.
 *
 * <p>It never blocks and never throws: what cannot be sent is counted, and the first of each kind is logged. Thread-safe.
 */
final class ServiceNotifier {
    private static final System.Logger LOG = System.getLogger(ServiceNotifier.class.getName());
    private static final int MOST_BYTES = 512;

    private final @Nullable String address;
    private final @Nullable Duration watchdog;
    private final Counters counters;
    private final Object lock = new Object();
    private boolean failed;
    private String lastStatus = "";
    private long nextAlive = System.nanoTime();

    private ServiceNotifier(@Nullable String address, @Nullable Duration watchdog, Counters counters) {
        this.address = address;
        this.watchdog = watchdog;
        this.counters = counters;
    }

    /**
     * Reads {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC} and {@code WATCHDOG_PID}. A time-out that is meant for another process, or is
     * no positive number, counts as none.
     */
    static ServiceNotifier of(Map<String, String> environment, Counters counters) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        boolean known = socket.startsWith("/") || socket.startsWith("@");
        return new ServiceNotifier(known ? socket : null, known ? watchdog(environment) : null, counters);
    }

    private static @Nullable Duration watchdog(Map<String, String> environment) {
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        if (!micros.matches("[1-9]\\d{0,17}")
                || !(pid.isEmpty()
                        || pid.equals(Long.toString(ProcessHandle.current().pid())))) {
            return null;
        }
        return Duration.ofNanos(Math.multiplyExact(Math.min(Long.parseLong(micros), Long.MAX_VALUE / 1000), 1000));
    }

    /** How often to call {@link #alive} at least: {@code usual}, or half the watchdog's time where that is less. */
    Duration period(Duration usual) {
        Duration limit = watchdog;
        return limit == null || limit.dividedBy(2).compareTo(usual) > 0 ? usual : limit.dividedBy(2);
    }

    /** The process serves. */
    void ready() {
        send("READY=1");
    }

    /**
     * A sign of life; call it from a thread whose life proves that of the process, as often as you like: it is sent three times within
     * the watchdog's time.
     */
    void alive() {
        Duration limit = watchdog;
        if (limit == null) {
            return;
        }
        synchronized (lock) {
            long now = System.nanoTime();
            if (now - nextAlive < 0) {
                return;
            }
            nextAlive = now + limit.toNanos() / 3;
        }
        send("WATCHDOG=1");
    }

    void stopping() {
        send("STOPPING=1");
    }

    /** One line for people; longer ones are cut, a repeated one is not sent again. */
    void status(String text) {
        if (address == null) {
            return;
        }
        String line = text.replaceAll("\\p{Cntrl}", " ");
        synchronized (lock) {
            if (line.equals(lastStatus)) {
                return;
            }
            lastStatus = line;
        }
        send("STATUS=" + line);
    }

    private void send(String message) {
        String to = address;
        if (to == null) {
            return;
        }
        synchronized (lock) {
            try {
                if (!deliver(to, message)) {
                    throw new IOException("its queue is full");
                }
                failed = false;
            } catch (IOException | RuntimeException | LinkageError e) {
                counters.increment(RuntimeCounter.SERVICE_NOTICES_LOST);
                if (!failed) {
                    LOG.log(WARNING, () -> "service manager not reached socket=" + to + ": " + e);
                }
                failed = true;
            }
        }
    }

    /** A socket for each message: they are rare, and a manager that was replaced listens on a new one. */
    private static boolean deliver(String to, String message) throws IOException {
        Epoll.ensureAvailability(); // every process has Netty's library for the bus; Java has no such sockets
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, MOST_BYTES);
        ByteBuffer datagram = ByteBuffer.allocateDirect(length).put(bytes, 0, length);
        Socket socket = Socket.newSocketDomainDgram();
        try {
            String path = to.startsWith("@") ? "\0" + to.substring(1) : to;
            socket.connect(new DomainSocketAddress(path));
            return socket.write(datagram, 0, length) == length;
        } finally {
            socket.close();
        }
    }
}
