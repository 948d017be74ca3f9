package decnet.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A bad line between two hosts: it passes bytes on, late, and is cut after any number of them, until {@link #heal}. Thread-safe. */
final class CutLine implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Random random;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong cuts = new AtomicLong();
    private volatile boolean bad = true;

    /** @param from where senders connect to, on a free port */
    CutLine(InetAddress from, InetSocketAddress target, long seed) throws IOException {
        this.server = new ServerSocket(0, 50, from);
        this.target = target;
        this.random = new Random(seed);
        Thread.ofPlatform().name("line").daemon(true).start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** How often it was cut. */
    long cuts() {
        return cuts.get();
    }

    /** Cuts whatever goes over it now. */
    void cut() {
        open.forEach(CutLine::end);
    }

    /** From now on it is a good line. */
    void heal() {
        bad = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            Socket far = new Socket();
            try {
                Socket near = server.accept();
                open.add(near);
                open.add(far);
                try {
                    far.connect(target, 2000);
                } catch (IOException e) {
                    end(near); // whoever called is to know that nobody is there
                    throw e;
                }
                // some connections live for the greeting only, some for long
                long up = bad ? (long) Math.pow(10, 2 + 4 * random.nextDouble()) : Long.MAX_VALUE;
                long down = bad ? (long) Math.pow(10, 2 + 3 * random.nextDouble()) : Long.MAX_VALUE;
                Thread.ofVirtual().start(() -> pass(near, far, up));
                Thread.ofVirtual().start(() -> pass(far, near, down));
            } catch (IOException e) {
                end(far);
                cuts.incrementAndGet(); // the other end is away, or this one was closed
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private void pass(Socket from, Socket to, long most) {
        byte[] chunk = new byte[4096];
        long passed = 0;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                if (bad) {
                    LockSupport.parkNanos(2_000_000);
                }
                int part = (int) Math.min(count, most - passed);
                out.write(chunk, 0, part);
                out.flush();
                passed += part;
                if (passed >= most) {
                    cuts.incrementAndGet();
                    return;
                }
            }
        } catch (IOException e) {
            cuts.incrementAndGet();
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
