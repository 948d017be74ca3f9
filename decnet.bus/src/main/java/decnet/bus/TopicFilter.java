package decnet.bus;

import decnet.core.Snippet;

/** What a subscriber wants: a topic in which {@code *} stands for one token and a last {@code >} for one or more. */
public record TopicFilter(String text) {
    /** @throws IllegalArgumentException if too long, an empty token, a blank, or a wildcard that is only part of a token or misplaced */
    public TopicFilter {
        if (text.length() > Topic.MAX_LENGTH || !wellFormed(text)) {
            throw new IllegalArgumentException(
                    "not a topic filter: " + Snippet.of(text) + "; expected for example decky.*.traffic or ttp.>");
        }
    }

    /** The filter that only {@code topic} passes. */
    public static TopicFilter of(Topic topic) {
        return new TopicFilter(topic.text());
    }

    private static boolean wellFormed(String text) {
        String[] tokens = text.split("\\.", -1);
        for (int i = 0; i < tokens.length; i++) {
            String token = tokens[i];
            boolean wildcard = token.equals("*") || token.equals(">") && i == tokens.length - 1;
            boolean plain =
                    !token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '*' && c != '>');
            if (!wildcard && !plain) {
                return false;
            }
        }
        return true;
    }

    public boolean matches(Topic topic) {
        return covers(topic.text());
    }

    /** Whether every topic that passes {@code other} passes this filter too. */
    public boolean covers(TopicFilter other) {
        return covers(other.text);
    }

    private boolean covers(String other) {
        String[] want = text.split("\\.");
        String[] have = other.split("\\.");
        for (int i = 0; i < want.length; i++) {
            if (want[i].equals(">")) {
                return have.length > i;
            }
            if (i >= have.length || have[i].equals(">") || !want[i].equals("*") && !want[i].equals(have[i])) {
                return false;
            }
        }
        return want.length == have.length;
    }

    @Override
    public String toString() {
        return text;
    }
}
