package decnet.decoys.http;

import java.util.Map;
import java.util.Optional;

/** The pages on which servers tell what is wrong, and the words of their status lines. Immutable. */
final class ErrorPages {
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(206, "Partial Content"),
            Map.entry(301, "Moved Permanently"),
            Map.entry(302, "Found"),
            Map.entry(304, "Not Modified"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(412, "Precondition Failed"),
            Map.entry(413, "Request Entity Too Large"),
            Map.entry(414, "Request-URI Too Long"),
            Map.entry(416, "Requested Range Not Satisfiable"),
            Map.entry(411, "Length Required"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(501, "Not Implemented"),
            Map.entry(505, "HTTP Version Not Supported"));

    private final Strictness product;
    private final String banner;
    private final String name;
    private final String defaultPort;

    /**
     * @param name of the machine, where the client has given none
     * @param port where the client has given none
     */
    ErrorPages(Strictness product, String banner, String name, int port) {
        this.defaultPort = Integer.toString(port);
        this.product = product;
        this.banner = banner;
        this.name = name;
    }

    String reason(int status) {
        return switch (product) {
            case NGINX ->
                switch (status) {
                    case 302 -> "Moved Temporarily";
                    case 405 -> "Not Allowed";
                    case 414 -> "Request-URI Too Large";
                    default -> REASONS.getOrDefault(status, "Unknown");
                };
            case LIGHTTPD ->
                switch (status) {
                    case 413 -> "Payload Too Large";
                    case 414 -> "URI Too Long";
                    case 416 -> "Range Not Satisfiable";
                    default -> REASONS.getOrDefault(status, "Unknown");
                };
            case APACHE -> REASONS.getOrDefault(status, "Unknown");
        };
    }

    String body(int status, String note, Optional<HttpRequest> request) {
        return switch (product) {
            case APACHE -> apache(status, note, request);
            case NGINX -> nginx(status, note, request);
            case LIGHTTPD -> lighttpd(status);
        };
    }

    private String nginx(int status, String note, Optional<HttpRequest> request) {
        String words = status + " " + reason(status);
        boolean told = note.equals(Strictness.HEAD_TOO_LARGE) || note.equals(Strictness.NO_TLS_NGINX);
        String page = "<html>\r\n<head><title>" + (told ? status + " " + note : words)
                + "</title></head>\r\n<body>\r\n<center><h1>" + words
                + "</h1></center>\r\n" + (told ? "<center>" + note + "</center>\r\n" : "") + "<hr><center>" + banner
                + "</center>\r\n</body>\r\n</html>\r\n";
        String agent = request.flatMap(one -> one.header("User-Agent")).orElse("");
        return agent.contains("MSIE ") || agent.contains("Chrome/")
                ? page + "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n".repeat(6)
                : page;
    }

    private String lighttpd(int status) {
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
            """.formatted(status + " " + reason(status));
    }

    private String apache(int status, String note, Optional<HttpRequest> request) {
        String method =
                request.map(HttpRequest::method).map(ErrorPages::escaped).orElse("");
        String text =
                switch (status) {
                    case 301, 302 -> "<p>The document has moved.</p>\n";
                    case 400 -> {
                        boolean told = note.equals(Strictness.FIELD_TOO_LONG)
                                || note.equals(Strictness.TOO_MANY_FIELDS)
                                || note.equals(Strictness.NO_TLS_APACHE);
                        yield "<p>Your browser sent a request that this server could not understand.<br />\n"
                                + (told ? note : "") + "</p>\n";
                    }
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
                    case 412 ->
                        "<p>The precondition on the request\nfor the URL "
                                + request.map(HttpRequest::path)
                                        .map(ErrorPages::escaped)
                                        .orElse("") + " evaluated to false.</p>\n";
                    case 414 ->
                        "<p>The requested URL's length exceeds the capacity\nlimit for this server.<br />\n</p>\n";
                    case 416 -> """
                        <p>None of the range-specifier values in the Range
                        request-header field overlap the current extent
                        of the selected resource.</p>
                        """;
                    case 417 -> """
                        <p>The expectation given in the Expect request-header
                        field could not be met by this server.
                        The client sent<pre>
                            Expect: %s
                        </pre>
                        </p><p>Only the 100-continue expectation is supported.</p>
                        """.formatted(escaped(note));
                    case 501 -> "<p>" + method + " not supported for current URL.<br />\n</p>\n";
                    default -> "";
                };
        return doctype() + "<html><head>\n<title>" + status + " " + reason(status) + "</title>\n</head><body>\n<h1>"
                + reason(status) + "</h1>\n" + text + "<hr>\n<address>" + banner + " Server at " + place(request)
                + "</address>\n</body></html>\n";
    }

    /** The words in front of the page changed in the middle of the series 2.4. */
    private String doctype() {
        java.util.regex.Matcher version =
                java.util.regex.Pattern.compile("2\\.4\\.(\\d+)").matcher(banner);
        boolean strict = version.find() && Integer.parseInt(version.group(1)) >= 64;
        return strict
                ? "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" \"http://www.w3.org/TR/html4/strict.dtd\">\n"
                : "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n";
    }

    private static String escaped(String text) {
        String shown = text.length() > 1000 ? text.substring(0, 1000) : text;
        return shown.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Host and port as the client named them, as the server does with its defaults. */
    private String place(Optional<HttpRequest> request) {
        String host = request.flatMap(one -> one.header("Host"))
                .filter(one -> !one.isEmpty())
                .orElse(name);
        String port = defaultPort;
        int colon = host.lastIndexOf(':');
        if (colon > 0 && host.substring(colon + 1).matches("\\d{1,5}")) {
            port = host.substring(colon + 1);
            host = host.substring(0, colon);
        }
        return escaped(host.length() > 255 ? host.substring(0, 255) : host) + " Port " + port;
    }
}
