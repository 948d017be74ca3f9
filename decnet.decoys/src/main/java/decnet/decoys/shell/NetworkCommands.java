package decnet.decoys.shell;

import decnet.core.WireText;
import decnet.decoys.Daemons;
import decnet.decoys.Seen;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Commands that show the network, or would use it. Nothing leaves: whoever is asked is unreachable, and what was asked is told. */
final class NetworkCommands {
    private static final int MOST_TARGETS = 8;
    static final String WGET_LETTERS = "OoaPUtTwQeiABDRlX";
    static final Set<String> WGET_WORDS = Set.of(
            "output-document",
            "output-file",
            "directory-prefix",
            "user-agent",
            "tries",
            "timeout",
            "header",
            "post-data",
            "post-file",
            "user",
            "password",
            "referer");
    static final String CURL_LETTERS = "oAbcCdDeEFhHKmPQrtTuUwxXyYz";
    static final Set<String> CURL_WORDS = Set.of(
            "output",
            "user-agent",
            "header",
            "data",
            "data-binary",
            "data-raw",
            "data-urlencode",
            "form",
            "request",
            "proxy",
            "user",
            "cookie",
            "referer",
            "max-time",
            "connect-timeout",
            "retry",
            "upload-file");

    private NetworkCommands() {}

    static void addTo(Map<String, Command> map) {
        map.put("ifconfig", NetworkCommands::ifconfig);
        map.put("ip", NetworkCommands::ip);
        map.put("netstat", NetworkCommands::sockets);
        map.put("ss", NetworkCommands::sockets);
        map.put("route", call -> {
            String device = Addresses.device(call.shell());
            call.line("Kernel IP routing table")
                    .line("Destination     Gateway         Genmask         Flags Metric Ref    Use Iface");
            call.line(String.format(
                    "%-15s %-15s 0.0.0.0         UG    0      0        0 %s",
                    "0.0.0.0", Addresses.gateway(call.shell()), device));
            return call.line(String.format(
                            "%-15s 0.0.0.0         255.255.255.0   U     0      0        0 %s",
                            Addresses.subnet(call.shell()), device))
                    .status();
        });
        map.put("arp", call -> call.line("? (" + Addresses.gateway(call.shell()) + ") at " + "00:1b:17:"
                        + call.shell().persona.mac().substring(9) + " [ether] on " + Addresses.device(call.shell()))
                .status());
        map.put("ping", NetworkCommands::ping);
        map.put("ping6", NetworkCommands::ping);
        map.put("wget", NetworkCommands::wget);
        map.put("curl", NetworkCommands::curl);
        map.put("tftp", NetworkCommands::tftp);
        map.put("ftpget", NetworkCommands::tftp);
        map.put("scp", NetworkCommands::scp);
        map.put("rsync", NetworkCommands::scp);
        map.put("sftp", NetworkCommands::ssh);
        map.put("ssh", NetworkCommands::ssh);
        map.put(
                "ftp",
                call -> call.operands().isEmpty()
                        ? 0
                        : call.line("ftp: connect: Connection timed out").status());
        map.put("telnet", call -> {
            call.shell().take(Duration.ofSeconds(5));
            call.line("Trying " + call.arg(1) + "...");
            call.err().append("telnet: Unable to connect to remote host: Connection timed out\n");
            return 1;
        });
        map.put("nc", NetworkCommands::nc);
        map.put("ncat", NetworkCommands::nc);
        map.put("nslookup", NetworkCommands::lookup);
        map.put("dig", NetworkCommands::lookup);
        map.put("host", NetworkCommands::lookup);
    }

