package decnet.linux;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.linux.QueueMessage.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected bytes are those of a little-endian machine, which all we run on are. */
class QueueMessageTest {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private static String hex(ByteBuffer out) {
        byte[] bytes = new byte[out.remaining()];
        out.duplicate().get(bytes);
        return HEX.formatHex(bytes);
    }

    private static ByteBuffer room() {
        return ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static QueuedPacket received(String hex) {
        QueuedPacket packet = new QueuedPacket();
        packet.message().put(0, HEX.parseHex(hex));
        return packet;
    }

    /** id 0x01020304, IPv4, hook 3; mark 7; payload 45 00 aa. */
    private static final String PACKET = "34 00 00 00 00 03 00 00 00 00 00 00 00 00 00 00 02 00 00 05 "
            + "0b 00 01 00 01 02 03 04 08 00 03 00 "
            + "08 00 03 00 00 00 00 07 "
            + "07 00 0a 00 45 00 aa 00 "
            + "00 00 00 00";

    @Test
    void aVerdictNamesThePacket() {
        ByteBuffer out = room();

        QueueMessage.verdict(out, 5, 0x01020304, QueueMessage.VERDICT_ACCEPT);

        assertThat(hex(out))
                .isEqualTo("20 00 00 00 01 03 01 00 00 00 00 00 00 00 00 00 00 00 00 05 "
                        + "0c 00 02 00 00 00 00 01 01 02 03 04");
        assertThat(out.remaining()).isEqualTo(QueueMessage.VERDICT_SIZE);
    }

    @Test
    void aChangedPacketGoesWithItsVerdictAndIsPadded() {
        ByteBuffer out = room();

        QueueMessage.accept(out, 0x1234, 1, ByteBuffer.wrap(new byte[] {9, 8, 7, 6, 5}, 1, 3));

        assertThat(hex(out))
                .isEqualTo("28 00 00 00 01 03 01 00 00 00 00 00 00 00 00 00 00 00 12 34 "
                        + "0c 00 02 00 00 00 00 01 00 00 00 01 "
                        + "07 00 0a 00 08 07 06 00");
    }

    @Test
    void aQueueIsTakenWithWholePacketsAndItsLimit() {
        ByteBuffer out = room();

        QueueMessage.config(out, 5, 1024, true);

        assertThat(hex(out))
                .isEqualTo("40 00 00 00 02 03 05 00 00 00 00 00 00 00 00 00 00 00 00 05 "
                        + "08 00 01 00 01 00 00 00 "
                        + "09 00 02 00 00 00 ff ff 02 00 00 00 "
                        + "08 00 03 00 00 00 04 00 "
                        + "08 00 04 00 00 00 00 01 "
                        + "08 00 05 00 00 00 00 01");
    }

    @Test
    void aPacketIsReadWithAllThatIsSaidOfIt() {
        QueuedPacket packet = received(PACKET);

        assertThat(QueueMessage.decode(0x34, packet)).isEqualTo(Kind.OTHER); // an attribute of no length at its end
        packet.message().putInt(0, 0x30);
        assertThat(QueueMessage.decode(0x34, packet)).isEqualTo(Kind.PACKET);
        assertThat(packet.id()).isEqualTo(0x01020304);
        assertThat(packet.hook()).isEqualTo(3);
        assertThat(packet.mark()).isEqualTo(7);
        assertThat(packet.payload().order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(hex(packet.payload())).isEqualTo("45 00 aa");
    }

    @Test
    void aRefusalTellsItsReason() {
        QueuedPacket refused = received("24 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00 f0 ff ff ff "
                + "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");

        assertThat(QueueMessage.decode(36, refused)).isEqualTo(Kind.REFUSED);
        assertThat(QueueMessage.errno(refused)).isEqualTo(16);
        refused.message().putInt(16, 0);
        assertThat(QueueMessage.decode(36, refused)).isEqualTo(Kind.ACKNOWLEDGED);
    }

    @Test
    void aMessageThatIsCutAnywhereIsNoPacket() {
        for (int length = 0; length < 0x30; length++) {
            QueuedPacket packet = received(PACKET);
            packet.message().putInt(0, 0x30);

            assertThat(QueueMessage.decode(length, packet))
                    .as("length " + length)
                    .isEqualTo(Kind.OTHER);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nothingThatIsReceivedBreaksTheDecoder(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] sound = HEX.parseHex(PACKET);
        QueuedPacket packet = new QueuedPacket();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = sound.clone();
            if (random.nextInt(4) == 0) {
                random.nextBytes(bytes);
            }
            for (int change = random.nextInt(4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            packet.message().put(0, bytes);

            Kind kind = QueueMessage.decode(random.nextInt(bytes.length + 1), packet);

            if (kind == Kind.PACKET) {
                assertThat(packet.payload().remaining()).isLessThanOrEqualTo(bytes.length);
            }
        }
    }
}
