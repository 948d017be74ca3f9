package decnet.decoys.telnet;

import decnet.core.Peer;
import decnet.core.WireText;
import decnet.decoys.DecoyContext;
import decnet.decoys.Dialogue;
import decnet.decoys.LogBook;
import decnet.decoys.Outlet;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import decnet.decoys.shell.ShellLink;
import decnet.decoys.shell.ShellOutput;
import decnet.decoys.shell.ShellSession;
import decnet.topology.Account;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One telnet connection: options, log-in, shell. What is typed before somebody reads it is kept, as a terminal does. */
final class TelnetDialogue implements Dialogue {
    private static final int MAX_HELD = 4096;
    private static final int ERASE = 127;
    private static final int KILL = 21;
    private static final int INTERRUPT = 3;
    private static final int QUIT = 28;
    private static final int SUSPEND = 26;
    private static final int END_OF_FILE = 4;

    private final DecoyContext context;
    private final Optional<Outlet> outlet;
    private final TelnetServer server;
    private final LoginProgram login;
    private final TelnetDecoder decoder;
    private final Negotiation negotiation;
    private final TerminalLine line = new TerminalLine();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private final List<String> hello = new ArrayList<>();
    private Optional<Peer> peer = Optional.empty();
    private Optional<String> name = Optional.empty();
    private Optional<ShellSession> shell = Optional.empty();
    private Optional<LogBook.Stay> stay = Optional.empty();
    private Optional<Instant> deadline = Optional.empty();
    private boolean afterReturn;
    private boolean checking;
    private boolean helloTold;
    private int tries;
    private int columns = 80;
    private int rows = 24;

    TelnetDialogue(DecoyContext context) {
        this(context, Optional.empty());
    }

    /** @param outlet lets commands of the shell reach other machines */
    TelnetDialogue(DecoyContext context, Optional<Outlet> outlet) {
        this.context = context;
        this.outlet = outlet;
        this.server = TelnetServer.of(context.persona().os());
        this.login = LoginProgram.of(context.persona().os());
        this.decoder = new TelnetDecoder(server::understands);
        this.negotiation = new Negotiation(server);
    }

    private String prompt() {
        return context.persona().hostname() + " login: ";
    }

    @Override
    public Step opened(Peer source) {
        peer = Optional.of(source);
        Step.Builder step = Step.builder();
        negotiation.open();
        goOn(step);
        return step.build();
    }

    /** Sends what was negotiated, and begins the log-in if it is time. */
    private void goOn(Step.Builder step) {
        negotiation.advance();
        byte[] said = negotiation.take();
        if (said.length > 0) {
            step.send(Payload.of(said));
        }
        if (negotiation.loggedOut()) {
            step.close();
        } else if (negotiation.ready() && deadline.isEmpty()) {
            deadline = Optional.of(context.clock().instant().plus(LoginProgram.PATIENCE));
            step.send(server.greeting(context.persona()) + prompt());
            step.timer(LoginProgram.PATIENCE);
            readHeld(step);
        }
    }

    private boolean reading() {
        return negotiation.ready() && !checking;
    }

    private void readHeld(Step.Builder step) {
        byte[] bytes = held.toByteArray();
        held.reset();
        read(bytes, step);
    }

    /** @param bytes as the terminal gets them: without what telnet adds */
    private void read(byte[] bytes, Step.Builder step) {
        StringBuilder echo = new StringBuilder();
        for (int i = 0; i < bytes.length && !step.closing(); i++) {
            if (shell.isPresent()) {
                show(shell.get().feed(Arrays.copyOfRange(bytes, i, bytes.length)), step);
                return;
            }
            if (!reading()) {
                hold(bytes, i);
                return;
            }
            TerminalLine.Result result = line.key(bytes[i] & 0xff, name.isEmpty(), echo);
            if (result != TerminalLine.Result.MORE) {
                echoed(echo, step);
                complete(result, step);
            }
        }
        echoed(echo, step);
    }

