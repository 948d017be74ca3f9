package decnet.decoys.shell;

import decnet.decoys.Disk;
import decnet.decoys.Payload;
import decnet.decoys.sshclient.SshClientSession;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code ssh [user@]HOST [command]}: a real conversation with the other machine's server. One instance for one run. */
final class SshCommand {
    private static final Set<Character> WITH_VALUE =
            Set.of('b', 'c', 'D', 'E', 'e', 'F', 'I', 'i', 'J', 'L', 'l', 'm', 'O', 'o', 'p', 'Q', 'R', 'S', 'W', 'w');

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int FAILED = 255;
    private static final int TRIES = 3;

    private final Call call;
    private final ShellState shell;
    private final Foreground front;
    private final Arguments arguments;
    private final Target target;
    private boolean lineEnded;
    private boolean inputOver;
    private int status = FAILED;

    /** What was asked for. @param command empty for a shell */
    private record Arguments(String user, String host, int port, String command, List<String> settings, String flags) {
        static Arguments of(Call call) {
            List<String> settings = new ArrayList<>();
            StringBuilder flags = new StringBuilder();
            String user = "";
            String port = "22";
            String host = "";
            int i = 1;
            for (; i < call.count(); i++) {
                String arg = call.arg(i);
                if (arg.length() < 2 || arg.charAt(0) != '-') {
                    if (!host.isEmpty()) {
                        break;
                    }
                    host = arg;
                    continue;
                }
                for (int at = 1; at < arg.length(); at++) {
                    char letter = arg.charAt(at);
                    if (!WITH_VALUE.contains(letter)) {
                        flags.append(letter);
                        continue;
                    }
                    String value = at + 1 < arg.length() ? arg.substring(at + 1) : call.arg(++i);
                    switch (letter) {
                        case 'l' -> user = value;
                        case 'p' -> port = value;
                        case 'o' ->
                            settings.add(
                                    value.toLowerCase(java.util.Locale.ROOT).replace(" ", "="));
                        default -> {}
                    }
                    break;
                }
            }
            String plain = host.replaceFirst("^ssh://", "");
            int sign = plain.lastIndexOf('@');
            String name = sign > 0 ? plain.substring(0, sign) : user;
            String command = i < call.count() ? String.join(" ", call.args().subList(i, call.count())) : "";
            return new Arguments(
                    name.isEmpty() ? call.shell().account.name() : name,
                    plain.substring(sign + 1),
                    Ports.of(port),
                    command,
                    settings,
                    flags.toString());
        }

        boolean says(String setting) {
            return settings.contains(setting);
        }
    }

    private SshCommand(Call call, Arguments arguments) {
        this.call = call;
        this.shell = call.shell();
        this.front = call.front().orElseThrow();
        this.arguments = arguments;
        this.target = Target.of(shell, arguments.host());
    }

    /** Whether it names a machine that can be asked. */
    static boolean takes(Call call) {
        Arguments arguments = Arguments.of(call);
        return !call.option('V')
                && arguments.port() > 0
                && !arguments.host().isEmpty()
                && Target.of(call.shell(), arguments.host()).known();
    }

    static int run(Call call) {
        return new SshCommand(call, Arguments.of(call)).connect();
    }

    private int connect() {
        Duration most = arguments.settings().stream()
                .filter(one -> one.matches("connecttimeout=[1-9]\\d{0,3}"))
                .map(one -> Duration.ofSeconds(Integer.parseInt(one.substring(15))))
                .findFirst()
                .orElse(Target.PATIENCE);
        try (Connected line = target.connect(front, shell, arguments.port(), most)) {
            if (!line.open()) {
                call.err()
                        .append("ssh: connect to host " + target.name() + " port " + arguments.port() + ": "
                                + line.error() + "\n");
                return FAILED;
            }
            String product = shell.persona.os().product("openssh");
            InetSocketAddress where =
                    new InetSocketAddress(target.address().orElse(InetAddress.getLoopbackAddress()), arguments.port());
            try (SshClientSession client = new SshClientSession(
                    product.isEmpty() ? "OpenSSH_9.2p1" : product,
                    where,
                    bytes -> line.line().ifPresent(one -> one.send(bytes)),
                    this::trusts)) {
                client.start();
                return converse(client);
            }
        } finally {
            front.keys(Foreground.Keys.LINES);
        }
    }

