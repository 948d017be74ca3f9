package decnet.decoys.http;

import decnet.decoys.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How the server of a device writes: which headers in which order, and its error pages. Immutable.
 *
 * @param headers in their order; {@code *} stands for those of the page, {@code {date}}, {@code {type}}, {@code {length}} and
 *     {@code {connection}} for values of the answer; a header without value is left out
 * @param errors pages by status; 0 is the one for all others, with {@code %1$d} for status and {@code %2$s} for reason
 * @param errorType of those pages
 */
record Manner(List<HttpRequest.Header> headers, Map<Integer, String> errors, String errorType) {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(301, "Moved Permanently"),
            Map.entry(302, "Found"),
            Map.entry(303, "See Other"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(414, "Request-URI Too Long"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(505, "HTTP Version Not Supported"));

    Manner {
        headers = List.copyOf(headers);
        errors = Map.copyOf(errors);
    }

    /** @param headers name, value, name, value … */
    static Manner of(String errorType, Map<Integer, String> errors, String... headers) {
        List<HttpRequest.Header> list = new java.util.ArrayList<>();
        for (int i = 0; i + 1 < headers.length; i += 2) {
            list.add(new HttpRequest.Header(headers[i], headers[i + 1]));
        }
        return new Manner(list, errors, errorType);
    }

    /** @param request empty if it could not be understood */
    Payload write(Page page, Optional<HttpRequest> request, boolean keepAlive, Instant now) {
        boolean own = page.type().isEmpty() && page.body().isEmpty();
        String body = own ? error(page.status()) : page.body();
        String type = own ? (body.isEmpty() ? "" : errorType) : page.type();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(page.status())
                .append(' ')
                .append(reason(page.status()))
                .append("\r\n");
        for (HttpRequest.Header header : headers) {
            if (header.name().equals("*")) {
                page.headers().forEach(one -> line(head, one.name(), one.value()));
                continue;
            }
            line(
                    head,
                    header.name(),
                    header.value()
                            .replace("{date}", DATE.format(now))
                            .replace("{type}", type)
                            .replace("{length}", Integer.toString(bytes.length))
                            .replace("{connection}", keepAlive ? "" : "close")
                            .replace("{keep}", keepAlive ? "keep-alive" : "close"));
        }
        head.append("\r\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (request.isEmpty() || !request.get().method().equals("HEAD")) {
            out.writeBytes(bytes);
        }
        return Payload.of(out.toByteArray());
    }

    private static String reason(int status) {
        return REASONS.getOrDefault(status, "Unknown");
    }

    private String error(int status) {
        if (status < 400) {
            return "";
        }
        return String.format(errors.getOrDefault(status, errors.getOrDefault(0, "")), status, reason(status));
    }

    private static void line(StringBuilder head, String name, String value) {
        if (!value.isEmpty()) {
            head.append(name).append(": ").append(value).append("\r\n");
        }
    }
}
