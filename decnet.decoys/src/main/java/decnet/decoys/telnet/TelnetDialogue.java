package decnet.decoys.telnet;

import decnet.core.Peer;
import decnet.core.WireText;
import decnet.decoys.DecoyContext;
import decnet.decoys.Dialogue;
import decnet.decoys.LogBook;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import decnet.decoys.shell.ShellOutput;
import decnet.decoys.shell.ShellSession;
import decnet.topology.Account;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One telnet connection: options (RFC 857, 858, 1073), log-in, shell. */
final class TelnetDialogue implements Dialogue {
    private static final int ECHO = 1;
    private static final int SUPPRESS_GO_AHEAD = 3;
    private static final int TERMINAL_TYPE = 24;
    private static final int WINDOW_SIZE = 31;
    private static final int MAX_NAME = 256;
    private static final int MAX_TRIES = 3;
    private static final Duration LOGIN_TIME = Duration.ofSeconds(60);

    private final DecoyContext context;
    private final TelnetDecoder decoder = new TelnetDecoder();
    private final Set<Integer> agreed = new HashSet<>();
    private final StringBuilder line = new StringBuilder();
    private final List<String> hello = new ArrayList<>();
    private Optional<Peer> peer = Optional.empty();
    private Optional<String> name = Optional.empty();
    private Optional<ShellSession> shell = Optional.empty();
    private Optional<LogBook.Stay> stay = Optional.empty();
    private boolean afterReturn;
    private boolean helloTold;
    private int tries;
    private int columns = 80;
    private int rows = 24;

    TelnetDialogue(DecoyContext context) {
        this.context = context;
    }

    private boolean embedded() {
        return context.persona().os().shell().equals("ash");
    }

    private String prompt() {
        return context.persona().hostname() + " login: ";
    }

    @Override
    public Step opened(Peer source) {
        peer = Optional.of(source);
        Step.Builder step = Step.builder();
        if (embedded()) {
            // as telnetd of BusyBox: DO ECHO, DO NAWS, WILL ECHO, WILL SGA, and the prompt of login
            step.send(options(
                    TelnetDecoder.DO,
                    ECHO,
                    TelnetDecoder.DO,
                    WINDOW_SIZE,
                    TelnetDecoder.WILL,
                    ECHO,
                    TelnetDecoder.WILL,
                    SUPPRESS_GO_AHEAD));
            agreed.addAll(List.of(ECHO, SUPPRESS_GO_AHEAD));
            step.send("\r\n" + prompt());
        } else {
            // as telnetd of the Linux netkit: asks first, speaks when the terminal type is settled
            step.send(options(
                    TelnetDecoder.DO, TERMINAL_TYPE, TelnetDecoder.DO, 32, TelnetDecoder.DO, 35, TelnetDecoder.DO, 39));
            step.send(options(
                    TelnetDecoder.WILL,
                    SUPPRESS_GO_AHEAD,
                    TelnetDecoder.DO,
                    ECHO,
                    TelnetDecoder.DO,
                    WINDOW_SIZE,
                    TelnetDecoder.WILL,
                    5,
                    TelnetDecoder.DO,
                    33,
                    TelnetDecoder.WILL,
                    ECHO));
            agreed.addAll(List.of(ECHO, SUPPRESS_GO_AHEAD, 5));
            step.send(context.persona().os().prettyName() + "\r\n" + prompt());
        }
        return step.timer(LOGIN_TIME).build();
    }

    private static Payload options(int... pairs) {
        byte[] bytes = new byte[pairs.length / 2 * 3];
        for (int i = 0; i < pairs.length; i += 2) {
            bytes[i / 2 * 3] = (byte) TelnetDecoder.IAC;
            bytes[i / 2 * 3 + 1] = (byte) pairs[i];
            bytes[i / 2 * 3 + 2] = (byte) pairs[i + 1];
        }
        return Payload.of(bytes);
    }

