package decnet.decoys.redis;

/** What the server knows of one client. Not thread-safe. */
final class RedisClient {
    final long id;
    boolean authenticated;
    /** Whether it speaks RESP 3. */
    boolean three;

    String name = "";
    String peer = "";
    long openedMillis;
    int database;
    int subscriptions;

    RedisClient(long id, boolean authenticated) {
        this.id = id;
        this.authenticated = authenticated;
    }
}
