package decnet.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.ByteSize;
import decnet.core.MalformedLineException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EnvelopesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] record(String log, String stream) {
        return bytes(
                "{\"log\":\"" + log + "\",\"stream\":\"" + stream + "\",\"time\":\"2026-11-20T10:11:12.123456789Z\"}");
    }

    @Test
    void aDockerRecordIsALineWithItsTime() {
        DockerLog log = new DockerLog(ByteSize.mib(1));

        EnvelopedLine line = log.read(record("{\\\"eventid\\\":\\\"cowrie.x\\\"}\\n", "stdout"))
                .orElseThrow();

        assertThat(line.line()).isEqualTo(bytes("{\"eventid\":\"cowrie.x\"}"));
        assertThat(line.at()).contains(Instant.parse("2026-11-20T10:11:12.123456789Z"));
        ForeignEvent event = line.complete(
                LogReadersTest.reader("cowrie").read(line.line(), NOW).getFirst());
        assertThat(event.at()).isEqualTo(line.at());
        assertThat(event.fields()).containsEntry("stream", "stdout");
    }

    @Test
    void aLineInSeveralRecordsIsJoinedForEachStream() {
        DockerLog log = new DockerLog(ByteSize.mib(1));

        assertThat(log.read(record("one ", "stdout"))).isEmpty();
        assertThat(log.pending()).isTrue();
        assertThat(log.read(record("err\\n", "stderr")).orElseThrow().line()).isEqualTo(bytes("err"));
        assertThat(log.read(record("two ", "stdout"))).isEmpty();
        assertThat(log.read(record("three\\n", "stdout")).orElseThrow().line()).isEqualTo(bytes("one two three"));
        assertThat(log.pending()).isFalse();
        assertThat(log.read(record("\\n", "stdout"))).isEmpty();
    }

    @Test
    void aLineThatNeverEndsIsForgottenAtTheLimit() {
        DockerLog log = new DockerLog(new ByteSize(10));

        assertThat(log.read(record("12345", "stdout"))).isEmpty();
        assertThat(log.read(record("67890", "stdout"))).isEmpty();
        assertThatThrownBy(() -> log.read(record("1", "stdout")))
                .isInstanceOf(MalformedLineException.class)
                .hasMessageContaining("at most 10");
        assertThat(log.pending()).isFalse();
        assertThatThrownBy(() -> log.read(bytes("{\"x\":1}"))).isInstanceOf(MalformedLineException.class);
    }

    @Test
    void anEntryOfTheJournalIsALineWithItsCursor() {
        EnvelopedLine line = JournaldEntry.read(
                        bytes(
                                "{\"__CURSOR\":\"s=1;i=2\",\"__REALTIME_TIMESTAMP\":\"1795169472345678\",\"_HOSTNAME\":\"edge\","
                                    + "\"SYSLOG_IDENTIFIER\":\"cowrie\",\"MESSAGE\":[123,125,10,255]}"),
                        ByteSize.mib(1))
                .orElseThrow();

        assertThat(line.line()).isEqualTo(new byte[] {'{', '}', '\n', (byte) 255});
        assertThat(line.cursor()).contains("s=1;i=2");
        assertThat(line.at()).contains(Instant.parse("2026-11-20T10:11:12.345678Z"));
        assertThat(line.claims()).containsEntry("claimed_host", "edge").containsEntry("app", "cowrie");
    }

    @Test
    void anEntryWithoutMessageTellsNothing() {
        assertThat(JournaldEntry.read(bytes("{\"__CURSOR\":\"a\",\"MESSAGE\":null}"), ByteSize.mib(1)))
                .isEmpty();
        assertThatThrownBy(() -> JournaldEntry.read(bytes("{\"a\":1}"), ByteSize.mib(1)))
                .isInstanceOf(MalformedLineException.class);
        assertThatThrownBy(() -> JournaldEntry.read(bytes("{\"MESSAGE\":\"12345678901\"}"), new ByteSize(10)))
                .isInstanceOf(MalformedLineException.class);
    }

    @Test
    void nothingButItsOwnExceptionLeavesAnEnvelope() {
        List<byte[]> records = List.of(
                record("abc\\n", "stdout"),
                bytes(
                        "{\"__CURSOR\":\"s=1\",\"__REALTIME_TIMESTAMP\":\"1795169472345678\",\"MESSAGE\":[1,2,300,-1,1.5]}"));
        int read = 0;
        for (long seed = 0; seed < 5000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] record = LogReadersTest.mutated(records.get(random.nextInt(2)), random);
            try {
                Optional<EnvelopedLine> line = random.nextBoolean()
                        ? new DockerLog(ByteSize.mib(1)).read(record)
                        : JournaldEntry.read(record, ByteSize.mib(1));
                read += line.isPresent() ? 1 : 0;
            } catch (MalformedLineException e) {
                assertThat(e.getMessage()).hasSizeLessThan(500);
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void aLogIsRecognisedByItsFirstLine() {
        for (String name : List.of(
                "cowrie",
                "opencanary",
                "dionaea",
                "suricata",
                "journald",
                "conpot",
                "heralding",
                "qeeqbox",
                "beelzebub")) {
            byte[] first = Golden.lines(name + ".json").getFirst();
            assertThat(LogReaders.recognize(first)).as(name).contains(name);
        }
        assertThat(LogReaders.recognize(bytes("<34>Oct 11 22:14:15 h su: x"))).contains("syslog");
        assertThat(LogReaders.recognize(bytes("hello"))).isEmpty();
    }
}
