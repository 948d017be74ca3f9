package decnet.decoys.redis;

import decnet.core.Peer;
import decnet.core.WireText;
import decnet.decoys.Dialogue;
import decnet.decoys.DialogueFactory.Opening;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import decnet.decoys.redis.CommandTable.Entry;
import decnet.decoys.redis.RespDecoder.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One client of the store: the order of checks, transactions, waiting, and the events; what commands do is in {@link Commands}. */
final class RedisDialogue implements Dialogue {
    private static final int MAX_QUEUED = 256;
    /** Bytes kept while the client waits for something. */
    private static final int MAX_WAITING = 64 << 10;
    /** What a subscriber that speaks RESP 2 may still say. */
    private static final Set<String> SUBSCRIBED = Set.of(
            "ping",
            "subscribe",
            "psubscribe",
            "ssubscribe",
            "unsubscribe",
            "punsubscribe",
            "sunsubscribe",
            "quit",
            "reset");

    private static final Set<String> BEFORE_EXEC = Set.of("exec", "discard", "multi", "watch", "quit", "reset");

    private final RedisState state;
    private final RespDecoder decoder;
    private final RedisClient client;
    private final Commands commands;
    private final RedisLogin login;
    private final List<Request> queued = new ArrayList<>();
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean spoiled;
    private boolean aborted;

    RedisDialogue(RedisState state, Commands commands, Opening opening) {
        this.state = state;
        this.commands = commands;
        this.client = new RedisClient(state.clientId.incrementAndGet(), opening.outlet(), state.password.isEmpty());
        this.decoder =
                new RespDecoder(() -> client.authenticated, state.version.major() >= 7 ? Integer.MAX_VALUE : 1 << 20);
        this.login = new RedisLogin(state, client);
        client.peer = opening.source().toString();
        client.local = opening.destination().toString();
    }

    @Override
    public Step opened(Peer peer) {
        state.connections.incrementAndGet();
        state.clients.put(client.id, client);
        client.openedMillis = state.nowMillis();
        return Step.NOTHING;
    }

    @Override
    public Step closed() {
        state.clients.remove(client.id);
        return Step.NOTHING;
    }

    @Override
    public Step received(ByteBuffer bytes) {
        if (client.blocked.isPresent()) {
            keep(bytes);
            return Step.NOTHING;
        }
        Step.Builder step = Step.builder();
        take(bytes, step);
        if (aborted) {
            Step.Builder silent = Step.builder();
            step.build().events().forEach(silent::saw);
            return silent.close().build();
        }
        return step.build();
    }

    private void keep(ByteBuffer bytes) {
        byte[] copy = new byte[Math.min(bytes.remaining(), MAX_WAITING - waitingBytes)];
        bytes.get(copy);
        if (copy.length > 0) {
            waitingBytes += copy.length;
            waiting.add(ByteBuffer.wrap(copy));
        }
    }

    @Override
    public Step timer() {
        Step.Builder step = Step.builder();
        if (client.blocked.isPresent()) {
            send(step, client.blocked.get().answer());
            client.blocked = Optional.empty();
            while (!waiting.isEmpty() && client.blocked.isEmpty() && !step.closing()) {
                ByteBuffer next = waiting.poll();
                waitingBytes -= next.remaining();
                take(next, step);
            }
        }
        return step.build();
    }

    private void take(ByteBuffer bytes, Step.Builder step) {
        try {
            while (bytes.hasRemaining() && !step.closing()) {
                Optional<Request> request = decoder.decode(bytes);
                if (request.isPresent()) {
                    answer(request.get(), step);
                    if (client.blocked.isPresent()) {
                        keep(bytes);
                        return;
                    }
                }
            }
        } catch (RespException e) {
            Seen seen =
                    Seen.of("unknown_input", "data", WireText.of(tail(bytes)), "reason", WireText.of(bytes(e.said())));
            step.saw(seen)
                    .send(Payload.of(bytes("-ERR Protocol error: " + e.said() + "\r\n")))
                    .close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
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
            // as the server does with requests of other protocols: nothing that waits is sent
            step.saw(command(request)).close();
            aborted = true;
            return;
        }
        Reply reply = new Reply(client.three);
        boolean attempt = name.equals("auth") || name.equals("hello");
        if (!attempt) {
            step.saw(command(request));
        }
        if (name.equals("quit")) {
            step.send("+OK\r\n").close();
            return;
        }
        Optional<Entry> entry = commands.find(request);
        client.lastCommand = entry.map(Entry::name).orElse("NULL");
        Optional<String> refused = commands.refused(request).or(() -> refused(entry.orElseThrow(), request));
        if (refused.isPresent()) {
            if (attempt) {
                step.saw(command(request));
            }
            spoiled |= client.inTransaction;
            reply.error(refused(name, refused.get()));
        } else if (attempt && !client.inTransaction) {
            Reply answer = login.answer(request, reply);
            login.takeSeen().ifPresentOrElse(step::saw, () -> step.saw(command(request)));
            step.send(answer.payload());
            return;
        } else if (client.inTransaction && !BEFORE_EXEC.contains(name)) {
            queue(request, reply);
        } else {
            run(name, request, reply, step);
        }
        finish(reply, step);
    }

    /** {@code EXEC} has an error of its own for whatever is wrong with it. */
    private String refused(String name, String error) {
        if (!name.equals("exec")) {
            return error;
        }
        endTransaction();
        return "EXECABORT Transaction discarded because of: " + (error.startsWith("ERR ") ? error.substring(4) : error);
    }

