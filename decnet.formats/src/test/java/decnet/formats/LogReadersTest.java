package decnet.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.ByteSize;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventLine;
import decnet.core.Json;
import decnet.core.MalformedLineException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LogReadersTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final DeckyName DECKY = new DeckyName("web-07");
    private static final int FUZZED = 3000;

    static LogReader reader(String name) {
        return LogReaders.named(name).orElseThrow();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<ForeignEvent> read(String reader, String line) {
        return reader(reader).read(bytes(line), NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "cowrie,cowrie.json",
        "opencanary,opencanary.json",
        "dionaea,dionaea.json",
        "suricata,suricata.json",
        "syslog,syslog.txt",
        "journald,journald.json",
        "conpot,conpot.json",
        "heralding,heralding.json",
        "qeeqbox,qeeqbox.json",
        "beelzebub,beelzebub.json",
    })
    void everyDocumentedLineBecomesTheEventsWeExpect(String name, String sample) {
        LogReader reader = reader(name);
        StringBuilder found = new StringBuilder();

        for (byte[] line : Golden.lines(sample)) {
            for (ForeignEvent event : reader.read(line, NOW)) {
                Event mapped = event.toEvent(DECKY, reader.defaultService(), NOW, name);
                assertThat(EventLine.parse(EventLine.format(mapped))).isEqualTo(mapped);
                ObjectNode json = mapped.toJson();
                json.remove("decky");
                found.append(Json.text(json)).append('\n');
            }
            found.append('\n');
        }

        Golden.check(name + ".txt", found.toString());
    }

    @Test
    void aLineWithoutTimeHappenedWhenItCameIn() {
        ForeignEvent event =
                read("cowrie", "{\"eventid\":\"cowrie.session.connect\"}").getFirst();

        assertThat(event.at()).isEmpty();
        assertThat(event.toEvent(DECKY, "ssh", NOW, "pot").at()).isEqualTo(NOW);
    }

    @Test
    void aSessionIsOfItsSource() {
        ForeignEvent event = read("cowrie", "{\"eventid\":\"cowrie.x\",\"session\":\"a\\nb\"}")
                .getFirst();

        assertThat(event.toEvent(DECKY, "ssh", NOW, "pot-3").session()).contains("pot-3/a\\x0ab");
    }

    @Test
    void whoALineClaimsToBeIsAFieldAndNothingElse() {
        ForeignEvent event = read(
                        "cowrie", "{\"eventid\":\"cowrie.login.failed\",\"sensor\":\"db-01\",\"decky\":\"db-01\"}")
                .getFirst();

        Event mapped = event.toEvent(DECKY, "ssh", NOW, "pot");
        assertThat(mapped.decky()).isEqualTo(DECKY);
        assertThat(mapped.sensor()).isEmpty();
        assertThat(mapped.fields()).containsEntry("claimed_sensor", "db-01").containsEntry("decky", "db-01");
    }

    @Test
    void aHugeLineWithManyHugeMembersFitsOneEventLine() {
        StringBuilder line = new StringBuilder("{\"eventid\":\"cowrie.x\",\"session\":\"" + "s".repeat(5000) + "\"");
        for (int i = 0; i < 100; i++) {
            line.append(",\"member")
                    .append(i)
                    .append("\":\"")
                    .append("\\\\\\\"]é".repeat(900))
                    .append('"');
        }
        Event event = read("cowrie", line.append('}').toString())
                .getFirst()
                .toEvent(DECKY, "ssh", NOW, "pot")
                .withRecording(NOW, "s".repeat(255))
                .withId(new decnet.core.EventId(-1, Long.MAX_VALUE, Long.MAX_VALUE));

        String formatted = EventLine.format(event);
        assertThat(bytes(formatted)).hasSizeLessThanOrEqualTo(EventLine.MAX_LENGTH);
        assertThat(EventLine.parse(formatted)).isEqualTo(event);
        assertThat(event.fields()).containsKeys("fields_dropped", "fields_cut").hasSizeLessThanOrEqualTo(64);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aLineOfTenMegabytesIsRefusedBeforeItIsRead(String name) {
        byte[] line = new byte[10 << 20];
        Arrays.fill(line, (byte) 'x');

        assertThatThrownBy(() -> reader(name).read(line, NOW))
                .isInstanceOf(MalformedLineException.class)
                .hasMessageContaining("at most");
    }

    @Test
    void theLimitCountsToTheByte() {
        LogReader reader = LogReaders.named("syslog", new ByteSize(10)).orElseThrow();

        assertThat(reader.read(bytes("0123456789"), NOW)).hasSize(1);
        assertThatThrownBy(() -> reader.read(bytes("01234567890"), NOW)).isInstanceOf(MalformedLineException.class);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aBlankLineTellsNothing(String name) {
        assertThat(reader(name).read(bytes(" \r"), NOW)).isEmpty();
        assertThat(reader(name).read(new byte[0], NOW)).isEmpty();
    }

    @Test
    void aLineThatIsNotJsonSaysWhere() {
        assertThatThrownBy(() -> read("cowrie", "{\"eventid\": nope}"))
                .isInstanceOfSatisfying(MalformedLineException.class, e -> assertThat(e.offset())
                        .isBetween(12, 17));
        assertThatThrownBy(() -> read("cowrie", "{\"eventid\":\"cowrie.x\""))
                .isInstanceOf(MalformedLineException.class);
        assertThatThrownBy(() -> read("opencanary", "{\"logtype\":\"x\"}")).isInstanceOf(MalformedLineException.class);
        assertThatThrownBy(() -> read("suricata", "{}")).isInstanceOf(MalformedLineException.class);
    }

    @Test
    void bytesThatAreNotUtf8DoNotLoseALine() {
        byte[] line = bytes("{\"eventid\":\"cowrie.command.input\",\"input\":\"ls #\"}");
        line[line.length - 3] = (byte) 0xff;

        assertThat(reader("cowrie").read(line, NOW).getFirst().fields()).containsEntry("command", "ls \ufffd");
    }

    @Test
    void anImpossibleAddressOrPortIsKeptAsWritten() {
        ForeignEvent event = read("cowrie", "{\"eventid\":\"cowrie.x\",\"src_ip\":\"evil.example\",\"src_port\":99999}")
                .getFirst();

        assertThat(event.src()).isEmpty();
        assertThat(event.fields()).containsEntry("src_ip", "evil.example").containsEntry("src_port", "99999");
    }

    static Stream<String> names() {
        return LogReaders.names().stream();
    }

    static Stream<Arguments> samples() {
        return names().map(name -> Arguments.of(name, name.equals("syslog") ? "syslog.txt" : name + ".json"));
    }

    /** Changes, cuts and repeats bytes of a good line. */
    static byte[] mutated(byte[] line, SplittableRandom random) {
        byte[] mutant = line.clone();
        for (int i = random.nextInt(1, 6); i > 0 && mutant.length > 0; i--) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(6)) {
                case 0 -> mutant[at] = (byte) random.nextInt();
                case 1 -> mutant[at] = (byte) "\"\\{}[]:,\0 \n-1e9".charAt(random.nextInt(15));
                case 2 -> mutant = Arrays.copyOf(mutant, at);
                case 3 -> {
                    byte[] part = Arrays.copyOfRange(mutant, at, Math.min(mutant.length, at + random.nextInt(40)));
                    byte[] longer = Arrays.copyOf(mutant, mutant.length + part.length);
                    System.arraycopy(part, 0, longer, mutant.length, part.length);
                    mutant = longer;
                }
                case 4 -> mutant = Arrays.copyOfRange(mutant, at, mutant.length);
                default -> Arrays.fill(mutant, at, Math.min(mutant.length, at + 4), (byte) '9');
            }
        }
        return mutant;
    }

    @ParameterizedTest
    @MethodSource("samples")
    void nothingButItsOwnExceptionLeavesAReader(String name, String sample) {
        LogReader reader = reader(name);
        List<byte[]> lines = Golden.lines(sample);
        int events = 0;
        int refused = 0;
        long start = System.nanoTime();

        for (long seed = 0; seed < FUZZED; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] line = mutated(lines.get(random.nextInt(lines.size())), random);
            try {
                for (ForeignEvent event : reader.read(line, NOW)) {
                    Event mapped = event.toEvent(DECKY, reader.defaultService(), NOW, name);
                    assertThat(EventLine.parse(EventLine.format(mapped)))
                            .as("seed %d", seed)
                            .isEqualTo(mapped);
                    events++;
                }
            } catch (MalformedLineException e) {
                assertThat(e.getMessage()).as("seed %d", seed).hasSizeLessThan(500);
                refused++;
            }
        }

        assertThat(events).isPositive();
        assertThat(refused).isLessThan(FUZZED);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }
}
