package decnet.workers.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.journal.Blob;
import decnet.journal.JournalPosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final long LONG = 60_000_000_000L;
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00.123456Z");

    private static FrameReader reader(byte[] bytes) {
        return new FrameReader(new ByteArrayInputStream(bytes), LONG);
    }

    private static FrameReader reader(String text) {
        return reader(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Gives what it has in pieces of random length. */
    private static InputStream cut(byte[] bytes, SplittableRandom random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] to, int from, int most) {
                return super.read(to, from, Math.min(most, 1 + random.nextInt(7)));
            }
        };
    }

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsWrittenIsReadHoweverItIsCut(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> frames = new ArrayList<>();
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        FrameWriter writer = new FrameWriter(wire);
        for (int i = 0; i < 20; i++) {
            byte[] frame = new byte[1 + random.nextInt(i == 7 ? FrameReader.MAX_FRAME : 300)];
            random.nextBytes(frame);
            frames.add(frame);
            writer.write(frame);
        }
        writer.flush();

        FrameReader reader = new FrameReader(cut(wire.toByteArray(), random), LONG);
        List<byte[]> read = new ArrayList<>();
        for (var frame = reader.read(); frame.isPresent(); frame = reader.read()) {
            read.add(frame.get());
        }

        assertThat(read).containsExactlyElementsOf(frames);
        assertThat(reader.bytes()).isEqualTo(writer.bytes());
    }

    @Test
    void theExampleOfAnOctetCountedFrameIsRead() throws IOException {
        FrameReader reader = reader("5 hello3 abc");

        assertThat(reader.read())
                .hasValueSatisfying(frame -> assertThat(frame).asString().isEqualTo("hello"));
        assertThat(reader.read())
                .hasValueSatisfying(frame -> assertThat(frame).asString().isEqualTo("abc"));
        assertThat(reader.read()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void linesAndFramesMayAlternateWhereBothAreAllowed(long seed) throws IOException {
        byte[] wire = "<1>one\n5 hello<2>two\r\n<3>\n6 <4>6\n <5>the end".getBytes(StandardCharsets.US_ASCII);
        FrameReader reader = new FrameReader(cut(wire, new SplittableRandom(seed)), LONG);
        List<String> read = new ArrayList<>();

        for (var next = reader.readFrameOrLine(); next.isPresent(); next = reader.readFrameOrLine()) {
            read.add(new String(next.get(), StandardCharsets.US_ASCII));
        }

        assertThat(read).containsExactly("<1>one", "hello", "<2>two\r", "<3>", "<4>6\n ", "<5>the end");
    }

    @Test
    void aLineIsNoLongerThanAFrame() throws IOException {
        String longest = "<" + "x".repeat(FrameReader.MAX_FRAME - 1);

        assertThat(reader(longest + "\n").readFrameOrLine())
                .hasValueSatisfying(line -> assertThat(line).hasSize(FrameReader.MAX_FRAME));
        assertThatThrownBy(() -> reader(longest + "x\n").readFrameOrLine())
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("262144");
        assertThatThrownBy(() -> reader("HELO\n").readFrameOrLine()).isInstanceOf(FrameException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", " 5 hello", "05 hello", "-1 x", "+1 x", "9999999 x", "262145 x", "<134>1 ", "12a x", "\n"})
    void whatIsNoLengthEndsTheConnection(String text) {
        assertThatThrownBy(() -> reader(text).read()).isInstanceOf(FrameException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "12 ", "12 hello", "262144 x"})
    void anEndInsideAFrameIsNoEnd(String text) {
        assertThatThrownBy(() -> reader(text).read()).isInstanceOf(EOFException.class);
    }

    @Test
    void aFrameThatDripsTakesTooLong() {
        InputStream dripping = new InputStream() {
            @Override
            public int read() {
                return '1';
            }

            @Override
            public int read(byte[] to, int from, int most) {
                java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
                to[from] = first ? (byte) '9' : spaced ? (byte) 'x' : (byte) ' ';
                spaced = !first;
                first = false;
                return 1;
            }

            private boolean first = true;
            private boolean spaced;
        };
        assertThatThrownBy(() -> new FrameReader(dripping, 5_000_000).read())
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("took longer");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomBytesNeverEscapeAsAnythingElse(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] alphabet = "0123456789 <>[]\"= relay@32473hello-batch".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] =
                        random.nextInt(5) == 0 ? (byte) random.nextInt(256) : alphabet[random.nextInt(alphabet.length)];
            }
            FrameReader reader = reader(bytes);
            try {
                for (var frame = reader.read(); frame.isPresent(); frame = reader.read()) {
                    if (RelayMessage.isOne(frame.get())) {
                        RelayMessage.parse(frame.get());
                    }
                }
            } catch (FrameException | EOFException expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static List<RelayMessage> messages() {
        byte[] octets = new byte[300];
        new SplittableRandom(3).nextBytes(octets);
        return List.of(
                new RelayMessage.Hello(-1, NOW),
                new RelayMessage.Batch(
                        0x0123456789abcdefL, JournalPosition.START, new JournalPosition(12, 3456), 17, NOW),
                new RelayMessage.Ack(1, new JournalPosition(Long.MAX_VALUE, 0), NOW),
                new RelayMessage.BlobWant(new Blob("0f".repeat(32), 5), NOW),
                new RelayMessage.BlobPart(
                        "0f".repeat(32), 65536, RelayMessage.Kind.MORE, new RelayMessage.Octets(octets), NOW),
                new RelayMessage.BlobPart(
                        "0f".repeat(32), 0, RelayMessage.Kind.GONE, new RelayMessage.Octets(new byte[0]), NOW));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageIsReadAsItWasWritten(RelayMessage message) {
        assertThat(RelayMessage.isOne(message.encode())).isTrue();
        assertThat(RelayMessage.parse(message.encode())).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageWithAChangedByteIsNoneOrAnotherOne(RelayMessage message) {
        byte[] good = message.encode();
        for (int i = 0; i < Math.min(good.length, 200); i++) {
            for (byte b : new byte[] {0, ' ', ']', '"', '9', (byte) 0xff}) {
                byte[] changed = good.clone();
                changed[i] = b;
                try {
                    assertThat(RelayMessage.parse(changed)).isNotNull();
                } catch (FrameException expected) {
                    assertThat(expected.getMessage()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void aMessageLooksAsTheDocumentSays() {
        assertThat(new String(messages().get(1).encode(), StandardCharsets.US_ASCII))
                .isEqualTo(
                        "<135>1 2026-11-20T12:00:00.123456Z - decnet - batch [relay@32473 journal=\"0123456789abcdef\""
                                + " from=\"0:0\" to=\"12:3456\" events=\"17\"]");
    }
}