    private static int ifconfig(Call call) {
        ShellState shell = call.shell();
        long traffic =
                shell.disk.chronicle().vitals().received(shell.context.clock().instant());
        call.line(Addresses.device(shell) + ": flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500");
        call.line("        inet " + Addresses.own(shell) + "  netmask 255.255.255.0  broadcast "
                + Addresses.broadcast(shell));
        call.line("        ether " + shell.persona.mac() + "  txqueuelen 1000  (Ethernet)");
        call.line("        RX packets " + traffic / 411 + "  bytes " + traffic + " ("
                        + String.format(Locale.ROOT, "%.1f", traffic / 1048576.0) + " MiB)")
                .line("        RX errors 0  dropped 0  overruns 0  frame 0");
        call.line("        TX packets " + traffic / 702 + "  bytes " + traffic / 3 + " ("
                        + String.format(Locale.ROOT, "%.1f", traffic / 3145728.0) + " MiB)")
                .line("        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0")
                .line("");
        call.line("lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536")
                .line("        inet 127.0.0.1  netmask 255.0.0.0")
                .line("        loop  txqueuelen 1000  (Local Loopback)");
        return call.line("        RX packets 214  bytes 18732 (18.2 KiB)")
                .line("        TX packets 214  bytes 18732 (18.2 KiB)")
                .line("")
                .status();
    }

    private static int ip(Call call) {
        ShellState shell = call.shell();
        String device = Addresses.device(shell);
        String what = call.operands().isEmpty() ? "" : call.operands().getFirst();
        if (what.startsWith("r")) {
            call.line("default via " + Addresses.gateway(shell) + " dev " + device + " onlink");
            return call.line(Addresses.subnet(shell) + "/24 dev " + device + " proto kernel scope link src "
                            + Addresses.own(shell))
                    .status();
        }
        if (what.startsWith("n")) {
            return call.line(Addresses.gateway(shell) + " dev " + device + " lladdr 00:1b:17:"
                            + shell.persona.mac().substring(9) + " REACHABLE")
                    .status();
        }
        boolean addresses = what.startsWith("a");
        if (!addresses && !what.startsWith("l")) {
            call.err().append("Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n");
            return 255;
        }
        call.line("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000")
                .line("    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00");
        if (addresses) {
            call.line("    inet 127.0.0.1/8 scope host lo").line("       valid_lft forever preferred_lft forever");
        }
        call.line("2: " + device
                        + ": <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default"
                        + " qlen 1000")
                .line("    link/ether " + shell.persona.mac() + " brd ff:ff:ff:ff:ff:ff");
        if (addresses) {
            call.line("    inet " + Addresses.own(shell) + "/24 brd " + Addresses.broadcast(shell) + " scope global "
                            + device)
                    .line("       valid_lft forever preferred_lft forever");
        }
        return 0;
    }

    private static int sockets(Call call) {
        ShellState shell = call.shell();
        boolean ss = call.name().endsWith("ss");
        boolean listening = call.option('l') || call.option('a');
        call.line(
                ss
                        ? "Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port"
                        : "Active Internet connections " + (listening ? "(servers and established)" : "(w/o servers)"));
        if (!ss) {
            call.line("Proto Recv-Q Send-Q Local Address           Foreign Address         State      ");
        }
        List<String> units = Daemons.units(shell.persona);
        if (listening) {
            for (String port : List.of(
                    shell.ash() ? "23" : "22",
                    units.contains("apache2") || shell.ash() ? "80" : "",
                    units.contains("redis-server") ? "6379" : "",
                    units.contains("vsftpd") ? "21" : "")) {
                if (!port.isEmpty()) {
                    socket(call, ss, "0.0.0.0:" + port, "0.0.0.0:*", "LISTEN");
                }
            }
        }
        socket(
                call,
                ss,
                Addresses.own(shell) + ":" + (shell.ash() ? "23" : "22"),
                shell.source.toString(),
                "ESTABLISHED");
        return 0;
    }

    private static void socket(Call call, boolean ss, String local, String foreign, String state) {
        call.line(
                ss
                        ? String.format(
                                "tcp   %-6s 0      0      %-18s %s",
                                state.equals("ESTABLISHED") ? "ESTAB" : state, local, foreign)
                        : String.format("tcp        0      0 %-23s %-23s %-11s", local, foreign, state));
    }

