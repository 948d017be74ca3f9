package decnet.operator.command;

import decnet.core.Snippet;
import java.net.InetAddress;

/** What arguments may be. */
final class Limits {
    /** Most rows of one list. */
    static final int MOST = 100_000;

    private Limits() {}

    /** @throws IllegalArgumentException naming the option */
    static int rows(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("--limit: expected 1 to " + MOST + ", found " + limit);
        }
        return limit;
    }

    /** @throws IllegalArgumentException if {@code text} is no literal address */
    static InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "not an address: " + Snippet.of(text) + "; expected for example 203.0.113.9", e);
        }
    }
}
