package decnet.decoys.redis;

/** What one command does. Runs holding the store's lock. */
@FunctionalInterface
interface Handler {
    /** @throws RedisError with what is answered instead of the reply so far */
    void run(Call call);
}