    private static int ping(Call call) {
        List<String> operands =
                call.operands().stream().filter(arg -> !arg.matches("\\d+")).toList();
        String host = operands.isEmpty() ? "" : operands.getLast();
        if (host.isEmpty()) {
            call.err().append("ping: usage error: Destination address required\n");
            return 1;
        }
        if (!host.matches("[0-9.]{7,15}")) {
            call.shell().take(Duration.ofSeconds(2));
            call.err().append("ping: ").append(host).append(": Temporary failure in name resolution\n");
            return 2;
        }
        int at = call.args().indexOf("-c");
        int count = at > 0 && call.arg(at + 1).matches("\\d{1,2}")
                ? Math.clamp(Integer.parseInt(call.arg(at + 1)), 1, 10)
                : 4;
        boolean near = host.startsWith("127.") || host.equals(Addresses.own(call.shell()));
        call.line("PING " + host + " (" + host + ") 56(84) bytes of data.");
        for (int i = 1; near && i <= count; i++) {
            call.line("64 bytes from " + host + ": icmp_seq=" + i + " ttl=64 time=0.0"
                    + (20 + call.shell().context.random().nextInt(40)) + " ms");
        }
        call.shell().take(Duration.ofSeconds(near ? count - 1 : Math.min(12, count + 1)));
        call.line("").line("--- " + host + " ping statistics ---");
        return call.line(count + " packets transmitted, " + (near ? count : 0) + " received, " + (near ? "0" : "100")
                                + "% packet loss, time " + (count - 1) * 1007 + "ms")
                        .status()
                + (near ? 0 : 1);
    }

    /** Tells what somebody wanted to fetch. */
    static void attempt(Call call, String url) {
        call.shell()
                .saw(Seen.of(
                        "download_attempt",
                        "url",
                        wire(url),
                        "tool",
                        call.name().substring(call.name().lastIndexOf('/') + 1),
                        "command",
                        wire(String.join(" ", call.args()))));
    }

