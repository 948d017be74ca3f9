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
import java.util.Locale;
import java.util.Optional;

/**
 * One control connection (RFC 959, RFC 2428, RFC 3659) with the words and order of vsftpd. Data connections are passive only: asked
 * to connect out, it refuses, and tells.
 */
final class FtpDialogue implements DataDialogue {
    private static final int MAX_LINE = 4096;
    private static final int KEPT_ON_DISK = 64 << 10;
    private static final String LOGIN_FIRST = "530 Please login with USER and PASS.\r\n";

    private enum Transfer {
        NONE,
        LIST,
        NAMES,
        RETRIEVE,
        STORE,
        STORE_UNIQUE,
        APPEND
    }

    private final DecoyContext context;
    private final InetAddress address;
    private final InetAddress visitor;
    private final FtpFiles files;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private String user = "";
    private Optional<Account> account = Optional.empty();
    private boolean extended;
    private boolean onlyExtended;
    private boolean activePort;
    private boolean ascii = true;
    private boolean portReady;
    private Transfer transfer = Transfer.NONE;
    private String path = "";
    private String shown = "";
    private boolean appended;
    private long restart;
    private Optional<Capture> upload = Optional.empty();
    private int failures;
    private Optional<Peer> source = Optional.empty();
    private Optional<LogBook.Stay> stay = Optional.empty();

