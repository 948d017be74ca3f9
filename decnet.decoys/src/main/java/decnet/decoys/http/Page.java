package decnet.decoys.http;

import java.util.List;

/**
 * What a site answers, before the server's own headers.
 *
 * @param headers those of the application, in order
 * @param fixed whether it is a file, with the headers servers give to files
 */
record Page(int status, String type, List<HttpRequest.Header> headers, String body, boolean fixed) {
    Page {
        headers = List.copyOf(headers);
    }

    static Page html(int status, String body) {
        return new Page(status, "text/html; charset=UTF-8", List.of(), body, false);
    }

    static Page redirect(String location) {
        return new Page(
                302, "text/html; charset=UTF-8", List.of(new HttpRequest.Header("Location", location)), "", false);
    }

    /** An error in the server's own words. */
    static Page error(int status) {
        return new Page(status, "", List.of(), "", false);
    }

    /** An error with what the server adds to its words. */
    static Page error(int status, String note) {
        return new Page(status, "", List.of(), note, false);
    }

    /** Bytes of the body. */
    int length() {
        return body.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }

    Page with(String name, String value) {
        List<HttpRequest.Header> all = new java.util.ArrayList<>(headers);
        all.add(new HttpRequest.Header(name, value));
        return new Page(status, type, all, body, fixed);
    }
}
