package decnet.decoys.realism;

import decnet.decoys.realism.Answer.Ending;
import decnet.decoys.realism.Answer.Timing;
import decnet.decoys.realism.Conversation.Action;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Plays conversations over TCP and notes the answers. One instance per connection; not thread-safe. */
final class Wire implements AutoCloseable {
    private static final Duration DELAYED = Duration.ofMillis(1100);
    /** How long an answer may take that is known to come. */
    private static final Duration EXPECTED = Duration.ofSeconds(8);

    private static final Pattern PASSIVE = Pattern.compile("\\((\\d+),(\\d+),(\\d+),(\\d+),(\\d+),(\\d+)\\)");
    private static final Pattern EXTENDED = Pattern.compile("\\(\\|\\|\\|(\\d+)\\|\\)");

    /** How long to listen when nothing says that an answer is complete. */
    record Patience(Duration first, Duration quiet) {}

    private final Subject subject;
    private final Patience patience;
    private final Socket socket;
    private Ending ending = Ending.OPEN;
    private @Nullable Socket data;
    private @Nullable ServerSocket listener;

    private Wire(Subject subject, InetSocketAddress server, Patience patience) throws IOException {
        this.subject = subject;
        this.patience = patience;
        this.socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(server, 5000);
    }

    /**
     * @param expected what was answered elsewhere: whoever answers the same need not be listened to any longer
     * @return one answer for each step: the greeting if there is one, each line that listens, and the end
     */
    static List<Answer> play(
            Subject subject,
            InetSocketAddress server,
            Conversation conversation,
            Optional<List<Answer>> expected,
            Patience patience) {
        List<Answer> answers = new ArrayList<>();
        try (Wire wire = new Wire(subject, server, patience)) {
            if (subject.greets()) {
                answers.add(wire.listen(Duration.ZERO, 1, expectation(expected, answers.size())));
            }
            int requests = 0;
            for (Action action : conversation.actions()) {
                requests++;
                if (action.listens()) {
                    answers.add(wire.act(action, requests, expectation(expected, answers.size())));
                    requests = 0;
                } else {
                    wire.send(action.payload());
                }
            }
            Optional<Answer> end = expectation(expected, answers.size());
            answers.add(wire.listen(
                    end.isPresent()
                                    && end.get().ending() == Ending.OPEN
                                    && end.get().text().isEmpty()
                            ? Duration.ofMillis(1)
                            : Duration.ZERO,
                    0,
                    end));
        } catch (IOException e) {
            throw new UncheckedIOException(subject.name() + ": " + conversation.name(), e);
        }
        return answers.stream()
                .map(answer -> answer.withText(subject.normalised(answer.text())))
                .toList();
    }

    private static Optional<Answer> expectation(Optional<List<Answer>> expected, int index) {
        return expected.filter(list -> index < list.size()).map(list -> list.get(index));
    }

