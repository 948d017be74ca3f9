package decnet.decoys.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.Peer;
import decnet.core.WireText;
import decnet.decoys.DecoyContext;
import decnet.decoys.Dialogue;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One connection to the web server. */
final class HttpDialogue implements Dialogue {
    private static final int MAX_REQUESTS = 100;
    private static final int SHOWN_BODY = 2048;

    private final DecoyContext context;
    private final WebServer server;
    private final Site site;
    private final HttpRequestDecoder decoder;
    private int requests;
    private boolean loggedIn;

    HttpDialogue(DecoyContext context, WebServer server, Site site) {
        this.context = context;
        this.server = server;
        this.site = site;
        this.decoder = new HttpRequestDecoder(server.strictness(), context.budget(), context.maxUpload());
    }

    @Override
    public Step opened(Peer peer) {
        return Step.NOTHING;
    }

    @Override
    public Step closed() {
        decoder.close();
        return Step.NOTHING;
    }

    @Override
    public Step received(ByteBuffer bytes) {
        Step.Builder step = Step.builder();
        try {
            while (bytes.hasRemaining() && !step.closing()) {
                Optional<HttpRequest> request = decoder.decode(bytes);
                if (decoder.takeContinue() && request.isEmpty()) {
                    step.send("HTTP/1.1 100 Continue\r\n\r\n");
                }
                request.ifPresent(complete -> answer(complete, step));
            }
        } catch (HttpSyntaxException e) {
            ByteBuffer all = bytes.duplicate().rewind();
            byte[] head = new byte[Math.min(SHOWN_BODY, all.remaining())];
            all.get(head);
            step.saw(Seen.of("unknown_input", "data", WireText.of(head), "reason", "status " + e.status()));
            step.send(server.write(Page.error(e.status(), e.note()), Optional.empty(), decoder.version(), false, 0))
                    .close();
        }
        return step.build();
    }

    private void answer(HttpRequest request, Step.Builder step) {
        requests++;
        Optional<Credentials> credentials = Credentials.of(request);
        Optional<DigestLogin> digest = DigestLogin.of(request);
        boolean accepted = digest.map(site::accepts).orElseGet(() -> credentials
                .filter(found -> !found.method().equals("bearer"))
                .filter(found -> site.accepts(found, context.persona()))
                .isPresent());
        // a log-in holds for its connection: what was given as a cookie is not looked up
        loggedIn |= accepted;
        boolean tried = site.isLogin(request.path()) && (request.method().equals("POST") || credentials.isPresent());
        Page page = server.page(request, site, tried ? accepted : loggedIn, tried);
        step.saw(seen(request, page.status()));
        credentials.ifPresent(found -> step.saw(seen(found, accepted)));
        digest.ifPresent(found -> step.saw(found.seen(accepted)));
        uploads(request, step);
        boolean keep = request.keepsAlive() && requests < MAX_REQUESTS && !server.closesAfter(page, request);
        step.send(server.write(page, Optional.of(request), request.version(), keep, MAX_REQUESTS - requests + 1));
        if (!keep) {
            step.close();
        } else {
            step.timer(server.keepAlive());
        }
    }

    private static Seen seen(Credentials found, boolean accepted) {
        return Seen.of(
                "login_attempt",
                "principal",
                text(found.principal()),
                "secret",
                text(found.secret()),
                "secret_kind",
                found.method().equals("bearer") ? "http_bearer" : "plaintext",
                "outcome",
                accepted ? "accepted" : "rejected",
                "method",
                found.method());
    }

    @Override
    public Step plainOnTls(ByteBuffer bytes) {
        Step.Builder step = Step.builder();
        step.saw(Seen.of("unknown_input", "data", Seen.text(bytes), "reason", "no TLS"));
        server.plainOnTls().ifPresent(step::send);
        return step.close().build();
    }

    @Override
    public Step timer() {
        return Step.CLOSE;
    }

    private static void uploads(HttpRequest request, Step.Builder step) {
        if (request.method().equals("PUT") && request.body().length() > 0) {
            step.saw(Seen.of("file_upload", "name", text(request.path()), "via", "http")
                    .with(request.body()));
        }
        for (Multipart.Upload file : Multipart.of(request).files()) {
            step.saw(Seen.of("file_upload", "name", text(file.name()), "via", "http")
                    .with(file.content()));
        }
    }

    private static Seen seen(HttpRequest request, int status) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("method", request.method());
        fields.put("target", text(request.target()));
        fields.put("version", request.version());
        request.header("Host").ifPresent(host -> fields.put("host", text(host)));
        request.header("User-Agent").ifPresent(agent -> fields.put("user_agent", text(agent)));
        ObjectNode headers = Json.object();
        for (HttpRequest.Header header : request.headers()) {
            String before = headers.path(header.name()).asText("");
            headers.put(header.name(), before.isEmpty() ? text(header.value()) : before + ", " + text(header.value()));
        }
        fields.put("headers", WireText.of(Json.bytes(headers)));
        fields.put("status", Integer.toString(status));
        if (request.bodyLength() > 0) {
            byte[] body = request.body().bytes();
            fields.put("body", WireText.of(body, 0, Math.min(SHOWN_BODY, body.length)));
            fields.put("body_length", Long.toString(request.bodyLength()));
            fields.put("body_sha256", sha256(body));
        }
        return new Seen("http_request", fields, Optional.<Payload>empty());
    }

    private static String text(String latin1) {
        return WireText.of(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
