package decnet.decoys;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a dialogue answers: what to send, what was seen, and how to go on.
 *
 * @param demands for dialogues with data connections; carried out after the replies are sent
 * @param delay how long replies wait, as the real server would; nothing more is read meanwhile
 * @param timer when to call {@link Dialogue#timer}, counted from the replies; a later step replaces it
 * @param startTls whether TLS begins behind the replies; {@link Dialogue#secured} follows, or the connection ends
 */
public record Step(
        List<Payload> replies,
        List<Seen> events,
        List<Demand> demands,
        Next next,
        Duration delay,
        Optional<Duration> timer,
        boolean startTls) {
    /** Nothing to say. */
    public static final Step NOTHING =
            new Step(List.of(), List.of(), List.of(), Next.GO_ON, Duration.ZERO, Optional.empty(), false);
    /** Close, without a word. */
    public static final Step CLOSE =
            new Step(List.of(), List.of(), List.of(), Next.CLOSE, Duration.ZERO, Optional.empty(), false);

    /** Whether the connection goes on. */
    public enum Next {
        GO_ON,
        /** Close when everything is sent. */
        CLOSE
    }

    /** Something about the data connection of a {@link DataDialogue}. */
    public sealed interface Demand {
        /** Listen on a free port of the decky's address; {@link DataDialogue#dataListening} tells which. */
        record Listen() implements Demand {}

        /** Wait for the peer to connect; {@link DataDialogue#dataConnected} or {@link DataDialogue#dataFailed} follows. */
        record Await() implements Demand {}

        /** Send and close; {@link DataDialogue#dataFinished} follows. */
        record Send(Payload bytes) implements Demand {}

        /** Read to the end; {@link DataDialogue#dataReceived} and at last {@link DataDialogue#dataFinished} follow. */
        record Receive() implements Demand {}

        /** Give up the data connection and its port. */
        record Drop() implements Demand {}
    }

    public Step {
        replies = List.copyOf(replies);
        events = List.copyOf(events);
        demands = List.copyOf(demands);
    }

    public static Step reply(Payload payload) {
        return new Step(List.of(payload), List.of(), List.of(), Next.GO_ON, Duration.ZERO, Optional.empty(), false);
    }

    public static Step reply(String text) {
        return reply(Payload.of(text));
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects a step. Not thread-safe. */
    public static final class Builder {
        private final List<Payload> replies = new ArrayList<>();
        private final List<Seen> events = new ArrayList<>();
        private final List<Demand> demands = new ArrayList<>();
        private Next next = Next.GO_ON;
        private Duration delay = Duration.ZERO;
        private Optional<Duration> timer = Optional.empty();
        private boolean startTls;

        private Builder() {}

        public Builder send(Payload payload) {
            replies.add(payload);
            return this;
        }

        /** UTF-8. */
        public Builder send(String text) {
            return send(Payload.of(text));
        }

        public Builder saw(Seen seen) {
            events.add(seen);
            return this;
        }

        public Builder demand(Demand demand) {
            demands.add(demand);
            return this;
        }

        /** The longest delay asked for counts. */
        public Builder delay(Duration atLeast) {
            delay = atLeast.compareTo(delay) > 0 ? atLeast : delay;
            return this;
        }

        public Builder timer(Duration after) {
            timer = Optional.of(after);
            return this;
        }

        /** What the peer sent in clear behind the request for TLS is thrown away. */
        public Builder startTls() {
            startTls = true;
            return this;
        }

        public Builder close() {
            next = Next.CLOSE;
            return this;
        }

        public boolean closing() {
            return next == Next.CLOSE;
        }

        public Builder add(Step step) {
            replies.addAll(step.replies());
            events.addAll(step.events());
            demands.addAll(step.demands());
            next = step.next() == Next.CLOSE ? Next.CLOSE : next;
            timer = step.timer().or(() -> timer);
            startTls |= step.startTls();
            return delay(step.delay());
        }

        public Step build() {
            return new Step(replies, events, demands, next, delay, timer, startTls);
        }
    }
}
