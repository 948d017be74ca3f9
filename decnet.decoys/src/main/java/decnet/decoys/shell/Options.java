package decnet.decoys.shell;

import java.util.ArrayList;
import java.util.List;

/** Values of options on a command line. Stateless. */
final class Options {
    private Options() {}

    /** The value of a one-letter option, attached or as the next argument; empty text if it is not there. The last one counts. */
    static String value(Call call, char letter) {
        List<String> all = values(call, letter, "");
        return all.isEmpty() ? "" : all.getLast();
    }

    /** As {@link #value(Call, char)}, or of a long option, attached with {@code =} or as the next argument. */
    static String value(Call call, char letter, String word) {
        List<String> all = values(call, letter, word);
        return all.isEmpty() ? "" : all.getLast();
    }

    /** Each value of an option that may stand there several times. */
    static List<String> values(Call call, char letter, String word) {
        List<String> found = new ArrayList<>();
        for (int i = 1; i < call.count(); i++) {
            String arg = call.arg(i);
            if (arg.startsWith("--")) {
                if (!word.isEmpty() && arg.equals("--" + word)) {
                    found.add(call.arg(++i));
                } else if (!word.isEmpty() && arg.startsWith("--" + word + "=")) {
                    found.add(arg.substring(word.length() + 3));
                }
            } else if (arg.length() > 1 && arg.charAt(0) == '-') {
                int at = arg.indexOf(letter, 1);
                if (at > 0) {
                    found.add(at == arg.length() - 1 ? call.arg(++i) : arg.substring(at + 1));
                }
            }
        }
        return found;
    }

    static boolean word(Call call, String word) {
        return call.args().contains("--" + word);
    }
}
