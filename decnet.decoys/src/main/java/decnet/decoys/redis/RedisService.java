package decnet.decoys.redis;

import decnet.decoys.DecoyContext;
import decnet.decoys.DecoyService;
import decnet.decoys.DialogueFactory;

/** An in-memory store that anybody, or whoever knows its password, may use. */
public final class RedisService implements DecoyService {
    public RedisService() {}

    @Override
    public String slug() {
        return "redis";
    }

    @Override
    public DialogueFactory on(DecoyContext context) {
        RedisState state = new RedisState(context);
        Commands commands = new Commands(state);
        return opening -> new RedisDialogue(state, commands, opening);
    }
}
