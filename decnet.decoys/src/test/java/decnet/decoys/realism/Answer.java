package decnet.decoys.realism;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What came back on one step.
 *
 * @param text Latin-1, normalised before it is compared or written
 */
record Answer(Ending ending, Timing timing, String text) {
    private static final int SHOWN = 3000;

    /** Whether the server goes on, or how it ended the connection. */
    enum Ending {
        OPEN,
        FIN,
        RST
    }

    /** Whether the answer took as long as a person notices. */
    enum Timing {
        IMMEDIATE,
        DELAYED
    }

    Answer withText(String other) {
        return new Answer(ending, timing, other);
    }

    /** One line; longer text is shortened to its head and a digest of the whole. */
    String line() {
        String shown =
                text.length() <= SHOWN ? text : text.substring(0, 400) + "…" + text.length() + "/" + digest(text);
        return ending.name().toLowerCase(Locale.ROOT) + " " + timing.name().toLowerCase(Locale.ROOT) + " "
                + escape(shown);
    }

    static String escape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == '…' || c >= 32 && c < 127) {
                        out.append(c);
                    } else {
                        out.append(String.format("\\x%02x", (int) c));
                    }
                }
            }
        }
        return out.toString();
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
