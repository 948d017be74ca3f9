package decnet.decoys;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Event;
import decnet.core.Peer;
import decnet.topology.Decky;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineTlsTest {
    private static final Decky WEB = Fixtures.decky("[web]\narchetype = web-server\nservices = https\n");

    private static Decky web() {
        return ServiceFixture.onFreePorts(WEB);
    }

    private static Socket connect(Decky decky) throws IOException {
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(
                        decky.address(), decky.services().getFirst().port()),
                5000);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** As an attacker's tool: it takes any certificate. */
    private static SSLSocket secure(Socket plain, String version) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "intranet.example", 443, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("intranet.example")));
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        parameters.setProtocols(new String[] {version});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aWebServerAnswersUnderTlsWithTheMachinesCertificate(String version) throws Exception {
        Decky decky = web();
        try (var running = new ServiceFixture.Running(Map.of("decoys.capture-bytes", "64k"), DecoyServices.all())) {
            running.engine.serve(List.of(decky));
            try (SSLSocket socket = secure(connect(decky), version)) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: intranet.example\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("HTTP/1.1 ");
                assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
                assertThat(socket.getSession().getPeerCertificates()[0])
                        .isEqualTo(decky.persona()
                                .tls()
                                .orElseThrow()
                                .certificates()
                                .getFirst());
            }
            await(() -> assertThat(running.events)
                    .extracting(Event::type)
                    .containsSubsequence("connect", "tls_hello", "http_request", "disconnect"));
            assertThat(running.events("tls_hello").getFirst().fields())
                    .containsEntry("version", version)
                    .containsEntry("server_name", "intranet.example")
                    .containsEntry("alpn", "http/1.1");
        }
    }

    @Test
    void whoSpeaksNoTlsIsTold() throws Exception {
        Decky decky = web();
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            running.engine.serve(List.of(decky));
            try (Socket socket = connect(decky)) {
                socket.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readAllBytes();
            }
            await(() -> assertThat(running.events("disconnect")).hasSize(1));
            assertThat(running.events("unknown_input").getFirst().fields().get("data"))
                    .contains("SSH-2.0-x");
        }
    }

    @Test
    void aHandshakeThatMakesNoSenseIsAnEventAndEnds() throws Exception {
        Decky decky = web();
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            running.engine.serve(List.of(decky));
            try (Socket socket = connect(decky)) {
                byte[] broken = {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 9};
                socket.getOutputStream().write(broken);
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("reset");
            }
            await(() -> assertThat(running.events("disconnect")).hasSize(1));
            assertThat(running.events("tls_failed")).hasSize(1);
            assertThat(running.counters.value(DecoysCounter.DIALOGUES_FAILED)).isZero();
            assertThat(running.engine.connections()).isZero();
        }
    }

    /** RFC 3207 section 6 and the like: what comes in clear behind the request must not count as protected. */
    @Test
    void aServiceMaySwitchToTlsAndThrowsAwayWhatWasSlippedInBefore() throws Exception {
        Decky decky = ServiceFixture.onFreePorts(Fixtures.decky(
                "[mail]\narchetype = web-server\nservices = custom-mail, https\n[mail.custom-mail]\nport = 25\n"));
        DecoyService mail = new ServiceFixture.Made("custom-", false, opening -> new Dialogue() {
            private boolean secured;

            @Override
            public Step opened(Peer peer) {
                return Step.reply("220 hello\r\n");
            }

            @Override
            public Step received(ByteBuffer bytes) {
                String text = new String(Payload.of(bytes).bytes(), StandardCharsets.US_ASCII);
                return text.startsWith("STARTTLS")
                        ? Step.builder().send("220 go on\r\n").startTls().build()
                        : Step.builder()
                                .saw(Seen.of("command", "command", text.strip(), "secured", Boolean.toString(secured)))
                                .send("250 " + text)
                                .build();
            }

            @Override
            public Step secured(TlsInfo info) {
                secured = true;
                return Step.NOTHING;
            }
        });
        try (var running = new ServiceFixture.Running(Map.of(), List.of(mail))) {
            running.engine.serve(List.of(decky));
            try (Socket plain = connect(decky)) {
                assertThat(new String(plain.getInputStream().readNBytes(11), StandardCharsets.US_ASCII))
                        .isEqualTo("220 hello\r\n");
                plain.getOutputStream().write("STARTTLS\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(plain.getInputStream().readNBytes(11), StandardCharsets.US_ASCII))
                        .isEqualTo("220 go on\r\n");
                try (SSLSocket socket = secure(plain, "TLSv1.3")) {
                    socket.getOutputStream().write("EHLO a\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                            .isEqualTo("250 EHLO a\r\n");
                }
            }
            await(() -> assertThat(running.events("disconnect")).hasSize(1));
            assertThat(running.events("command")).singleElement().satisfies(event -> assertThat(event.fields())
                    .containsEntry("secured", "true"));
        }
    }

    @Test
    void twoMachinesNeverShareACertificate() throws GeneralSecurityException {
        Decky other = Fixtures.decky("[web2]\narchetype = web-server\nservices = https\n");

        assertThat(other.persona().tls().orElseThrow().certificates().getFirst().getPublicKey())
                .isNotEqualTo(WEB.persona()
                        .tls()
                        .orElseThrow()
                        .certificates()
                        .getFirst()
                        .getPublicKey());
    }
}
