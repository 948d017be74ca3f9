package decnet.bus;

import decnet.core.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a peer on the Unix socket may do, by the user id the kernel vouches for ({@code SO_PEERCRED}). Root and the broker's own
 * user may everything; a user that is not listed is refused.
 *
 * @param byUser the grants of every other user, by user id
 */
public record BrokerPermissions(int owner, Map<Integer, Grant> byUser) {
    private static final Path PASSWD = Path.of("/etc/passwd");

    /**
     * What one user may do. Answering a request that was delivered to it is always allowed, once per request.
     *
     * @param publish filters a topic must pass one of
     * @param subscribe filters of which one must cover the wanted filter
     */
    public record Grant(List<TopicFilter> publish, List<TopicFilter> subscribe) {
        /** Everything. */
        public static final Grant ALL = new Grant(List.of(new TopicFilter(">")), List.of(new TopicFilter(">")));

        /** For the process strangers talk to: the state of deckies and its own health out, its own control topic in. */
        public static final Grant DECOY = new Grant(
                List.of(new TopicFilter("system.decoys.health"), new TopicFilter("decky.>")),
                List.of(new TopicFilter("system.decoys.control")));

        public Grant {
            publish = List.copyOf(publish);
            subscribe = List.copyOf(subscribe);
        }

        /** Whether nothing needs to be asked. By text: comparing records would spin classes in every broker. */
        boolean all() {
            return everything(publish) && everything(subscribe);
        }

        private static boolean everything(List<TopicFilter> filters) {
            return filters.size() == 1 && filters.getFirst().text().equals(">");
        }

        boolean mayPublish(Topic topic) {
            return publish.stream().anyMatch(filter -> filter.matches(topic));
        }

        boolean maySubscribe(TopicFilter filter) {
            return subscribe.stream().anyMatch(allowed -> allowed.covers(filter));
        }
    }

    public BrokerPermissions {
        byUser = Map.copyOf(byUser);
    }

    /** From {@code bus.trusted-users} and {@code bus.decoy-users}; names this host does not know are left out. */
    public static BrokerPermissions from(Config config) {
        Map<Integer, Grant> grants = new HashMap<>();
        Map<String, Integer> users = users();
        for (String user : config.get(BusKeys.TRUSTED_USERS)) {
            userId(user, users).ifPresent(uid -> grants.put(uid, Grant.ALL));
        }
        // the narrower grant wins
        for (String user : config.get(BusKeys.DECOY_USERS)) {
            userId(user, users).ifPresent(uid -> grants.put(uid, Grant.DECOY));
        }
        return new BrokerPermissions(ownUserId(), grants);
    }

    /** Empty if the user has no business here. */
    public Optional<Grant> grant(int uid) {
        return uid == 0 || uid == owner ? Optional.of(Grant.ALL) : Optional.ofNullable(byUser.get(uid));
    }

    private static int ownUserId() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new BusException("cannot tell the user this process runs as", e);
        }
    }

    private static OptionalInt userId(String user, Map<String, Integer> users) {
        if (user.matches("\\d{1,9}")) {
            return OptionalInt.of(Integer.parseInt(user));
        }
        Integer uid = users.get(user);
        return uid == null ? OptionalInt.empty() : OptionalInt.of(uid);
    }

    private static Map<String, Integer> users() {
        Map<String, Integer> users = new HashMap<>();
        List<String> lines = new ArrayList<>();
        try {
            lines.addAll(Files.readAllLines(PASSWD, java.nio.charset.StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new BusException("cannot read " + PASSWD + " to tell who may use the bus", e);
        }
        for (String line : lines) {
            String[] parts = line.split(":", -1);
            if (parts.length > 2 && parts[2].matches("\\d{1,9}")) {
                users.put(parts[0], Integer.parseInt(parts[2]));
            }
        }
        return users;
    }

    /** The users that are listed, for the log. */
    Set<Integer> listed() {
        return byUser.keySet();
    }
}
