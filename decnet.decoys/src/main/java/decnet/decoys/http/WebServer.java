package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import decnet.decoys.Payload;
import decnet.topology.Persona;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How one product answers: which page, order of headers, when it closes. Immutable. */
final class WebServer {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Strictness product;
    private final String banner;
    private final DecoyContext context;
    private final Optional<Manner> manner;
    private final ErrorPages errors;
    private final Optional<OnePageSite> onePage;

    /**
     * @param manner of a device, which has no web server of a system
     * @param port the well-known one of its scheme
     */
    WebServer(DecoyContext context, Optional<Manner> manner, int port) {
        this.manner = manner;
        this.context = context;
        Persona persona = context.persona();
        String wanted = context.options().getOrDefault("server", "");
        if (wanted.isEmpty() || persona.os().product(wanted).isEmpty()) {
            List<String> shipped = Stream.of("apache", "nginx", "lighttpd")
                    .filter(name -> !persona.os().product(name).isEmpty())
                    .toList();
            wanted = shipped.isEmpty() ? "lighttpd" : shipped.get((int) (persona.seed() & 1) % shipped.size());
        }
        this.product = Strictness.valueOf(wanted.toUpperCase(Locale.ROOT));
        this.banner = persona.os().product(wanted);
        this.errors = new ErrorPages(product, banner, persona.fqdn(), port);
        this.onePage = context.options().containsKey("page")
                ? Optional.of(new OnePageSite(product, context.options().getOrDefault("page", "")))
                : Optional.empty();
    }

    Strictness strictness() {
        return product;
    }

    /** What is said, in clear, to who speaks no TLS where it is wanted; empty if the connection just ends. */
    Optional<Payload> plainOnTls() {
        if (manner.isPresent() || product == Strictness.LIGHTTPD) {
            return Optional.empty();
        }
        String note = product == Strictness.APACHE ? Strictness.NO_TLS_APACHE : Strictness.NO_TLS_NGINX;
        return Optional.of(write(Page.error(400, note), Optional.empty(), "HTTP/1.1", false, 0));
    }

    /** How long a connection may wait for its next request. */
    Duration keepAlive() {
        return switch (product) {
            case APACHE -> Duration.ofSeconds(5);
            case NGINX -> Duration.ofSeconds(65);
            case LIGHTTPD -> Duration.ofSeconds(5);
        };
    }

    /** Whether the server ends the connection although the client would go on. */
    boolean closesAfter(Page page, HttpRequest request) {
        if (manner.isPresent()) {
            return false;
        }
        return switch (product) {
            case APACHE ->
                page.status() == 501
                        || page.status() == 400
                        || !request.header("Transfer-Encoding").isEmpty()
                                && !request.header("Content-Length").isEmpty();
            case NGINX ->
                page.status() == 413 || page.status() == 405 && request.method().equals("TRACE");
            case LIGHTTPD ->
                page.status() == 400
                        || page.status() == 413
                        || request.bodyLength() > 0
                        || page.status() == 501
                                && !List.of("TRACE", "DELETE", "PATCH", "PROPFIND")
                                        .contains(request.method());
        };
    }

    /** The page for a request whose credentials have been looked at already. */
    Page page(HttpRequest request, Site site, boolean loggedIn, boolean loginTried) {
        Page page = onePage.isPresent()
                ? onePage.get().page(request, product.path(request.target()))
                : site.page(request, loggedIn, loginTried);
        boolean file = page.fixed() && page.status() == 200 && !page.body().isEmpty();
        return file
                ? FileAnswer.of(
                        product,
                        page,
                        request,
                        tag(page),
                        modified(),
                        context.clock().instant())
                : page;
    }

