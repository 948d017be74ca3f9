package decnet.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.OptionLine;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSourceTest {
    @TempDir
    private Path folder;

    private final Counters counters = new Counters();
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private Optional<String> position = Optional.empty();

    private Path log() {
        return folder.resolve("cowrie.json");
    }

    private FileSource open(String options) {
        SourceConfig config = SourceConfig.of(
                "honey", OptionLine.parse("cowrie file=" + log() + " decky=web-07 max-line=1k " + options));
        var events = new LineEvents("honey", config.decky(), config.service(), config.reader(), counters);
        return new FileSource(config, this::log, Sources.plain(events), position, counters);
    }

    private static String line(int number) {
        return "{\"eventid\":\"cowrie.command.input\",\"input\":\"c" + number
                + "\",\"session\":\"s1\",\"src_ip\":\"203.0.113.5\",\"timestamp\":\"2026-11-20T10:00:00.000000Z\"}\n";
    }

    private void append(int from, int to) throws IOException {
        StringBuilder text = new StringBuilder();
        IntStream.range(from, to).forEach(i -> text.append(line(i)));
        Files.writeString(log(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Reads until nothing comes for some looks, a second apart, and keeps the place as {@code collect} would. */
    private List<Event> drain(FileSource source) {
        List<Event> all = new ArrayList<>();
        for (int quiet = 0; quiet < 4; ) {
            now = now.plusSeconds(1);
            Optional<String> before = source.position();
            List<Event> events = source.read(7, now);
            all.addAll(events);
            position = source.position();
            quiet = events.isEmpty() && position.equals(before) ? quiet + 1 : 0;
        }
        return all;
    }

    private static List<String> commands(List<Event> events) {
        return events.stream()
                .map(event -> event.field("command").orElse(event.type()))
                .toList();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "c" + i).toList();
    }

    @Test
    void whatIsAppendedComesOnceAndInOrder() throws IOException {
        try (FileSource source = open("")) {
            assertThat(drain(source)).isEmpty();
            assertThat(source.trouble())
                    .hasValueSatisfying(text -> assertThat(text).contains("there is no"));
            append(0, 30);
            assertThat(commands(drain(source))).isEqualTo(numbers(0, 30));
            append(30, 45);
            assertThat(commands(drain(source))).isEqualTo(numbers(30, 45));
            assertThat(source.trouble()).isEmpty();
        }
    }

    @Test
    void eventsAreOfTheMachineTheChannelIsSetUpFor() throws IOException {
        append(0, 1);
        try (FileSource source = open("")) {
            Event event = drain(source).getFirst();

            assertThat(event.decky().text()).isEqualTo("web-07");
            assertThat(event.session()).contains("honey/s1");
            assertThat(event.type()).isEqualTo("command");
            assertThat(event.at()).isEqualTo(Instant.parse("2026-11-20T10:00:00Z"));
        }
    }

    @Test
    void aLineWithoutItsEndWaits() throws IOException {
        String whole = line(1);
        Files.writeString(log(), whole.substring(0, 20));
        try (FileSource source = open("")) {
            assertThat(drain(source)).isEmpty();
            Files.writeString(log(), whole.substring(20), StandardOpenOption.APPEND);
            assertThat(commands(drain(source))).containsExactly("c1");
        }
    }

    @Test
    void renamedAndMadeAnew() throws IOException {
        append(0, 10);
        try (FileSource source = open("")) {
            assertThat(drain(source)).hasSize(10);
            append(10, 20);
            Files.move(log(), folder.resolve("cowrie.json.1"));
            append(20, 30);
            // its writer has not noticed yet
            Files.writeString(folder.resolve("cowrie.json.1"), line(99), StandardOpenOption.APPEND);

            List<String> found = commands(drain(source));

            assertThat(found).hasSize(21).contains("c99").containsSubsequence(numbers(10, 30));
        }
        assertThat(counters.value(CollectCounter.FILE_GAPS)).isZero();
    }

    @Test
    void copiedAndCutShort() throws IOException {
        append(0, 10);
        try (FileSource source = open("")) {
            assertThat(drain(source)).hasSize(10);
            append(10, 20);
            copyTruncate("cowrie.json.1");
            append(20, 23);

            assertThat(commands(drain(source))).isEqualTo(numbers(10, 23));
        }
        assertThat(counters.value(CollectCounter.FILE_GAPS)).isZero();
    }

    @Test
    void cutShortAndGrownPastTheOldPlaceBeforeAnybodyLooked() throws IOException {
        append(0, 10);
        try (FileSource source = open("")) {
            assertThat(drain(source)).hasSize(10);
            copyTruncate("cowrie.json.1");
            append(100, 150);

            assertThat(commands(drain(source))).isEqualTo(numbers(100, 150));
        }
    }

    private void copyTruncate(String copy) throws IOException {
        Files.copy(log(), folder.resolve(copy), StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(log(), StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }

    @Test
    void rotatedTwiceWhileNobodyWasReading() throws IOException {
        append(0, 10);
        try (FileSource source = open("")) {
            assertThat(drain(source)).hasSize(10);
        }
        append(10, 20);
        Files.move(log(), folder.resolve("cowrie.json.2"));
        append(20, 30);
        Files.move(log(), folder.resolve("cowrie.json.1"));
        append(30, 40);
        age("cowrie.json.2", 300);
        age("cowrie.json.1", 200);

        try (FileSource source = open("")) {
            assertThat(commands(drain(source))).isEqualTo(numbers(10, 40));
        }
        assertThat(counters.value(CollectCounter.FILE_GAPS)).isZero();
    }

    private void age(String name, int seconds) throws IOException {
        Files.setLastModifiedTime(
                folder.resolve(name), FileTime.from(Instant.now().minusSeconds(seconds)));
    }

    @Test
    void oldFilesAreReadFirstIfAskedFor() throws IOException {
        append(0, 5);
        Files.move(log(), folder.resolve("cowrie.json.2026-11-18"));
        append(5, 9);
        Files.move(log(), folder.resolve("cowrie.json.2026-11-19"));
        append(9, 12);
        age("cowrie.json.2026-11-18", 300);
        age("cowrie.json.2026-11-19", 200);
        Files.writeString(folder.resolve("cowrie.json.2026-11-17.gz"), "not text");

        try (FileSource source = open("backfill=yes")) {
            assertThat(commands(drain(source))).isEqualTo(numbers(0, 12));
        }
    }

    @Test
    void onlyWhatIsNewIfAskedFor() throws IOException {
        append(0, 5);
        try (FileSource source = open("from=end")) {
            assertThat(drain(source)).isEmpty();
            append(5, 7);
            assertThat(commands(drain(source))).isEqualTo(numbers(5, 7));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void openedAgainAtAnyPlaceItGivesTheRestUnderTheSameIds(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        append(0, 40);
        List<String> places = new ArrayList<>();
        List<EventId> ids = new ArrayList<>();
        try (FileSource source = open("")) {
            for (int look = 0; look < 20; look++) {
                source.read(1 + random.nextInt(6), now)
                        .forEach(event -> ids.add(event.id().orElseThrow()));
                source.position().ifPresent(places::add);
            }
        }
        assertThat(new HashSet<>(ids)).hasSize(40);

        position = Optional.of(places.get(random.nextInt(places.size())));
        List<EventId> again = new ArrayList<>();
        try (FileSource source = open("")) {
            drain(source).forEach(event -> again.add(event.id().orElseThrow()));
        }

        assertThat(ids.subList(ids.size() - again.size(), ids.size())).isEqualTo(again);
    }

    @Test
    void whatIsBadIsAnEventTooAndStopsNothing() throws IOException {
        append(0, 1);
        Files.write(log(), new byte[] {'{', 0, (byte) 0xff, '\n'}, StandardOpenOption.APPEND);
        Files.writeString(log(), "x".repeat(3_000_000) + "\n", StandardOpenOption.APPEND);
        Files.writeString(log(), "{\"eventid\":\"cowrie.login.success\"\n", StandardOpenOption.APPEND);
        append(1, 2);

        try (FileSource source = open("")) {
            List<Event> events = drain(source);

            assertThat(commands(events)).containsExactly("c0", "bad_line", "bad_line", "bad_line", "c1");
            assertThat(events.get(1).field("line")).contains("{\\x00\\xff");
            assertThat(events)
                    .allSatisfy(event -> assertThat(event.decky().text()).isEqualTo("web-07"));
        }
        assertThat(counters.value(CollectCounter.LONG_LINES)).isEqualTo(1);
        assertThat(counters.value(CollectCounter.MALFORMED_LINES)).isEqualTo(2);
    }

    @Test
    void dockersEnvelopeIsOpenedAndAPlaceNeverLiesWithinAJoinedLine() throws IOException {
        Files.writeString(log(), docker("{\"eventid\":\"cowrie.command.input\",") + docker("\"input\":\"c1\"}\\n"));
        SourceConfig config =
                SourceConfig.of("lab", OptionLine.parse("cowrie container=x decky=lab-01 docker-root=" + folder));
        var events = new LineEvents("lab", config.decky(), config.service(), config.reader(), counters);
        try (var source =
                new FileSource(config, this::log, Sources.docker(config, events), Optional.empty(), counters)) {
            source.read(10, now);
            assertThat(source.read(1, now)).hasSize(1).allSatisfy(event -> assertThat(event.field("command"))
                    .contains("c1"));
            Files.writeString(log(), docker("{\"eventid\":"), StandardOpenOption.APPEND);
            Optional<String> whole = source.position();
            assertThat(source.read(10, now)).isEmpty();
            assertThat(source.position().orElseThrow().replaceAll(".*:", ""))
                    .isEqualTo(whole.orElseThrow().replaceAll(".*:", ""));
        }
    }

    private static String docker(String log) {
        return docker("stdout", log);
    }

    private static String docker(String stream, String log) {
        return "{\"log\":\"" + log.replace("\"", "\\\"") + "\",\"stream\":\"" + stream
                + "\",\"time\":\"2026-11-20T10:00:00.1Z\"}\n";
    }

    /** The unfinished line must be read again from its start, what the other stream wrote meanwhile must not be told again. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void aLineThatDockerHasNotFinishedDoublesNothingOfTheOtherStream(int killedAfter) throws IOException {
        SourceConfig config =
                SourceConfig.of("lab", OptionLine.parse("cowrie container=x decky=lab-01 docker-root=" + folder));
        var lines = new LineEvents("lab", config.decky(), config.service(), config.reader(), counters);
        StringBuilder text = new StringBuilder(docker("stdout", "{\"eventid\":\"cowrie.command.input\","));
        for (int i = 0; i < 5; i++) {
            text.append(docker("stderr", "{\"eventid\":\"cowrie.command.input\",\"input\":\"c" + i + "\"}\\n"));
        }
        Files.writeString(log(), text);
        List<Event> all = new ArrayList<>();
        try (var source = new FileSource(config, this::log, Sources.docker(config, lines), position, counters)) {
            for (int look = 0; look < killedAfter; look++) {
                all.addAll(source.read(1, now));
                position = source.position();
            }
        }

        try (var source = new FileSource(config, this::log, Sources.docker(config, lines), position, counters)) {
            all.addAll(drain(source));
            Files.writeString(log(), docker("stdout", "\"input\":\"whole\"}\\n"), StandardOpenOption.APPEND);
            all.addAll(drain(source));
        }

        assertThat(commands(all)).containsExactly("c0", "c1", "c2", "c3", "c4", "whole");
        assertThat(all).extracting(event -> event.id().orElseThrow()).doesNotHaveDuplicates();
        assertThat(FilePlace.parse(position.orElseThrow()).orElseThrow().offset())
                .isEqualTo(Files.size(log()));
    }

    @Test
    void aContainerIsFoundByItsName() throws IOException {
        String id = "0123456789abcdef".repeat(4);
        Path container = Files.createDirectories(folder.resolve("containers").resolve(id));
        Files.writeString(container.resolve("config.v2.json"), "{\"Name\":\"/cowrie\"}");

        assertThat(Sources.containerLog(folder + "\ncowrie")).isEqualTo(container.resolve(id + "-json.log"));
        assertThat(Sources.containerLog(folder + "\n" + id.substring(0, 12)))
                .isEqualTo(container.resolve(id + "-json.log"));
        assertThat(Sources.containerLog(folder + "\nother")).doesNotExist();
    }

    private Path container(String id) throws IOException {
        Path container = Files.createDirectories(folder.resolve("containers").resolve(id));
        Files.writeString(container.resolve("config.v2.json"), "{\"Name\":\"/cowrie\"}");
        return container.resolve(id + "-json.log");
    }

    @Test
    void aContainerThatComesLaterOrIsMadeAnewIsFound() throws IOException {
        SourceConfig config =
                SourceConfig.of("lab", OptionLine.parse("cowrie container=cowrie decky=lab-01 docker-root=" + folder));
        var events = new LineEvents("lab", config.decky(), config.service(), config.reader(), counters);
        try (var source = new FileSource(
                config,
                () -> Sources.containerLog(config.place()),
                Sources.docker(config, events),
                position,
                counters)) {
            assertThat(drain(source)).isEmpty();
            assertThat(source.trouble()).isPresent();

            Path first = container("0123456789abcdef".repeat(4));
            Files.writeString(first, docker("{\"eventid\":\"cowrie.command.input\",\"input\":\"c1\"}\\n"));
            now = now.plusSeconds(10);
            assertThat(commands(drain(source))).containsExactly("c1");

            Files.writeString(
                    first,
                    docker("{\"eventid\":\"cowrie.command.input\",\"input\":\"c2\"}\\n"),
                    StandardOpenOption.APPEND);
            Files.delete(first);
            Files.delete(first.resolveSibling("config.v2.json"));
            Files.delete(first.getParent());
            Path second = container("fedcba9876543210".repeat(4));
            Files.writeString(second, docker("{\"eventid\":\"cowrie.command.input\",\"input\":\"c3\"}\\n"));
            now = now.plusSeconds(10);

            assertThat(commands(drain(source))).containsExactly("c2", "c3");
        }
    }

    @Test
    void aPlaceOfAnotherKindOfChannelIsNoPlace() throws IOException {
        append(0, 3);
        position = Optional.of("s=abc;i=1f;b=def");
        try (FileSource source = open("")) {
            assertThat(commands(drain(source))).isEqualTo(numbers(0, 3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"from=begin", "backfill=true", "queue=0"})
    void aMistakeInAnOptionIsRefused(String option) {
        String channel = option.startsWith("queue") ? "journald=a.service" : "file=/a";

        assertThatThrownBy(() -> SourceConfig.of("x", OptionLine.parse("cowrie " + channel + " decky=a " + option)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("option " + option.replaceAll("=.*", "") + ": expected ");
    }
}
