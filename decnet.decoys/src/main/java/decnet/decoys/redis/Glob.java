package decnet.decoys.redis;

/** The server's patterns: {@code * ? [a-z] [^a] \}. Linear in pattern times text. Stateless. */
final class Glob {
    private Glob() {}

    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int mark = 0;
        while (t < text.length()) {
            int next = p < pattern.length() && pattern.charAt(p) != '*' ? step(pattern, p, text.charAt(t)) : -1;
            if (next > 0) {
                p = next;
                t++;
            } else if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = t;
            } else if (star >= 0) {
                p = star + 1;
                t = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** @return index after the element that matched {@code c}, or -1 */
    private static int step(String pattern, int p, char c) {
        char want = pattern.charAt(p);
        if (want == '?') {
            return p + 1;
        }
        if (want == '\\' && p + 1 < pattern.length()) {
            return pattern.charAt(p + 1) == c ? p + 2 : -1;
        }
        if (want != '[') {
            return want == c ? p + 1 : -1;
        }
        int at = p + 1;
        boolean not = at < pattern.length() && pattern.charAt(at) == '^';
        if (not) {
            at++;
        }
        boolean found = false;
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            if (at + 2 < pattern.length() && pattern.charAt(at + 1) == '-' && pattern.charAt(at + 2) != ']') {
                found |= c >= pattern.charAt(at) && c <= pattern.charAt(at + 2);
                at += 3;
            } else {
                found |= c == pattern.charAt(at);
                at++;
            }
        }
        return found != not ? Math.min(at + 1, pattern.length()) : -1;
    }
}
