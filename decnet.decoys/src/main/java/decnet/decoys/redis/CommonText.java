package decnet.decoys.redis;

import java.util.ArrayList;
import java.util.List;

/** The longest common subsequence of two texts and where its pieces are, from the end. Immutable. */
record CommonText(String text, List<Match> matches) {
    private static final long MAX_CELLS = 1 << 22;

    /** Bounds are inclusive. */
    record Match(int firstFrom, int firstTo, int secondFrom, int secondTo) {
        int length() {
            return firstTo - firstFrom + 1;
        }
    }

    /** @throws RedisError if comparing would take too much */
    static CommonText of(String one, String other) {
        if ((one.length() + 1L) * (other.length() + 1L) > MAX_CELLS) {
            throw new RedisError("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
        }
        int[][] lengths = new int[one.length() + 1][other.length() + 1];
        for (int i = 1; i <= one.length(); i++) {
            for (int j = 1; j <= other.length(); j++) {
                lengths[i][j] = one.charAt(i - 1) == other.charAt(j - 1)
                        ? lengths[i - 1][j - 1] + 1
                        : Math.max(lengths[i - 1][j], lengths[i][j - 1]);
            }
        }
        StringBuilder text = new StringBuilder();
        List<Match> matches = new ArrayList<>();
        int i = one.length();
        int j = other.length();
        int run = 0;
        while (i > 0 && j > 0) {
            if (one.charAt(i - 1) == other.charAt(j - 1)) {
                text.append(one.charAt(i - 1));
                run++;
                i--;
                j--;
                boolean goesOn = i > 0 && j > 0 && one.charAt(i - 1) == other.charAt(j - 1);
                if (!goesOn) {
                    matches.add(new Match(i, i + run - 1, j, j + run - 1));
                    run = 0;
                }
            } else if (lengths[i - 1][j] > lengths[i][j - 1]) {
                i--;
            } else {
                j--;
            }
        }
        return new CommonText(text.reverse().toString(), matches);
    }

    void writeMatches(Reply reply, long least, boolean withLength) {
        List<Match> shown =
                matches.stream().filter(match -> match.length() >= least).toList();
        reply.map(2).bulk("matches").array(shown.size());
        for (Match match : shown) {
            reply.array(withLength ? 3 : 2);
            reply.array(2).number(match.firstFrom()).number(match.firstTo());
            reply.array(2).number(match.secondFrom()).number(match.secondTo());
            if (withLength) {
                reply.number(match.length());
            }
        }
        reply.bulk("len").number(text.length());
    }
}
