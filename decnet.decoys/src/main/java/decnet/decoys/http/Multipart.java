package decnet.decoys.http;

import decnet.decoys.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of a {@code multipart/form-data} body (RFC 7578). */
record Multipart(List<Upload> files) {
    private static final int MAX_FILES = 16;
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=\"?([^\";,]{1,100})\"?", Pattern.CASE_INSENSITIVE);
    private static final Pattern FILE_NAME =
            Pattern.compile("filename=\"([^\"\r\n]{0,255})\"", Pattern.CASE_INSENSITIVE);

    record Upload(String name, Payload content) {}

    Multipart {
        files = List.copyOf(files);
    }

    static Multipart of(HttpRequest request) {
        String type = request.header("Content-Type").orElse("");
        Matcher boundary = BOUNDARY.matcher(type);
        if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data") || !boundary.find()) {
            return new Multipart(List.of());
        }
        String body = new String(request.body().bytes(), StandardCharsets.ISO_8859_1);
        String mark = "--" + boundary.group(1);
        List<Upload> files = new ArrayList<>();
        int at = body.indexOf(mark);
        while (at >= 0 && files.size() < MAX_FILES) {
            int head = at + mark.length();
            int next = body.indexOf(mark, head);
            int end = next < 0 ? body.length() : next;
            int blank = body.indexOf("\r\n\r\n", head);
            if (blank >= 0 && blank < end) {
                Matcher name = FILE_NAME.matcher(body.substring(head, Math.min(blank, head + 2000)));
                if (name.find()) {
                    int stop = next < 0 ? end : Math.max(blank + 4, end - 2); // the line end before the mark
                    files.add(new Upload(name.group(1), Payload.latin1(body.substring(blank + 4, stop))));
                }
            }
            at = next;
        }
        return new Multipart(files);
    }
}
