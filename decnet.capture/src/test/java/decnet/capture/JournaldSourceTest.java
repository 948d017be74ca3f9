package decnet.capture;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.OptionLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client of the journal is a script here that answers as {@code journalctl} does: this host need not run systemd. */
class JournaldSourceTest {
    @TempDir
    private Path folder;

    private final Counters counters = new Counters();
    private final List<Event> events = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");

    private Path client(String script) throws IOException {
        Path program = folder.resolve("journalctl");
        Files.writeString(program, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program;
    }

    private static String entry(int number) {
        return "{\"__CURSOR\":\"s=a;i=" + number + "\",\"__REALTIME_TIMESTAMP\":\"1795169532000000\","
                + "\"_HOSTNAME\":\"liar\",\"_SYSTEMD_UNIT\":\"cowrie.service\",\"MESSAGE\":"
                + "\"{\\\"eventid\\\":\\\"cowrie.command.input\\\",\\\"input\\\":\\\"c" + number + "\\\"}\"}";
    }

    private JournaldSource open(Path program, Optional<String> position) {
        SourceConfig config = SourceConfig.of("unit", OptionLine.parse("cowrie journald=cowrie.service decky=web-07"));
        var lines = new LineEvents("unit", config.decky(), config.service(), config.reader(), counters);
        return new JournaldSource(config, program.toString(), lines, position, () -> {}, counters);
    }

    private void read(JournaldSource source, int count) {
        events.clear();
        await(() -> {
            events.addAll(source.read(100, now));
            assertThat(events).hasSize(count);
        });
    }

    @Test
    void entriesComeInOrderAndTheCursorIsWhereToGoOn() throws IOException {
        Path asked = folder.resolve("asked");
        Path program = client("echo \"$@\" > " + asked + "\ncat <<'END'\n" + entry(1) + "\n" + entry(2)
                + "\nnot json\nEND\nexec sleep 60\n");
        List<EventId> ids;
        try (JournaldSource source = open(program, Optional.empty())) {
            read(source, 3);

            assertThat(source.position()).contains("s=a;i=2");
            assertThat(events.get(0).field("command")).contains("c1");
            assertThat(events.get(0).decky().text()).isEqualTo("web-07");
            assertThat(events.get(2).type()).isEqualTo("bad_line");
            ids = List.of(events.get(0).id().orElseThrow(), events.get(1).id().orElseThrow());
        }
        assertThat(asked).content().contains("-u cowrie.service").contains("--lines=all");

        try (JournaldSource source = open(program, Optional.of("s=a;i=1"))) {
            read(source, 3);
        }
        assertThat(asked).content().contains("--after-cursor=s=a;i=1");
        assertThat(events.subList(0, 2))
                .extracting(event -> event.id().orElseThrow())
                .isEqualTo(ids);
    }

    @Test
    void whatADeadClientHadToldIsTakenBeforeTheNextOneGoesOnBehindIt() throws IOException {
        Path asked = folder.resolve("asked");
        Path program = client("echo \"$@\" >> " + asked + "\ncat <<'END'\n" + entry(1) + "\n" + entry(2) + "\n"
                + entry(3) + "\nEND\n");
        try (JournaldSource source = open(program, Optional.empty())) {
            List<Event> taken = new ArrayList<>();
            await(() -> {
                now = now.plusSeconds(60);
                taken.addAll(source.read(1, now));
                assertThat(taken).hasSizeGreaterThan(3);
            });
        }
        assertThat(Files.readAllLines(asked).get(0)).contains("--all", "--lines=all");
        assertThat(Files.readAllLines(asked).get(1)).endsWith("--after-cursor=s=a;i=3");
    }

    @Test
    void aQuietUnitIsNoTrouble() throws IOException {
        try (JournaldSource source = open(client("exit 3\n"), Optional.empty())) {
            await(() -> {
                source.read(10, now);
                assertThat(source.trouble()).isPresent();
            });
            client("exec sleep 60\n");
            now = now.plusSeconds(2);
            source.read(10, now);
            now = now.plusSeconds(11);
            source.read(10, now);

            assertThat(source.trouble()).isEmpty();
        }
    }

    @Test
    void aClientThatEndsOrIsMissingIsSaidAndTriedAgainLater() throws IOException {
        try (JournaldSource source = open(client("exit 3\n"), Optional.empty())) {
            await(() -> {
                assertThat(source.read(10, now)).isEmpty();
                assertThat(source.trouble())
                        .hasValueSatisfying(text -> assertThat(text).contains("ended with status 3"));
            });
            client("echo '" + entry(7) + "'\nexec sleep 60\n");
            now = now.plusSeconds(2);
            read(source, 1);
            assertThat(source.trouble()).isEmpty();
        }
        try (JournaldSource source = open(folder.resolve("nothing"), Optional.empty())) {
            assertThat(source.read(10, now)).isEmpty();
            assertThat(source.trouble())
                    .hasValueSatisfying(text -> assertThat(text).contains("cannot run"));
        }
        assertThat(counters.value(CollectCounter.SOURCE_FAILURES)).isGreaterThanOrEqualTo(2);
    }
}
