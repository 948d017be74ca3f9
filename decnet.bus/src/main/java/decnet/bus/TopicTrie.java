package decnet.bus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values filed under topic filters, found by topic: a tree with one level per token, {@code *} and {@code >} being branches of
 * their own. A search costs the number of tokens times the branches that apply, not the number of filters. The same value may be
 * filed more than once and is then found as often. Not thread-safe.
 *
 * @param <V> what is filed; compared by {@code equals}
 */
final class TopicTrie<V> {
    private static final class Node<V> {
        final Map<String, Node<V>> literals = new HashMap<>(4);

        @Nullable
        Node<V> anyToken;

        final List<V> here = new ArrayList<>(1);
        final List<V> below = new ArrayList<>(0);

        boolean unused() {
            return literals.isEmpty() && anyToken == null && here.isEmpty() && below.isEmpty();
        }
    }

    private final Node<V> root = new Node<>();
    private int size;

    TopicTrie() {}

    /** How many values are filed. */
    int size() {
        return size;
    }

    void add(TopicFilter filter, V value) {
        String text = filter.text();
        Node<V> node = root;
        int from = 0;
        while (from <= text.length()) {
            int to = tokenEnd(text, from);
            if (isToken(text, from, to, '>')) {
                node.below.add(value);
                size++;
                return;
            }
            if (isToken(text, from, to, '*')) {
                if (node.anyToken == null) {
                    node.anyToken = new Node<>();
                }
                node = node.anyToken;
            } else {
                node = node.literals.computeIfAbsent(text.substring(from, to), token -> new Node<>());
            }
            from = to + 1;
        }
        node.here.add(value);
        size++;
    }

    /** Takes {@code value} out once; false if it was not filed under exactly {@code filter}. */
    boolean remove(TopicFilter filter, V value) {
        boolean removed = remove(root, filter.text(), 0, value);
        if (removed) {
            size--;
        }
        return removed;
    }

    private boolean remove(Node<V> node, String text, int from, V value) {
        if (from > text.length()) {
            return node.here.remove(value);
        }
        int to = tokenEnd(text, from);
        if (isToken(text, from, to, '>')) {
            return node.below.remove(value);
        }
        if (isToken(text, from, to, '*')) {
            Node<V> next = node.anyToken;
            boolean removed = next != null && remove(next, text, to + 1, value);
            if (next != null && next.unused()) {
                node.anyToken = null;
            }
            return removed;
        }
        String token = text.substring(from, to);
        Node<V> next = node.literals.get(token);
        boolean removed = next != null && remove(next, text, to + 1, value);
        if (next != null && next.unused()) {
            node.literals.remove(token);
        }
        return removed;
    }

    /** Every value whose filter matches {@code topic}, in no order. */
    List<V> match(String topic) {
        List<V> found = new ArrayList<>();
        match(root, topic, 0, found);
        return found;
    }

    private void match(Node<V> node, String topic, int from, List<V> found) {
        if (from > topic.length()) {
            found.addAll(node.here);
            return;
        }
        found.addAll(node.below);
        int to = tokenEnd(topic, from);
        if (!node.literals.isEmpty()) {
            Node<V> next = node.literals.get(topic.substring(from, to));
            if (next != null) {
                match(next, topic, to + 1, found);
            }
        }
        if (node.anyToken != null) {
            match(node.anyToken, topic, to + 1, found);
        }
    }

    private static int tokenEnd(String text, int from) {
        int dot = text.indexOf('.', from);
        return dot < 0 ? text.length() : dot;
    }

    private static boolean isToken(String text, int from, int to, char only) {
        return to - from == 1 && text.charAt(from) == only;
    }
}
