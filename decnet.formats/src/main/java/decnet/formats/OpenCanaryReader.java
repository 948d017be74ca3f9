package decnet.formats;

import decnet.core.MalformedLineException;
import decnet.core.Peer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lines of OpenCanary: one object a line, the kind is the number {@code logtype}, the details are in {@code logdata}. */
final class OpenCanaryReader implements LogReader {
    private static final String LOGIN = "login_attempt";

    /** What a log type is with us. */
    private record Kind(String name, String service, String type) {}

    private static final Map<Integer, Kind> KINDS = Map.ofEntries(
            own(1000, "boot"),
            own(1001, "msg"),
            own(1002, "debug"),
            own(1003, "error"),
            own(1004, "ping"),
            own(1005, "config_save"),
            own(1006, "example"),
            kind(2000, "ftp_login", "ftp", LOGIN),
            kind(2001, "ftp_auth_start", "ftp", "opencanary.ftp_auth_start"),
            kind(3000, "http_get", "http", "http_request"),
            kind(3001, "http_login", "http", LOGIN),
            kind(3002, "http_other_method", "http", "http_request"),
            kind(3003, "http_redirect", "http", "http_request"),
            kind(4000, "ssh_connect", "ssh", "connect"),
            kind(4001, "ssh_version", "ssh", "client_banner"),
            kind(4002, "ssh_login", "ssh", LOGIN),
            kind(5000, "smb_file_open", "smb", "file_open"),
            kind(5001, "port_syn", "portscan", "port_scan"),
            kind(5002, "port_nmap_os", "portscan", "port_scan"),
            kind(5003, "port_nmap_null", "portscan", "port_scan"),
            kind(5004, "port_nmap_xmas", "portscan", "port_scan"),
            kind(5005, "port_nmap_fin", "portscan", "port_scan"),
            kind(6001, "telnet_login", "telnet", LOGIN),
            kind(6002, "telnet_connect", "telnet", "connect"),
            kind(7001, "http_proxy_login", "http-proxy", LOGIN),
            kind(8001, "mysql_login", "mysql", LOGIN),
            kind(9001, "mssql_sql_login", "mssql", LOGIN),
            kind(9002, "mssql_windows_login", "mssql", LOGIN),
            kind(9003, "mysql_connect", "mysql", "connect"),
            kind(10001, "tftp", "tftp", "tftp_request"),
            kind(11001, "ntp_monlist", "ntp", "ntp_request"),
            kind(12001, "vnc", "vnc", LOGIN),
            kind(13001, "snmp", "snmp", LOGIN),
            kind(14001, "rdp", "rdp", LOGIN),
            kind(15001, "sip", "sip", "sip_request"),
            kind(16001, "git_clone", "git", "repository_request"),
            kind(17001, "redis_command", "redis", "command"),
            kind(18001, "tcp_banner_connect", "tcp-banner", "connect"),
            kind(18002, "tcp_banner_keep_alive_connect", "tcp-banner", "connect"),
            kind(18003, "tcp_banner_secret", "tcp-banner", "unknown_input"),
            kind(18004, "tcp_banner_keep_alive_data", "tcp-banner", "unknown_input"),
            kind(18005, "tcp_banner_data", "tcp-banner", "unknown_input"),
            kind(19001, "llmnr_response", "llmnr", "llmnr_response"),
            kind(20001, "mongodb", "mongodb", "mongodb"));
    private static final int USER_MODULES = 99000;
    private static final int MAX_USER_MODULE = 9;

    private final int maxLine;

    OpenCanaryReader(int maxLine) {
        this.maxLine = maxLine;
    }

    private static Map.Entry<Integer, Kind> kind(int number, String name, String service, String type) {
        return Map.entry(number, new Kind(name, service, type));
    }

    private static Map.Entry<Integer, Kind> own(int number, String name) {
        return kind(number, name, "opencanary", "opencanary." + name);
    }

    @Override
    public String name() {
        return "opencanary";
    }

    @Override
    public String defaultService() {
        return "opencanary";
    }

    @Override
    public List<ForeignEvent> read(byte[] bytes, Instant receivedAt) {
        if (JsonLine.isBlank(bytes)) {
            return List.of();
        }
        JsonLine line = JsonLine.parse(bytes, maxLine);
        int number = line.text("logtype")
                .map(OpenCanaryReader::number)
                .orElseThrow(() -> new MalformedLineException("no logtype: not an OpenCanary line", 0));
        Kind kind = kind(number);
        JsonLine data = line.member("logdata").orElseGet(() -> new JsonLine(decnet.core.Json.object()));
        Fields fields = new Fields().put(Fields.ORIGINAL_TYPE, number + " " + kind.name());
        Optional<Instant> at = line.time("utc_time").or(() -> line.time("local_time"));
        line.take("local_time", "local_time_adjusted");
        Optional<Peer> src = line.peer("src_host", "src_port");
        Optional<Peer> dst = line.peer("dst_host", "dst_port");
        if (src.isEmpty() && line.peekText("src_host").equals(Optional.of(""))) {
            line.take("src_host", "src_port");
        }
        if (dst.isEmpty() && line.peekText("dst_host").equals(Optional.of(""))) {
            line.take("dst_host", "dst_port");
        }
        Optional<String> session = data.text("SESSION").filter(id -> !id.isBlank());
        String type = map(number, kind, data, fields);
        line.text("node_id").ifPresent(text -> fields.put("claimed_node_id", text));
        data.rest(fields);
        line.rest(fields);
        return List.of(new ForeignEvent(
                at, type, Optional.of(kind.service()), session.map(Fields::wire), src, dst, fields.all()));
    }

