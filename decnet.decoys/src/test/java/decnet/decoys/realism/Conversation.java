package decnet.decoys.realism;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client says on one connection, as data. A file holds many:
 *
 * <pre>
 * == name [slow]            a new connection; "slow" keeps it out of the check against recorded answers
 * > text                    sends text and CR LF, then listens
 * >> text                   sends exactly this, then listens
 * >1 text                   as ">>", each byte in a packet of its own
 * >+ text                   as ">>", but does not listen: the next line is pipelined
 * * words                   sends a RESP array of these words ("quoted" if they hold blanks), then listens
 * *? words                  the same, where the order of the answer is chance
 * . 2s                      listens for at most so long
 * fin                       ends its own direction, then listens
 * pasv, epsv, port          as an FTP client: opens a data connection, or a port for one
 * data                      reads the data connection to its end
 * put text                  writes to the data connection and ends it
 * #                         a remark
 * </pre>
 *
 * Text knows \r \n \t \\ \xNN and {text*N}, which is text N times. A sign may be followed by {@code ~5s}: how long the answer may take.
 */
record Conversation(String name, Set<String> marks, List<Action> actions) {
    private static final Pattern REPEAT = Pattern.compile("\\{([^{}]*?)\\*(\\d+)}");
    private static final Pattern LINE =
            Pattern.compile("(>>|>1|>\\+|>|\\*\\?|\\*|\\.|fin|pasv|epsv|port|data|put)(?:~(\\d+)s)?(?: (.*))?");

    /** How bytes are sent, or what else is done. */
    enum Kind {
        SEND,
        SEND_UNORDERED,
        SEND_SINGLY,
        SEND_ONLY,
        LISTEN,
        FIN,
        PASSIVE,
        EXTENDED,
        PORT,
        DATA,
        PUT
    }

    /**
     * One thing the client does.
     *
     * @param patience how long the first byte of the answer may take
     */
    record Action(Kind kind, String text, List<Integer> bytes, Duration patience) {
        byte[] payload() {
            byte[] all = new byte[bytes.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = bytes.get(i).byteValue();
            }
            return all;
        }

        boolean listens() {
            return kind != Kind.SEND_ONLY;
        }
    }

    Conversation {
        marks = Set.copyOf(marks);
        actions = List.copyOf(actions);
    }

    static Action resp(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return send("* " + String.join(" ", words), text.toString());
    }

    static Action send(String shown, String latin1) {
        return new Action(Kind.SEND, shown, bytes(latin1), Duration.ZERO);
    }

    private static List<Integer> bytes(String latin1) {
        List<Integer> bytes = new ArrayList<>();
        for (byte b : latin1.getBytes(StandardCharsets.ISO_8859_1)) {
            bytes.add((int) b);
        }
        return bytes;
    }

    static List<Conversation> parse(String text) {
        List<Conversation> all = new ArrayList<>();
        String name = "";
        Set<String> marks = Set.of();
        List<Action> actions = new ArrayList<>();
        for (String line : (text + "\n== end").split("\n")) {
            if (line.startsWith("== ")) {
                if (!actions.isEmpty()) {
                    all.add(new Conversation(name, marks, actions));
                    actions = new ArrayList<>();
                }
                int bracket = line.indexOf(" [");
                name = bracket < 0
                        ? line.substring(3).strip()
                        : line.substring(3, bracket).strip();
                marks = bracket < 0
                        ? Set.of()
                        : Set.of(line.substring(bracket + 2, line.length() - 1).split(" "));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                actions.add(action(line));
            }
        }
        return all;
    }

    private static Action action(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a line of a conversation: " + line);
        }
        String rest = matcher.group(3) == null ? "" : matcher.group(3);
        Duration patience =
                matcher.group(2) == null ? Duration.ZERO : Duration.ofSeconds(Long.parseLong(matcher.group(2)));
        return switch (matcher.group(1)) {
            case ">" -> new Action(Kind.SEND, line, bytes(text(rest) + "\r\n"), patience);
            case ">>" -> new Action(Kind.SEND, line, bytes(text(rest)), patience);
            case ">1" -> new Action(Kind.SEND_SINGLY, line, bytes(text(rest)), patience);
            case ">+" -> new Action(Kind.SEND_ONLY, line, bytes(text(rest)), patience);
            case "*" -> new Action(Kind.SEND, line, resp(words(rest)).bytes(), patience);
            case "*?" -> new Action(Kind.SEND_UNORDERED, line, resp(words(rest)).bytes(), patience);
            case "." ->
                new Action(Kind.LISTEN, line, List.of(), Duration.ofSeconds(Long.parseLong(rest.replace("s", ""))));
            case "fin" -> new Action(Kind.FIN, line, List.of(), patience);
            case "pasv" -> new Action(Kind.PASSIVE, line, bytes("PASV\r\n"), patience);
            case "epsv" -> new Action(Kind.EXTENDED, line, bytes("EPSV\r\n"), patience);
            case "port" -> new Action(Kind.PORT, line, List.of(), patience);
            case "data" -> new Action(Kind.DATA, line, List.of(), patience);
            default -> new Action(Kind.PUT, line, bytes(text(rest)), patience);
        };
    }

    private static String[] words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(text);
        while (matcher.find()) {
            words.add(text(matcher.group(1) == null ? matcher.group(2) : matcher.group(1)));
        }
        return words.toArray(String[]::new);
    }

    private static String text(String line) {
        return unescape(REPEAT.matcher(line)
                .replaceAll(
                        found -> Matcher.quoteReplacement(found.group(1).repeat(Integer.parseInt(found.group(2))))));
    }

    static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            char next = text.charAt(++i);
            switch (next) {
                case 'r' -> out.append('\r');
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'x' -> {
                    out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> out.append(next);
            }
        }
        return out.toString();
    }
}
