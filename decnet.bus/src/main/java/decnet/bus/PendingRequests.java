package decnet.bus;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Questions that await an answer, at most {@value #MOST} at a time. Thread-safe. */
final class PendingRequests {
    static final int MOST = 1024;

    private final Map<String, BlockingQueue<Optional<ObjectNode>>> slots = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();

    PendingRequests() {}

    /** A new question; empty if too many are open. */
    Optional<String> open() {
        if (slots.size() >= MOST) {
            return Optional.empty();
        }
        String token = Long.toString(next.incrementAndGet(), Character.MAX_RADIX);
        slots.put(token, new ArrayBlockingQueue<>(1));
        return Optional.of(token);
    }

    /** Waits for the answer to {@code token} and forgets the question. */
    Optional<ObjectNode> await(String token, Duration timeout) throws InterruptedException {
        BlockingQueue<Optional<ObjectNode>> slot = slots.get(token);
        try {
            Optional<ObjectNode> answer = slot == null ? null : slot.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return answer == null ? Optional.empty() : answer;
        } finally {
            slots.remove(token);
        }
    }

    /** Brings an answer; empty means that nobody will give one. A second answer is ignored. */
    void answer(String token, Optional<ObjectNode> answer) {
        BlockingQueue<Optional<ObjectNode>> slot = slots.get(token);
        if (slot != null && !slot.offer(answer)) {
            return;
        }
    }

    /** Tells everyone that no answer will come. */
    void abandon() {
        slots.keySet().forEach(token -> answer(token, Optional.empty()));
    }
}