    @Override
    public Step timer() {
        return shell.isPresent()
                ? Step.NOTHING
                : Step.builder()
                        .send("\r\nLogin timed out after 60 seconds.\r\n")
                        .close()
                        .build();
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
        List<TelnetDecoder.Command> commands = new ArrayList<>();
        byte[] data = decoder.decode(bytes, commands);
        commands.forEach(command -> negotiate(command, step));
        if (data.length > 0 && shell.isPresent()) {
            show(shell.get().feed(data), step);
        } else {
            for (int i = 0; i < data.length && !step.closing(); i++) {
                if (shell.isPresent()) {
                    show(shell.get().feed(java.util.Arrays.copyOfRange(data, i, data.length)), step);
                    break;
                }
                typed(data[i] & 0xff, step);
            }
        }
        return step.build();
    }

    private void negotiate(TelnetDecoder.Command command, Step.Builder step) {
        int option = command.option();
        if (hello.size() < 40) {
            hello.add(command.command() + ":" + option);
        }
        switch (command.command()) {
            case TelnetDecoder.DO -> {
                if (!agreed.contains(option)) {
                    step.send(options(TelnetDecoder.WONT, option));
                }
            }
            case TelnetDecoder.WILL -> {
                if (option == TERMINAL_TYPE && !embedded()) {
                    byte[] ask = {(byte) 255, (byte) 250, TERMINAL_TYPE, 1, (byte) 255, (byte) 240};
                    step.send(Payload.of(ask));
                } else if (option != WINDOW_SIZE
                        && option != ECHO
                        && option != 32
                        && option != 35
                        && option != 39
                        && option != 33) {
                    step.send(options(TelnetDecoder.DONT, option));
                }
            }
            case TelnetDecoder.SB -> {
                if (option == WINDOW_SIZE && command.data().size() == 4) {
                    columns = command.data().get(0) << 8 | command.data().get(1);
                    rows = command.data().get(2) << 8 | command.data().get(3);
                    shell.ifPresent(session -> session.resize(columns, rows));
                }
            }
            case TelnetDecoder.AYT -> step.send("\r\n[Yes]\r\n");
            default -> {}
        }
    }

    private void tellHello(Step.Builder step) {
        if (!helloTold && !hello.isEmpty()) {
            helloTold = true;
            step.saw(Seen.of("client_hello", "options", String.join(" ", hello)));
        }
    }

    private void typed(int b, Step.Builder step) {
        boolean second = (b == '\n' || b == 0) && afterReturn;
        afterReturn = b == '\r';
        if (second) {
            return;
        }
        boolean secret = name.isPresent();
        if (b == '\r' || b == '\n') {
            String text = line.toString();
            line.setLength(0);
            step.send("\r\n");
            entered(text, step);
        } else if (b == 3 || b == 4) {
            step.close();
        } else if (b == 8 || b == 127) {
            if (!line.isEmpty()) {
                line.setLength(line.length() - 1);
                if (!secret) {
                    step.send("\b \b");
                }
            }
        } else if (b >= 32 && line.length() < MAX_NAME) {
            line.append((char) b);
            if (!secret) {
                byte[] echo = {(byte) b};
                step.send(Payload.of(echo));
            }
        }
    }

    private void entered(String text, Step.Builder step) {
        if (name.isEmpty()) {
            if (text.isEmpty()) {
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
            ShellSession session = new ShellSession(context, account.get(), peer.orElseThrow(), true);
            shell = Optional.of(session);
            show(session.start(columns, rows), step);
            return;
        }
        book.refused(LogBook.Door.TELNET, user, peer.orElseThrow());
        tries++;
        step.delay(Duration.ofMillis(2600 + context.random().nextInt(700)));
        step.send("\r\nLogin incorrect\r\n");
        if (tries >= MAX_TRIES) {
            step.close();
        } else {
            step.send(prompt());
        }
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
