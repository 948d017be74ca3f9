package decnet.formats;

import decnet.core.Event;
import decnet.core.Peer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What any format wants to know of an event: of which sort it is, how grave, and the few facts that have a name everywhere. */
final class EventSummary {
    static final String VENDOR = "DECNET";
    static final String PRODUCT = "DECNET";
    static final String VERSION = Optional.ofNullable(
                    EventSummary.class.getModule().getDescriptor())
            .flatMap(java.lang.module.ModuleDescriptor::rawVersion)
            .orElse("0.1.0");

    /** Of which sort an event is. */
    enum Sort {
        AUTHENTICATION,
        PROCESS,
        FILE,
        /** A connection and what is said over it. */
        NETWORK,
        WEB,
        FINDING,
        /** What a machine or a tool writes about itself. */
        LOG
    }

    private static final int MAX_GRAVITY = 10;

    private final Event event;
    private final Sort sort;

    EventSummary(Event event) {
        this.event = event;
        this.sort = sort(event.type());
    }

    private static Sort sort(String type) {
        return switch (type) {
            case "login_attempt" -> Sort.AUTHENTICATION;
            case "command", "download_attempt" -> Sort.PROCESS;
            case "file_upload", "file_download", "file_open", "file_seen", "session_recorded" -> Sort.FILE;
            case "http_request" -> Sort.WEB;
            case "connect",
                    "disconnect",
                    "connect_rejected",
                    "client_banner",
                    "client_hello",
                    "client_key",
                    "ssh_request",
                    "forward_attempt",
                    "unknown_input",
                    "limit_reached",
                    "flow",
                    "dns_query",
                    "tftp_request",
                    "ntp_request",
                    "sip_request",
                    "repository_request",
                    "llmnr_response" -> Sort.NETWORK;
            case "log_line" -> Sort.LOG;
            default -> type.startsWith("opencanary.") ? Sort.LOG : Sort.FINDING;
        };
    }

    Sort sort() {
        return sort;
    }

    /** From 0 (nothing) to 10: whoever touches a decoy is a stranger, whoever does something in it is an intruder. */
    int gravity() {
        return switch (event.type()) {
            case "login_attempt" -> accepted() ? 8 : 5;
            case "command", "download_attempt" -> 8;
            case "file_upload", "file_download" -> 9;
            case "forward_attempt" -> 7;
            case "alert" -> alertGravity();
            case "port_scan", "file_open" -> 5;
            case "session_recorded", "unknown_input", "client_key" -> 4;
            case "disconnect", "flow", "dns_query" -> 2;
            case "log_line" -> 1;
            default -> sort == Sort.LOG ? 1 : 3;
        };
    }

    /** Suricata counts from 1, the gravest. */
    private int alertGravity() {
        return switch (event.field("severity").orElse("")) {
            case "1" -> MAX_GRAVITY - 1;
            case "2" -> 7;
            case "3" -> 5;
            default -> 6;
        };
    }

    private boolean accepted() {
        return event.field("outcome").equals(Optional.of("accepted"));
    }

    /** {@code success} or {@code failure}; empty if there is no saying. */
    Optional<String> outcome() {
        return event.field("outcome").flatMap(text -> switch (text) {
            case "accepted" -> Optional.of("success");
            case "rejected", "failed" -> Optional.of("failure");
            default -> Optional.empty();
        });
    }

    /** For people, for example {@code Login attempt}. */
    String title() {
        String words = event.type().replace('_', ' ').replace('.', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** One sentence for people. */
    String message() {
        String who = event.src().map(peer -> peer.address().getHostAddress()).orElse("somebody");
        String where = event.service() + " on " + event.decky().text();
        String what = event.field("signature")
                .or(() -> event.field("command"))
                .or(() -> event.field("message"))
                .or(() -> event.field("url"))
                .or(() -> event.field("target"))
                .or(() -> user().map(name -> "user " + name))
                .map(text -> ": " + text)
                .orElse("");
        return title() + " from " + who + ", " + where + text(what);
    }

    Optional<String> user() {
        return field("principal").or(() -> field("user"));
    }

    /** A field as wire text, whoever made the event. */
    Optional<String> field(String name) {
        return event.field(name).map(EventSummary::text);
    }

    Optional<Long> number(String name) {
        return event.field(name)
                .filter(text ->
                        !text.isEmpty() && text.length() <= 15 && text.chars().allMatch(c -> c >= '0' && c <= '9'))
                .map(Long::valueOf);
    }

    Optional<String> sha256() {
        return event.field("sha256")
                .filter(text -> text.length() == 64 && text.chars().allMatch(EventSummary::isHex));
    }

    /** The status with which a web server answered. */
    Optional<Long> status() {
        return number("status").filter(code -> code >= 100 && code <= 999);
    }

    /** Of a file, without the folders before it. */
    Optional<String> fileName() {
        return field("name").map(name -> {
            String last = name.substring(name.lastIndexOf('/') + 1);
            return last.isEmpty() ? name : last;
        });
    }

    /** Of a file, if more than its name is known. */
    Optional<String> filePath() {
        return field("name").filter(name -> name.indexOf('/') >= 0);
    }

    private static boolean isHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    /** {@code tcp} or {@code udp}, as the event says or the service is used. */
    String transport() {
        return event.field("transport")
                .or(() -> event.field("connection.transport"))
                .map(text -> text.toLowerCase(Locale.ROOT))
                .filter(text -> text.equals("tcp") || text.equals("udp") || text.equals("icmp") || text.equals("sctp"))
                .orElseGet(() -> switch (event.service()) {
                    case "tftp", "ntp", "snmp", "sip", "llmnr", "dns" -> "udp";
                    default -> "tcp";
                });
    }

    static boolean knownPort(Peer peer) {
        return peer.port() > 0;
    }

    /** {@code value} if it holds no control character, as wire text never does; else as wire text. */
    static String text(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~') {
                return Fields.canonical(value);
            }
        }
        return value;
    }

    /** All fields as wire text. */
    Map<String, String> fields() {
        Map<String, String> fields = new java.util.LinkedHashMap<>();
        event.fields().forEach((name, value) -> fields.put(name, text(value)));
        return fields;
    }
}