    private Optional<String> refused(Entry entry, Request request) {
        if (!client.authenticated && !entry.flags().contains("no_auth")) {
            return Optional.of("NOAUTH Authentication required.");
        }
        if (client.inTransaction && entry.flags().contains("no_multi")) {
            return Optional.of("ERR Command not allowed inside a transaction");
        }
        String name = request.argument(0).toLowerCase(Locale.ROOT);
        if (entry.flags().contains("write") && !state.master().isEmpty()) {
            return Optional.of("READONLY You can't write against a read only replica.");
        }
        if (client.subscriptions() > 0 && !client.three && !SUBSCRIBED.contains(name)) {
            return Optional.of("ERR Can't execute '" + entry.name()
                    + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET"
                    + " are allowed in this context");
        }
        if (client.monitoring && !name.equals("reset")) {
            return Optional.of("ERR Replica can't interact with the keyspace");
        }
        return Optional.empty();
    }

    private void run(String name, Request request, Reply reply, Step.Builder step) {
        switch (name) {
            case "multi" -> {
                if (client.inTransaction) {
                    reply.error("ERR MULTI calls can not be nested");
                } else {
                    client.inTransaction = true;
                    reply.ok();
                }
            }
            case "exec" -> exec(reply, step);
            case "discard" -> {
                if (client.inTransaction) {
                    endTransaction();
                    reply.ok();
                } else {
                    reply.error("ERR DISCARD without MULTI");
                }
            }
            case "watch" -> {
                if (client.inTransaction) {
                    reply.error("ERR WATCH inside MULTI is not allowed");
                } else {
                    for (int i = 1; i < request.count() && client.watched.size() < MAX_QUEUED; i++) {
                        client.watched.add(client.database + " " + request.argument(i));
                    }
                    reply.ok();
                }
            }
            case "unwatch" -> {
                unwatch();
                reply.ok();
            }
            case "reset" -> {
                endTransaction();
                client.channels.clear();
                client.patterns.clear();
                client.shardChannels.clear();
                client.monitoring = false;
                client.tracking.on = false;
                client.name = "";
                client.database = 0;
                client.three = false;
                client.replies = RedisClient.Replies.ON;
                client.authenticated = state.password.isEmpty();
                reply.simple("RESET");
            }
            default -> execute(request, reply, step);
        }
    }

    private void execute(Request request, Reply reply, Step.Builder step) {
        monitor(request);
        commands.run(new Call(request, client, state, reply, step));
        if (client.blocked.isPresent()) {
            if (client.executing) {
                reply.raw(client.blocked.get().answer());
                client.blocked = Optional.empty();
            } else if (client.blocked.get().timeoutMillis() > 0) {
                step.timer(Duration.ofMillis(client.blocked.get().timeoutMillis()));
            }
        }
    }

    private void monitor(Request request) {
        if (state.clients.values().stream().anyMatch(one -> one.monitoring)) {
            StringBuilder line = new StringBuilder();
            long millis = state.nowMillis();
            line.append(String.format(
                    "+%d.%06d [%d %s]", millis / 1000, millis % 1000 * 1000, client.database, client.peer));
            for (int i = 0; i < request.count() && line.length() < 2000; i++) {
                line.append(" \"")
                        .append(WireText.of(bytes(request.argument(i))).replace("\"", "\\\""))
                        .append('"');
            }
            state.monitor(client, line.append("\r\n").toString());
        }
    }

    private void queue(Request request, Reply reply) {
        if (queued.size() >= MAX_QUEUED) {
            spoiled = true;
            reply.error(RedisError.FULL);
        } else {
            queued.add(request);
            reply.simple("QUEUED");
        }
    }

    private void exec(Reply reply, Step.Builder step) {
        if (!client.inTransaction) {
            reply.error("ERR EXEC without MULTI");
            return;
        }
        if (spoiled) {
            reply.error("EXECABORT Transaction discarded because of previous errors.");
        } else if (client.dirty) {
            reply.nilArray();
        } else {
            reply.array(queued.size());
            client.executing = true;
            client.inTransaction = false;
            for (Request request : List.copyOf(queued)) {
                String name = request.argument(0).toLowerCase(Locale.ROOT);
                if (name.equals("auth") || name.equals("hello")) {
                    reply.raw(new String(
                            login.answer(request, new Reply(client.three))
                                    .payload()
                                    .bytes(),
                            StandardCharsets.ISO_8859_1));
                    login.takeSeen().ifPresent(step::saw);
                } else {
                    run(name, request, reply, step);
                }
            }
            client.executing = false;
        }
        endTransaction();
    }

    private void endTransaction() {
        client.inTransaction = false;
        spoiled = false;
        queued.clear();
        unwatch();
    }

    private void unwatch() {
        client.watched.clear();
        client.dirty = false;
    }

    private void finish(Reply reply, Step.Builder step) {
        reply.errorCode().ifPresent(state::failed);
        boolean silent = client.replies != RedisClient.Replies.ON;
        client.replies = switch (client.replies) {
            case SKIP_NEXT -> RedisClient.Replies.SKIP;
            case SKIP -> RedisClient.Replies.ON;
            case ON, OFF -> client.replies;
        };
        if (reply.cut()) {
            step.saw(Seen.of("limit_reached", "limit", "redis-reply", "value", Integer.toString(Reply.MAX_BYTES)))
                    .close();
        } else if (!silent && reply.length() > 0) {
            step.send(reply.payload());
        }
    }

    private static void send(Step.Builder step, String text) {
        step.send(Payload.latin1(text));
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
