package decnet.decoys.ftp;

import decnet.core.Peer;
import decnet.core.WireText;
import decnet.decoys.Capture;
import decnet.decoys.DataDialogue;
import decnet.decoys.DecoyContext;
import decnet.decoys.Disk;
import decnet.decoys.LogBook;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import decnet.decoys.Step.Demand;
import decnet.topology.Account;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * One control connection (RFC 959, RFC 2428, RFC 3659) with the words and order of vsftpd. Data connections are passive only: asked
 * to connect out, it refuses, and tells.
 */
final class FtpDialogue implements DataDialogue {
    private static final int MAX_LINE = 4096;
    private static final int KEPT_ON_DISK = 64 << 10;
    private static final DateTimeFormatter MDTM =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String LOGIN_FIRST = "530 Please login with USER and PASS.\r\n";

    private enum Transfer {
        NONE,
        LIST,
        NAMES,
        RETRIEVE,
        STORE,
        APPEND
    }

    private final DecoyContext context;
    private final InetAddress address;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private String user = "";
    private Optional<Account> account = Optional.empty();
    private String folder = "/";
    private boolean extended;
    private boolean ascii = true;
    private boolean portReady;
    private Transfer transfer = Transfer.NONE;
    private String path = "";
    private String renameFrom = "";
    private long restart;
    private Optional<Capture> upload = Optional.empty();
    private int failures;
    private Optional<Peer> source = Optional.empty();
    private Optional<LogBook.Stay> stay = Optional.empty();

    FtpDialogue(DecoyContext context, InetAddress address) {
        this.context = context;
        this.address = address;
    }

    @Override
    public Step opened(Peer peer) {
        source = Optional.of(peer);
        String own = context.persona().os().product("ftp");
        String greeting = own.isEmpty() ? "(vsFTPd " + context.persona().os().product("vsftpd") + ")" : own;
        return Step.reply("220 " + greeting + "\r\n");
    }

    @Override
    public Step idle() {
        return Step.builder().send("421 Timeout.\r\n").close().build();
    }

    @Override
    public Step closed() {
        Step.Builder step = Step.builder();
        upload.ifPresent(capture -> uploaded(capture, step));
        upload = Optional.empty();
        stay.ifPresent(LogBook.Stay::end);
        return step.build();
    }

    @Override
    public Step received(ByteBuffer bytes) {
        Step.Builder step = Step.builder();
        while (bytes.hasRemaining() && !step.closing()) {
            byte b = bytes.get();
            if (b == '\n') {
                command(takeLine(), step);
            } else if (line.size() >= MAX_LINE) {
                step.saw(Seen.of("limit_reached", "limit", "line", "value", Integer.toString(MAX_LINE)));
                step.send("500 Input line too long.\r\n").close();
            } else if (b != 0) {
                line.write(b);
            }
        }
        return step.build();
    }

