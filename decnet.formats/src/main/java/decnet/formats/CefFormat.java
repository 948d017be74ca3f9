package decnet.formats;

import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Json;
import decnet.core.Peer;
import java.net.Inet6Address;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ArcSight's Common Event Format, version 0.
 *
 * <pre>
 * line      = "CEF:0|DECNET|DECNET|" version "|" type "|" title "|" severity "|" extension       ; in head parts \\ and \|
 * extension = key "=" value *( SP key "=" value )                                   ; in values \\ and \= and \n and \r
 * </pre>
 *
 * Keys are those of the CEF dictionary, values no longer than it allows; IPv6 addresses stand in {@code c6a2} and {@code c6a3}.
 */
final class CefFormat implements EventFormat {
    private static final int MAX_TEXT = 1023;
    private static final int MAX_CUSTOM = 4000;
    private static final int MAX_APP = 31;
    private static final int MAX_ID = 255;
    /** Told under a key of their own, so not again among the others. */
    private static final Set<String> TOLD = Set.copyOf(List.of(
            "principal",
            "outcome",
            "command",
            "secret",
            "sha256",
            "name",
            "size",
            "url",
            "target",
            "method",
            "user_agent",
            "bytes_in",
            "bytes_out",
            "message"));

    @Override
    public String name() {
        return "cef";
    }

    @Override
    public String mediaType() {
        return "text/plain";
    }

    @Override
    public String format(Event event) {
        EventSummary summary = new EventSummary(event);
        StringBuilder line = new StringBuilder(512).append("CEF:0");
        for (String part : List.of(
                EventSummary.VENDOR,
                EventSummary.PRODUCT,
                EventSummary.VERSION,
                event.type(),
                summary.title(),
                Integer.toString(summary.gravity()))) {
            line.append('|');
            escape(part, '|', line);
        }
        line.append('|');
        int head = line.length();
        extension(event, summary).forEach((key, value) -> {
            if (line.length() > head) {
                line.append(' ');
            }
            line.append(key).append('=');
            escape(value, '=', line);
        });
        return line.toString();
    }

    private static Map<String, String> extension(Event event, EventSummary summary) {
        Map<String, String> extension = new LinkedHashMap<>();
        long at = event.at().toEpochMilli();
        extension.put(
                "rt",
                Long.toString(
                        event.recordedAt().map(java.time.Instant::toEpochMilli).orElse(at)));
        extension.put("start", Long.toString(at));
        event.id().map(EventId::toString).ifPresent(id -> extension.put("externalId", id));
        event.src().ifPresent(peer -> peer(extension, peer, "src", "spt", "c6a2", "Source IPv6 Address"));
        event.dst().ifPresent(peer -> peer(extension, peer, "dst", "dpt", "c6a3", "Destination IPv6 Address"));
        extension.put("proto", summary.transport().toUpperCase(java.util.Locale.ROOT));
        extension.put("app", Fields.cut(event.service(), MAX_APP));
        extension.put("dhost", event.decky().text());
        extension.put("cat", summary.sort().name().toLowerCase(java.util.Locale.ROOT));
        event.sensor().ifPresent(sensor -> put(extension, "deviceExternalId", EventSummary.text(sensor), MAX_ID));
        summary.user().ifPresent(user -> put(extension, "duser", user, MAX_TEXT));
        summary.outcome().ifPresent(outcome -> extension.put("outcome", outcome));
        summary.fileName().ifPresent(name -> put(extension, "fname", name, MAX_TEXT));
        summary.filePath().ifPresent(path -> put(extension, "filePath", path, MAX_TEXT));
        summary.sha256().ifPresent(hash -> extension.put("fileHash", hash));
        summary.number("size").ifPresent(size -> extension.put("fsize", size.toString()));
        summary.number("bytes_in").ifPresent(size -> extension.put("in", size.toString()));
        summary.number("bytes_out").ifPresent(size -> extension.put("out", size.toString()));
        summary.field("url")
                .or(() -> summary.field("target"))
                .ifPresent(url -> put(extension, "request", url, MAX_TEXT));
        if (summary.sort() == EventSummary.Sort.WEB) {
            summary.field("method").ifPresent(method -> put(extension, "requestMethod", method, MAX_TEXT));
        }
        summary.field("user_agent").ifPresent(agent -> put(extension, "requestClientApplication", agent, MAX_TEXT));
        put(extension, "msg", summary.message(), MAX_TEXT);
        event.session().ifPresent(session -> custom(extension, 1, "Session", EventSummary.text(session)));
        summary.field("command").ifPresent(command -> custom(extension, 2, "Command", command));
        summary.field("secret").ifPresent(secret -> custom(extension, 3, "Secret", secret));
        summary.field("secret_kind").ifPresent(kind -> custom(extension, 4, "SecretKind", kind));
        summary.field("fingerprint")
                .or(() -> summary.field("hassh"))
                .or(() -> summary.field("ja4"))
                .or(() -> summary.field("ja3"))
                .ifPresent(print -> custom(extension, 5, "Fingerprint", print));
        var others = Json.object();
        summary.fields().forEach((name, value) -> {
            if (!TOLD.contains(name)) {
                others.put(name, Fields.cut(value, MAX_TEXT));
            }
        });
        if (!others.isEmpty()) {
            custom(extension, 6, "Fields", Json.text(others));
        }
        return extension;
    }

    private static void peer(
            Map<String, String> extension, Peer peer, String address, String port, String custom, String label) {
        String text = peer.address().getHostAddress();
        if (peer.address() instanceof Inet6Address) {
            extension.put(custom, text);
            extension.put(custom + "Label", label);
        } else {
            extension.put(address, text);
        }
        if (EventSummary.knownPort(peer)) {
            extension.put(port, Integer.toString(peer.port()));
        }
    }

    private static void custom(Map<String, String> extension, int number, String label, String value) {
        put(extension, "cs" + number, value, MAX_CUSTOM);
        extension.put("cs" + number + "Label", label);
    }

    private static void put(Map<String, String> extension, String key, String value, int most) {
        extension.put(key, Fields.cut(value, most));
    }

    /** Doubles backslashes and puts one before {@code special}; a line end, which no wire text has, is written as two characters. */
    private static void escape(String text, char special, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                default -> {
                    if (c == special) {
                        line.append('\\');
                    }
                    line.append(c);
                }
            }
        }
    }
}
