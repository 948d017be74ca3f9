package decnet.decoys.shell;

/** Back-slash escapes of {@code echo -e} and {@code printf}. Stateless. */
final class Escapes {
    private Escapes() {}

    static String of(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '\\' || i >= text.length()) {
                out.append(c);
                continue;
            }
            char e = text.charAt(i++);
            switch (e) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'a' -> out.append('\u0007');
                case 'b' -> out.append('\b');
                case 'e' -> out.append('\u001b');
                case '\\' -> out.append('\\');
                case 'x' -> i = number(text, i, 16, 2, out);
                case '0' -> i = number(text, i, 8, 3, out);
                default -> {
                    if (e >= '1' && e <= '7') {
                        i = number(text, i - 1, 8, 3, out);
                    } else {
                        out.append('\\').append(e);
                    }
                }
            }
        }
        return out.toString();
    }

    private static int number(String text, int from, int base, int most, StringBuilder out) {
        int value = 0;
        int i = from;
        while (i < text.length() && i - from < most && Character.digit(text.charAt(i), base) >= 0) {
            value = value * base + Character.digit(text.charAt(i), base);
            i++;
        }
        out.append((char) (value & 0xff));
        return i;
    }
}
