package decnet.operator.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.ByteSize;
import decnet.core.Catalogue;
import decnet.core.CommandContext;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Peer;
import decnet.core.Places;
import decnet.db.AttackerDelta;
import decnet.db.CommandRow;
import decnet.db.CredentialRow;
import decnet.db.DeadLetter;
import decnet.db.DeckyChangeRow;
import decnet.db.DeckyRow;
import decnet.db.Origin;
import decnet.db.SessionDelta;
import decnet.db.StoredEvent;
import decnet.db.UploadRow;
import decnet.db.fixture.TestDatabase;
import decnet.db.fixture.TestPostgres;
import decnet.journal.BlobStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class OperatorCommandsTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Peer MALLORY = Peer.of("203.0.113.9", 40000);
    private static final String SESSION = "00000000000000aa";

    @TempDir
    private Path folder = Path.of("replaced");

    private final TestDatabase test = TestDatabase.create();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Optional<Config> otherConfig = Optional.empty();
    private Optional<Places> otherPlaces = Optional.empty();

    @AfterEach
    void close() {
        test.close();
    }

    private final class Context implements CommandContext {
        private final PrintWriter outWriter = new PrintWriter(out, true);
        private final PrintWriter errWriter = new PrintWriter(err, true);

        @Override
        public Config config() {
            return otherConfig.orElse(test.config());
        }

        @Override
        public Optional<Path> configFile() {
            return Optional.empty();
        }

        @Override
        public Places places() {
            return otherPlaces.orElse(new Places(folder.resolve("state"), folder.resolve("run")));
        }

        @Override
        public Catalogue catalogue() {
            return Catalogue.empty();
        }

        @Override
        public PrintWriter out() {
            return outWriter;
        }

        @Override
        public PrintWriter err() {
            return errWriter;
        }
    }

    @CommandLine.Command(name = "decnet")
    private static final class Root {}

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine root = new CommandLine(new Root());
        new OperatorCommands().commands(new Context()).forEach(root::addSubcommand);
        root.setExecutionExceptionHandler((failure, line, parsed) -> {
            err.append(String.valueOf(failure.getMessage()));
            return failure instanceof IllegalArgumentException ? ExitCode.USAGE : ExitCode.FAILED;
        });
        return root.execute(arguments);
    }

    private ObjectNode json(String... arguments) {
        assertThat(run(arguments)).as(err.toString()).isEqualTo(ExitCode.OK);
        return Json.parseObject("{\"it\":" + out + "}");
    }

    private static Event event(long offset, String type, Map<String, String> fields) {
        return Event.of(NOON.plusSeconds(offset), new DeckyName("web-01"), "ssh", type, fields)
                .withConnection(SESSION, MALLORY, Peer.of("127.1.2.3", 10022))
                .withId(new EventId(9, 1, offset));
    }

    private void proof(long offset, String kind, String principal, String secret, String challenge) {
        Event event = event(offset, "login_attempt", Map.of());
        Origin connected = Origin.of(event, offset);
        Origin origin = new Origin(
                connected.event(),
                offset,
                event.at(),
                Optional.empty(),
                connected.source(),
                connected.decky(),
                connected.service());
        test.database().inTransaction(tx -> {
            tx.credentials()
                    .add(List.of(new CredentialRow(
                            origin,
                            Optional.of(principal),
                            secret,
                            kind,
                            Optional.of("rejected"),
                            Optional.empty(),
                            Optional.of(challenge),
                            Optional.empty())));
            return true;
        });
    }

    @Test
    void proofsOfPasswordsAreReadyForTheTools() {
        proof(1, "postgres_md5_challenge", "app", "0".repeat(32), "challenge=f0784ea5");
        proof(2, "scram_sha256", "app", "aa", "server_first=x");
        proof(3, "mysql_native_password", "app", "1".repeat(40), "challenge=" + "2".repeat(40));
        proof(4, "postgres_md5_challenge", "web", "3".repeat(32), "challenge=00000001");

        assertThat(run("credentials", "--crack", "hashcat")).as(err.toString()).isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .isEqualTo("$mysqlna$" + "2".repeat(40) + "*" + "1".repeat(40) + "\n"
                        + "$postgres$app*f0784ea5*" + "0".repeat(32) + "\n"
                        + "$postgres$web*00000001*" + "3".repeat(32) + "\n");
        assertThat(err.toString())
                .contains("hashcat -m 11200", "hashcat -m 11100", "1 more are of a kind or form")
                .containsOnlyOnce("11100");
        assertThat(run("credentials", "--crack", "john", "--since", "2026-11-21"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEmpty();
        assertThat(run("credentials", "--crack", "sieve")).isEqualTo(ExitCode.USAGE);
        assertThat(run("credentials", "--since", "2h")).isEqualTo(ExitCode.USAGE);
    }

    private void attack(Optional<SessionDelta.Recording> recording) {
        Event login = event(1, "login_attempt", Map.of("secret", "toor"));
        Event command = event(2, "command", Map.of("command", "id\033]0;x\007"));
        Event upload = event(3, "file_upload", Map.of("name", "x.sh"));
        Event download = event(4, "download_attempt", Map.of("url", "http://203.0.113.1/x"));
        Event request = event(5, "http_request", Map.of("target", "/wp-login.php"));
        test.database().inTransaction(tx -> {
            tx.partitions().ensure(List.of(LocalDate.of(2026, 11, 20)));
            tx.sessions()
                    .apply(List.of(new SessionDelta(
                            SESSION,
                            NOON,
                            NOON.plusSeconds(5),
                            login.decky(),
                            "ssh",
                            Optional.empty(),
                            login.src(),
                            login.dst(),
                            Optional.of("root"),
                            5,
                            1,
                            1,
                            1,
                            Optional.empty(),
                            recording)));
            tx.events()
                    .add(List.of(
                            new StoredEvent(1, login),
                            new StoredEvent(2, command),
                            new StoredEvent(3, upload),
                            new StoredEvent(4, download),
                            new StoredEvent(5, request)));
            tx.credentials()
                    .add(List.of(new CredentialRow(
                            Origin.of(login, 1),
                            Optional.of("root"),
                            "toor",
                            "plaintext",
                            Optional.of("accepted"),
                            Optional.of("password"))));
            tx.commands()
                    .add(List.of(new CommandRow(
                            Origin.of(command, 2),
                            "id\033]0;x\007",
                            Optional.of("/root"),
                            Optional.of("root"),
                            Optional.of("shell"))));
            tx.uploads()
                    .add(List.of(new UploadRow(
                            Origin.of(upload, 3),
                            Optional.of("x.sh"),
                            Optional.of(12L),
                            Optional.of("ab".repeat(32)),
                            Optional.of("scp"))));
            tx.attackers()
                    .apply(List.of(new AttackerDelta(
                            MALLORY.address(),
                            NOON,
                            NOON.plusSeconds(5),
                            5,
                            1,
                            1,
                            1,
                            1,
                            Set.of("ssh"),
                            Set.of("web-01"))));
            return true;
        });
    }

    @Test
    void showHoldsEverythingOfAnAttackerOnce() {
        attack(Optional.empty());

        ObjectNode it =
                (ObjectNode) json("attackers", "show", "203.0.113.9", "--json").path("it");

        assertThat(it.path("event_count").asInt()).isEqualTo(5);
        assertThat(it.path("profiled").asBoolean()).isTrue();
        assertThat(it.path("credentials")).hasSize(1);
        assertThat(it.path("credentials").path(0).path("secret").asText()).isEqualTo("toor");
        assertThat(it.path("commands")).hasSize(1);
        assertThat(it.path("uploads").path(0).path("sha256").asText()).hasSize(64);
        assertThat(it.path("downloads").path(0).path("fields").path("url").asText())
                .contains("203.0.113.1");
        assertThat(it.path("http_requests")).hasSize(1);
        assertThat(it.path("sessions").path(0).path("id").asText()).isEqualTo(SESSION);
        assertThat(it.path("tags")).isEmpty();
        assertThat(it.path("cut").asBoolean()).isFalse();
    }

    @Test
    void textNeverCarriesAnEscapeToTheTerminal() {
        attack(Optional.empty());

        assertThat(run("attackers", "show", "203.0.113.9")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("id\\x1b]0;x\\x07", "toor", "x.sh").doesNotContain("\033");
        assertThat(run("events")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("url=http://203.0.113.1/x").doesNotContain("\033");
    }

    @Test
    void everyListIsAJsonArrayOnDemand() {
        attack(Optional.empty());

        for (String command : List.of("events", "attackers", "sessions", "credentials")) {
            assertThat(json(command, "--json").path("it").isArray()).as(command).isTrue();
            assertThat(json(command, "--json").path("it")).as(command).isNotEmpty();
            assertThat(run(command)).isEqualTo(ExitCode.OK);
            assertThat(out.toString()).contains("203.0.113.9");
        }
        assertThat(json("events", "--type", "command", "--json").path("it")).hasSize(1);
        assertThat(json("sessions", "--recorded", "--json").path("it")).isEmpty();
    }

    @Test
    void aSessionIsReplayedFromTheBlobStore() throws Exception {
        String cast = """
            {"version":2,"width":80,"height":24}
            [0.0,"o","$ "]
            [0.1,"i","x"]
            [0.2,"o","\\u001b[31mid\\u001b[0m\\u001b]0;evil\\u0007\\r\\n"]
            """;
        String sha256;
        BlobStore store = BlobStore.open(folder.resolve("state/blobs"), ByteSize.mib(1), new Counters());
        try (var blob = store.create(ByteSize.mib(1))) {
            blob.write(java.nio.ByteBuffer.wrap(cast.getBytes(StandardCharsets.UTF_8)));
            sha256 = blob.commit().orElseThrow().sha256();
        }
        attack(Optional.of(new SessionDelta.Recording(sha256, Optional.of((long) cast.length()))));

        assertThat(run("sessions", "replay", SESSION, "--speed", "100")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).startsWith("$ \033[31mid\033[0m\r\n").doesNotContain("evil");
        assertThat(run("sessions", "replay", SESSION, "--text")).isEqualTo(ExitCode.OK);
        assertThat(out.toString().strip()).isEqualTo("$ id");
    }

    @Test
    void whatIsNotThereIsSaid() {
        attack(Optional.empty());

        assertThat(run("attackers", "show", "198.51.100.1")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("nothing is known of 198.51.100.1");
        assertThat(run("attackers", "show", "nonsense")).isEqualTo(ExitCode.USAGE);
        assertThat(run("events", "-n", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(run("sessions", "replay", "nope")).isEqualTo(ExitCode.FAILED);
        assertThat(run("sessions", "replay", SESSION)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("has no recording");
    }

    @Test
    void prepareMigrateAndStatusCareForAServer() throws Exception {
        System.setProperty("decnet.images", System.getProperty("decnet.root") + "/images");
        Places places = TestPostgres.newPlaces();
        otherConfig = Optional.of(Config.of(Map.of()));
        otherPlaces = Optional.of(places);
        try {
            ObjectNode prepared = (ObjectNode) json("db", "prepare").path("it");
            assertThat(prepared.path("embedded").asBoolean()).isTrue();
            assertThat(prepared.path("argv").toString()).contains("bin/postgres");
            assertThat(prepared.path("socket").asText()).startsWith(places.run().toString());

            try (var server = TestPostgres.embedded(places).start()) {
                assertThat(server.alive()).isTrue();
                assertThat(run("db", "status")).isEqualTo(ExitCode.FAILED);
                assertThat(run("db", "migrate")).isEqualTo(ExitCode.OK);
                assertThat(out.toString()).contains("applied 201 events");
                assertThat(json("db", "status", "--json")
                                .path("it")
                                .path("current")
                                .asBoolean())
                        .isTrue();
            }
        } finally {
            TestPostgres.delete(places);
        }
    }

    @Test
    void eventsAreFoundByAQueryAndAMistakeInItIsShown() {
        attack(Optional.empty());

        assertThat(json("events", "user:nobody", "--json").path("it")).isEmpty();
        assertThat(json("events", "service:ssh wp-login", "--json").path("it")).hasSize(1);
        assertThat(json("events", "ip:203.0.113.0/24 -type:command", "--type", "command", "--json")
                        .path("it"))
                .isEmpty();
        assertThat(run("events", "servce:ssh")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("query, character 1: unknown key");
    }

    @Test
    void deadLettersAreListedShownTriedAgainAndDropped() {
        test.database().inTransaction(tx -> {
            tx.deadLetters()
                    .add(List.of(
                            new DeadLetter("journal/x", "1", "why", "bad\033line"),
                            new DeadLetter("journal/x", "2", "why", "two")));
            return true;
        });
        long id = json("deadletters", "list", "--json")
                .path("it")
                .path(1)
                .path("id")
                .asLong();

        assertThat(run("deadletters", "list")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("bad\\x1bline").doesNotContain("\033");
        assertThat(json("deadletters", "show", Long.toString(id), "--json")
                        .path("it")
                        .path("line")
                        .asText())
                .isEqualTo("bad\033line");
        assertThat(run("deadletters", "show", Long.toString(id))).isEqualTo(ExitCode.OK);
        assertThat(run("deadletters", "retry", Long.toString(id))).isEqualTo(ExitCode.OK);
        assertThat(test.number("select count(*) from dead_letter where retry_at is not null"))
                .isEqualTo(1);
        assertThat(run("deadletters", "retry")).isEqualTo(ExitCode.USAGE);
        assertThat(run("deadletters", "drop", "987654")).isEqualTo(ExitCode.FAILED);
        assertThat(run("deadletters", "show", "987654")).isEqualTo(ExitCode.FAILED);
        assertThat(json("deadletters", "drop", "--all", "--json")
                        .path("it")
                        .path("removed")
                        .asLong())
                .isEqualTo(2);
    }

    @Test
    void sizeCheckAndVacuumSayHowTheDatabaseIs() {
        attack(Optional.empty());

        assertThat(run("db", "vacuum")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("vacuum session");
        assertThat(json("db", "size", "--json")
                        .path("it")
                        .path("days")
                        .path(0)
                        .path("events")
                        .asLong())
                .isEqualTo(5);
        assertThat(run("db", "size", "--days")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("event_evidence", "2026-11-20");
        assertThat(run("db", "check")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("worker retention makes days ahead", "1 references to blobs, of which 1");
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        test.database().inTransaction(tx -> {
            tx.partitions().ensure(List.of(today, today.plusDays(1)));
            return true;
        });
        assertThat(json("db", "check", "--deep", "--json")
                        .path("it")
                        .path("whole")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void anotherServerIsNotPrepared() {
        assertThat(json("db", "prepare").path("it").path("embedded").asBoolean(true))
                .isFalse();
    }

    @Test
    void theFleetIsListedWithStateAndLastChange() {
        DeckyRow web = decky("web", "degraded", Optional.empty());
        test.database().inTransaction(tx -> {
            tx.deckies().upsert(List.of(web, decky("old", "removed", Optional.of(NOON))));
            tx.deckyChanges()
                    .add(List.of(new DeckyChangeRow(
                            NOON,
                            "web",
                            "services",
                            Json.parseObject("{\"services\":[\"ftp\"]}"),
                            Json.parseObject("{\"services\":[\"http\"]}"),
                            "operator")));
            return web;
        });

        assertThat(run("deckies")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("web", "degraded", "10.0.0.7", "ftp,http", "services by operator")
                .doesNotContain("old");
        assertThat(run("deckies", "--all")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("old");
        assertThat(json("deckies", "--json")
                        .path("it")
                        .path(0)
                        .path("last_change")
                        .path("kind")
                        .asText())
                .isEqualTo("services");
        assertThat(run("deckies", "show", "web")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("{\"services\":[\"ftp\"]}", "operator");
        assertThat(json("deckies", "show", "web", "--json").path("it").size()).isEqualTo(1);
        assertThat(run("deckies", "show", "nobody")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("nothing is known of");
    }

    private static DeckyRow decky(String name, String state, Optional<Instant> removed) {
        return new DeckyRow(
                name,
                "",
                "web-server",
                "web07",
                List.of(java.net.InetAddress.ofLiteral("10.0.0.7")),
                "00:50:56:01:02:03",
                List.of("ftp", "http"),
                state,
                List.of(),
                1,
                NOON,
                Optional.of(NOON),
                removed);
    }
}