    private String takeLine() {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private void command(String text, Step.Builder step) {
        int blank = text.indexOf(' ');
        String verb = (blank < 0 ? text : text.substring(0, blank)).toUpperCase(Locale.ROOT);
        String argument = blank < 0 ? "" : text.substring(blank + 1);
        if (!verb.equals("PASS")) {
            step.saw(Seen.of("command", "command", wire(text), "mode", "ftp"));
        }
        switch (verb) {
            case "" -> step.send(account.isPresent() ? "500 Unknown command.\r\n" : LOGIN_FIRST);
            case "USER" -> user(argument, step);
            case "PASS" -> pass(argument, step);
            case "QUIT" -> step.send("221 Goodbye.\r\n").close();
            case "FEAT" ->
                step.send("211-Features:\r\n"
                        + " EPRT\r\n"
                        + " EPSV\r\n"
                        + " MDTM\r\n"
                        + " PASV\r\n"
                        + " REST STREAM\r\n"
                        + " SIZE\r\n"
                        + " TVFS\r\n"
                        + "211 End\r\n");
            case "OPTS" ->
                step.send(
                        argument.equalsIgnoreCase("UTF8 ON")
                                ? "200 Always in UTF8 mode.\r\n"
                                : "501 Option not understood.\r\n");
            default -> {
                if (account.isEmpty()) {
                    step.send(LOGIN_FIRST);
                } else {
                    authorised(verb, argument, step);
                }
            }
        }
    }

    private void user(String name, Step.Builder step) {
        if (account.isPresent()) {
            step.send(name.equals(user) ? "331 Any password will do.\r\n" : "530 Can't change to another user.\r\n");
            return;
        }
        user = name;
        step.send("331 Please specify the password.\r\n");
    }

    private void pass(String secret, Step.Builder step) {
        if (account.isPresent()) {
            step.send("230 Already logged in.\r\n");
            return;
        }
        if (user.isEmpty()) {
            step.send("503 Login with USER first.\r\n");
            return;
        }
        String given = new String(secret.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        account = context.persona()
                .login(user, given)
                .filter(one -> one.uid() != 0); // root is on vsftpd's list of the refused
        step.saw(Seen.of(
                "login_attempt",
                "principal",
                wire(user),
                "secret",
                wire(secret),
                "secret_kind",
                "plaintext",
                "outcome",
                account.isPresent() ? "accepted" : "rejected",
                "method",
                "USER/PASS"));
        if (account.isPresent()) {
            stay = source.map(peer -> context.disk().logBook().accepted(LogBook.Door.FTP, user, peer));
            folder = account.get().home();
            step.send("230 Login successful.\r\n");
            return;
        }
        source.ifPresent(peer -> context.disk().logBook().refused(LogBook.Door.FTP, user, peer));
        failures++;
        step.delay(Duration.ofMillis(900 + context.random().nextInt(500)));
        if (failures >= 3) {
            step.send("530 Login incorrect.\r\n").close(); // max_login_fails
        } else {
            step.send("530 Login incorrect.\r\n");
        }
        user = "";
    }

    private void authorised(String verb, String argument, Step.Builder step) {
        switch (verb) {
            case "SYST" -> step.send("215 UNIX Type: L8\r\n");
            case "NOOP" -> step.send("200 NOOP ok.\r\n");
            case "PWD", "XPWD" ->
                step.send("257 \"" + folder.replace("\"", "\"\"") + "\" is the current directory\r\n");
            case "CWD", "XCWD" -> changeFolder(argument, step);
            case "CDUP", "XCUP" -> changeFolder("..", step);
            case "TYPE" -> type(argument, step);
            case "MODE" ->
                step.send(argument.equalsIgnoreCase("S") ? "200 Mode set to S.\r\n" : "504 Bad MODE command.\r\n");
            case "STRU" ->
                step.send(argument.equalsIgnoreCase("F") ? "200 Structure set to F.\r\n" : "504 Bad STRU command.\r\n");
            case "ALLO" -> step.send("202 ALLO command ignored.\r\n");
            case "PASV", "EPSV" -> {
                if (argument.equalsIgnoreCase("all")) {
                    step.send("200 EPSV ALL ok.\r\n");
                } else {
                    extended = verb.equals("EPSV");
                    portReady = false;
                    step.demand(new Demand.Listen());
                }
            }
            case "PORT", "EPRT" -> step.send("500 Illegal " + verb + " command.\r\n");
            case "LIST" -> transfer(Transfer.LIST, target(listed(argument)), step);
            case "NLST" -> transfer(Transfer.NAMES, target(listed(argument)), step);
            case "RETR" -> transfer(Transfer.RETRIEVE, target(argument), step);
            case "STOR", "STOU" -> transfer(Transfer.STORE, target(argument.isEmpty() ? "STOU.1" : argument), step);
            case "APPE" -> transfer(Transfer.APPEND, target(argument), step);
            case "REST" -> {
                restart = argument.matches("\\d{1,15}") ? Long.parseLong(argument) : 0;
                step.send("350 Restart position accepted (" + restart + ").\r\n");
            }
            case "ABOR" -> {
                step.demand(new Demand.Drop());
                transfer = Transfer.NONE;
                portReady = false;
                step.send("225 No transfer to ABOR.\r\n");
            }
            case "SIZE" ->
                step.send(find(target(argument))
                        .filter(node -> !node.folder())
                        .map(node -> "213 " + node.size() + "\r\n")
                        .orElse("550 Could not get file size.\r\n"));
            case "MDTM" ->
                step.send(find(target(argument))
                        .filter(node -> !node.folder())
                        .map(node -> "213 " + MDTM.format(node.modified()) + "\r\n")
                        .orElse("550 Could not get file modification time.\r\n"));
            case "DELE" -> {
                boolean may = find(target(argument))
                        .filter(node -> !node.folder() && mayWrite(parent(target(argument))))
                        .isPresent();
                if (may) {
                    context.disk().remove(target(argument));
                }
                step.send(may ? "250 Delete operation successful.\r\n" : "550 Delete operation failed.\r\n");
            }
            case "MKD", "XMKD" -> makeFolder(target(argument), step);
            case "RMD", "XRMD" -> {
                String gone = target(argument);
                boolean may = find(gone).filter(Disk.Node::folder).isPresent()
                        && mayWrite(parent(gone))
                        && context.disk().names(gone).isEmpty();
                if (may) {
                    context.disk().remove(gone);
                }
                step.send(
                        may
                                ? "250 Remove directory operation successful.\r\n"
                                : "550 Remove directory operation failed.\r\n");
            }
            case "RNFR" -> {
                renameFrom = find(target(argument)).isPresent() ? target(argument) : "";
                step.send(renameFrom.isEmpty() ? "550 RNFR command failed.\r\n" : "350 Ready for RNTO.\r\n");
            }
            case "RNTO" -> rename(target(argument), step);
            case "SITE" -> site(argument, step);
            case "STAT" ->
                step.send("211-FTP server status:\r\n     Logged in as " + user + "\r\n     TYPE: "
                        + (ascii ? "ASCII" : "BINARY")
                        + "\r\n"
                        + "     No session bandwidth limit\r\n"
                        + "     Session timeout in seconds is 300\r\n"
                        + "     Control connection is plain text\r\n"
                        + "     Data connections will be plain text\r\n"
                        + "     vsFTPd "
                        + context.persona().os().product("vsftpd")
                        + " - secure, fast, stable\r\n211 End of status\r\n");
            case "HELP" ->
                step.send("214-The following commands are recognized.\r\n"
                        + " ABOR ACCT ALLO APPE CDUP CWD  DELE EPRT EPSV FEAT HELP LIST MDTM MKD\r\n"
                        + " MODE NLST NOOP OPTS PASS PASV PORT PWD  QUIT REIN REST RETR RMD  RNFR\r\n"
                        + " RNTO SITE SIZE SMNT STAT STOR STOU STRU SYST TYPE USER XCUP XCWD XMKD\r\n"
                        + " XPWD XRMD\r\n"
                        + "214 Help OK.\r\n");
            case "REIN", "ACCT", "SMNT" -> step.send("502 " + verb + " not implemented.\r\n");
            default -> step.send("500 Unknown command.\r\n");
        }
    }

    private static String listed(String argument) {
        String text = argument.strip();
        while (text.startsWith("-")) {
            int blank = text.indexOf(' ');
            text = blank < 0 ? "" : text.substring(blank + 1).strip();
        }
        return text;
    }

    private String target(String argument) {
        return Disk.resolve(folder, argument);
    }

    private static String parent(String file) {
        int slash = file.lastIndexOf('/');
        return slash <= 0 ? "/" : file.substring(0, slash);
    }

    private Optional<Disk.Node> find(String file) {
        return context.disk().find(file);
    }

    private boolean mayWrite(String place) {
        return find(place)
                .filter(node -> node.folder() && (node.owner().equals(user) || (node.mode() & 2) != 0))
                .isPresent();
    }

    private boolean mayRead(Disk.Node node) {
        return node.owner().equals(user) || (node.mode() & 4) != 0;
    }

    private void changeFolder(String argument, Step.Builder step) {
        String wanted = target(argument);
        Optional<Disk.Node> node = find(wanted).filter(Disk.Node::folder);
        if (node.isPresent() && (node.get().owner().equals(user) || (node.get().mode() & 1) != 0)) {
            folder = wanted;
            step.send("250 Directory successfully changed.\r\n");
        } else {
            step.send("550 Failed to change directory.\r\n");
        }
    }

    private void type(String argument, Step.Builder step) {
        switch (argument.toUpperCase(Locale.ROOT)) {
            case "A", "A N" -> {
                ascii = true;
                step.send("200 Switching to ASCII mode.\r\n");
            }
            case "I", "L8", "L 8" -> {
                ascii = false;
                step.send("200 Switching to Binary mode.\r\n");
            }
            default -> step.send("500 Unrecognised TYPE command.\r\n");
        }
    }

    private void makeFolder(String wanted, Step.Builder step) {
        boolean made = find(wanted).isEmpty()
                && mayWrite(parent(wanted))
                && context.disk()
                        .put(
                                wanted,
                                Disk.Node.folder(0755, user, context.clock().instant()));
        step.send(
                made
                        ? "257 \"" + wanted.replace("\"", "\"\"") + "\" created\r\n"
                        : "550 Create directory operation failed.\r\n");
    }

    private void rename(String to, Step.Builder step) {
        Optional<Disk.Node> node = renameFrom.isEmpty() ? Optional.empty() : find(renameFrom);
        if (node.isEmpty()) {
            step.send("503 RNFR required first.\r\n");
        } else if (!node.get().folder()
                && mayWrite(parent(renameFrom))
                && mayWrite(parent(to))
                && context.disk().put(to, node.get())) {
            context.disk().remove(renameFrom);
            step.send("250 Rename successful.\r\n");
        } else {
            step.send("550 Rename failed.\r\n");
        }
        renameFrom = "";
    }

    private void site(String argument, Step.Builder step) {
        String verb = argument.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        switch (verb) {
            case "CHMOD" -> {
                String[] parts = argument.split(" ", 3);
                Optional<Disk.Node> node =
                        parts.length == 3 && parts[1].matches("[0-7]{3,4}") ? find(target(parts[2])) : Optional.empty();
                boolean may = node.filter(one -> one.owner().equals(user)).isPresent()
                        && context.disk().put(target(parts[2]), node.get().withMode(Integer.parseInt(parts[1], 8)));
                step.send(may ? "200 SITE CHMOD command ok.\r\n" : "550 SITE CHMOD command failed.\r\n");
            }
            case "UMASK" -> step.send("200 Your current UMASK is 077\r\n");
            case "HELP" -> step.send("214 CHMOD UMASK HELP\r\n");
            default -> step.send("500 Unknown SITE command.\r\n");
        }
    }

    private void transfer(Transfer kind, String file, Step.Builder step) {
        if (!portReady) {
            step.send("425 Use PORT or PASV first.\r\n");
            return;
        }
        Optional<Disk.Node> node = find(file);
        boolean open =
                switch (kind) {
                    case RETRIEVE ->
                        node.filter(one -> !one.folder() && mayRead(one)).isPresent();
                    case STORE, APPEND -> node.filter(Disk.Node::folder).isEmpty() && mayWrite(parent(file));
                    case LIST, NAMES, NONE -> true;
                };
        if (!open) {
            step.send(kind == Transfer.RETRIEVE ? "550 Failed to open file.\r\n" : "553 Could not create file.\r\n");
            return;
        }
        transfer = kind;
        path = file;
        step.demand(new Demand.Await());
    }

    @Override
    public Step dataListening(int port) {
        portReady = true;
        if (extended) {
            return Step.reply("229 Entering Extended Passive Mode (|||" + port + "|)\r\n");
        }
        String host = address.getHostAddress().replace('.', ',');
        return Step.reply("227 Entering Passive Mode (" + host + "," + (port >> 8) + "," + (port & 255) + ").\r\n");
    }

    @Override
    public Step dataConnected() {
        Step.Builder step = Step.builder();
        switch (transfer) {
            case LIST, NAMES ->
                step.send("150 Here comes the directory listing.\r\n").demand(new Demand.Send(Payload.of(listing())));
            case RETRIEVE -> {
                Disk.Node node = find(path).orElseThrow();
                byte[] bytes = node.content().bytes();
                int from = (int) Math.min(restart, bytes.length);
                step.send("150 Opening " + (ascii ? "ASCII" : "BINARY") + " mode data connection for " + name() + " ("
                        + node.size() + " bytes).\r\n");
                step.demand(new Demand.Send(Payload.of(ByteBuffer.wrap(bytes, from, bytes.length - from))));
            }
            case STORE, APPEND -> {
                upload = Optional.of(new Capture(context.budget(), context.maxUpload()));
                step.send("150 Ok to send data.\r\n").demand(new Demand.Receive());
            }
            case NONE -> step.demand(new Demand.Drop());
        }
        restart = 0;
        return step.build();
    }

    private String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private String listing() {
        Instant now = context.clock().instant();
        StringBuilder text = new StringBuilder();
        Optional<Disk.Node> node = find(path);
        if (node.isPresent() && !node.get().folder()) {
            append(text, name(), node.get(), now);
        } else if (node.isPresent()) {
            for (String one : context.disk().names(path)) {
                if (!one.startsWith(".")) {
                    find(Disk.resolve(path, one)).ifPresent(child -> append(text, one, child, now));
                }
            }
        }
        return text.toString();
    }

    private void append(StringBuilder text, String one, Disk.Node node, Instant now) {
        if (transfer == Transfer.NAMES) {
            text.append(one).append("\r\n");
        } else {
            int uid = context.persona().account(node.owner()).map(Account::uid).orElse(0);
            text.append(FtpListing.line(one, node, uid, now));
        }
    }

    @Override
    public Step dataReceived(ByteBuffer bytes) {
        upload.ifPresent(capture -> capture.append(bytes));
        return Step.NOTHING;
    }

    @Override
    public Step dataFinished() {
        Step.Builder step = Step.builder();
        switch (transfer) {
            case LIST, NAMES -> step.send("226 Directory send OK.\r\n");
            case RETRIEVE, STORE, APPEND -> step.send("226 Transfer complete.\r\n");
            case NONE -> {}
        }
        upload.ifPresent(capture -> uploaded(capture, step));
        return end(step);
    }

    private void uploaded(Capture capture, Step.Builder step) {
        long size = capture.offered();
        Payload content = capture.finish();
        Payload kept = content.length() <= KEPT_ON_DISK
                ? content
                : Payload.of(ByteBuffer.wrap(content.bytes(), 0, KEPT_ON_DISK));
        context.disk()
                .put(
                        path,
                        new Disk.Node(
                                Disk.Kind.FILE,
                                0600,
                                user,
                                user,
                                context.clock().instant(),
                                size,
                                kept));
        step.saw(Seen.of("file_upload", "name", wire(path), "size", Long.toString(size), "via", "ftp")
                .with(content));
    }

    @Override
    public Step dataFailed() {
        Step.Builder step = Step.builder();
        if (transfer == Transfer.NONE) {
            step.send("500 OOPS: vsf_sysutil_bind\r\n");
        } else {
            step.send(
                    upload.isPresent()
                            ? "426 Failure reading network stream.\r\n"
                            : "425 Failed to establish connection.\r\n");
        }
        upload.ifPresent(capture -> uploaded(capture, step));
        return end(step);
    }

    private Step end(Step.Builder step) {
        upload = Optional.empty();
        transfer = Transfer.NONE;
        portReady = false;
        return step.build();
    }

    private static String wire(String latin1) {
        return WireText.of(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }
}
