package decnet.decoys.redis;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** {@code CLIENT TRACKING}: what is asked for is remembered and told; nothing is ever invalidated. Stateless. */
final class ClientTracking {
    private static final int MAX_PREFIXES = 64;

    private ClientTracking() {}

    static void set(Call call) {
        Set<String> prefixes = new LinkedHashSet<>();
        boolean broadcast = false;
        boolean optIn = false;
        boolean optOut = false;
        boolean noLoop = false;
        for (int i = 3; i < call.count(); i++) {
            boolean more = i + 1 < call.count();
            switch (call.option(i)) {
                case "redirect" -> {
                    if (!more) {
                        throw RedisError.syntax();
                    }
                    long id = call.integer(++i);
                    if (!call.state().clients.containsKey(id)) {
                        throw new RedisError("ERR The client ID you want redirect to does not exist");
                    }
                }
                case "bcast" -> broadcast = true;
                case "optin" -> optIn = true;
                case "optout" -> optOut = true;
                case "noloop" -> noLoop = true;
                case "prefix" -> {
                    if (!more) {
                        throw RedisError.syntax();
                    }
                    prefixes.add(call.arg(++i));
                }
                default -> throw RedisError.syntax();
            }
        }
        RedisClient.Tracking tracking = call.client().tracking;
        switch (call.option(2)) {
            case "off" -> tracking.on = false;
            case "on" -> {
                if (!broadcast && !prefixes.isEmpty()) {
                    throw new RedisError("ERR PREFIX option requires BCAST mode to be enabled");
                }
                if (tracking.on && tracking.broadcast != broadcast) {
                    throw new RedisError(
                            "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then"
                                    + " re-enabling it with a different mode.");
                }
                if (broadcast && (optIn || optOut)) {
                    throw new RedisError("ERR OPTIN and OPTOUT are not compatible with BCAST");
                }
                if (optIn && optOut) {
                    throw new RedisError("ERR You can't specify both OPTIN mode and OPTOUT mode");
                }
                tracking.on = true;
                tracking.broadcast = broadcast;
                tracking.optIn = optIn;
                tracking.optOut = optOut;
                tracking.noLoop = noLoop;
                tracking.prefixes = prefixes.stream().limit(MAX_PREFIXES).collect(java.util.stream.Collectors.toSet());
            }
            default -> throw RedisError.syntax();
        }
        call.reply().ok();
    }

    static void show(Call call) {
        RedisClient.Tracking tracking = call.client().tracking;
        List<String> flags = new ArrayList<>(List.of(tracking.on ? "on" : "off"));
        if (tracking.on) {
            if (tracking.broadcast) {
                flags.add("bcast");
            }
            if (tracking.optIn) {
                flags.add("optin");
            }
            if (tracking.optOut) {
                flags.add("optout");
            }
            if (tracking.noLoop) {
                flags.add("noloop");
            }
        }
        Reply reply = call.reply().map(3);
        reply.bulk("flags").set(flags.size());
        flags.forEach(reply::bulk);
        reply.bulk("redirect").number(tracking.on ? 0 : -1);
        List<String> prefixes = !tracking.on
                ? List.of()
                : tracking.broadcast && tracking.prefixes.isEmpty() ? List.of("") : List.copyOf(tracking.prefixes);
        reply.bulk("prefixes").bulks(prefixes);
    }
}
