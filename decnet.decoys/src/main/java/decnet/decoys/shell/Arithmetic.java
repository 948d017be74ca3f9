package decnet.decoys.shell;

/**
 * Integer arithmetic of {@code $((…))}.
 *
 * <pre>
 * sum  = term *( ( "+" / "-" ) term )       term = unit *( ( "*" / "/" / "%" ) unit )
 * unit = [ "-" ] ( digits / name / "(" sum ")" )
 * </pre>
 */
final class Arithmetic {
    private static final int MAX_DEPTH = 32;

    private final String text;
    private final ShellState shell;
    private int at;
    private int depth;

    private Arithmetic(String text, ShellState shell) {
        this.text = text.replace(" ", "").replace("$", "");
        this.shell = shell;
    }

    /** The value as text; 0 for what is no expression. */
    static String value(String text, ShellState shell) {
        try {
            return Long.toString(new Arithmetic(text, shell).sum());
        } catch (ArithmeticException | IllegalArgumentException e) {
            return "0";
        }
    }

    private long sum() {
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("too deep");
        }
        long value = term();
        while (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
            value = text.charAt(at++) == '+' ? value + term() : value - term();
        }
        depth--;
        return value;
    }

    private long term() {
        long value = unit();
        while (at < text.length() && "*/%".indexOf(text.charAt(at)) >= 0) {
            char operator = text.charAt(at++);
            long right = unit();
            value = operator == '*' ? value * right : operator == '/' ? value / right : value % right;
        }
        return value;
    }

    private long unit() {
        if (at >= text.length()) {
            return 0;
        }
        char c = text.charAt(at);
        if (c == '-') {
            at++;
            if (++depth > MAX_DEPTH) {
                throw new IllegalArgumentException("too deep");
            }
            return -unit();
        }
        if (c == '(') {
            at++;
            long value = sum();
            at++;
            return value;
        }
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (start == at) {
            throw new IllegalArgumentException("no operand");
        }
        String word = text.substring(start, at);
        String digits = Character.isDigit(word.charAt(0)) ? word : shell.variable(word);
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }
}