    private static void echoed(StringBuilder echo, Step.Builder step) {
        if (!echo.isEmpty()) {
            step.send(escaped(Payload.latin1(echo.toString())));
            echo.setLength(0);
        }
    }

    private void hold(byte[] bytes, int from) {
        held.write(bytes, from, Math.max(0, Math.min(bytes.length - from, MAX_HELD - held.size())));
    }

    private void complete(TerminalLine.Result result, Step.Builder step) {
        switch (result) {
            case LINE -> entered(line.take(), step);
            case END_OF_FILE -> {
                if (login.outlivesEndOfFile()) {
                    step.send("\r\n");
                    name = Optional.empty();
                    wrong(step);
                } else {
                    step.close();
                }
            }
            default -> step.close();
        }
    }

    @Override
    public Step timer() {
        Step.Builder step = Step.builder();
        if (shell.isPresent()) {
            return Step.NOTHING;
        }
        if (!checking) {
            return step.send(login.timedOut()).close().build();
        }
        checking = false;
        step.send(login.incorrect());
        if (tries >= login.tries()) {
            return step.send(login.farewell()).close().build();
        }
        step.send(prompt()).timer(patienceLeft());
        readHeld(step);
        return step.build();
    }

    private Duration patienceLeft() {
        Duration left = Duration.between(
                context.clock().instant(), deadline.orElse(context.clock().instant()));
        return left.isPositive() ? left : Duration.ofMillis(1);
    }

    @Override
    public Step closed() {
        Step.Builder step = Step.builder();
        tellHello(step);
        shell.ifPresent(session -> session.close().forEach(step::saw));
        shell = Optional.empty();
        stay.ifPresent(LogBook.Stay::end);
        return step.build();
    }

    @Override
    public Step received(ByteBuffer bytes) {
        Step.Builder step = Step.builder();
        for (TelnetDecoder.Item item : decoder.decode(bytes)) {
            if (step.closing()) {
                break;
            }
            switch (item) {
                case TelnetDecoder.Data data ->
                    typed(withoutLineEnds(data.bytes().bytes()), step);
                case TelnetDecoder.Command command -> commanded(command, step);
            }
        }
        goOn(step);
        return step.build();
    }

