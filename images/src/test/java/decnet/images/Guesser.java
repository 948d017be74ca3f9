package decnet.images;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Guesses passwords of a Redis decoy until it is closed, each another one, and remembers which of them were answered. Connects again
 * when it is cut off. The guesses are given at a pace that leaves the machine time for the rest.
 */
final class Guesser implements AutoCloseable {
    private static final int MOST = 400_000;
    private static final long PACE_NANOS = 20_000_000;

    private final String prefix;
    private final InetSocketAddress target;
    private final AtomicLong number = new AtomicLong();
    private final AtomicInteger answers = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> answered = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private Guesser(String prefix, InetSocketAddress target) {
        this.prefix = prefix;
        this.target = target;
    }

    static Guesser start(String prefix, Installation.Service redis, int connections) {
        Guesser guesser = new Guesser(prefix, redis.socket());
        for (int i = 0; i < connections; i++) {
            guesser.threads.add(Thread.ofPlatform().name("guesser-" + i).start(guesser::guess));
        }
        return guesser;
    }

    private void guess() {
        while (!closed && number.get() < MOST) {
            try (Socket socket = new Socket()) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(10_000);
                socket.connect(target, 2000);
                talk(socket);
            } catch (IOException e) {
                LockSupport.parkNanos(20_000_000); // the decoys are away
            }
        }
    }

    private void talk(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        while (!closed && number.get() < MOST) {
            String password = prefix + number.incrementAndGet();
            socket.getOutputStream().write(("AUTH " + password + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            String reply = in.readLine();
            if (reply == null) {
                return;
            }
            if (reply.startsWith("-")) {
                answered.add(password);
                answers.incrementAndGet();
            }
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    /** How many passwords the decoy has answered. */
    int answers() {
        return answers.get();
    }

    /** Ends it. @return the passwords the decoy has answered */
    List<String> stop() {
        close();
        return List.copyOf(answered);
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
