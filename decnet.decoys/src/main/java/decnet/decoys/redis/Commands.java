package decnet.decoys.redis;

import decnet.decoys.redis.CommandTable.Entry;
import decnet.decoys.redis.RespDecoder.Request;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The commands and what they do. Immutable. */
final class Commands {
    /** Those that are the same for every machine. */
    private static final Map<String, Handler> SHARED = shared();

    private final RedisState state;
    /** Those of scripts, which run commands themselves. */
    private final Map<String, Handler> own = new HashMap<>(32);

    Commands(RedisState state) {
        this.state = state;
        ScriptCommands.addTo(own, this);
    }

    private static Map<String, Handler> shared() {
        Map<String, Handler> handlers = new HashMap<>();
        AclCommands.addTo(handlers);
        BitCommands.addTo(handlers);
        ClientCommands.addTo(handlers);
        CommandCommands.addTo(handlers);
        ConfigCommands.addTo(handlers);
        GeoCommands.addTo(handlers);
        HashCommands.addTo(handlers);
        HyperLogLogCommands.addTo(handlers);
        KeyCommands.addTo(handlers);
        ListCommands.addTo(handlers);
        PubSubCommands.addTo(handlers);
        ScanCommands.addTo(handlers);
        ServerCommands.addTo(handlers);
        SetCommands.addTo(handlers);
        SortedSetCommands.addTo(handlers);
        SortedSetJoins.addTo(handlers);
        SortedSetRanges.addTo(handlers);
        StreamCommands.addTo(handlers);
        StreamGroupCommands.addTo(handlers);
        StringCommands.addTo(handlers);
        return handlers;
    }

    private @Nullable Handler handler(String name) {
        Handler mine = own.get(name);
        return mine == null ? SHARED.get(name) : mine;
    }

    /** The command of a request, or its subcommand; empty if it is unknown. */
    Optional<Entry> find(Request request) {
        String name = request.argument(0).toLowerCase(Locale.ROOT);
        Optional<Entry> entry = state.commandTable.find(name);
        if (entry.isPresent() && request.count() > 1 && state.commandTable.container(name)) {
            Optional<Entry> sub =
                    state.commandTable.find(name + "|" + request.argument(1).toLowerCase(Locale.ROOT));
            // what takes any word, as COMMAND and DEBUG do, is no container to the server
            return sub.isPresent() ? sub : Optional.empty();
        }
        return entry;
    }

    /** Why a request is refused before it is looked at closer. */
    Optional<String> refused(Request request) {
        String name = request.argument(0).toLowerCase(Locale.ROOT);
        Optional<Entry> entry = find(request);
        boolean seven = state.version.major() >= 7;
        if (entry.isEmpty()) {
            boolean known = state.commandTable.find(name).isPresent();
            return Optional.of(
                    known
                            ? state.version.unknownSubcommand(name.toUpperCase(Locale.ROOT), request.argument(1))
                            : state.version.unknownCommand(request));
        }
        if (!entry.get().allows(request.count())) {
            return Optional.of(
                    seven || entry.get().name().indexOf('|') < 0
                            ? "ERR wrong number of arguments for '"
                                    + entry.get().name() + "' command"
                            : state.version.unknownSubcommand(name.toUpperCase(Locale.ROOT), request.argument(1)));
        }
        return seven && ServerCommands.kept(entry.get().name())
                ? Optional.of(state.version.notAllowed(name.toUpperCase(Locale.ROOT)))
                : Optional.empty();
    }

    /** Runs a request that was not refused. */
    void run(Call call) {
        Entry entry = find(call.request()).orElseThrow();
        Handler handler = handler(entry.name());
        synchronized (state.store) {
            int before = call.reply().length();
            try {
                if (entry.name().endsWith("|help")) {
                    call.reply().simples(CommandTable.help(call.name()));
                } else if (handler == null) {
                    handler = handler(call.name());
                    if (handler == null) {
                        throw new RedisError(state.version.unknownCommand(call.request()));
                    }
                    handler.run(call);
                } else {
                    handler.run(call);
                }
            } catch (RedisError e) {
                call.reply().truncate(before);
                call.reply().error(e.answer());
            }
        }
    }
}
