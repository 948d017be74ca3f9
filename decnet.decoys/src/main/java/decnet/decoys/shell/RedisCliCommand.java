package decnet.decoys.shell;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code redis-cli}: one command, or a prompt, in RESP 2. One instance for one run. */
final class RedisCliCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_REPLY = 256 << 10;
    private static final int MAX_DEPTH = 16;

    private final Call call;
    private final Foreground front;
    private final StringBuilder input = new StringBuilder();
    private int at;

    private RedisCliCommand(Call call) {
        this.call = call;
        this.front = call.front().orElseThrow();
    }

    /** More of the reply is needed. */
    private static final class Incomplete extends RuntimeException {
        Incomplete() {
            super(null, null, false, false);
        }
    }

    static int run(Call call) {
        return new RedisCliCommand(call).session();
    }

    private int session() {
        String host = Options.value(call, 'h');
        String number = Options.value(call, 'p');
        String name = host.isEmpty() ? "127.0.0.1" : host;
        int port = number.isEmpty() ? 6379 : Ports.of(number);
        Target target = Target.of(call.shell(), name);
        String where = "Could not connect to Redis at " + name + ":" + port + ": ";
        if (!target.known()) {
            call.err().append(where).append("Temporary failure in name resolution\n");
            return 1;
        }
        try (Connected line = target.connect(front, call.shell(), port, Target.PATIENCE)) {
            if (!line.open()) {
                call.err().append(where).append(line.error()).append('\n');
                return 1;
            }
            String secret = Options.value(call, 'a');
            if (!secret.isEmpty()) {
                call.err()
                        .append("Warning: Using a password with '-a' or '-u' option on the command line interface may"
                                + " not be safe.\n");
                Optional<String> answer = ask(line, List.of("AUTH", secret));
                if (answer.isEmpty() || answer.get().startsWith("(error)")) {
                    call.err().append("AUTH failed: ").append(answer.orElse("").replaceFirst("\\(error\\) ", ""));
                    call.err().append('\n');
                }
            }
            List<String> words = words();
            if (!words.isEmpty()) {
                Optional<String> answer = ask(line, words);
                answer.ifPresent(call::line);
                return answer.isPresent() ? 0 : lost();
            }
            return prompt(line, name + ":" + port + "> ");
        }
    }

    private int lost() {
        call.err().append("Error: Server closed the connection\n");
        return 1;
    }

    /** From the first argument on that is no option and no value of one. */
    private List<String> words() {
        List<String> args = call.args();
        int i = 1;
        while (i < args.size() && args.get(i).startsWith("-")) {
            String option = args.get(i);
            boolean value = Set.of("-h", "-p", "-a", "-n", "-u", "-r", "-i", "--user", "--pass")
                    .contains(option);
            i += value ? 2 : 1;
        }
        return i < args.size() ? args.subList(i, args.size()) : List.of();
    }

    private int prompt(Connected line, String prompt) {
        if (call.stdin().isPresent()) {
            for (String one : call.stdin().get().lines().limit(1000).toList()) {
                if (!one.isBlank()) {
                    Optional<String> answer = ask(line, split(one));
                    if (answer.isEmpty()) {
                        return lost();
                    }
                    call.line(answer.get());
                }
            }
            return 0;
        }
        while (call.out().length() < Interpreter.MAX_OUTPUT) {
            call.out().append(call.shell().interactive ? prompt : "");
            if (!(front.input() instanceof Signal.Typed typed)) {
                return 0;
            }
            List<String> words = split(typed.text().strip());
            if (words.isEmpty()) {
                continue;
            }
            if (words.getFirst().equalsIgnoreCase("quit") || words.getFirst().equalsIgnoreCase("exit")) {
                return 0;
            }
            Optional<String> answer = ask(line, words);
            if (answer.isEmpty()) {
                return lost();
            }
            call.line(answer.get());
        }
        return 1;
    }

    /** Words with quotes around some. */
    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        boolean open = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                open = true;
            } else if (c == ' ' || c == '\t') {
                if (open || !word.isEmpty()) {
                    words.add(word.toString());
                }
                word.setLength(0);
                open = false;
            } else {
                word.append(c);
            }
        }
        if (open || !word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    /** @return the reply as it is shown; empty if the server is gone or says nothing */
    private Optional<String> ask(Connected line, List<String> words) {
        StringBuilder request = new StringBuilder("*" + words.size() + "\r\n");
        words.forEach(word -> request.append('$')
                .append(word.length())
                .append("\r\n")
                .append(word)
                .append("\r\n"));
        line.send(request.toString());
        input.setLength(0);
        while (true) {
            switch (front.next(PATIENCE)) {
                case Signal.Data data -> input.append(data.text());
                case Signal.LineEnded over -> {
                    return Optional.empty();
                }
                case Signal.Timeout over -> {
                    return Optional.empty();
                }
                case Signal.Typed typed -> {}
                case Signal.InputEnded over -> {}
            }
            if (input.length() > MAX_REPLY) {
                return Optional.empty();
            }
            try {
                at = 0;
                return Optional.of(reply("", 0));
            } catch (Incomplete e) {
                // the rest is on its way
            }
        }
    }

    private String reply(String indent, int depth) {
        String head = line();
        if (head.isEmpty() || depth > MAX_DEPTH) {
            return "";
        }
        String rest = head.substring(1);
        return switch (head.charAt(0)) {
            case '+' -> rest;
            case '-' -> "(error) " + rest;
            case ':' -> (call.onScreen() ? "(integer) " : "") + rest;
            case '$' -> bulk(number(rest), depth);
            case '*' -> list(number(rest), indent, depth);
            default -> head;
        };
    }

    private static int number(String text) {
        return text.matches("-?\\d{1,9}") ? Integer.parseInt(text) : -1;
    }

    private String line() {
        int end = input.indexOf("\r\n", at);
        if (end < 0) {
            throw new Incomplete();
        }
        String text = input.substring(at, end);
        at = end + 2;
        return text;
    }

    private String bulk(int length, int depth) {
        if (length < 0) {
            return call.onScreen() ? "(nil)" : "";
        }
        if (input.length() < at + length + 2) {
            throw new Incomplete();
        }
        String text = input.substring(at, at + length);
        at += length + 2;
        boolean raw = !call.onScreen() || depth == 0 && (text.startsWith("# ") || text.indexOf("\r\n") >= 0);
        return raw ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default ->
                    out.append(c >= 32 && c < 127 ? String.valueOf(c) : String.format(Locale.ROOT, "\\x%02x", (int) c));
            }
        }
        return out.append('"').toString();
    }

    private String list(int count, String indent, int depth) {
        if (count <= 0) {
            return count == 0 ? call.onScreen() ? "(empty array)" : "" : "(nil)";
        }
        StringBuilder out = new StringBuilder();
        int width = Integer.toString(count).length();
        for (int i = 1; i <= count; i++) {
            String mark = call.onScreen() ? String.format(Locale.ROOT, "%" + width + "d) ", i) : "";
            out.append(i == 1 ? "" : "\n" + indent).append(mark);
            out.append(reply(indent + " ".repeat(mark.length()), depth + 1));
        }
        return out.toString();
    }
}
