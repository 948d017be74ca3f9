package decnet.decoys.realism;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Peer;
import decnet.decoys.Budget;
import decnet.decoys.DataDialogue;
import decnet.decoys.DecoyService;
import decnet.decoys.DecoyServices;
import decnet.decoys.Dialogue;
import decnet.decoys.DialogueFactory;
import decnet.decoys.Fixtures;
import decnet.decoys.Line;
import decnet.decoys.Outlet;
import decnet.decoys.Payload;
import decnet.decoys.Reach;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import decnet.topology.Persona;
import decnet.topology.ServiceCatalogue;
import decnet.topology.ServicePort;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random bytes, and sessions of the comparisons with bytes changed, left out, doubled and cut anywhere, into every service there is.
 * Nothing may escape, replies stay bounded, and a fresh connection still answers. {@code -Drealism.fuzz.seconds} makes it longer.
 */
class FuzzTest {
    private static final int MAX_REPLY = 8 << 20;

    private static final String OWN_SCRIPT =
            "open\nsend \"hello\"\non \"*a*\"\nset x \"$x$1\"\nsend \"$x\"\non \"*\"\nlogin \"$1\" \"$x\"\n";

    static Stream<String> services() {
        return DecoyServices.all().stream().map(DecoyService::slug);
    }

    @ParameterizedTest
    @MethodSource("services")
    void nothingThatArrivesBreaksADialogue(String slug) {
        long seconds = Long.getLong("realism.fuzz.seconds", 1);
        long seed = Long.getLong("realism.fuzz.seed", 20_261_130);
        DecoyService service = DecoyServices.all().stream()
                .filter(one -> one.slug().equals(slug))
                .findFirst()
                .orElseThrow();
        boolean own = slug.equals(ServiceCatalogue.CUSTOM);
        Persona persona = Subjects.persona("debian12", own ? "telnet" : slug, "none", "1");
        if (slug.equals("ssh")) {
            persona = persona.withHostKeys(Subjects.hostKeys());
        }
        DialogueFactory factory = service.on(Fixtures.context(persona, own ? Map.of("script", OWN_SCRIPT) : Map.of()));
        List<byte[]> sessions = sessions(slug);
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        for (long round = 0; System.nanoTime() < end; round++) {
            SplittableRandom random = new SplittableRandom(seed + round);
            byte[] bytes = sessions.isEmpty() || random.nextInt(4) == 0
                    ? noise(random)
                    : mutated(sessions.get(random.nextInt(sessions.size())), random);
            play(factory, bytes, random, slug + " seed " + (seed + round));
        }
    }

    /** What the comparisons of a service send, one array for each connection. */
    private static List<byte[]> sessions(String slug) {
        List<byte[]> sessions = new ArrayList<>();
        for (Subject subject : Subjects.all()) {
            if (subject.slug().equals(slug)) {
                for (Conversation conversation : subject.conversations().get()) {
                    ByteBuffer all = ByteBuffer.allocate(1 << 16);
                    conversation.actions().forEach(action -> {
                        byte[] bytes = action.payload();
                        all.put(bytes, 0, Math.min(bytes.length, all.remaining()));
                    });
                    byte[] session = new byte[all.flip().remaining()];
                    all.get(session);
                    sessions.add(session);
                }
            }
        }
        return sessions;
    }

    private static byte[] noise(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(1, 600)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] mutated(byte[] session, SplittableRandom random) {
        byte[] bytes = session.clone();
        for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(random.nextInt(1, 40), bytes.length - at);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes = joined(bytes, 0, at, bytes, at + length, bytes.length);
                case 2 -> bytes = joined(bytes, 0, at + length, bytes, at, bytes.length);
                default -> bytes = joined(bytes, 0, at, noise(random), 0, 10);
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] one, int from, int to, byte[] other, int otherFrom, int otherTo) {
        int end = Math.max(otherFrom, Math.min(otherTo, other.length));
        byte[] all = new byte[to - from + end - Math.min(otherFrom, end)];
        System.arraycopy(one, from, all, 0, to - from);
        System.arraycopy(other, Math.min(otherFrom, end), all, to - from, all.length - (to - from));
        return all;
    }

    private static void play(DialogueFactory factory, byte[] bytes, SplittableRandom random, String name) {
        Peer peer = Peer.of("127.9.9.9", 40_000);
        Sink sink = new Sink();
        Dialogue dialogue = factory.open(new DialogueFactory.Opening(
                peer, Peer.of("127.1.1.1", 1), ServicePort.tcp(1), new Budget(1 << 20), sink));
        try {
            boolean closing = sink.took(dialogue.opened(peer));
            int at = 0;
            while (at < bytes.length && !closing) {
                int length = Math.min(bytes.length - at, random.nextInt(1, 400));
                closing = sink.took(
                        dialogue.received(ByteBuffer.wrap(bytes, at, length).slice()));
                at += length;
                if (random.nextInt(20) == 0) {
                    closing |= sink.took(dialogue.timer());
                }
                if (dialogue instanceof DataDialogue data && random.nextInt(10) == 0) {
                    closing |= sink.took(random.nextBoolean() ? data.dataFailed() : data.dataListening(20_000));
                }
            }
            sink.took(dialogue.idle());
            sink.took(dialogue.closed());
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(name + ": " + e, e);
        }
        assertThat(sink.bytes).as(name).isLessThan(MAX_REPLY);
    }

    /** Counts what comes out. */
    private static final class Sink implements Outlet {
        private long bytes;

        boolean took(Step step) {
            step.replies().forEach(payload -> bytes += payload.length());
            return step.next() == Step.Next.CLOSE;
        }

        @Override
        public void send(Payload payload, Consumer<Boolean> done) {
            bytes += payload.length();
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
