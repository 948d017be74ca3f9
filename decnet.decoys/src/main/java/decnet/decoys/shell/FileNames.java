package decnet.decoys.shell;

import decnet.decoys.Disk;
import java.util.ArrayList;
import java.util.List;

/** File names that fit a pattern. Stateless. */
final class FileNames {
    private static final int MAX = 500;

    private FileNames() {}

    static List<String> matching(ShellState shell, String pattern) {
        List<String> found = new ArrayList<>();
        boolean absolute = pattern.startsWith("/");
        walk(shell, absolute ? "/" : shell.cwd, absolute ? "/" : "", absolute ? pattern.substring(1) : pattern, found);
        return found;
    }

    private static void walk(ShellState shell, String folder, String shown, String pattern, List<String> found) {
        int slash = pattern.indexOf('/');
        String part = slash < 0 ? pattern : pattern.substring(0, slash);
        for (String name : shell.disk.names(folder)) {
            if (found.size() >= MAX || name.startsWith(".") && !part.startsWith(".") || !matches(part, name)) {
                continue;
            }
            String path = Disk.resolve(folder, name);
            if (slash < 0) {
                found.add(shown + name);
            } else if (shell.disk.find(path).filter(Disk.Node::folder).isPresent()) {
                walk(shell, path, shown + name + "/", pattern.substring(slash + 1), found);
            }
        }
    }

    /** {@code * ? [a-z] [!a]}; linear in pattern times name. */
    static boolean matches(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int mark = 0;
        while (n < name.length()) {
            int next = p < pattern.length() && pattern.charAt(p) != '*' ? one(pattern, p, name.charAt(n)) : -1;
            if (next > 0) {
                p = next;
                n++;
            } else if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = n;
            } else if (star >= 0) {
                p = star + 1;
                n = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static int one(String pattern, int p, char c) {
        char want = pattern.charAt(p);
        int close = want == '[' ? pattern.indexOf(']', p + 2) : -1;
        if (close < 0) {
            return want == '?' || want == c ? p + 1 : -1;
        }
        String set = pattern.substring(p + 1, close);
        boolean not = set.startsWith("!") || set.startsWith("^");
        boolean in = false;
        for (int i = not ? 1 : 0; i < set.length(); i++) {
            if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
                in |= c >= set.charAt(i) && c <= set.charAt(i + 2);
                i += 2;
            } else {
                in |= set.charAt(i) == c;
            }
        }
        return in != not ? close + 1 : -1;
    }
}
