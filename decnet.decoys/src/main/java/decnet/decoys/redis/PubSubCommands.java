package decnet.decoys.redis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Channels: what one client publishes, the others hear. Stateless. */
final class PubSubCommands {
    private static final int MAX_CHANNELS = 256;

    private PubSubCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("subscribe", call -> subscribe(call, call.client().channels));
        handlers.put("psubscribe", call -> subscribe(call, call.client().patterns));
        handlers.put("ssubscribe", call -> subscribe(call, call.client().shardChannels));
        handlers.put("unsubscribe", call -> unsubscribe(call, call.client().channels));
        handlers.put("punsubscribe", call -> unsubscribe(call, call.client().patterns));
        handlers.put("sunsubscribe", call -> unsubscribe(call, call.client().shardChannels));
        handlers.put("publish", call -> call.reply().number(call.state().publish(call.arg(1), call.arg(2), false)));
        handlers.put("spublish", call -> call.reply().number(call.state().publish(call.arg(1), call.arg(2), true)));
        handlers.put("pubsub|channels", call -> channels(call, false));
        handlers.put("pubsub|shardchannels", call -> channels(call, true));
        handlers.put("pubsub|numsub", call -> counts(call, false));
        handlers.put("pubsub|shardnumsub", call -> counts(call, true));
        handlers.put("pubsub|numpat", call -> call.reply()
                .number(call.state().clients.values().stream()
                        .flatMap(client -> List.copyOf(client.patterns).stream())
                        .distinct()
                        .count()));
    }

    private static long count(Call call) {
        return call.name().startsWith("s") && !call.name().equals("subscribe")
                ? call.client().shardChannels.size()
                : call.client().subscriptions();
    }

    private static void subscribe(Call call, Set<String> channels) {
        for (String channel : call.from(1)) {
            if (channels.size() < MAX_CHANNELS) {
                channels.add(channel);
            }
            call.reply().push(3).bulk(call.name()).bulk(channel).number(count(call));
        }
    }

    private static void unsubscribe(Call call, Set<String> channels) {
        Collection<String> gone = call.count() > 1 ? call.from(1) : List.copyOf(channels);
        if (gone.isEmpty()) {
            call.reply().push(3).bulk(call.name()).nil().number(count(call));
        }
        for (String channel : gone) {
            channels.remove(channel);
            call.reply().push(3).bulk(call.name()).bulk(channel).number(count(call));
        }
    }

    private static Map<String, Integer> heard(Call call, boolean shard) {
        Map<String, Integer> heard = new TreeMap<>();
        call.state().clients.values().forEach(client -> List.copyOf(shard ? client.shardChannels : client.channels)
                .forEach(channel -> heard.merge(channel, 1, Integer::sum)));
        return heard;
    }

    private static void channels(Call call, boolean shard) {
        if (call.count() > 3) {
            throw new RedisError(
                    "ERR unknown subcommand or wrong number of arguments for '" + call.arg(1) + "'. Try PUBSUB HELP.");
        }
        call.reply()
                .bulks(heard(call, shard).keySet().stream()
                        .filter(channel -> call.count() < 3 || Glob.matches(call.arg(2), channel))
                        .toList());
    }

    private static void counts(Call call, boolean shard) {
        Map<String, Integer> heard = heard(call, shard);
        call.reply().array(2 * (call.count() - 2));
        call.from(2).forEach(channel -> call.reply().bulk(channel).number(heard.getOrDefault(channel, 0)));
    }
}
