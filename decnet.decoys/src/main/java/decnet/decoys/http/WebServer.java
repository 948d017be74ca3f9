package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import decnet.decoys.Payload;
import decnet.topology.Persona;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How one product writes its answers: order of headers, error pages, when it closes. Immutable. */
final class WebServer {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(302, "Found"),
            Map.entry(304, "Not Modified"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(414, "Request-URI Too Long"),
            Map.entry(501, "Not Implemented"),
            Map.entry(505, "HTTP Version Not Supported"));

    /** A server of a device or of Windows; its banner may be missing. */
    private static final String OTHER = "web";

    private final String product;
    private final String banner;
    private final DecoyContext context;
    private final Optional<Manner> manner;

    /** @param manner of a device, which has no web server of a system */
    WebServer(DecoyContext context, Optional<Manner> manner) {
        this.manner = manner;
        this.context = context;
        Persona persona = context.persona();
        String wanted = context.options().getOrDefault("server", "");
        if (wanted.isEmpty() || persona.os().product(wanted).isEmpty()) {
            List<String> shipped = Stream.of("apache", "nginx", "lighttpd")
                    .filter(name -> !persona.os().product(name).isEmpty())
                    .toList();
            wanted = shipped.isEmpty() ? OTHER : shipped.get((int) (persona.seed() & 1) % shipped.size());
        }
        this.product = wanted;
        this.banner = persona.os().product(wanted);
    }

    String product() {
        return product;
    }

    /**
     * Writes an answer.
     *
     * @param request empty if it could not be understood
     */
    Payload write(Page page, Optional<HttpRequest> request, boolean keepAlive) {
        if (manner.isPresent()) {
            return manner.get().write(page, request, keepAlive, context.clock().instant());
        }
        boolean own = page.type().isEmpty() && page.body().isEmpty() && page.status() != 304;
        String body = own ? errorPage(page.status(), request) : page.body();
        String type = own ? (product.equals("apache") ? "text/html; charset=iso-8859-1" : "text/html") : page.type();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder();
        head.append("HTTP/1.1 ")
                .append(page.status())
                .append(' ')
                .append(reason(page.status()))
                .append("\r\n");
        switch (product) {
            case "nginx" -> nginx(head, page, type, bytes.length, keepAlive);
            case "lighttpd", OTHER -> lighttpd(head, page, type, bytes.length, keepAlive);
            default -> apache(head, page, type, bytes.length, keepAlive, request);
        }
        head.append("\r\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (request.isEmpty() || !request.get().method().equals("HEAD")) {
            out.writeBytes(bytes);
        }
        return Payload.of(out.toByteArray());
    }

    private String reason(int status) {
        if (product.equals("nginx")) {
            if (status == 302) {
                return "Moved Temporarily";
            }
            if (status == 405) {
                return "Not Allowed";
            }
            if (status == 414) {
                return "Request-URI Too Large";
            }
        }
        return product.equals("apache") && status == 414
                ? "Request-URI Too Long"
                : REASONS.getOrDefault(status, "Unknown");
    }

    private void apache(
            StringBuilder head, Page page, String type, int length, boolean keepAlive, Optional<HttpRequest> request) {
        line(head, "Date", DATE.format(context.clock().instant()));
        line(head, "Server", banner);
        page.headers().forEach(header -> line(head, header.name(), header.value()));
        if (page.fixed()) {
            line(head, "Last-Modified", DATE.format(modified()));
            line(
                    head,
                    "ETag",
                    "\"" + Integer.toHexString(length) + "-"
                            + Long.toHexString(modified().getEpochSecond() * 1_000_000) + "\"");
            line(head, "Accept-Ranges", "bytes");
        }
        if (page.status() == 405) {
            line(head, "Allow", "GET,POST,OPTIONS,HEAD");
        }
        line(head, "Content-Length", Integer.toString(length));
        if (page.fixed()) {
            line(head, "Vary", "Accept-Encoding");
        }
        if (!keepAlive) {
            line(head, "Connection", "close");
        } else if (request.flatMap(one -> one.header("Connection"))
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .contains("keep-alive")) {
            line(head, "Keep-Alive", "timeout=5, max=100");
            line(head, "Connection", "Keep-Alive");
        }
        line(head, "Content-Type", type);
    }