    /** Lets time pass until the server has done something. */
    private SshClientSession.Event next(SshClientSession client, boolean forEver) {
        while (true) {
            Optional<SshClientSession.Event> event = client.poll();
            if (event.isPresent()) {
                return event.get();
            }
            if (lineEnded) {
                return new SshClientSession.Event.Over("");
            }
            switch (forEver ? front.next() : front.next(PATIENCE)) {
                case Signal.Data data -> client.received(data.text());
                case Signal.Typed typed -> client.send(typed.text());
                case Signal.InputEnded over -> {
                    inputOver = true;
                    client.endInput();
                }
                case Signal.LineEnded over -> lineEnded = true;
                case Signal.Timeout over -> {
                    return new SshClientSession.Event.Over("Connection timed out");
                }
            }
        }
    }

    private int converse(SshClientSession client) {
        int tries = 0;
        while (true) {
            SshClientSession.Event event = next(client, tries < 0);
            switch (event) {
                case SshClientSession.Event.Ready ready -> client.tryNone(arguments.user());
                case SshClientSession.Event.Banner banner -> call.err().append(banner.text());
                case SshClientSession.Event.Refused refused -> {
                    boolean asks = refused.methods().contains("password") && !arguments.says("batchmode=yes");
                    if (tries > 0 && tries < TRIES && asks) {
                        call.err().append("Permission denied, please try again.\n");
                    }
                    if (tries >= TRIES || !asks) {
                        call.err()
                                .append(arguments.user() + "@" + target.name() + ": Permission denied ("
                                        + refused.methods() + ").\n");
                        return FAILED;
                    }
                    tries++;
                    client.tryPassword(arguments.user(), secret());
                }
                case SshClientSession.Event.LoggedIn in -> {
                    tries = -1;
                    client.openChannel();
                }
                case SshClientSession.Event.ChannelOpen open -> begin(client);
                case SshClientSession.Event.ChannelRefused refused -> {
                    call.err().append("shell request failed on channel 0\n");
                    return FAILED;
                }
                case SshClientSession.Event.Output output -> {
                    call.out().append(output.text());
                    if (call.out().length() > Interpreter.MAX_OUTPUT) {
                        return FAILED;
                    }
                }
                case SshClientSession.Event.Exit exit -> status = exit.status();
                case SshClientSession.Event.Closed closed -> {
                    if (terminal()) {
                        call.err().append("Connection to " + target.name() + " closed.\n");
                    }
                    return status;
                }
                case SshClientSession.Event.Over over -> {
                    call.err().append(farewell(over.why(), tries < 0));
                    return FAILED;
                }
            }
        }
    }

    private String farewell(String why, boolean in) {
        if (why.contains("Server key did not validate")) {
            return "Host key verification failed.\n";
        }
        return in
                ? "Connection to " + target.name() + " closed by remote host.\n"
                : "Connection closed by " + target.shown() + " port " + arguments.port() + "\n";
    }

    private boolean terminal() {
        boolean wanted = arguments.command().isEmpty() || arguments.flags().indexOf('t') >= 0;
        return shell.interactive
                && wanted
                && call.stdin().isEmpty()
                && arguments.flags().indexOf('T') < 0;
    }

    private void begin(SshClientSession client) {
        if (terminal()) {
            client.terminal(shell.variable("TERM"), shell.columns, shell.rows);
            front.keys(Foreground.Keys.RAW);
        }
        if (arguments.command().isEmpty()) {
            client.shell();
        } else {
            client.exec(arguments.command());
        }
        call.stdin().ifPresent(text -> {
            client.send(text);
            client.endInput();
        });
        if (call.stdin().isEmpty() && !terminal() && (inputOver || !call.onScreen())) {
            client.endInput();
        }
    }