    FtpDialogue(DecoyContext context, InetAddress address, InetAddress visitor) {
        this.context = context;
        this.address = address;
        this.visitor = visitor;
        this.files = new FtpFiles(context);
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
            } else {
                line.write(b);
            }
        }
        return step.build();
    }

    private String takeLine() {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        // telnet's interrupt and synch stand before ABOR
        return text.replaceFirst("^[\u00f0-\u00ff]+", "").replaceFirst("\r+$", "");
    }

    private void command(String text, Step.Builder step) {
        int blank = text.indexOf(' ');
        String verb = (blank < 0 ? text : text.substring(0, blank)).toUpperCase(Locale.ROOT);
        String argument = blank < 0 ? "" : text.substring(blank + 1);
        if (!verb.equals("PASS")) {
            step.saw(Seen.of("command", "command", wire(text), "mode", "ftp"));
        }
        switch (verb) {
            case "GET", "POST", "HEAD", "PUT", "OPTIONS" ->
                step.send("500 HTTP protocol commands not allowed.\r\n").close();
            case "" -> {
                if (!text.isEmpty()) { // an empty line is not answered
                    step.send(account.isPresent() ? "500 Unknown command.\r\n" : LOGIN_FIRST);
                }
            }
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
            files.login(user, account.get().home());
            step.send("230 Login successful.\r\n");
            return;
        }
        source.ifPresent(peer -> context.disk().logBook().refused(LogBook.Door.FTP, user, peer));
        failures++;
        step.delay(Duration.ofMillis(1900 + context.random().nextInt(1900)));
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
            case "PWD", "XPWD" -> step.send(files.current());
            case "CWD", "XCWD" -> step.send(files.change(argument));
            case "CDUP", "XCUP" -> step.send(files.change(".."));
            case "TYPE" -> type(argument, step);
            case "MODE" ->
                step.send(argument.equalsIgnoreCase("S") ? "200 Mode set to S.\r\n" : "504 Bad MODE command.\r\n");
            case "STRU" ->
                step.send(argument.equalsIgnoreCase("F") ? "200 Structure set to F.\r\n" : "504 Bad STRU command.\r\n");
            case "ALLO" -> step.send("202 ALLO command ignored.\r\n");
            case "PASV" -> passive(false, argument, step);
            case "EPSV" -> passive(true, argument, step);
            case "PORT", "EPRT" -> active(verb, argument, step);
            case "LIST" -> transfer(Transfer.LIST, argument, step);
            case "NLST" -> transfer(Transfer.NAMES, argument, step);
            case "RETR" -> transfer(Transfer.RETRIEVE, argument, step);
            case "STOR" -> transfer(Transfer.STORE, argument, step);
            case "STOU" -> transfer(Transfer.STORE_UNIQUE, argument, step);
            case "APPE" -> transfer(Transfer.APPEND, argument, step);
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
            case "SIZE" -> step.send(files.size(argument));
            case "MDTM" -> step.send(files.modified(argument));
            case "DELE" -> step.send(files.delete(argument));
            case "MKD", "XMKD" -> step.send(files.makeFolder(argument));
            case "RMD", "XRMD" -> step.send(files.removeFolder(argument));
            case "RNFR" -> step.send(files.renameFrom(argument));
            case "RNTO" -> step.send(files.renameTo(argument));
            case "SITE" -> step.send(files.site(argument));
            case "STAT" -> status(argument, step);
            case "HELP" ->
                step.send("214-The following commands are recognized.\r\n"
                        + " ABOR ACCT ALLO APPE CDUP CWD  DELE EPRT EPSV FEAT HELP LIST MDTM MKD\r\n"
                        + " MODE NLST NOOP OPTS PASS PASV PORT PWD  QUIT REIN REST RETR RMD  RNFR\r\n"
                        + " RNTO SITE SIZE SMNT STAT STOR STOU STRU SYST TYPE USER XCUP XCWD XMKD\r\n"
                        + " XPWD XRMD\r\n"
                        + "214 Help OK.\r\n");
            case "REIN", "ACCT", "SMNT" -> step.send("502 " + verb + " not implemented.\r\n");
            case "PBSZ", "PROT" -> step.send("550 Permission denied.\r\n");
            default -> step.send("500 Unknown command.\r\n");
        }
    }

    private void status(String argument, Step.Builder step) {
        if (!argument.isEmpty()) {
            step.send("213-Status follows:\r\n" + files.listing(argument, false, true) + "213 End of status\r\n");
            return;
        }
        step.send("211-FTP server status:\r\n"
                + "     Connected to " + visitor.getHostAddress() + "\r\n"
                + "     Logged in as " + user + "\r\n"
                + "     TYPE: " + (ascii ? "ASCII" : "BINARY") + "\r\n"
                + "     No session bandwidth limit\r\n"
                + "     Session timeout in seconds is 300\r\n"
                + "     Control connection is plain text\r\n"
                + "     Data connections will be plain text\r\n"
                + "     At session startup, client count was 1\r\n"
                + "     vsFTPd " + context.persona().os().product("vsftpd") + " - secure, fast, stable\r\n"
                + "211 End of status\r\n");
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

    private void passive(boolean wantsExtended, String argument, Step.Builder step) {
        if (!wantsExtended && onlyExtended) {
            step.send("550 Permission denied.\r\n");
        } else if (wantsExtended && argument.equalsIgnoreCase("all")) {
            onlyExtended = true;
            step.send("200 EPSV ALL ok.\r\n");
        } else if (wantsExtended && !argument.isEmpty() && !argument.equals("1")) {
            step.send("522 Bad network protocol.\r\n");
        } else {
            extended = wantsExtended;
            portReady = false;
            activePort = false;
            step.demand(new Demand.Listen());
        }
    }

    /** Takes an address as the server does, and never connects to it. */
    private void active(String verb, String argument, Step.Builder step) {
        if (onlyExtended) {
            step.send("550 Permission denied.\r\n");
            return;
        }
        boolean accepted;
        if (verb.equals("PORT")) {
            accepted = argument.matches("\\d{1,3}(,\\d{1,3}){5}") && own(argument);
        } else {
            String[] parts = argument.split("\\|", -1);
            boolean cut = parts.length == 1 && !argument.isEmpty();
            if (!cut && (parts.length == 1 || !parts[1].equals("1"))) {
                step.send("500 Bad EPRT protocol.\r\n");
                return;
            }
            if (parts.length != 5) {
                step.send("500 Bad EPRT command.\r\n");
                return;
            }
            accepted = parts[2].equals(visitor.getHostAddress())
                    && parts[3].matches("\\d{4,5}")
                    && Integer.parseInt(parts[3]) >= 1024;
        }
        if (!accepted) {
            step.send("500 Illegal " + verb + " command.\r\n");
            return;
        }
        step.demand(new Demand.Drop());
        portReady = false;
        activePort = true;
        String other = verb.equals("PORT") ? "PASV" : "EPSV";
        step.send("200 " + verb + " command successful. Consider using " + other + ".\r\n");
    }

    private boolean own(String argument) {
        String[] parts = argument.split(",");
        String host = String.join(".", parts[0], parts[1], parts[2], parts[3]);
        int high = Integer.parseInt(parts[4]);
        int low = Integer.parseInt(parts[5]);
        return host.equals(visitor.getHostAddress()) && high < 256 && low < 256 && high * 256 + low >= 1024;
    }

    private void transfer(Transfer kind, String argument, Step.Builder step) {
        if (!portReady && !activePort) {
            step.send("425 Use PORT or PASV first.\r\n");
            return;
        }
        boolean listing = kind == Transfer.LIST || kind == Transfer.NAMES;
        String file =
                kind == Transfer.STORE_UNIQUE ? files.unique(argument) : listing ? argument : files.target(argument);
        boolean named = !argument.isEmpty() || listing || kind == Transfer.STORE_UNIQUE;
        boolean open = named
                && switch (kind) {
                    case RETRIEVE -> files.find(file).filter(files::mayRead).isPresent();
                    case STORE, STORE_UNIQUE, APPEND -> files.mayStore(file);
                    case LIST, NAMES, NONE -> true;
                };
        if (kind == Transfer.RETRIEVE && ascii && restart > 0) {
            restart = 0;
            step.send("550 No support for resume of ASCII transfer.\r\n");
            return;
        }
        if (!open) {
            step.send(kind == Transfer.RETRIEVE ? "550 Failed to open file.\r\n" : "553 Could not create file.\r\n");
            return;
        }
        if (activePort) { // no packet leaves: as if the visitor's firewall dropped it
            activePort = false;
            step.saw(Seen.of("download_attempt", "data", "active", "target", wire(file)));
            step.send("425 Failed to establish connection.\r\n");
            return;
        }
        transfer = kind;
        appended = kind == Transfer.APPEND || kind == Transfer.STORE && restart > 0;
        path = file;
        shown = argument;
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
                step.send("150 Here comes the directory listing.\r\n")
                        .demand(new Demand.Send(
                                Payload.latin1(files.listing(path, transfer == Transfer.NAMES, false))));
            case RETRIEVE -> {
                Disk.Node node = files.find(path).orElseThrow();
                byte[] bytes = node.content().bytes();
                int from = (int) Math.min(restart, bytes.length);
                step.send(
                        "150 Opening BINARY mode data connection for " + name() + " (" + node.size() + " bytes).\r\n");
                step.demand(new Demand.Send(Payload.of(ByteBuffer.wrap(bytes, from, bytes.length - from))));
            }
            case STORE, STORE_UNIQUE, APPEND -> {
                upload = Optional.of(new Capture(context.budget(), context.maxUpload()));
                step.send(
                                transfer == Transfer.STORE_UNIQUE
                                        ? "150 FILE: " + path.substring(path.lastIndexOf('/') + 1) + "\r\n"
                                        : "150 Ok to send data.\r\n")
                        .demand(new Demand.Receive());
            }
            case NONE -> step.demand(new Demand.Drop());
        }
        restart = 0;
        return step.build();
    }

    private String name() {
        return shown;
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
            case RETRIEVE, STORE, STORE_UNIQUE, APPEND -> step.send("226 Transfer complete.\r\n");
            case NONE -> {}
        }
        upload.ifPresent(capture -> uploaded(capture, step));
        return end(step);
    }

    private void uploaded(Capture capture, Step.Builder step) {
        long size = capture.offered();
        Payload content = capture.finish();
        Optional<Disk.Node> before = appended ? files.find(path).filter(node -> !node.folder()) : Optional.empty();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        before.ifPresent(node -> all.writeBytes(node.content().bytes()));
        all.writeBytes(content.bytes());
        Payload kept = Payload.of(ByteBuffer.wrap(all.toByteArray(), 0, Math.min(all.size(), KEPT_ON_DISK)));
        context.disk()
                .put(
                        path,
                        new Disk.Node(
                                Disk.Kind.FILE,
                                files.find(path).map(Disk.Node::mode).orElse(files.fileMode()),
                                user,
                                user,
                                context.clock().instant(),
                                size + before.map(Disk.Node::size).orElse(0L),
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