    /**
     * Writes an answer.
     *
     * @param request empty if it could not be understood
     * @param version of the request, as far as it is known
     * @param left requests this connection may still make
     */
    Payload write(Page page, Optional<HttpRequest> request, String version, boolean keepAlive, int left) {
        if (manner.isPresent()) {
            return manner.get().write(page, request, keepAlive, context.clock().instant());
        }
        boolean own = page.type().isEmpty() && page.status() >= 300;
        String body = own ? errors.body(page.status(), page.body(), request) : page.body();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean bare = request.filter(one -> one.version().equals("HTTP/0.9")).isPresent();
        StringBuilder head = new StringBuilder();
        // lighttpd answers in the version of the request, and does not know it before the line is read
        boolean old = product == Strictness.LIGHTTPD && !version.equals("HTTP/1.1");
        head.append(old ? "HTTP/1.0 " : "HTTP/1.1 ")
                .append(page.status())
                .append(' ')
                .append(errors.reason(page.status()))
                .append("\r\n");
        boolean headOnly = request.filter(one -> one.method().equals("HEAD")).isPresent();
        switch (product) {
            case APACHE -> apache(head, page, own, bytes.length, keepAlive, request, left, headOnly);
            case NGINX -> nginx(head, page, own, bytes.length, keepAlive);
            case LIGHTTPD -> lighttpd(head, page, own, bytes.length, keepAlive, old);
        }
        head.append("\r\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!bare) {
            out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
        if (!headOnly && page.status() != 304) {
            out.writeBytes(bytes);
        }
        return Payload.of(out.toByteArray());
    }

    private void apache(
            StringBuilder head,
            Page page,
            boolean own,
            int length,
            boolean keepAlive,
            Optional<HttpRequest> request,
            int left,
            boolean headOnly) {
        line(head, "Date", DATE.format(context.clock().instant()));
        line(head, "Server", banner);
        List<HttpRequest.Header> ranges = page.headers().stream()
                .filter(one -> one.name().equals("Content-Range"))
                .toList();
        page.headers().stream()
                .filter(one -> !ranges.contains(one))
                .forEach(header -> line(head, header.name(), header.value()));
        if (page.fixed()) {
            line(head, "Last-Modified", DATE.format(modified()));
            line(head, "ETag", tag(page));
            line(head, "Accept-Ranges", "bytes");
        }
        boolean counted = page.status() != 304
                && page.status() != 416
                && !page.body().equals(Strictness.CHUNK)
                && !(own && headOnly)
                && !(page.status() == 400 && request.isPresent());
        if (counted) {
            line(head, "Content-Length", Integer.toString(length));
        }
        if (page.fixed() && page.status() < 400 && page.status() != 304) {
            line(head, "Vary", "Accept-Encoding");
        }
        if (page.status() != 416) {
            ranges.forEach(header -> line(head, header.name(), header.value()));
        }
        if (!keepAlive) {
            line(head, "Connection", "close");
        } else if (request.flatMap(one -> one.header("Connection"))
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .contains("keep-alive")) {
            line(head, "Keep-Alive", "timeout=5, max=" + left);
            line(head, "Connection", "Keep-Alive");
        }
        String type = own ? "text/html; charset=iso-8859-1" : page.type();
        if (!type.equals("-") && page.status() != 304) {
            line(head, "Content-Type", type);
        }
    }

    private void nginx(StringBuilder head, Page page, boolean own, int length, boolean keepAlive) {
        line(head, "Server", banner);
        line(head, "Date", DATE.format(context.clock().instant()));
        if (page.status() != 304) {
            line(head, "Content-Type", own ? "text/html" : page.type());
            line(head, "Content-Length", Integer.toString(length));
        }
        if (page.fixed()) {
            line(head, "Last-Modified", DATE.format(modified()));
        }
        line(head, "Connection", keepAlive ? "keep-alive" : "close");
        if (page.fixed()) {
            line(head, "ETag", tag(page));
            if (page.status() == 200) {
                line(head, "Accept-Ranges", "bytes");
            }
        }
        page.headers().forEach(header -> line(head, header.name(), header.value()));
    }

    private void lighttpd(StringBuilder head, Page page, boolean own, int length, boolean keepAlive, boolean old) {
        page.headers().stream()
                .filter(header -> page.status() != 416)
                .forEach(header -> line(head, header.name(), header.value()));
        String type = own ? "text/html" : page.type();
        if (!type.isEmpty()) {
            line(head, "Content-Type", type);
        }
        if (page.fixed() && !page.body().isEmpty() || page.status() == 304) {
            line(head, "ETag", tag(page));
            line(head, "Last-Modified", DATE.format(modified()));
        }
        if (page.status() != 304) {
            line(head, "Content-Length", Integer.toString(length));
        }
        if (page.fixed() && page.status() < 300 && !page.body().isEmpty() && !old) {
            line(head, "Accept-Ranges", "bytes");
        }
        if (!keepAlive || old) {
            line(head, "Connection", keepAlive ? "keep-alive" : "close");
        }
        line(head, "Date", DATE.format(context.clock().instant()));
        if (!banner.isEmpty()) {
            line(head, "Server", banner);
        }
    }

    private static void line(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private Instant modified() {
        return context.persona()
                .installedAt()
                .plusSeconds(86_400 * 3)
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    }

    /** The entity tag of the whole file, whatever part of it the page shows. */
    private String tag(Page page) {
        int length = page.headers().stream()
                .filter(one -> one.name().equals("Content-Range"))
                .findFirst()
                .map(one -> Integer.parseInt(one.value().substring(one.value().indexOf('/') + 1)))
                .orElseGet(page::length);
        if (onePage.isPresent() && length == 0) {
            length = onePage.get().length();
        }
        long seconds = modified().getEpochSecond();
        return switch (product) {
            case APACHE -> "\"" + Integer.toHexString(length) + "-" + Long.toHexString(seconds * 1_000_000) + "\"";
            case NGINX -> "\"" + Long.toHexString(seconds) + "-" + Integer.toHexString(length) + "\"";
            case LIGHTTPD -> "\"" + (seconds * 31 + length) % 4_294_967_291L + "\"";
        };
    }
}
