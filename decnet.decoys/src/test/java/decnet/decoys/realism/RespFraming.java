package decnet.decoys.realism;

/** Counts the replies of a RESP stream. Stateless. */
final class RespFraming {
    private final String text;
    private int at;

    private RespFraming(String text) {
        this.text = text;
    }

    /** Whether so many replies have arrived, or something that is none. */
    static boolean complete(String text, int replies) {
        RespFraming framing = new RespFraming(text);
        for (int i = 0; i < replies; i++) {
            if (!framing.skip(0)) {
                return false;
            }
        }
        return true;
    }

    private boolean skip(int depth) {
        int end = text.indexOf("\r\n", at);
        if (end < 0 || depth > 20) {
            return false;
        }
        char type = text.charAt(at);
        String line = text.substring(at + 1, end);
        at = end + 2;
        return switch (type) {
            case '$', '=' -> {
                int length = Integer.parseInt(line);
                at += length < 0 ? 0 : length + 2;
                yield at <= text.length();
            }
            case '*', '~', '>' -> elements(Integer.parseInt(line), depth);
            case '%' -> elements(2 * Integer.parseInt(line), depth);
            default -> true;
        };
    }

    private boolean elements(int count, int depth) {
        for (int i = 0; i < count; i++) {
            if (at >= text.length() || !skip(depth + 1)) {
                return false;
            }
        }
        return true;
    }
}
