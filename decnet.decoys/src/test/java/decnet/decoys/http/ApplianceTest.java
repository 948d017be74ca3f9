package decnet.decoys.http;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Challenge;
import decnet.decoys.DecoyContext;
import decnet.decoys.DialogueFactory;
import decnet.decoys.Fixtures;
import decnet.decoys.Script;
import decnet.decoys.Seen;
import decnet.decoys.SetClock;
import decnet.topology.Account;
import decnet.topology.Persona;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faces of devices, as a visitor sees them. */
class ApplianceTest {
    private final SetClock clock = new SetClock(Fixtures.NOW);

    private static Persona persona(String archetype) {
        return Fixtures.decky("[box]\narchetype = " + archetype + "\nservices = http")
                .persona();
    }

    private DialogueFactory factory(Persona persona) {
        DecoyContext context = Fixtures.context(persona, Map.of(), clock);
        return new HttpService("http").on(context);
    }

    private String get(Persona persona, String path, String... headers) {
        return new Script(factory(persona))
                .send("GET " + path + " HTTP/1.1\r\nHost: box\r\n" + String.join("", headers) + "\r\n")
                .said();
    }

    private static String post(String path, String type, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: box\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String basic(Account account) {
        String pair = account.name() + ":" + account.password().orElseThrow().text();
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.ISO_8859_1))
                + "\r\n";
    }

    private static Account administrator(Persona persona) {
        return persona.accounts().stream()
                .filter(one -> one.password().isPresent())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "windows-server",
                "nas",
                "hypervisor",
                "camera",
                "plc",
                "industrial-control",
                "printer",
                "printer-hp",
                "printer-brother"
            })
    void noFaceShowsAnotherOnesServerOrAFormatOfOurs(String archetype) {
        Persona persona = persona(archetype);
        for (String path : List.of("/", "/favicon.ico", "/robots.txt", "/nope", "/..%2f..%2fetc/passwd")) {
            String answer = get(persona, path);

            assertThat(answer)
                    .startsWith("HTTP/1.1 ")
                    .doesNotContain("%1$", "%2$", "null", "Apache", "lighttpd", "decky", "Optional[");
            String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
            assertThat(head.toLowerCase(java.util.Locale.ROOT))
                    .contains("content-length: ", "\r\ndate: wed, 04 mar 2026 05:06:07 gmt");
            assertThat(head.lines().skip(1)).allMatch(line -> line.matches("[A-Za-z0-9-]+: \\S.*"));
        }
    }

    @Test
    void iisSaysWhatIsMissingInItsOwnWords() {
        String answer = get(persona("windows-server"), "/nope");

        assertThat(answer)
                .startsWith("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nServer: Microsoft-IIS/10.0\r\n")
                .contains("<title>404 - File or directory not found.</title>");
        assertThat(get(persona("windows-server"), "/reports/")).contains("WWW-Authenticate: Basic realm=\"");
    }

    @Test
    void theStorageLogsInByItsInterface() {
        Persona persona = persona("nas");
        Account admin = administrator(persona);
        Script script = new Script(factory(persona));

        script.send("GET /webapi/auth.cgi?api=SYNO.API.Auth&method=login&account=admin&passwd=wrong HTTP/1.1\r\n"
                + "Host: a\r\n\r\n");
        assertThat(script.said()).contains("{\"error\":{\"code\":400},\"success\":false}");
        script.send(post(
                "/webapi/entry.cgi",
                "application/x-www-form-urlencoded",
                "account=" + admin.name() + "&passwd="
                        + java.net.URLEncoder.encode(
                                admin.password().orElseThrow().text(), StandardCharsets.UTF_8)));

        assertThat(script.said()).contains("\"success\":true", "Set-Cookie: id=");
        assertThat(script.events("login_attempt"))
                .extracting(seen -> seen.fields().get("outcome"))
                .containsExactly("rejected", "accepted");
        assertThat(get(persona, "/")).contains(persona.hostname());
    }

    @Test
    void theVirtualisationHostTellsItsBuildAndTakesLogInsAsXml() {
        Persona persona = persona("hypervisor");
        Script script = new Script(factory(persona));

        script.send(post("/sdk", "text/xml; charset=utf-8", "<RetrieveServiceContent xmlns=\"urn:vim25\"/>"));
        assertThat(script.said()).contains("<build>" + persona.os().product("build") + "</build>");
        script.send(
                post(
                        "/sdk",
                        "text/xml; charset=utf-8",
                        "<Login"
                            + " xmlns=\"urn:vim25\"><_this>x</_this><userName>root</userName><password>a&amp;b</password></Login>"));

        assertThat(script.said()).startsWith("HTTP/1.1 500 ").contains("InvalidLogin");
        assertThat(script.events("login_attempt").getFirst().fields())
                .containsEntry("principal", "root")
                .containsEntry("secret", "a&b")
                .containsEntry("method", "soap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"printer-hp:/info_config.html", "printer-brother:/general/information.html"})
    void aPrinterHasPrintedMoreAMonthLater(String printer) {
        String[] parts = printer.split(":");
        Persona persona = persona(parts[0]);
        String now = get(persona, parts[1]);
        long before = pages(now);
        assertThat(now).contains(persona.identity().serialNumber());

        clock.pass(Duration.ofDays(30));

        assertThat(pages(get(persona, parts[1]))).isBetween(before + 100, before + 7000);
    }

    private static long pages(String page) {
        return Long.parseLong(page.replaceAll("(?s).*Page(?:s Printed| Counter)</(?:td|dt)><(?:td|dd)>(\\d+).*", "$1"));
    }

    @Test
    void theControllerShowsWhoItIsAndWantsALogInForMore() {
        Persona persona = persona("plc");
        Script script = new Script(factory(persona));

        assertThat(get(persona, "/Portal/Portal.mwsl?PriNav=Ident"))
                .contains(persona.identity().serialNumber());
        script.send(post("/FormLogin", "application/x-www-form-urlencoded", "Login=admin&Password=wrong"));

        assertThat(script.said()).startsWith("HTTP/1.1 303 ").contains("LoginFailed=1");
    }

    @Test
    void aCameraAsksForADigestAndTheProofIsKeptWithAllItAnswers() {
        Persona persona = persona("camera");
        Account admin = administrator(persona);
        boolean xml = persona.os().id().equals("hikvision");
        String path = xml ? "/ISAPI/System/deviceInfo" : "/cgi-bin/magicBox.cgi?action=getSystemInfo";
        String asked = get(persona, path);
        assertThat(asked).startsWith("HTTP/1.1 401 ");
        String realm = asked.replaceAll("(?s).*Digest qop=\"auth\", realm=\"([^\"]+)\".*", "$1");
        String nonce = asked.replaceAll("(?s).*nonce=\"([^\"]+)\".*", "$1");

        String wrong = digest(admin.name(), "wrong", realm, nonce, path);
        String right = digest(admin.name(), admin.password().orElseThrow().text(), realm, nonce, path);
        Script script = new Script(factory(persona));
        script.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + wrong + "\r\n");
        assertThat(script.said()).startsWith("HTTP/1.1 401 ");
        script.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + right + "\r\n");

        assertThat(script.said())
                .startsWith("HTTP/1.1 200 ")
                .contains(persona.identity().serialNumber());
        List<Seen> logins = script.events("login_attempt");
        assertThat(logins).extracting(seen -> seen.fields().get("outcome")).containsExactly("rejected", "accepted");
        assertThat(logins.getFirst().fields()).containsEntry("secret_kind", "http_digest_md5");
        Challenge challenge = Challenge.parse(logins.getFirst().fields().getOrDefault("challenge", ""));
        assertThat(challenge.parts())
                .containsEntry("realm", realm)
                .containsEntry("nonce", nonce)
                .containsEntry("uri", path)
                .containsEntry("method", "GET")
                .containsEntry("qop", "auth")
                .containsEntry("nc", "00000001")
                .containsEntry("cnonce", "0a4f113b");

        clock.pass(Duration.ofMinutes(6));
        assertThat(get(persona, path, right)).startsWith("HTTP/1.1 401 ");
    }

    private static String digest(String user, String password, String realm, String nonce, String uri) {
        String response = md5(md5(user + ":" + realm + ":" + password) + ":" + nonce + ":00000001:0a4f113b:auth:"
                + md5("GET:" + uri));
        return "Authorization: Digest username=\"" + user + "\", realm=\"" + realm + "\", nonce=\"" + nonce
                + "\", uri=\"" + uri + "\", qop=auth, nc=00000001, cnonce=\"0a4f113b\", response=\"" + response
                + "\"\r\n";
    }

    /** RFC 2617 section 3.5. */
    @Test
    void theExampleOfTheStandardProves() {
        String header = "Digest username=\"Mufasa\", realm=\"testrealm@host.com\","
                + " nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", qop=auth, nc=00000001,"
                + " cnonce=\"0a4f113b\", response=\"6629fae49393a05397450978507c4ef1\","
                + " opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";
        HttpRequest request = new HttpRequest(
                "GET",
                "/dir/index.html",
                "HTTP/1.1",
                List.of(new HttpRequest.Header("Authorization", header)),
                decnet.decoys.Payload.EMPTY,
                0);
        Persona persona = persona("camera")
                .withAccount(new Account(
                        "Mufasa",
                        1002,
                        "",
                        "/",
                        "/bin/sh",
                        java.util.Optional.of(new decnet.core.Secret("Circle Of Life")),
                        false));

        assertThat(DigestLogin.of(request).orElseThrow().proves(persona)).isTrue();
        assertThat(DigestLogin.of(request).orElseThrow().proves(persona("camera")))
                .isFalse();
    }

    @Test
    void theAdministratorsPasswordOpensWhatIsClosed() {
        Persona persona = persona("windows-server");

        assertThat(get(persona, "/reports/", basic(administrator(persona)))).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"camera", "hypervisor", "printer-brother", "nas", "plc"})
    void nothingThatIsSentBreaksIt(String archetype) {
        Script.fuzz(
                factory(persona(archetype)),
                11,
                30,
                List.of(
                        "GET /ISAPI/a HTTP/1.1\r\nHost: a\r\nAuthorization: Digest username=\"\\\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Digest response=\"\\\", nonce=\r\n\r\n",
                        "POST /sdk HTTP/1.1\r\n"
                                + "Host: a\r\n"
                                + "Content-Type: text/xml\r\n"
                                + "Content-Length: 20\r\n\r\n"
                                + "<userName>a<password",
                        "GET /webapi/auth.cgi?passwd=%zz&account=%00 HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
}
