package decnet.decoys.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A server as after its installation: one page, which the operator gives, and nothing else. Immutable. */
final class OnePageSite {
    private static final List<String> KNOWN_METHODS = List.of(
            "GET",
            "HEAD",
            "POST",
            "PUT",
            "DELETE",
            "CONNECT",
            "OPTIONS",
            "TRACE",
            "PATCH",
            "PROPFIND",
            "PROPPATCH",
            "MKCOL",
            "COPY",
            "MOVE",
            "LOCK",
            "UNLOCK",
            "VERSION-CONTROL",
            "CHECKOUT",
            "UNCHECKOUT",
            "CHECKIN",
            "UPDATE",
            "LABEL",
            "REPORT",
            "MKWORKSPACE",
            "MKACTIVITY",
            "BASELINE-CONTROL",
            "MERGE");
    private static final String ALLOWED = "HEAD,GET,POST,OPTIONS";

    private final Strictness product;
    private final String page;
    private final String file;

    OnePageSite(Strictness product, String page) {
        this.product = product;
        this.file = switch (product) {
            case APACHE -> "/index.html";
            case NGINX -> "/index.nginx-debian.html";
            case LIGHTTPD -> "/index.html";
        };
        this.page = page;
    }

    /** Bytes of the page. */
    int length() {
        return page.getBytes(StandardCharsets.UTF_8).length;
    }

    /** @param path as {@link Strictness#path} gives it */
    Page page(HttpRequest request, String path) {
        boolean there = path.equals("/") || path.equals(file);
        boolean longName = List.of(path.split("/")).stream().anyMatch(part -> part.length() > 255);
        Page found = there
                ? new Page(200, "text/html", List.of(), page, true)
                : Page.error(longName && product == Strictness.APACHE ? 403 : 404);
        String method = request.method();
        return switch (product) {
            case APACHE -> apache(request, path, found);
            case NGINX -> {
                if (method.equals("TRACE")) {
                    yield Page.error(405);
                }
                boolean reads = method.equals("GET") || method.equals("HEAD");
                yield there && !reads ? Page.error(405) : found;
            }
            case LIGHTTPD -> lighttpd(method, found);
        };
    }

    private static Page lighttpd(String method, Page found) {
        return switch (method) {
            case "GET", "HEAD", "POST" -> found;
            case "OPTIONS" ->
                new Page(200, "", List.of(new HttpRequest.Header("Allow", "OPTIONS, GET, HEAD, POST")), "", true);
            case "PUT" -> found.status() == 404 ? found : Page.error(501);
            default -> Page.error(501);
        };
    }

    private static Page apache(HttpRequest request, String path, Page found) {
        String method = request.method();
        if (method.equals("OPTIONS")) {
            List<HttpRequest.Header> headers =
                    request.target().equals("*") ? List.of() : List.of(new HttpRequest.Header("Allow", ALLOWED));
            return new Page(200, request.target().equals("*") ? "-" : "text/html", headers, "", false);
        }
        if (method.equals("TRACE")) {
            return Page.error(405).with("Allow", "");
        }
        if (!KNOWN_METHODS.contains(method)) {
            return Page.error(501).with("Allow", ALLOWED);
        }
        if (path.substring(path.lastIndexOf('/') + 1).startsWith(".ht")) {
            return Page.error(403);
        }
        boolean reads = method.equals("GET") || method.equals("HEAD") || method.equals("POST");
        return reads ? found : Page.error(405).with("Allow", ALLOWED);
    }
}