    private static String wire(String latin1) {
        return WireText.of(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String hostOf(String url) {
        String rest = url.replaceFirst("^[a-z]+://", "");
        int end = 0;
        while (end < rest.length() && "/:?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        return rest.substring(rest.lastIndexOf('@', end) + 1, end);
    }

    private static String portOf(String url) {
        String rest = url.replaceFirst("^[a-z]+://", "").replaceFirst("/.*", "");
        int colon = rest.lastIndexOf(':');
        String port = colon < 0 ? "" : rest.substring(colon + 1);
        return port.matches("\\d{1,5}") ? port : url.startsWith("https") ? "443" : "80";
    }

    private static int wget(Call call) {
        List<String> targets = call.operands(WGET_LETTERS, WGET_WORDS);
        if (targets.isEmpty()) {
            call.err()
                    .append("wget: missing URL\n"
                            + "Usage: wget [OPTION]... [URL]...\n\n"
                            + "Try `wget --help' for more options.\n");
            return 1;
        }
        int status = 0;
        for (String target : targets.subList(0, Math.min(MOST_TARGETS, targets.size()))) {
            status = wget(call, target.contains("://") ? target : "http://" + target);
        }
        return status;
    }

    private static int wget(Call call, String url) {
        ShellState shell = call.shell();
        attempt(call, url);
        String host = hostOf(url);
        boolean literal = host.matches("[0-9.]{7,15}");
        shell.take(Duration.ofSeconds(literal ? 6 : 3));
        if (shell.ash()) {
            if (literal) {
                call.err()
                        .append("Connecting to ")
                        .append(host)
                        .append(" (")
                        .append(host)
                        .append(':')
                        .append(portOf(url))
                        .append(")\nwget: can't connect to remote host (")
                        .append(host)
                        .append("): Connection timed out\n");
            } else {
                call.err().append("wget: bad address '").append(host).append("'\n");
            }
            return 1;
        }
        if (!call.option('q')) {
            String time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC)
                    .format(shell.context.clock().instant());
            call.err()
                    .append("--")
                    .append(time)
                    .append("--  ")
                    .append(url)
                    .append(url.replaceFirst("^[a-z]+://", "").contains("/") ? "" : "/")
                    .append('\n');
            if (literal) {
                call.err()
                        .append("Connecting to ")
                        .append(host)
                        .append(':')
                        .append(portOf(url))
                        .append("... failed: Connection timed out.\nGiving up.\n\n");
            } else {
                call.err()
                        .append("Resolving ")
                        .append(host)
                        .append(" (")
                        .append(host)
                        .append(")... failed: Temporary failure in name resolution.\n"
                                + "wget: unable to resolve host address '")
                        .append(host)
                        .append("'\n");
            }
        }
        return 4;
    }

    private static int curl(Call call) {
        Optional<String> target = call.operands(CURL_LETTERS, CURL_WORDS).stream()
                .filter(arg -> arg.contains("://"))
                .findFirst()
                .or(() -> call.operands(CURL_LETTERS, CURL_WORDS).stream().findFirst());
        if (target.isEmpty()) {
            call.err().append("curl: try 'curl --help' or 'curl --manual' for more information\n");
            return 2;
        }
        attempt(call, target.get());
        String host = hostOf(target.get());
        boolean literal = host.matches("[0-9.]{7,15}");
        call.shell().take(Duration.ofSeconds(literal ? 5 : 2));
        if (!call.option('s') || call.option('S')) {
            call.err()
                    .append(
                            literal
                                    ? "curl: (28) Failed to connect to " + host + " port " + portOf(target.get())
                                            + " after 5002 ms: Couldn't connect to server\n"
                                    : "curl: (6) Could not resolve host: " + host + "\n");
        }
        return literal ? 28 : 6;
    }

    private static int tftp(Call call) {
        List<String> operands = call.operands();
        String host = operands.stream()
                .filter(arg -> arg.indexOf('.') > 0)
                .findFirst()
                .orElse(operands.isEmpty() ? "" : operands.getFirst());
        int at = call.args().indexOf("-r");
        String file = at > 0 ? call.arg(at + 1) : operands.isEmpty() ? "" : operands.getLast();
        if (host.isEmpty()) {
            return call.fail("missing host");
        }
        attempt(call, (call.name().contains("tftp") ? "tftp://" : "ftp://") + host + "/" + file);
        call.shell().take(Duration.ofSeconds(5));
        return call.fail("timeout");
    }

    private static int scp(Call call) {
        Optional<String> remote =
                call.operands().stream().filter(arg -> arg.indexOf(':') > 0).findFirst();
        if (remote.isEmpty()) {
            call.err()
                    .append("usage: scp [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]\n"
                            + "           [-i identity_file] [-J destination] [-l limit] [-o ssh_option]\n"
                            + "           [-P port] [-S program] [-X sftp_option] source ... target\n");
            return 1;
        }
        attempt(call, "scp://" + remote.get());
        call.shell().take(Duration.ofSeconds(6));
        String host = remote.get().replaceFirst(".*@", "").replaceFirst(":.*", "");
        call.err()
                .append("ssh: connect to host ")
                .append(host)
                .append(" port 22: Connection timed out\r\nlost connection\n");
        return 1;
    }

    private static int ssh(Call call) {
        if (call.option('V')) {
            call.err().append(call.shell().persona.os().product("openssh")).append(", OpenSSL 3.0.11 19 Sep 2023\n");
            return 0;
        }
        List<String> operands =
                call.operands().stream().filter(arg -> !arg.matches("\\d{1,5}")).toList();
        if (operands.isEmpty()) {
            call.err()
                    .append("usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface] [-b bind_address]\n"
                            + "           destination [command [argument ...]]\n");
            return 255;
        }
        String host = operands.getFirst().replaceFirst(".*@", "");
        call.shell().take(Duration.ofSeconds(6));
        call.err()
                .append(
                        host.matches("[0-9.]{7,15}")
                                ? "ssh: connect to host " + host + " port 22: Connection timed out\n"
                                : "ssh: Could not resolve hostname " + host
                                        + ": Temporary failure in name resolution\n");
        return 255;
    }

    private static int nc(Call call) {
        List<String> operands = call.operands();
        if (call.option('l')) {
            call.shell().take(Duration.ofSeconds(3));
            return 0;
        }
        if (operands.size() < 2) {
            call.err()
                    .append("usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n"
                            + "\t  [destination] [port]\n");
            return 1;
        }
        call.shell().take(Duration.ofSeconds(4));
        if (call.option('v')) {
            call.err()
                    .append("nc: connect to ")
                    .append(operands.getFirst())
                    .append(" port ")
                    .append(operands.get(1))
                    .append(" (tcp) failed: Connection timed out\n");
        }
        return 1;
    }

    private static int lookup(Call call) {
        call.shell().take(Duration.ofSeconds(5));
        return call.line(";; communications error to " + Addresses.gateway(call.shell()) + "#53: timed out")
                        .line(";; no servers could be reached")
                        .status()
                + 9;
    }
}
