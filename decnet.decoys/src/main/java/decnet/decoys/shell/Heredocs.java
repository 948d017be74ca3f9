package decnet.decoys.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Here documents of a command line. Stateless. */
final class Heredocs {
    private static final Pattern START = Pattern.compile("(?<!<)<<-?\\s*(['\"]?)([A-Za-z_][A-Za-z0-9_]{0,63})\\1");

    record Split(String command, List<String> bodies) {
        Split {
            bodies = List.copyOf(bodies);
        }
    }

    private Heredocs() {}

    /** The words that end the documents a line begins; none if it has them already. */
    static List<String> ends(String text) {
        List<String> ends = new ArrayList<>();
        Matcher matcher = START.matcher(text);
        while (matcher.find() && ends.size() < 8) {
            ends.add(matcher.group(2));
        }
        return ends;
    }

    /** Takes the documents out of a command of several lines. */
    static Split split(String text) {
        if (text.indexOf("<<") < 0 || text.indexOf('\n') < 0) {
            return new Split(text, List.of());
        }
        StringBuilder command = new StringBuilder();
        List<String> bodies = new ArrayList<>();
        List<String> open = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            if (open.isEmpty()) {
                command.append(command.isEmpty() ? "" : "\n").append(line);
                open.addAll(ends(line));
            } else if (line.strip().equals(open.getFirst())) {
                open.removeFirst();
                bodies.add(body.toString());
                body.setLength(0);
            } else {
                body.append(line).append('\n');
            }
        }
        if (!open.isEmpty()) {
            bodies.add(body.toString());
        }
        return new Split(command.toString(), bodies);
    }
}
