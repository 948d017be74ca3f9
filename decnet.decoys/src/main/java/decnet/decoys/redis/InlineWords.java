package decnet.decoys.redis;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Splits an inline command into words as the server does: blanks separate, quotes join. Stateless. */
final class InlineWords {
    private InlineWords() {}

    /** @throws RespException if a quote is not closed, or something follows a closing one */
    static List<byte[]> split(String text) {
        List<byte[]> words = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < text.length() && blank(text.charAt(at))) {
                at++;
            }
            if (at >= text.length() || words.size() >= RespDecoder.MAX_ARGUMENTS) {
                return words;
            }
            ByteArrayOutputStream word = new ByteArrayOutputStream();
            char quote = 0;
            while (true) {
                if (at >= text.length()) {
                    if (quote != 0) {
                        throw new RespException("unbalanced quotes in request");
                    }
                    break;
                }
                char c = text.charAt(at++);
                if (quote == 0) {
                    if (blank(c)) {
                        break;
                    }
                    if (c == '"' || c == '\'') {
                        quote = c;
                    } else {
                        word.write(c);
                    }
                } else if (c == quote) {
                    if (at < text.length() && !blank(text.charAt(at))) {
                        throw new RespException("unbalanced quotes in request");
                    }
                    break;
                } else if (c == '\\' && at < text.length()) {
                    at = escape(text, at, quote, word);
                } else {
                    word.write(c);
                }
            }
            words.add(word.toByteArray());
        }
    }

    private static int escape(String text, int at, char quote, ByteArrayOutputStream word) {
        char c = text.charAt(at);
        if (quote == '\'') {
            if (c == '\'') {
                word.write('\'');
                return at + 1;
            }
            word.write('\\');
            return at;
        }
        if (c == 'x'
                && at + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(at + 1))
                && HexFormat.isHexDigit(text.charAt(at + 2))) {
            word.write(HexFormat.fromHexDigits(text, at + 1, at + 3));
            return at + 3;
        }
        word.write(
                switch (c) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'b' -> '\b';
                    case 'a' -> 7;
                    default -> c;
                });
        return at + 1;
    }

    private static boolean blank(char c) {
        return c == ' ' || c >= '\t' && c <= '\r' || c == 0;
    }
}
