package decnet.decoys.http;

import decnet.decoys.Payload;
import java.util.List;
import java.util.Optional;

/**
 * A request as it was sent. Text is Latin-1.
 *
 * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param headers in the order and spelling of the client
 * @param body at most the limit of uploads
 * @param bodyLength bytes of the body that were sent
 */
record HttpRequest(String method, String target, String version, List<Header> headers, Payload body, long bodyLength) {
    record Header(String name, String value) {}

    HttpRequest {
        headers = List.copyOf(headers);
    }

    /** The first header of that name, in any case. */
    Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }

    /** The path, without query, host or fragment. */
    String path() {
        String path = target;
        int scheme = path.indexOf("://");
        if (scheme > 0 && scheme < 10) {
            int slash = path.indexOf('/', scheme + 3);
            path = slash < 0 ? "/" : path.substring(slash);
        }
        int end = path.indexOf('?');
        path = end < 0 ? path : path.substring(0, end);
        end = path.indexOf('#');
        return end < 0 ? path : path.substring(0, end);
    }

    boolean keepsAlive() {
        String connection = header("Connection").orElse("").toLowerCase(java.util.Locale.ROOT);
        return !version.equals("HTTP/1.0") && !version.equals("HTTP/0.9")
                ? !connection.contains("close")
                : connection.contains("keep-alive");
    }
}
