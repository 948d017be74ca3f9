package decnet.decoys;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Peer;
import decnet.topology.ServicePort;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A conversation with one dialogue, without engine and sockets: send, and look at what came back. */
public final class Script {
    private final Dialogue dialogue;
    private final StringBuilder said = new StringBuilder();
    public final List<Seen> events = new ArrayList<>();
    public final List<Step.Demand> demands = new ArrayList<>();
    public boolean closed;
    public Duration delay = Duration.ZERO;

    public Script(DialogueFactory factory) {
        this(factory.open(new DialogueFactory.Opening(
                Peer.of("127.9.9.9", 40000),
                Peer.of("127.1.1.1", 1),
                ServicePort.tcp(1),
                new Budget(1 << 20),
                new Nowhere())));
    }

    public Script(Dialogue dialogue) {
        this.dialogue = dialogue;
        take(dialogue.opened(Peer.of("127.9.9.9", 40000)));
    }

    public Dialogue dialogue() {
        return dialogue;
    }

    /** Latin-1. */
    public Script send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Script send(byte[] bytes) {
        if (!closed && bytes.length > 0) {
            take(dialogue.received(ByteBuffer.wrap(bytes)));
        }
        return this;
    }

    public Script take(Step step) {
        step.replies().forEach(payload -> said.append(new String(payload.bytes(), StandardCharsets.ISO_8859_1)));
        events.addAll(step.events());
        demands.addAll(step.demands());
        delay = step.delay();
        closed |= step.next() == Step.Next.CLOSE;
        return this;
    }

    /** What was said since the last call. */
    public String said() {
        String text = said.toString();
        said.setLength(0);
        return text;
    }

    public Script expect(String text) {
        assertThat(said()).isEqualTo(text);
        return this;
    }

    public List<Seen> events(String type) {
        return events.stream().filter(event -> event.type().equals(type)).toList();
    }

    /** Feeds random bytes, half of them made of words the protocol knows. The dialogue must not throw. */
    public static void fuzz(DialogueFactory factory, long seed, int rounds, List<String> words) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < rounds; i++) {
            Script script = new Script(factory);
            for (int j = random.nextInt(1, 30); j > 0 && !script.closed; j--) {
                if (random.nextBoolean()) {
                    byte[] bytes = new byte[random.nextInt(1, 200)];
                    random.nextBytes(bytes);
                    script.send(bytes);
                } else {
                    script.send(words.get(random.nextInt(words.size())));
                }
                assertThat(script.said().length()).isLessThan(2 << 20);
            }
            script.take(script.dialogue().closed());
        }
    }

    private static final class Nowhere implements Outlet {
        @Override
        public void send(Payload bytes, Consumer<Boolean> done) {
            done.accept(true);
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void saw(Seen seen) {}

        @Override
        public void close() {}

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void schedule(Duration after, Runnable task) {}

        @Override
        public Reach connect(InetAddress address, int port, Line.Visitor visitor) {
            return new Reach.Silent();
        }
    }
}
