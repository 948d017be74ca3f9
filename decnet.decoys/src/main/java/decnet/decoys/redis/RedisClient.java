package decnet.decoys.redis;

import decnet.decoys.Outlet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What the server knows of one client. Not thread-safe, except for its outlet. */
final class RedisClient {
    /** What {@code CLIENT REPLY} asked for. */
    enum Replies {
        ON,
        OFF,
        /** The next answer is left out. */
        SKIP_NEXT,
        SKIP
    }

    /** Waiting for something that another client may bring. */
    record Blocked(long timeoutMillis, String answer) {}

    final long id;
    final Outlet outlet;
    final Set<String> channels = new LinkedHashSet<>();
    final Set<String> patterns = new LinkedHashSet<>();
    final Set<String> shardChannels = new LinkedHashSet<>();
    final Set<String> watched = new LinkedHashSet<>();
    final Tracking tracking = new Tracking();
    boolean authenticated;
    /** Whether it speaks RESP 3. */
    boolean three;

    boolean inTransaction;
    boolean executing;
    volatile boolean dirty;
    boolean noEvict;
    boolean monitoring;
    Replies replies = Replies.ON;
    Optional<Blocked> blocked = Optional.empty();
    String name = "";
    String peer = "";
    String local = "";
    String lastCommand = "NULL";
    long openedMillis;
    int database;

    RedisClient(long id, Outlet outlet, boolean authenticated) {
        this.id = id;
        this.outlet = outlet;
        this.authenticated = authenticated;
    }

    int subscriptions() {
        return channels.size() + patterns.size();
    }

    /** @param timeoutMillis 0 for ever */
    void block(long timeoutMillis) {
        blockFor(timeoutMillis, three ? "_\r\n" : "*-1\r\n");
    }

    void blockForNumber(long timeoutMillis) {
        blockFor(timeoutMillis, ":0\r\n");
    }

    private void blockFor(long timeoutMillis, String answer) {
        blocked = Optional.of(new Blocked(timeoutMillis, answer));
    }

    /** What {@code CLIENT TRACKING} asked for. */
    static final class Tracking {
        boolean on;
        boolean broadcast;
        boolean optIn;
        boolean optOut;
        boolean noLoop;
        Set<String> prefixes = Set.of();
    }
}