    private void nginx(StringBuilder head, Page page, String type, int length, boolean keepAlive) {
        line(head, "Server", banner);
        line(head, "Date", DATE.format(context.clock().instant()));
        line(head, "Content-Type", type);
        line(head, "Content-Length", Integer.toString(length));
        if (page.fixed()) {
            line(head, "Last-Modified", DATE.format(modified()));
        }
        line(head, "Connection", keepAlive ? "keep-alive" : "close");
        if (page.fixed()) {
            line(
                    head,
                    "ETag",
                    "\"" + Long.toHexString(modified().getEpochSecond()) + "-" + Integer.toHexString(length) + "\"");
            line(head, "Accept-Ranges", "bytes");
        }
        page.headers().forEach(header -> line(head, header.name(), header.value()));
    }

    private void lighttpd(StringBuilder head, Page page, String type, int length, boolean keepAlive) {
        page.headers().forEach(header -> line(head, header.name(), header.value()));
        line(head, "Content-Type", type);
        if (page.fixed()) {
            line(head, "ETag", "\"" + (modified().getEpochSecond() & 0xffffffffL) + length + "\"");
            line(head, "Last-Modified", DATE.format(modified()));
            line(head, "Accept-Ranges", "bytes");
        }
        line(head, "Content-Length", Integer.toString(length));
        if (!keepAlive) {
            line(head, "Connection", "close");
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
        return context.persona().installedAt().plusSeconds(86_400 * 3);
    }

    private String errorPage(int status, Optional<HttpRequest> request) {
        String title = status + " " + reason(status);
        return switch (product) {
            case "nginx" -> nginxError(title, request);
            case "lighttpd" -> lighttpdError(title);
            case OTHER ->
                "<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>\r\n";
            default -> apacheError(status, title, request);
        };
    }

    private String nginxError(String title, Optional<HttpRequest> request) {
        String page = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title
                + "</h1></center>\r\n<hr><center>" + banner + "</center>\r\n</body>\r\n</html>\r\n";
        String agent = request.flatMap(one -> one.header("User-Agent")).orElse("");
        return agent.contains("MSIE ") || agent.contains("Chrome/")
                ? page + "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n".repeat(6)
                : page;
    }

    private static String lighttpdError(String title) {
        return """
            <?xml version="1.0" encoding="iso-8859-1"?>
            <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
                     "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
            <html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
             <head>
              <title>%1$s</title>
             </head>
             <body>
              <h1>%1$s</h1>
             </body>
            </html>
            """.formatted(title);
    }

    private String apacheError(int status, String title, Optional<HttpRequest> request) {
        String method = request.map(HttpRequest::method).orElse("");
        String text =
                switch (status) {
                    case 400 -> "<p>Your browser sent a request that this server could not understand.<br />\n</p>\n";
                    case 401 -> """
                        <p>This server could not verify that you
                        are authorized to access the document
                        requested.  Either you supplied the wrong
                        credentials (e.g., bad password), or your
                        browser doesn't understand how to supply
                        the credentials required.</p>
                        """;
                    case 403 -> "<p>You don't have permission to access this resource.</p>\n";
                    case 404 -> "<p>The requested URL was not found on this server.</p>\n";
                    case 405 -> "<p>The requested method " + method + " is not allowed for this URL.</p>\n";
                    case 414 ->
                        "<p>The requested URL's length exceeds the capacity\nlimit for this server.<br />\n</p>\n";
                    case 501 -> "<p>" + method + " not supported for current URL.<br />\n</p>\n";
                    case 302 -> "<p>The document has moved.</p>\n";
                    default -> "";
                };
        String heading = status == 414 ? "Request-URI Too Long" : reason(status);
        return "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>" + title
                + "</title>\n</head><body>\n<h1>" + heading + "</h1>\n" + text + "<hr>\n<address>" + banner
                + " Server at "
                + place(request) + "</address>\n</body></html>\n";
    }

    /** Host and port as the client named them, as the server does with its defaults. */
    private String place(Optional<HttpRequest> request) {
        String host = request.flatMap(one -> one.header("Host"))
                .orElse(context.persona().fqdn());
        String port = "80";
        int colon = host.lastIndexOf(':');
        if (colon > 0 && host.substring(colon + 1).matches("\\d{1,5}")) {
            port = host.substring(colon + 1);
            host = host.substring(0, colon);
        }
        String shown = host.length() > 255 ? host.substring(0, 255) : host;
        return shown.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;") + " Port " + port;
    }
}