    /** CR LF and CR NUL are a CR (RFC 854), unless bytes are sent as they are. */
    private byte[] withoutLineEnds(byte[] bytes) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(bytes.length);
        for (byte b : bytes) {
            if (!afterReturn || b != '\n' && (b != 0 || negotiation.binary())) {
                plain.write(b);
            }
            afterReturn = b == '\r';
        }
        return plain.toByteArray();
    }

    private void typed(byte[] bytes, Step.Builder step) {
        if (reading()) {
            read(bytes, step);
        } else {
            hold(bytes, 0);
        }
    }

    private void commanded(TelnetDecoder.Command command, Step.Builder step) {
        if (hello.size() < 40) {
            hello.add(command.command() + ":" + command.option());
        }
        switch (command.command()) {
            case TelnetDecoder.WILL, TelnetDecoder.WONT, TelnetDecoder.DO, TelnetDecoder.DONT ->
                negotiation.received(command);
            case TelnetDecoder.SB -> {
                negotiation.received(command);
                if (command.option() == TelnetDecoder.WINDOW_SIZE
                        && negotiation.windowSize()
                        && command.data().size() == 4) {
                    columns = command.data().get(0) << 8 | command.data().get(1);
                    rows = command.data().get(2) << 8 | command.data().get(3);
                    shell.ifPresent(session -> session.resize(columns, rows));
                }
            }
            case TelnetDecoder.AYT -> step.send(server.here());
            default -> {
                if (server.waits()) {
                    key(command.command(), step);
                }
            }
        }
    }

    /** Commands that stand for a key of the terminal. */
    private void key(int command, Step.Builder step) {
        boolean early = !negotiation.ready();
        int key =
                switch (command) {
                    case TelnetDecoder.EC -> early ? 0 : ERASE;
                    case TelnetDecoder.EL -> early ? 0 : KILL;
                    case TelnetDecoder.AO -> early ? 0 : 15;
                    case TelnetDecoder.IP -> early ? ERASE : INTERRUPT;
                    case TelnetDecoder.BRK, TelnetDecoder.ABORT -> QUIT;
                    case TelnetDecoder.SUSP -> SUSPEND;
                    case TelnetDecoder.EOF -> END_OF_FILE;
                    default -> -1;
                };
        if (key < 0) {
            return;
        }
        if (early && held.size() > 0) {
            // there is no terminal yet: what the server writes to it lands on the connection
            step.send(Payload.of(held.toByteArray()));
            held.reset();
        }
        if (!early && command != TelnetDecoder.EC && command != TelnetDecoder.EL && command != TelnetDecoder.EOF) {
            byte[] mark = {(byte) TelnetDecoder.IAC, (byte) TelnetDecoder.DM};
            step.send(Payload.of(mark));
        }
        if (key > 0) {
            byte[] one = {(byte) key};
            typed(one, step);
        }
    }

    private void tellHello(Step.Builder step) {
        if (!helloTold && !hello.isEmpty()) {
            helloTold = true;
            step.saw(Seen.of("client_hello", "options", String.join(" ", hello)));
        }
    }

    private void entered(String text, Step.Builder step) {
        if (name.isEmpty()) {
            if (text.isEmpty() && !login.takesEmptyNames()) {
                step.send(prompt());
            } else {
                name = Optional.of(text);
                step.send("Password: ");
            }
            return;
        }
        tellHello(step);
        String user = name.get();
        name = Optional.empty();
        Optional<Account> account = context.persona().login(user, new String(latin1(text), StandardCharsets.UTF_8));
        step.saw(Seen.of(
                "login_attempt",
                "principal",
                WireText.of(latin1(user)),
                "secret",
                WireText.of(latin1(text)),
                "secret_kind",
                "plaintext",
                "outcome",
                account.isPresent() ? "accepted" : "rejected",
                "method",
                "password"));
        LogBook book = context.disk().logBook();
        if (account.isPresent()) {
            stay = Optional.of(book.accepted(LogBook.Door.TELNET, user, peer.orElseThrow()));
            Peer source = peer.orElseThrow();
            Account who = account.get();
            ShellSession session = outlet.map(
                            out -> new ShellSession(context, who, source, true, new ShellLink(out, this::showLater)))
                    .orElseGet(() -> new ShellSession(context, who, source, true));
            shell = Optional.of(session);
            show(session.start(columns, rows), step);
            return;
        }
        book.refused(LogBook.Door.TELNET, user, peer.orElseThrow());
        wrong(step);
    }

    /** A wrong try; it is told after a while, and meanwhile nobody reads. */
    private void wrong(Step.Builder step) {
        tries++;
        checking = true;
        step.timer(login.delay(context.random()));
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void show(ShellOutput output, Step.Builder step) {
        output.events().forEach(step::saw);
        step.send(escaped(output.bytes())).delay(output.delay());
        if (output.ended()) {
            step.close();
        }
    }

    /** What a command says later than what it was asked. */
    private void showLater(ShellOutput output) {
        Outlet out = outlet.orElseThrow();
        output.events().forEach(out::saw);
        if (output.delay().isPositive()) {
            out.schedule(output.delay(), () -> send(output, out));
        } else {
            send(output, out);
        }
    }

    private static void send(ShellOutput output, Outlet out) {
        if (output.bytes().length() > 0) {
            out.send(escaped(output.bytes()));
        }
        if (output.ended()) {
            out.close();
        }
    }

    /** The byte 255 is sent twice. */
    private static Payload escaped(Payload bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length());
        for (byte b : bytes.bytes()) {
            out.write(b);
            if (b == (byte) TelnetDecoder.IAC) {
                out.write(b);
            }
        }
        return Payload.of(out.toByteArray());
    }
}
