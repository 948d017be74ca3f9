package decnet.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One publisher and several subscribers against any broker: one thread, non-blocking sockets, at most 500 messages in flight. */
final class LoadGenerator implements AutoCloseable {
    static final String TOKEN = "bench-token";
    static final int PAYLOAD_BYTES = 200;
    static final int WINDOW = 500;

    private static final int PING_BYTES = 6;
    private static final long STUCK_NANOS = 3_000_000_000L;

    /** @param perSecond deliveries @param lost of those due */
    record Throughput(double perSecond, long lost) {}

    /** One-way, in microseconds. */
    record Latency(double p50, double p99) {}

    private final Dialect dialect;
    private final SocketChannel publisher;
    private final List<SocketChannel> subscribers = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);

    LoadGenerator(Dialect dialect, SocketAddress address, int readers) throws IOException {
        this.dialect = dialect;
        for (int i = 0; i < readers; i++) {
            subscribers.add(connect(address, true));
        }
        publisher = connect(address, false);
    }

    private SocketChannel connect(SocketAddress address, boolean subscriber) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        if (address instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        ByteBuffer hello = ByteBuffer.wrap(dialect.hello(subscriber));
        while (hello.hasRemaining()) {
            channel.write(hello);
        }
        StringBuilder greeting = new StringBuilder();
        while (!greeting.toString().endsWith(dialect.greetingEnd(subscriber))) {
            ByteBuffer some = ByteBuffer.allocate(4096);
            if (channel.read(some) < 0) {
                throw new IOException("refused: " + greeting);
            }
            greeting.append(new String(some.array(), 0, some.position(), StandardCharsets.US_ASCII));
        }
        return channel;
    }

    Throughput throughput(long nanos) throws IOException {
        String payload = "{\"n\":\"" + "x".repeat(PAYLOAD_BYTES - 8) + "\"}";
        byte[] frame = dialect.publish(payload);
        int delivered = dialect.delivery(payload).length;
        ByteBuffer frames = ByteBuffer.allocateDirect(frame.length * WINDOW);
        for (int i = 0; i < WINDOW; i++) {
            frames.put(frame);
        }
        long[] received = new long[subscribers.size()];
        long sentBytes = 0;
        try (Selector selector = Selector.open()) {
            publisher.configureBlocking(false);
            SelectionKey publishing = publisher.register(selector, SelectionKey.OP_READ);
            for (int i = 0; i < received.length; i++) {
                subscribers.get(i).configureBlocking(false);
                subscribers.get(i).register(selector, SelectionKey.OP_READ, i);
            }
            long began = System.nanoTime();
            long progress = began;
            while (true) {
                long now = System.nanoTime();
                boolean sending = now - began < nanos;
                long least = Arrays.stream(received).min().orElse(0) / delivered;
                long limit = (least + WINDOW) * frame.length;
                if (!sending) {
                    // only a frame that was begun is finished
                    limit = (sentBytes + frame.length - 1) / frame.length * frame.length;
                }
                if (sentBytes < limit) {
                    int from = (int) (sentBytes % frame.length);
                    frames.limit((int) Math.min(frames.capacity(), from + limit - sentBytes))
                            .position(from);
                    sentBytes += publisher.write(frames);
                }
                boolean blocked = sentBytes < limit;
                publishing.interestOps(SelectionKey.OP_READ | (blocked ? SelectionKey.OP_WRITE : 0));
                if (!sending && !blocked && least * frame.length == sentBytes || now - progress > STUCK_NANOS) {
                    return result(received, delivered, sentBytes / frame.length, now - began);
                }
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    if (!key.isReadable()) {
                        continue;
                    }
                    in.clear();
                    int length = ((SocketChannel) key.channel()).read(in);
                    if (key.attachment() instanceof Integer index && length > 0) {
                        received[index] += length;
                        progress = now;
                    }
                }
                selector.selectedKeys().clear();
            }
        } finally {
            publisher.configureBlocking(true);
            for (SocketChannel subscriber : subscribers) {
                subscriber.configureBlocking(true);
            }
        }
    }

    private static Throughput result(long[] received, int delivered, long sent, long nanos) {
        long got = Arrays.stream(received).map(bytes -> bytes / delivered).sum();
        return new Throughput(got * 1e9 / nanos, sent * received.length - got);
    }

    /** @param count of messages, one each millisecond; the first fifth is not counted */
    Latency latency(int count) throws IOException, InterruptedException {
        SocketChannel subscriber = subscribers.get(0);
        String empty = "0".repeat(PAYLOAD_BYTES);
        int size = dialect.delivery(empty).length;
        int payloadAt = size - 2 - PAYLOAD_BYTES;
        Thread sender = Thread.ofPlatform().name("bench-sender").start(() -> send(count));
        double[] micros = new double[count];
        ByteBuffer message = ByteBuffer.allocateDirect(size);
        byte[] stamp = new byte[16];
        for (int i = 0; i < count; i++) {
            message.clear();
            while (message.hasRemaining()) {
                if (subscriber.read(message) < 0) {
                    throw new IOException("cut off");
                }
                if (message.position() >= PING_BYTES && message.get(0) == 'P') {
                    // the server asks for a sign of life
                    message.flip().position(PING_BYTES);
                    message.compact();
                }
            }
            long now = System.nanoTime();
            message.get(payloadAt, stamp);
            micros[i] = (now - Long.parseUnsignedLong(new String(stamp, StandardCharsets.US_ASCII), 16)) / 1e3;
        }
        sender.join();
        double[] counted = Arrays.copyOfRange(micros, count / 5, count);
        Arrays.sort(counted);
        return new Latency(counted[counted.length / 2], counted[counted.length * 99 / 100]);
    }

    private void send(int count) {
        ByteBuffer answers = ByteBuffer.allocateDirect(4096);
        try {
            long next = System.nanoTime();
            for (int i = 0; i < count; i++) {
                next += 1_000_000;
                LockSupport.parkNanos(next - System.nanoTime());
                String payload = String.format("%016x", System.nanoTime()) + "0".repeat(PAYLOAD_BYTES - 16);
                ByteBuffer frame = ByteBuffer.wrap(dialect.publish(payload));
                while (frame.hasRemaining()) {
                    publisher.write(frame);
                }
                if (dialect == Dialect.RESP) {
                    answers.clear();
                    publisher.read(answers);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel subscriber : subscribers) {
            subscriber.close();
        }
        publisher.close();
    }
}