    /** Asks for a password; without a terminal there is nobody to ask. */
    private String secret() {
        if (!shell.interactive) {
            return "";
        }
        call.err().append(arguments.user() + "@" + target.name() + "'s password: ");
        front.keys(Foreground.Keys.SECRET);
        Signal signal = front.input();
        front.keys(Foreground.Keys.LINES);
        call.err().append('\n');
        return signal instanceof Signal.Typed typed ? typed.text().strip() : "";
    }

    // ------------------------------------------------------------------ the server's key

    private String hostEntry() {
        return arguments.port() == 22 ? target.name() : "[" + target.name() + "]:" + arguments.port();
    }

    private boolean trusts(SshClientSession.HostKey key) {
        String file = shell.account.home() + "/.ssh/known_hosts";
        String known = shell.follow(file).map(ShellState::text).orElse("");
        String entry = hostEntry() + " ";
        List<String> lines =
                known.lines().filter(line -> line.startsWith(entry)).toList();
        if (lines.contains(entry + key.line())) {
            return true;
        }
        String type = type(key.type());
        boolean strict = !arguments.says("stricthostkeychecking=no");
        if (lines.stream().anyMatch(line -> line.startsWith(entry + key.type() + " "))) {
            changed(type, key.fingerprint(), file);
            return !strict;
        }
        if (strict && !arguments.says("stricthostkeychecking=accept-new")) {
            if (!shell.interactive) {
                return false;
            }
            call.err()
                    .append("The authenticity of host '" + hostEntry() + " (" + target.shown()
                            + ")' can't be established.\n"
                            + type + " key fingerprint is " + key.fingerprint() + ".\n"
                            + "This key is not known by any other names.\n"
                            + "Are you sure you want to continue connecting (yes/no/[fingerprint])? ");
            if (!agreed(key.fingerprint())) {
                return false;
            }
        }
        if (!arguments.says("userknownhostsfile=/dev/null")) {
            remember(file, known + entry + key.line() + "\n");
        }
        call.err()
                .append("Warning: Permanently added '" + hostEntry() + "' (" + type
                        + ") to the list of known hosts.\n");
        return true;
    }

    private boolean agreed(String fingerprint) {
        while (front.input() instanceof Signal.Typed typed) {
            String answer = typed.text().strip();
            if (answer.equalsIgnoreCase("yes") || answer.equals(fingerprint)) {
                return true;
            }
            if (answer.equalsIgnoreCase("no")) {
                return false;
            }
            call.err().append("Please type 'yes', 'no' or the fingerprint: ");
        }
        return false;
    }

    private void changed(String type, String fingerprint, String file) {
        String bar = "@".repeat(59) + "\n";
        call.err()
                .append(bar + "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n" + bar
                        + "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\n"
                        + "The fingerprint for the " + type + " key sent by the remote host is\n" + fingerprint + ".\n"
                        + "Please contact your system administrator.\n"
                        + "Add correct host key in " + file + " to get rid of this message.\n"
                        + "Host key for " + hostEntry() + " has changed and you have requested strict checking.\n");
    }

    private void remember(String file, String text) {
        String folder = ShellState.parent(file);
        if (shell.follow(folder).isEmpty()) {
            shell.disk.put(
                    folder,
                    Disk.Node.folder(
                            0700, shell.account.name(), shell.context.clock().instant()));
        }
        shell.disk.put(
                file,
                Disk.Node.file(0600, shell.account.name(), shell.context.clock().instant(), Payload.latin1(text)));
    }

    private static String type(String key) {
        return key.contains("ed25519") ? "ED25519" : key.contains("ecdsa") ? "ECDSA" : "RSA";
    }
}
