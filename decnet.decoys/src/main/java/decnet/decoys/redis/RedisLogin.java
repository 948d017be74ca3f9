package decnet.decoys.redis;

import decnet.core.WireText;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import decnet.decoys.redis.RespDecoder.Request;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** {@code AUTH} and {@code HELLO}. One instance per client; not thread-safe. */
final class RedisLogin {
    private final RedisState state;
    private final RedisClient client;
    private Optional<Seen> seen = Optional.empty();

    RedisLogin(RedisState state, RedisClient client) {
        this.state = state;
        this.client = client;
    }

    /** The log-in attempt of the last answer, once. */
    Optional<Seen> takeSeen() {
        Optional<Seen> last = seen;
        seen = Optional.empty();
        return last;
    }

    /** @return the reply, in the protocol that holds from now on */
    Reply answer(Request request, Reply reply) {
        try {
            if (request.argument(0).toLowerCase(Locale.ROOT).equals("hello")) {
                return hello(request);
            }
            auth(request);
            return reply.ok();
        } catch (RedisError e) {
            return new Reply(client.three).error(e.answer());
        }
    }

    private void auth(Request request) {
        if (request.count() > 3 || state.version.major() < 6 && request.count() != 2) {
            throw RedisError.syntax();
        }
        boolean named = request.count() == 3;
        attempt(named ? request.argument(1) : "default", request.arguments().getLast(), named, "AUTH");
    }

    private Reply hello(Request request) {
        long version = client.three ? 3 : 2;
        if (request.count() > 1) {
            version = Numbers.integer(request.argument(1))
                    .orElseThrow(() -> new RedisError("ERR Protocol version is not an integer or out of range"));
            if (version < 2 || version > 3) {
                throw new RedisError("NOPROTO unsupported protocol version");
            }
        }
        Optional<Integer> auth = Optional.empty();
        Optional<String> name = Optional.empty();
        for (int i = 2; i < request.count(); i++) {
            int left = request.count() - 1 - i;
            String option = request.argument(i);
            if (option.equalsIgnoreCase("auth") && left >= 2) {
                auth = Optional.of(i);
                i += 2;
            } else if (option.equalsIgnoreCase("setname") && left >= 1) {
                name = Optional.of(request.argument(++i));
            } else {
                throw new RedisError("ERR Syntax error in HELLO option '" + option + "'");
            }
        }
        if (auth.isPresent()) {
            attempt(request.argument(auth.get() + 1), request.arguments().get(auth.get() + 2), true, "HELLO");
        }
        if (!client.authenticated) {
            throw new RedisError(
                    "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
                            + " AUTH <user> <pass> option can be used to authenticate the client and select the RESP"
                            + " protocol version at the same time");
        }
        name.ifPresent(
                one -> ClientCommands.name(new Call(request, client, state, new Reply(false), Step.builder()), one));
        client.three = version == 3;
        Reply reply = new Reply(client.three).map(7);
        reply.bulk("server").bulk("redis").bulk("version").bulk(state.version.text());
        reply.bulk("proto")
                .number(version)
                .bulk("id")
                .number(client.id)
                .bulk("mode")
                .bulk("standalone");
        return reply.bulk("role")
                .bulk(state.master().isEmpty() ? "master" : "replica")
                .bulk("modules")
                .array(0);
    }

    /** @throws RedisError if nobody logs in with that */
    private void attempt(String user, byte[] secret, boolean named, String method) {
        String given = new String(secret, StandardCharsets.UTF_8);
        boolean open = state.password.isEmpty();
        boolean accepted = user.equals("default") && (open ? named : given.equals(state.password));
        seen = Optional.of(Seen.of(
                "login_attempt",
                "principal",
                WireText.of(user.getBytes(StandardCharsets.ISO_8859_1)),
                "secret",
                WireText.of(secret),
                "secret_kind",
                "plaintext",
                "outcome",
                accepted ? "accepted" : "rejected",
                "method",
                "AUTH"));
        if (!accepted) {
            if (!open || named) {
                state.denied(client, user, method);
            }
            throw new RedisError(open && !named ? state.version.authWithoutPassword() : state.version.wrongPassword());
        }
        client.authenticated = true;
    }
}
