package decnet.decoys.redis;

import decnet.core.Peer;
import decnet.core.WireText;
import decnet.decoys.Dialogue;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import decnet.decoys.redis.RespDecoder.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One client of the store: log-in, transactions, and the events; what the commands do is in {@link RedisCommands}. */
final class RedisDialogue implements Dialogue {
    private static final int MAX_QUEUED = 256;

    private final RedisState state;
    private final RespDecoder decoder = new RespDecoder();
    private final RedisClient client;
    private final RedisCommands commands;
    private final List<Request> queued = new ArrayList<>();
    private boolean inTransaction;
    private boolean spoiled;

    RedisDialogue(RedisState state) {
        this.state = state;
        this.client = new RedisClient(state.clientId.incrementAndGet(), state.password.isEmpty());
        this.commands = new RedisCommands(state, client);
    }

    @Override
    public Step opened(Peer peer) {
        state.connections.incrementAndGet();
        state.connected.incrementAndGet();
        client.peer = peer.toString();
        client.openedMillis = state.nowMillis();
        return Step.NOTHING;
    }

    @Override
    public Step closed() {
        state.connected.decrementAndGet();
        return Step.NOTHING;
    }

    @Override
    public Step received(ByteBuffer bytes) {
        Step.Builder step = Step.builder();
        try {
            while (bytes.hasRemaining() && !step.closing()) {
                Optional<Request> request = decoder.decode(bytes);
                if (request.isPresent()) {
                    answer(request.get(), step);
                }
            }
        } catch (RespException e) {
            Seen seen =
                    Seen.of("unknown_input", "data", WireText.of(tail(bytes)), "reason", WireText.of(bytes(e.said())));
            step.saw(seen).send("-ERR Protocol error: " + e.said() + "\r\n").close();
        }
        return step.build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** At most 512 bytes of what arrived. */
    private static byte[] tail(ByteBuffer bytes) {
        ByteBuffer all = bytes.duplicate().rewind();
        byte[] head = new byte[Math.min(512, all.remaining())];
        all.get(head);
        return head;
    }

    private void answer(Request request, Step.Builder step) {
        String name = request.argument(0).toLowerCase(Locale.ROOT);
        state.commands.incrementAndGet();
        if (name.equals("post") || name.equals("host:")) {
            step.saw(command(request)).close(); // as the server does with cross-protocol requests
            return;
        }
        if (name.equals("auth") || name.equals("hello")) {
            Reply reply = new Reply(client.three);
            commands.login(name, request, reply).ifPresentOrElse(step::saw, () -> step.saw(command(request)));
            step.send(reply.payload());
            return;
        }
        step.saw(command(request));
        if (!client.authenticated && !name.equals("quit")) {
            step.send(new Reply(client.three)
                    .error("NOAUTH Authentication required.")
                    .payload());
            return;
        }
        switch (name) {
            case "multi" -> multi(step);
            case "exec" -> exec(step);
            case "discard" -> {
                boolean was = inTransaction;
                endTransaction();
                send(step, was ? "+OK\r\n" : "-ERR DISCARD without MULTI\r\n");
            }
            case "quit" -> {
                send(step, "+OK\r\n");
                step.close();
            }
            default -> {
                if (inTransaction) {
                    queue(request, step);
                } else {
                    run(request, step);
                }
            }
        }
    }

    private void run(Request request, Step.Builder step) {
        Reply reply = new Reply(client.three);
        commands.run(request, reply, step);
        step.send(reply.payload());
    }

    private void multi(Step.Builder step) {
        send(step, inTransaction ? "-ERR MULTI calls can not be nested\r\n" : "+OK\r\n");
        inTransaction = true;
    }

    private void queue(Request request, Step.Builder step) {
        Optional<String> refused = commands.refused(request);
        if (refused.isPresent() || queued.size() >= MAX_QUEUED) {
            spoiled = true;
            send(step, "-" + refused.orElse("ERR too many commands") + "\r\n");
        } else {
            queued.add(request);
            send(step, "+QUEUED\r\n");
        }
    }

    private void exec(Step.Builder step) {
        if (!inTransaction) {
            send(step, "-ERR EXEC without MULTI\r\n");
        } else if (spoiled) {
            send(step, "-EXECABORT Transaction discarded because of previous errors.\r\n");
        } else {
            send(step, "*" + queued.size() + "\r\n");
            queued.forEach(request -> run(request, step));
        }
        endTransaction();
    }

    private void endTransaction() {
        inTransaction = false;
        spoiled = false;
        queued.clear();
    }

    private static void send(Step.Builder step, String text) {
        step.send(decnet.decoys.Payload.latin1(text));
    }

    private static Seen command(Request request) {
        StringBuilder line = new StringBuilder();
        for (byte[] argument : request.arguments()) {
            if (line.length() > 4096) {
                line.append(" …");
                break;
            }
            line.append(line.isEmpty() ? "" : " ").append(WireText.of(argument, 0, Math.min(argument.length, 4096)));
        }
        return Seen.of("command", "command", line.toString(), "mode", request.inline() ? "inline" : "resp");
    }
}
