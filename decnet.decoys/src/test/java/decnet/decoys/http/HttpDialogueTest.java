package decnet.decoys.http;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.decoys.DialogueFactory;
import decnet.decoys.Fixtures;
import decnet.decoys.Script;
import decnet.topology.Account;
import decnet.topology.Decky;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDialogueTest {
    private static final Decky DECKY = Fixtures.decky("[web]\narchetype = web-server\ndistro = ubuntu22");

    private static DialogueFactory factory(String server) {
        return new HttpService("http").on(Fixtures.context(DECKY.persona(), Map.of("server", server)));
    }

    private static String loginPath(DialogueFactory factory) {
        String answer =
                new Script(factory).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").said();
        return answer.replaceAll("(?s).*Location: (\\S+).*", "$1");
    }

    private static String post(String path, String body) {
        return "POST " + path
                + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void apacheAnswersWhatIsNotThereAsApacheDoes() {
        new Script(factory("apache"))
                .send("GET /nope HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n")
                .expect("""
                    HTTP/1.1 404 Not Found\r
                    Date: Wed, 04 Mar 2026 05:06:07 GMT\r
                    Server: Apache/2.4.52 (Ubuntu)\r
                    Content-Length: 276\r
                    Content-Type: text/html; charset=iso-8859-1\r
                    \r
                    <!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
                    <html><head>
                    <title>404 Not Found</title>
                    </head><body>
                    <h1>Not Found</h1>
                    <p>The requested URL was not found on this server.</p>
                    <hr>
                    <address>Apache/2.4.52 (Ubuntu) Server at shop.example Port 8080</address>
                    </body></html>
                    """);
    }

    @Test
    void nginxAnswersWhatIsNotThereAsNginxDoes() {
        new Script(factory("nginx"))
                .send("GET /nope HTTP/1.1\r\nHost: a\r\n\r\n")
                .expect("""
                    HTTP/1.1 404 Not Found\r
                    Server: nginx/1.18.0 (Ubuntu)\r
                    Date: Wed, 04 Mar 2026 05:06:07 GMT\r
                    Content-Type: text/html\r
                    Content-Length: 162\r
                    Connection: keep-alive\r
                    \r
                    <html>\r
                    <head><title>404 Not Found</title></head>\r
                    <body>\r
                    <center><h1>404 Not Found</h1></center>\r
                    <hr><center>nginx/1.18.0 (Ubuntu)</center>\r
                    </body>\r
                    </html>\r
                    """);
    }

    @Test
    void aRequestIsRecordedWithTheStatusOfItsAnswer() {
        DialogueFactory factory = factory("apache");
        Script script = new Script(factory)
                .send("GET /nope HTTP/1.1\r\nHost: a\r\n\r\n")
                .send(post(loginPath(factory), "username=admin&password=x"));

        assertThat(script.events("http_request"))
                .extracting(seen -> seen.fields().get("status"))
                .containsExactly("404", "200");
    }

    @Test
    void aHeadRequestGetsNoBody() {
        assertThat(new Script(factory("nginx"))
                        .send("HEAD /nope HTTP/1.1\r\nHost: a\r\n\r\n")
                        .said())
                .endsWith("keep-alive\r\n\r\n");
    }

    @Test
    void aWrongLogInIsRecordedAndRefused() {
        DialogueFactory factory = factory("apache");
        Script script = new Script(factory).send(post(loginPath(factory), "username=admin&password=let%20me+in"));

        assertThat(script.said()).startsWith("HTTP/1.1 200 OK").contains("Invalid username or password.");
        assertThat(script.events("login_attempt")).singleElement().satisfies(seen -> assertThat(seen.fields())
                .containsEntry("principal", "admin")
                .containsEntry("secret", "let me in")
                .containsEntry("outcome", "rejected")
                .containsEntry("method", "form"));
    }

    @Test
    void thePersonasLogInWorks() {
        DialogueFactory factory = factory("apache");
        Account account = DECKY.persona().accounts().getFirst();
        String password = account.password().orElseThrow().text();
        Script script = new Script(factory);

        script.send(post(
                loginPath(factory),
                "username=" + account.name() + "&password="
                        + password.replace("@", "%40").replace("!", "%21")));

        assertThat(script.said()).startsWith("HTTP/1.1 302 Found").contains("Set-Cookie: ");
        assertThat(script.events("login_attempt").getFirst().fields()).containsEntry("outcome", "accepted");
    }

    @Test
    void basicCredentialsAreRecorded() {
        String pair = Base64.getEncoder().encodeToString("root:tööp".getBytes(StandardCharsets.UTF_8));
        Script script = new Script(factory("nginx"))
                .send("GET /admin HTTP/1.1\r\nHost: a\r\nAuthorization: Basic " + pair + "\r\n\r\n");

        assertThat(script.said()).startsWith("HTTP/1.1 401 Unauthorized").contains("WWW-Authenticate: Basic realm=");
        assertThat(script.events("login_attempt").getFirst().fields())
                .containsEntry("secret", "tööp")
                .containsEntry("method", "basic");
    }

    @Test
    void aChunkedBodyIsReadWhereverItIsCut() {
        String request = "POST /x HTTP/1.1\r\n"
                + "Host: a\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "3\r\n"
                + "abc\r\n"
                + "4;x=y\r\n"
                + "defg\r\n"
                + "0\r\n\r\n";
        for (int cut = 1; cut < request.length(); cut++) {
            Script script =
                    new Script(factory("nginx")).send(request.substring(0, cut)).send(request.substring(cut));
            assertThat(script.events("http_request").getFirst().fields())
                    .containsEntry("body", "abcdefg")
                    .containsEntry("body_length", "7");
        }
    }

    @Test
    void anUploadedFileIsKept() {
        String body = "--XX\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"sh.php\"\r\n\r\n"
                + "<?php\r\n"
                + "1;\r\n"
                + "--XX--\r\n";
        Script script = new Script(factory("apache"))
                .send("POST /admin/import HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body);

        assertThat(script.events("file_upload")).singleElement().satisfies(seen -> {
            assertThat(seen.fields()).containsEntry("name", "sh.php").containsEntry("via", "http");
            assertThat(new String(seen.content().orElseThrow().bytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("<?php\r\n1;");
        });
    }

    @Test
    void ofALongBodyOnlyTheLimitIsKept() {
        Script script = new Script(factory("nginx"))
                .send("PUT /big HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n")
                .send("x".repeat(200_000));

        assertThat(script.events("file_upload")
                        .getFirst()
                        .content()
                        .orElseThrow()
                        .length())
                .isEqualTo(1 << 16);
        assertThat(script.events("http_request").getFirst().fields()).containsEntry("body_length", "200000");
        assertThat(script.said()).startsWith("HTTP/1.1 405 Not Allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"get / http/1.1\r\n", "GET / HTTP/1337\r\n", "\u0016\u0003\u0001 \r\n", "GET / HTTP/1.1\r\n\r\n"
            })
    void whatIsNoRequestIsRefusedAndRecorded(String text) {
        Script script = new Script(factory("apache")).send(text);

        assertThat(script.said()).startsWith("HTTP/1.1 400 Bad Request\r\n").contains("Connection: close\r\n");
        assertThat(script.closed).isTrue();
        assertThat(script.events("unknown_input")).hasSize(1);
    }

    @Test
    void oldClientsAreLeftAfterOneAnswer() {
        Script script = new Script(factory("nginx")).send("GET /nope HTTP/1.0\r\n\r\n");

        assertThat(script.said()).contains("Connection: close\r\n");
        assertThat(script.closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomInputBreaksNothing(long seed) {
        Script.fuzz(
                factory("nginx"),
                seed,
                150,
                List.of(
                        "GET / HTTP/1.1\r\n",
                        "Host: a\r\n",
                        "\r\n",
                        "POST /login HTTP/1.1\r\n",
                        "Content-Length: 9\r\n",
                        "Transfer-Encoding: chunked\r\n",
                        "f\r\n",
                        "Authorization: Basic ::\r\n",
                        "Content-Type: multipart/form-data; boundary=a\r\n",
                        "--a",
                        "filename=\"",
                        "HTTP/1.0\r\n\r\n"));
    }
}
