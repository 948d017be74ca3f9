package decnet.bus;

import java.util.ArrayDeque;
import java.util.Optional;

/** Messages that wait for their handlers, bounded in number and bytes; the oldest give way. Thread-safe. */
final class DeliveryQueue {
    /** A message as it came. @param reply empty text if no answer is awaited @param block headers and payload */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Delivery(LocalSubscription subscription, String subject, String reply, byte[] block, int headerLength) {}

    private final int maxLength;
    private final long maxBytes;
    private final ArrayDeque<Delivery> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean ended;

    DeliveryQueue(int maxLength, long maxBytes) {
        this.maxLength = maxLength;
        this.maxBytes = maxBytes;
    }

    /** @return how many older messages gave way */
    synchronized int add(Delivery delivery) {
        int dropped = 0;
        while (!waiting.isEmpty() && (waiting.size() >= maxLength || bytes + delivery.block().length > maxBytes)) {
            bytes -= waiting.removeFirst().block().length;
            dropped++;
        }
        waiting.addLast(delivery);
        bytes += delivery.block().length;
        notifyAll();
        return dropped;
    }

    /** Waits for the next; empty at the end. */
    synchronized Optional<Delivery> take() throws InterruptedException {
        while (waiting.isEmpty() && !ended) {
            wait();
        }
        Delivery next = waiting.pollFirst();
        if (next == null || ended) {
            return Optional.empty();
        }
        bytes -= next.block().length;
        return Optional.of(next);
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }
}