    private Answer act(Action action, int requests, Optional<Answer> expected) throws IOException {
        switch (action.kind()) {
            case SEND, SEND_UNORDERED -> send(action.payload());
            case SEND_SINGLY -> {
                for (byte b : action.payload()) {
                    send(new byte[] {b});
                }
            }
            case FIN -> {
                if (ending == Ending.OPEN) {
                    socket.shutdownOutput();
                }
            }
            case PASSIVE, EXTENDED -> {
                send(action.payload());
                Answer answer = listen(action.patience(), requests, Optional.empty());
                connectData(answer.text());
                return answer;
            }
            case PORT -> {
                ServerSocket opened = new ServerSocket(0, 1, socket.getLocalAddress());
                listener = opened;
                int port = opened.getLocalPort();
                String host = socket.getLocalAddress().getHostAddress().replace('.', ',');
                send(("PORT " + host + "," + (port >> 8) + "," + (port & 255) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
            }
            case DATA -> {
                return new Answer(ending, Timing.IMMEDIATE, readData());
            }
            case PUT -> {
                Socket open = data();
                if (open != null) {
                    open.getOutputStream().write(action.payload());
                    open.close();
                }
            }
            case LISTEN, SEND_ONLY -> {}
        }
        Answer answer = listen(action.patience(), requests, expected);
        return action.kind() == Conversation.Kind.SEND_UNORDERED
                ? answer.withText(answer.text().lines().sorted().collect(Collectors.joining("\n")))
                : answer;
    }

    private void send(byte[] bytes) {
        try {
            if (ending != Ending.RST) {
                socket.getOutputStream().write(bytes);
            }
        } catch (IOException e) {
            ending = ending == Ending.OPEN ? Ending.RST : ending;
        }
    }

    private void connectData(String answer) throws IOException {
        Matcher passive = PASSIVE.matcher(answer);
        Matcher extended = EXTENDED.matcher(answer);
        int port = passive.find()
                ? Integer.parseInt(passive.group(5)) << 8 | Integer.parseInt(passive.group(6))
                : extended.find() ? Integer.parseInt(extended.group(1)) : 0;
        if (port != 0) {
            Socket opened = new Socket();
            opened.connect(new InetSocketAddress(socket.getInetAddress(), port), 5000);
            opened.setSoTimeout(5000);
            data = opened;
        }
    }

    private @Nullable Socket data() throws IOException {
        ServerSocket waiting = listener;
        if (data == null && waiting != null) {
            waiting.setSoTimeout(3000);
            try {
                data = waiting.accept();
            } catch (SocketTimeoutException e) {
                return null;
            }
        }
        return data;
    }

    private String readData() throws IOException {
        Socket open = data();
        if (open == null) {
            return "no data connection";
        }
        try (open) {
            return new String(open.getInputStream().readNBytes(1 << 20), StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException e) {
            return "data connection stays open";
        } finally {
            data = null;
        }
    }

    /** @param requests how many the client has sent since it listened last; 0 if it waits for the end */
    private Answer listen(Duration extra, int requests, Optional<Answer> expected) throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        long start = System.nanoTime();
        long firstByte = 0;
        boolean silent = expected.isPresent()
                && expected.get().text().isEmpty()
                && expected.get().ending() == ending;
        boolean awaited = expected.isPresent() && !silent;
        Duration first = silent ? patience.quiet() : !extra.isZero() ? extra : awaited ? EXPECTED : patience.first();
        byte[] buffer = new byte[1 << 16];
        while (ending == Ending.OPEN) {
            String text = heard.toString(StandardCharsets.ISO_8859_1);
            if (!text.isEmpty() && complete(text, requests, expected)) {
                break;
            }
            Duration limit = heard.size() == 0 ? first.minusNanos(System.nanoTime() - start) : patience.quiet();
            if (limit.toMillis() <= 0) {
                break;
            }
            socket.setSoTimeout((int) limit.toMillis());
            try {
                int count = socket.getInputStream().read(buffer);
                if (count < 0) {
                    ending = Ending.FIN;
                } else {
                    heard.write(buffer, 0, count);
                    firstByte = firstByte == 0 ? System.nanoTime() : firstByte;
                }
            } catch (SocketTimeoutException e) {
                break;
            } catch (IOException e) {
                ending = Ending.RST;
            }
        }
        boolean late =
                (firstByte == 0 && ending != Ending.OPEN ? System.nanoTime() : firstByte) - start > DELAYED.toNanos();
        return new Answer(
                ending, late ? Timing.DELAYED : Timing.IMMEDIATE, heard.toString(StandardCharsets.ISO_8859_1));
    }

    private boolean complete(String text, int requests, Optional<Answer> expected) {
        BiPredicate<String, Integer> framing = subject.framing();
        return expected.isPresent()
                        && expected.get().ending() == Ending.OPEN
                        && expected.get().text().equals(subject.normalised(text))
                || requests > 0 && framing.test(text, requests);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        Socket open = data;
        if (open != null) {
            open.close();
        }
        ServerSocket waiting = listener;
        if (waiting != null) {
            waiting.close();
        }
    }
}