    private static Kind kind(int number) {
        Kind known = KINDS.get(number);
        if (known != null) {
            return known;
        }
        String name = number >= USER_MODULES && number <= USER_MODULES + MAX_USER_MODULE
                ? "user_module_" + (number - USER_MODULES)
                : "logtype_" + number;
        return new Kind(name, "opencanary", "opencanary." + name);
    }

    private static int number(String text) {
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new MalformedLineException("logtype is not a number", 0, e);
        }
    }

    /** Puts the fields that have a name of ours and gives the type. */
    private static String map(int number, Kind kind, JsonLine data, Fields fields) {
        switch (number) {
            case 2000, 3001, 4002, 6001, 7001 -> login(data, fields, "plaintext", "USERNAME", "PASSWORD");
            case 8001 -> login(data, fields, "mysql_native_password_hex", "USERNAME", "PASSWORD");
            case 9001 -> login(data, fields, "plaintext", "UserName", "Password");
            case 9002 -> login(data, fields, "ntlm", "USERNAME", "PASSWORD");
            case 12001 -> vnc(data, fields);
            case 13001 -> {
                fields.put("secret", data.text("COMMUNITY_STRING").orElse(""));
                fields.put("secret_kind", "snmp_community")
                        .put("outcome", "rejected")
                        .put("method", "community");
            }
            case 14001 -> {
                take(data, fields, "USERNAME", "principal");
                fields.put("secret", "")
                        .put("secret_kind", "not_logged")
                        .put("outcome", "rejected")
                        .put("method", "cookie");
            }
            case 5000 -> {
                take(data, fields, "FILENAME", "name");
                take(data, fields, "SHARENAME", "share");
                take(data, fields, "USER", "user");
            }
            case 5001, 5002, 5003, 5004, 5005 -> fields.put("scan", kind.name().substring("port_".length()));
            case 17001 -> {
                String command = data.text("CMD").orElse("");
                String arguments = data.text("ARGS").orElse("");
                fields.put("command", arguments.isEmpty() ? command : command + " " + arguments)
                        .put("mode", "redis");
            }
            case 18003, 18004, 18005 -> take(data, fields, "DATA", "data");
            case 20001 -> {
                return mongo(data, fields);
            }
            default -> {
                // below
            }
        }
        switch (number) {
            case 3000, 3001, 3003 -> http(data, fields, number == 3001 ? "POST" : "GET");
            case 3002 -> http(data, fields, data.text("REQUEST_TYPE").orElse(""));
            case 4001, 4002 -> take(data, fields, "REMOTEVERSION", "banner");
            default -> {
                // nothing more
            }
        }
        return kind.type();
    }

    private static void http(JsonLine data, Fields fields, String method) {
        if (!fields.has("secret")) { // the method of a login is how it was tried
            fields.put("method", method);
        }
        take(data, fields, "PATH", "target");
        take(data, fields, "HOSTNAME", "host");
        take(data, fields, "USERAGENT", "user_agent");
    }

    private static void login(JsonLine data, Fields fields, String secretKind, String user, String password) {
        take(data, fields, user, "principal");
        fields.put("secret", data.text(password).orElse("")).put("secret_kind", secretKind);
        fields.put("outcome", "rejected").put("method", "password");
    }

    /** If it could find the password for the answer it is said in the clear; else challenge and answer together are what was tried. */
    private static void vnc(JsonLine data, Fields fields) {
        String password = data.peekText("VNC Password").orElse("");
        boolean found = !password.isEmpty() && !password.startsWith("<");
        fields.put("secret", found ? password : data.text("VNC Client Response").orElse(""));
        fields.put("secret_kind", found ? "plaintext" : "vnc_response").put("outcome", "rejected");
        fields.put("method", "vnc");
        take(data, fields, "VNC Server Challenge", "challenge");
        take(data, fields, "VNC Client Response", "response");
    }

    private static String mongo(JsonLine data, Fields fields) {
        String action = data.text("action").orElse("");
        fields.put("action", action);
        if (data.peek("username") != null || action.contains("auth") || action.contains("login")) {
            take(data, fields, "username", "principal");
            String secret = data.text("auth_data").orElse("");
            fields.put("secret", secret).put("secret_kind", secret.isEmpty() ? "not_logged" : "mongodb_auth");
            fields.put("outcome", "rejected")
                    .put("method", data.text("mechanism").orElse("unknown"));
            return LOGIN;
        }
        if (data.peek("command") != null || data.peek("query") != null) {
            Optional<String> command = data.text("command");
            Optional<String> query = data.text("query");
            fields.put(
                            "command",
                            command.orElse("")
                                    + query.map(text -> (command.isPresent() ? " " : "") + text)
                                            .orElse(""))
                    .put("mode", "mongodb");
            return "command";
        }
        return action.startsWith("connect") ? "connect" : "opencanary.mongodb";
    }

    private static void take(JsonLine line, Fields fields, String from, String to) {
        line.text(from).ifPresent(text -> fields.put(to, text));
    }
}
