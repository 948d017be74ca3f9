package decnet.bus;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.Secret;
import decnet.core.Snippet;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection to the broker: its frames, its subscriptions, its permissions. Confined to the event loop. */
final class BrokerClient extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(BrokerClient.class.getName());
    private static final int MAX_OPEN_REQUESTS = 64;
    private static final int MAX_SID = 64;
    private static final byte[] NOTHING = {};
    private static final byte[] OK = WireAscii.bytes("+OK\r\n");
    private static final byte[] PING = WireAscii.bytes("PING\r\n");
    private static final byte[] PONG = WireAscii.bytes("PONG\r\n");
    private static final String NO_RESPONDERS = "16 16\r\nNATS/1.0 503\r\n\r\n\r\n";

    private final Hub hub;
    private final Channel channel;
    private final BrokerPermissions.Grant grant;
    private final Optional<Secret> token;
    private final FrameDecoder decoder;
    private final Outbox outbox;
    private final Map<String, Interest> interests = new HashMap<>();
    private final long id;
    private final long since;

    /** Where requests that were delivered here want their answers; only kept if the grant is narrow. */
    private final ArrayDeque<String> mayAnswer = new ArrayDeque<>();

    private String name = "";
    private boolean introduced;
    private boolean closed;
    private boolean dirty;
    private boolean verbose;
    private boolean echo = true;
    private boolean headers;
    private boolean noResponders;
    private boolean heard;
    private int silentTicks;
    private int stalledTicks;
    private @Nullable Route route;

    /** @param token that CONNECT must show; empty if the kernel has told who it is */
    BrokerClient(Hub hub, Channel channel, BrokerPermissions.Grant grant, Optional<Secret> token) {
        this.hub = hub;
        this.channel = channel;
        this.grant = grant;
        this.token = token;
        this.decoder = new FrameDecoder(FrameDecoder.FROM_CLIENT, hub.limits.maxLine(), hub.limits.maxPayload());
        this.outbox = new Outbox(channel, hub.limits.maxPending());
        this.id = hub.nextClientId();
        this.since = System.nanoTime();
    }

    /** Sends INFO. */
    void greet(ObjectNode info) {
        info.put("client_id", id);
        sendText("INFO " + Json.text(info) + "\r\n");
        hub.endOfRound();
    }

    // ---- reading

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            heard = true;
            byte[] scratch = hub.scratch;
            while (in.isReadable() && !closed) {
                int length = Math.min(in.readableBytes(), scratch.length);
                in.readBytes(scratch, 0, length);
                decoder.decode(scratch, 0, length, this::frame);
            }
        } catch (MalformedFrameException e) {
            refuse(String.valueOf(e.getMessage()), BrokerCounter.PROTOCOL_ERRORS);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        hub.endOfRound();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed();
        hub.endOfRound();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!closed) {
            hub.count(BrokerCounter.IO_ERRORS);
            LOG.log(Level.DEBUG, () -> "connection broke off client=" + this + " cause=" + cause);
        }
        close();
    }

    private void frame(FrameDecoder frame) {
        if (closed) {
            return;
        }
        FrameDecoder.Verb verb = frame.verb();
        if (!introduced && verb != FrameDecoder.Verb.CONNECT) {
            refuse("Authorization Violation", BrokerCounter.AUTHORIZATION_FAILED);
            return;
        }
        switch (verb) {
            case PUB, HPUB -> publish(frame);
            case SUB -> subscribe(frame);
            case UNSUB -> unsubscribe(frame);
            case PING -> send(PONG);
            case PONG -> {
                return;
            }
            case CONNECT -> introduce(frame);
            case INFO, MSG, HMSG, OK, ERR -> throw new IllegalStateException("not accepted: " + verb);
        }
        if (verbose && verb != FrameDecoder.Verb.PING && !closed) {
            send(OK);
        }
    }

    private void introduce(FrameDecoder frame) {
        ObjectNode connect;
        try {
            connect = Json.parseObject(Arrays.copyOfRange(frame.bytes(), frame.argFrom(0), frame.argTo(0)));
        } catch (IllegalArgumentException e) {
            throw new MalformedFrameException("Parser Error");
        }
        if (token.isPresent() && !sameSecret(token.get(), shownToken(connect))) {
            refuse("Authorization Violation", BrokerCounter.AUTHORIZATION_FAILED);
            return;
        }
        introduced = true;
        name = Snippet.of(connect.path("name").asText());
        verbose = connect.path("verbose").asBoolean(true);
        echo = connect.path("echo").asBoolean(true);
        headers = connect.path("headers").asBoolean(false);
        noResponders = headers && connect.path("no_responders").asBoolean(false);
        LOG.log(Level.DEBUG, () -> "connected client=" + this);
    }

    private static String shownToken(ObjectNode connect) {
        String shown = connect.path("auth_token").asText();
        return shown.isEmpty() ? connect.path("pass").asText() : shown;
    }

    private static boolean sameSecret(Secret wanted, String shown) {
        return MessageDigest.isEqual(
                wanted.text().getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }

    // ---- subscriptions

    private void subscribe(FrameDecoder frame) {
        String sid = frame.arg(frame.args() - 1);
        String queue = frame.args() == 3 ? frame.arg(1) : null;
        TopicFilter filter;
        try {
            filter = new TopicFilter(frame.arg(0));
        } catch (IllegalArgumentException e) {
            complain("Invalid Subject");
            return;
        }
        if (sid.length() > MAX_SID || queue != null && queue.length() > Topic.MAX_LENGTH) {
            throw new MalformedFrameException("Parser Error");
        }
        if (!grant.all() && !grant.maySubscribe(filter)) {
            hub.count(BrokerCounter.PERMISSION_DENIED);
            complain("Permissions Violation for Subscription to \"" + filter + "\"");
            return;
        }
        if (interests.containsKey(sid)) {
            return;
        }
        if (interests.size() >= hub.limits.maxSubscriptions()) {
            refuse("maximum subscriptions exceeded", BrokerCounter.SUBSCRIPTIONS_REFUSED);
            return;
        }
        Interest interest = new Interest(this, filter, queue, sid);
        interests.put(sid, interest);
        hub.router.add(interest);
    }

    private void unsubscribe(FrameDecoder frame) {
        Interest interest = interests.get(frame.arg(0));
        if (interest == null) {
            return;
        }
        interest.max = frame.args() == 2 ? frame.number(1) : 0;
        if (interest.delivered >= interest.max) {
            drop(interest);
        }
    }

    private void drop(Interest interest) {
        interests.remove(interest.sid);
        hub.router.remove(interest);
    }

    // ---- messages

    private void publish(FrameDecoder frame) {
        hub.messageIn();
        byte[] bytes = frame.bytes();
        int from = frame.argFrom(0);
        int to = frame.argTo(0);
        Route target = route;
        if (target == null || target.generation != hub.router.generation() || !target.is(bytes, from, to)) {
            target = routeTo(WireAscii.text(bytes, from, to));
            if (target == null) {
                return;
            }
        }
        int fixedArgs = frame.verb() == FrameDecoder.Verb.PUB ? 2 : 3;
        String reply = frame.args() > fixedArgs ? frame.arg(1) : "";
        boolean heardBySomebody = distribute(new Passing(frame, reply), target);
        if (!heardBySomebody && noResponders && !reply.isEmpty()) {
            tellNobodyAnswers(reply);
        }
    }

    /** Null, with the reason sent, if the client must not publish there. */
    private @Nullable Route routeTo(String subject) {
        Topic topic;
        try {
            topic = new Topic(subject);
        } catch (IllegalArgumentException e) {
            complain("Invalid Publish Subject");
            return null;
        }
        Route target = hub.router.route(subject);
        if (grant.all() || grant.mayPublish(topic)) {
            // the next message most often goes the same way
            route = target;
            return target;
        }
        if (mayAnswer.remove(subject)) {
            return target;
        }
        hub.count(BrokerCounter.PERMISSION_DENIED);
        complain("Permissions Violation for Publish to \"" + subject + "\"");
        return null;
    }

    private boolean distribute(Passing message, Route to) {
        boolean delivered = false;
        try {
            for (Route.Leg leg : to.legs) {
                delivered |= leg.interest.client.deliver(leg, message, this);
            }
            for (Route.QueueGroup group : to.groups) {
                delivered |= deliverToOne(group, message);
            }
        } finally {
            message.release();
        }
        return delivered;
    }

    private boolean deliverToOne(Route.QueueGroup group, Passing message) {
        for (int attempt = 0; attempt < group.legs.length; attempt++) {
            Route.Leg leg = group.turn(attempt);
            if (leg.interest.client.deliver(leg, message, this)) {
                group.advance(attempt + 1);
                return true;
            }
        }
        return false;
    }

    private boolean deliver(Route.Leg leg, Passing message, BrokerClient publisher) {
        if (closed || publisher == this && !echo) {
            return false;
        }
        Interest interest = leg.interest;
        if (interest.max > 0 && interest.delivered >= interest.max) {
            return false;
        }
        if (!message.appendTo(outbox, leg.prefix, headers, channel.alloc())) {
            cutOff("too much waits for it");
            return false;
        }
        if (!message.reply.isEmpty() && !grant.all()) {
            rememberRequest(message.reply);
        }
        hub.messageOut();
        markDirty();
        interest.delivered++;
        if (interest.max > 0 && interest.delivered >= interest.max) {
            drop(interest);
        }
        return true;
    }

    private void rememberRequest(String reply) {
        if (mayAnswer.size() >= MAX_OPEN_REQUESTS) {
            mayAnswer.removeFirst();
        }
        mayAnswer.addLast(reply);
    }

    private void tellNobodyAnswers(String reply) {
        hub.count(BrokerCounter.NO_RESPONDERS);
        Route back;
        try {
            back = hub.router.route(reply);
        } catch (IllegalArgumentException e) {
            complain("Invalid Publish Subject");
            return;
        }
        for (Route.Leg leg : back.legs) {
            if (leg.interest.client == this) {
                send(WireAscii.bytes(WireAscii.text(leg.prefix, 0, leg.prefix.length) + NO_RESPONDERS));
                return;
            }
        }
    }

    // ---- writing

    private void send(byte[] bytes) {
        if (outbox.append(NOTHING, 0, bytes, 0, bytes.length)) {
            markDirty();
        } else {
            cutOff("too much waits for it");
        }
    }

    private void sendText(String text) {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            hub.dirty(this);
        }
    }

    void flushed() {
        dirty = false;
        if (!closed) {
            outbox.flush();
        }
    }

    private void complain(String error) {
        sendText("-ERR '" + error + "'\r\n");
    }

    /** Says why, and closes. */
    private void refuse(String error, BrokerCounter counter) {
        if (!closed) {
            hub.count(counter);
            LOG.log(Level.DEBUG, () -> "refused client=" + this + " reason=" + Snippet.of(error));
            complain(error);
            outbox.flush();
            close();
        }
    }

    private void cutOff(String why) {
        if (!closed) {
            long pending = outbox.pending();
            hub.count(BrokerCounter.SLOW_READERS);
            hub.count(BrokerCounter.SLOW_READER_BYTES, pending);
            LOG.log(Level.WARNING, () -> "slow reader cut off client=" + this + " pending=" + pending + " why=" + why);
            close();
        }
    }

    // ---- life

    /** Called once a second. */
    void tick(long now) {
        if (closed) {
            return;
        }
        if (!introduced) {
            if (now - since > hub.limits.connectTimeout().toNanos()) {
                refuse("Authentication Timeout", BrokerCounter.CONNECT_TIMEOUTS);
            }
            return;
        }
        stalledTicks = outbox.stalled() ? stalledTicks + 1 : 0;
        if (stalledTicks > hub.limits.writeDeadline().toSeconds()) {
            cutOff("it has read nothing for " + hub.limits.writeDeadline());
            return;
        }
        silentTicks = heard ? 0 : silentTicks + 1;
        heard = false;
        long interval = Math.max(1, hub.limits.pingInterval().toSeconds());
        if (silentTicks >= 3 * interval) {
            refuse("Stale Connection", BrokerCounter.STALE_CONNECTIONS);
        } else if (silentTicks > 0 && silentTicks % interval == 0) {
            send(PING);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // errors come to exceptionCaught
    void close() {
        closed();
        channel.close();
    }

    private void closed() {
        if (!closed) {
            closed = true;
            List<Interest> gone = new ArrayList<>(interests.values());
            gone.forEach(this::drop);
            outbox.discard();
            hub.clients.remove(this);
            LOG.log(Level.DEBUG, () -> "disconnected client=" + this);
        }
    }

    @Override
    public String toString() {
        return id + " name=" + name;
    }
}
