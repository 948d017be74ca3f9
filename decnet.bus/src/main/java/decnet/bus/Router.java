package decnet.bus;

import java.util.HashMap;
import java.util.Map;

/**
 * All subscriptions of the broker, and the routes of the subjects in recent use: at most {@value #MAX_ROUTES}, forgotten whenever
 * a subscription comes or goes. Confined to the broker's event loop.
 */
final class Router {
    private static final int MAX_ROUTES = 1024;

    private final TopicTrie<Interest> trie = new TopicTrie<>();
    private final Map<String, Route> routes = new HashMap<>();
    private long generation;

    Router() {}

    long generation() {
        return generation;
    }

    void add(Interest interest) {
        trie.add(interest.filter, interest);
        changed();
    }

    void remove(Interest interest) {
        if (trie.remove(interest.filter, interest)) {
            changed();
        }
    }

    int subscriptions() {
        return trie.size();
    }

    private void changed() {
        generation++;
        routes.clear();
    }

    /** @throws IllegalArgumentException if {@code subject} is not a topic */
    Route route(String subject) {
        Route known = routes.get(subject);
        if (known != null) {
            return known;
        }
        Topic topic = new Topic(subject);
        if (routes.size() >= MAX_ROUTES) {
            routes.clear();
        }
        Route route = new Route(subject, generation, trie.match(topic.text()));
        routes.put(subject, route);
        return route;
    }
}
