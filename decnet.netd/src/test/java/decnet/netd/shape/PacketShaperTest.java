package decnet.netd.shape;

import static decnet.netd.shape.TestPackets.ACK;
import static decnet.netd.shape.TestPackets.FIN;
import static decnet.netd.shape.TestPackets.OUT;
import static decnet.netd.shape.TestPackets.PSH;
import static decnet.netd.shape.TestPackets.RST;
import static decnet.netd.shape.TestPackets.SYN;
import static decnet.netd.shape.TestPackets.URG;
import static decnet.netd.shape.TestPackets.hex;
import static decnet.netd.shape.TestPackets.icmp4;
import static decnet.netd.shape.TestPackets.incoming;
import static decnet.netd.shape.TestPackets.outgoing;
import static decnet.netd.shape.TestPackets.sound;
import static decnet.netd.shape.TestPackets.tcp4;
import static decnet.netd.shape.TestPackets.tcp6;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.topology.OsFamily;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketShaperTest {
    private static final int FROM_OPTIONS = 40;

    // as the kernel lays its options out: M S T N W
    private static final String ALL = "020405b4 0402 080a 00000001 00000002 01 030307";
    private static final String NO_SACK = "020405b4 0101 080a 00000001 00000002 01 030307";
    private static final String NO_TIME = "020405b4 0101 0402 01 030307";
    private static final String NO_SCALE = "020405b4 0402 080a 00000001 00000002";
    private static final String SEGMENT_AND_SACK = "020405b4 0101 0402";
    private static final String SEGMENT_AND_SCALE = "020405b4 01 030307";
    private static final String SEGMENT = "020405b4";

    /** Shaper and probes of one machine. */
    private static final class Machine {
        private final PacketShaper shaper;
        private final OddProbes probes;

        Machine(OsFamily family) {
            PacketShape shape = StackProfile.of(family).packets().orElseThrow();
            StackState state = new StackState(new SplittableRandom(1));
            shaper = new PacketShaper(shape, state);
            probes = new OddProbes(shape, state);
        }

        /** Shapes it, and checks that checksums and length are right. */
        ByteBuffer shaped(ByteBuffer packet) {
            assertThat(shaper.shape(packet)).isTrue();
            assertThat(sound(packet)).as(hex(packet)).isTrue();
            return packet;
        }

        int id(ByteBuffer packet) {
            return shaped(packet).getShort(4) & 0xffff;
        }
    }

    private static String options(ByteBuffer packet) {
        return hex(packet).substring(2 * FROM_OPTIONS);
    }

    private static int window(ByteBuffer packet) {
        return packet.getShort(34) & 0xffff;
    }

    @ParameterizedTest
    @CsvSource({
        // what the kernel settled with its caller, as Windows says it, as FreeBSD says it
        ALL + ", 020405b4 01030307 0402 080a0000000100000002, 020405b4 01030306 0402 080a0000000100000002",
        NO_SACK + ", 020405b4 01030307 0101 080a0000000100000002, 020405b4 01030306 0101 080a0000000100000002",
        NO_TIME + ", 020405b4 01030307 01010402, 020405b4 01030306 04020000",
        NO_SCALE + ", 020405b4 0402 080a0000000100000002, 020405b4 0402 080a0000000100000002",
        SEGMENT_AND_SACK + ", 020405b4 01010402, 020405b4 04020000",
        SEGMENT_AND_SCALE + ", 020405b4 01030307, 020405b4 01030306",
        SEGMENT + ", 020405b4, 020405b4"
    })
    void optionsComeInTheOrderOfTheFamilyAndNoneIsAdded(String kernel, String windows, String freeBsd) {
        ByteBuffer first = new Machine(OsFamily.WINDOWS_SERVER).shaped(outgoing(1, 2, SYN | ACK, 65_160, kernel));
        ByteBuffer second = new Machine(OsFamily.BSD).shaped(outgoing(1, 2, SYN | ACK, 65_160, kernel));

        assertThat(options(first)).isEqualTo(windows.replace(" ", ""));
        assertThat(options(second)).isEqualTo(freeBsd.replace(" ", ""));
    }

    @Test
    void anAnswerOfWindowsByteForByte() {
        ByteBuffer packet = outgoing(0x11223344, 0x55667788, SYN | ACK, 65_535, NO_TIME.replace("030307", "030308"));

        int id = new Machine(OsFamily.WINDOWS).id(packet);

        String withoutSums = hex(packet);
        assertThat(withoutSums.substring(0, 20)).isEqualTo("45000034%04x40004006".formatted(id));
        assertThat(withoutSums.substring(24, 72))
                .isEqualTo("0a0000010a00000200509c40" + "1122334455667788" + "8012ffff");
        assertThat(withoutSums.substring(76)).isEqualTo("0000" + "020405b4" + "01030308" + "01010402");
    }

    @Test
    void neitherScaleNorWindowIsToldLargerThanItIs() {
        ByteBuffer packet = outgoing(1, 2, SYN | ACK, 5000, "020405b4 01 030302");

        new Machine(OsFamily.WINDOWS).shaped(packet);

        assertThat(window(packet)).isEqualTo(5000);
        assertThat(options(packet)).isEqualTo("020405b401030302");
    }

    @ParameterizedTest
    @CsvSource({"1460, 64240", "265, 65392", "536, 65392", "0, 65392", "9000, 64240"})
    void withoutScaleTheWindowOfWindowsIsOfWholeSegments(int offered, int told) {
        Machine machine = new Machine(OsFamily.WINDOWS);
        machine.probes.look(incoming(1, 0, SYN, 1, offered == 0 ? "" : "0204%04x".formatted(offered)));

        assertThat(window(machine.shaped(outgoing(7, 2, SYN | ACK, 65_535, SEGMENT))))
                .isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({"1460, 1460", "265, 265", "0, 536", "9000, 1460"})
    void ciscoOffersNoLargerSegmentThanItWasOffered(int offered, int told) {
        Machine machine = new Machine(OsFamily.CISCO);
        ByteBuffer other = tcp4(TestPackets.IN, "9c41 0050", 1, 0, SYN, 1, "02040100", "");

        machine.probes.look(incoming(1, 0, SYN, 1, offered == 0 ? "" : "0101 0204%04x 0000".formatted(offered)));
        machine.probes.look(other);

        ByteBuffer packet = machine.shaped(outgoing(7, 2, SYN | ACK, 65_535, SEGMENT));
        assertThat(options(packet)).isEqualTo("0204%04x".formatted(told));
        assertThat(window(packet)).isEqualTo(4128);
        assertThat(packet.getShort(6)).as("DF").isZero();
    }

    @Test
    void optionsThatAreNotTheKernelsUsualOnesStay() {
        String fastOpen = "020405b4 2206 11223344 0101"; // RFC 7413
        ByteBuffer packet = outgoing(1, 2, SYN | ACK, 65_535, fastOpen);

        new Machine(OsFamily.WINDOWS).shaped(packet);

        assertThat(options(packet)).isEqualTo(fastOpen.replace(" ", ""));
        assertThat(window(packet)).isEqualTo(65_535);
    }

    @Test
    void identificationsAreThoseOfTheFamily() {
        Machine windows = new Machine(OsFamily.WINDOWS);
        Machine bsd = new Machine(OsFamily.BSD);
        Machine cisco = new Machine(OsFamily.CISCO);
        Set<Integer> seen = new HashSet<>();
        int last = windows.id(outgoing(1, 2, SYN | ACK, 65_535, SEGMENT));
        for (int i = 0; i < 70_000; i++) {
            int id = windows.id(outgoing(1, 2, i % 2 == 0 ? RST | ACK : SYN | ACK, 65_535, SEGMENT));
            assertThat(id).isEqualTo(last == 0xffff ? 1 : last + 1);
            last = id;
        }
        for (int i = 0; i < 100; i++) {
            seen.add(cisco.id(outgoing(1, 2, SYN | ACK, 65_535, SEGMENT)));
        }

        assertThat(bsd.id(outgoing(1, 2, SYN | ACK, 65_535, SEGMENT))).isZero();
        assertThat(seen).hasSizeGreaterThan(95).doesNotContain(0);
    }

    @Test
    void aBareResetOfWindowsNamesItsSequenceNumberTwice() {
        ByteBuffer windows = new Machine(OsFamily.WINDOWS).shaped(outgoing(0x01020304, 0, RST, 0, ""));
        ByteBuffer printer = new Machine(OsFamily.EMBEDDED).shaped(outgoing(0x01020304, 0, RST, 0, ""));

        assertThat(windows.getInt(28)).isEqualTo(0x01020304);
        assertThat(printer.getInt(28)).isZero();
    }

    @Test
    void aResetTakesFromTheProbeWhatTheFamilyDoes() {
        for (OsFamily family : new OsFamily[] {OsFamily.CISCO, OsFamily.EMBEDDED, OsFamily.WINDOWS}) {
            Machine machine = new Machine(family);
            machine.probes.look(incoming(100, 0x0a0b0c0d, FIN | PSH | URG, 1, ""));

            ByteBuffer packet = machine.shaped(outgoing(0, 101, RST | ACK, 0, ""));

            assertThat(packet.getInt(24)).as(family.slug()).isEqualTo(family == OsFamily.CISCO ? 0x0a0b0c0d : 0);
            assertThat(packet.getInt(28)).as(family.slug()).isEqualTo(family == OsFamily.WINDOWS ? 101 : 100);
        }
    }

    @Test
    void aResetWithinAConnectionKeepsItsNumbers() {
        Machine machine = new Machine(OsFamily.CISCO);
        machine.probes.look(incoming(100, 0x0a0b0c0d, SYN, 1, SEGMENT));

        ByteBuffer packet = machine.shaped(outgoing(777, 101, RST | ACK, 0, ""));

        assertThat(packet.getInt(24)).isEqualTo(777);
        assertThat(packet.getInt(28)).isEqualTo(101);
    }

    @Test
    void errorsQuoteAsMuchAsTheFamilyDoes() {
        String quoted = "03030000 00000000 4500 0148 1042 0000 3b11 0000 0a000002 0a000001 9c40 9c41 0134 abcd"
                + "43".repeat(300);
        ByteBuffer windows = icmp4(OUT, "0000", 0xc0, quoted);
        ByteBuffer cisco = icmp4(OUT, "0000", 0xc0, quoted);
        int length = windows.limit();

        new Machine(OsFamily.WINDOWS).shaped(windows);
        new Machine(OsFamily.CISCO).shaped(cisco);

        assertThat(windows.limit()).isEqualTo(length);
        assertThat(cisco.limit()).isEqualTo(56);
        assertThat(cisco.get(1)).as("type of service").isZero();
        assertThat(hex(cisco).substring(56)).isEqualTo(quoted.replace(" ", "").substring(16, 72));
    }

    @Test
    void theSameIsDoneInIpVersion6() {
        ByteBuffer synAck = tcp6(1, 2, SYN | ACK, 65_535, ALL);
        ByteBuffer reset = tcp6(5, 0, RST, 0, "");
        Machine machine = new Machine(OsFamily.WINDOWS_SERVER);

        machine.shaped(synAck);
        machine.shaped(reset);

        assertThat(hex(synAck).substring(120)).isEqualTo("020405b4010303070402080a0000000100000002");
        assertThat(synAck.getShort(54) & 0xffff).isEqualTo(0x2000);
        assertThat(reset.getInt(48)).isEqualTo(5);
    }

    @Test
    void allElseStaysAsItIs() {
        ByteBuffer[] others = {
            outgoing(1, 2, ACK, 500, ""),
            outgoing(1, 2, ACK | FIN, 500, ""),
            outgoing(1, 2, SYN, 500, ALL),
            tcp4(OUT, TestPackets.PORTS_OUT, 1, 2, ACK | PSH, 500, "", "00112233"),
            icmp4(OUT, "0000", 0, "0000 0000 1111 2222 3333"),
        };
        for (OsFamily family : OsFamily.values()) {
            StackProfile.of(family).packets().ifPresent(shape -> {
                PacketShaper shaper = new PacketShaper(shape, new StackState(new SplittableRandom(1)));
                for (ByteBuffer other : others) {
                    String before = hex(other);

                    assertThat(shaper.shape(other)).isFalse();
                    assertThat(hex(other)).isEqualTo(before);
                }
            });
        }
    }

    @Test
    void whatIsNotAWholePacketStaysAsItIs() {
        ByteBuffer whole = outgoing(1, 2, SYN | ACK, 65_535, ALL);
        Machine machine = new Machine(OsFamily.WINDOWS);
        for (int length = 0; length < whole.limit(); length++) {
            ByteBuffer cut = TestPackets.bytes(hex(whole).substring(0, 2 * length));

            assertThat(machine.shaper.shape(cut)).as("length " + length).isFalse();
        }
        ByteBuffer fragment = outgoing(1, 2, SYN | ACK, 65_535, ALL).putShort(6, (short) 0x2000);
        assertThat(machine.shaper.shape(fragment)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noBytesBreakIt(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer[] sound = {
            outgoing(1, 2, SYN | ACK, 65_535, ALL),
            outgoing(1, 0, RST, 0, ""),
            incoming(1, 2, FIN | SYN, 9, SEGMENT),
            incoming(1, 2, 0, 9, ALL),
            tcp6(1, 2, SYN | ACK, 65_535, NO_TIME),
            icmp4(OUT, "4000", 0, "0800 0000 1111 2222" + "77".repeat(40)),
            icmp4(OUT, "0000", 0xc0, "0303 0000 0000 0000" + "77".repeat(80)),
        };
        for (OsFamily family : OsFamily.values()) {
            if (StackProfile.of(family).packets().isEmpty()) {
                continue;
            }
            Machine machine = new Machine(family);
            for (int i = 0; i < 5000; i++) {
                ByteBuffer packet = TestPackets.bytes(hex(sound[random.nextInt(sound.length)]));
                for (int change = random.nextInt(5); change > 0; change--) {
                    packet.put(random.nextInt(packet.limit()), (byte) random.nextInt(256));
                }
                packet.limit(random.nextInt(10) == 0 ? random.nextInt(packet.limit() + 1) : packet.limit());
                int length = packet.limit();

                boolean changed = random.nextBoolean()
                        ? machine.shaper.shape(packet)
                        : machine.probes.look(packet) != OddProbes.Outcome.PASS;

                assertThat(packet.limit()).isLessThanOrEqualTo(length);
                assertThat(!changed || packet.limit() >= 20).isTrue();
            }
        }
    }
}
