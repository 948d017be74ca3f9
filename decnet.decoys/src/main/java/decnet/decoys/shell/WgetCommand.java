package decnet.decoys.shell;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code wget URL…} from web servers of the fleet: GNU's, or that of busybox. One instance for one file. */
final class WgetCommand {
    private static final int MAX_TARGETS = 8;
    private static final int MAX_REDIRECTS = 20;
    /** Quotes as UTF-8, in text of bytes. */
    private static final String OPEN = "\u00e2\u0080\u0098";

    private static final String CLOSE = "\u00e2\u0080\u0099";

    private final Call call;
    private final ShellState shell;
    private final Foreground front;
    private final HttpUrl asked;

    private WgetCommand(Call call, HttpUrl asked) {
        this.call = call;
        this.asked = asked;
        this.shell = call.shell();
        this.front = call.front().orElseThrow();
    }

    private static List<String> targets(Call call) {
        List<String> all = call.operands(NetworkCommands.WGET_LETTERS, NetworkCommands.WGET_WORDS);
        return all.subList(0, Math.min(MAX_TARGETS, all.size()));
    }

    /** Whether everything asked for is of machines of the fleet, in clear. */
    static boolean takes(Call call) {
        List<String> targets = targets(call);
        return !targets.isEmpty()
                && targets.stream().allMatch(text -> HttpUrl.parse(text)
                        .filter(url ->
                                Target.of(call.shell(), url.host()).address().isPresent())
                        .isPresent());
    }

    static int run(Call call) {
        int status = 0;
        for (String text : targets(call)) {
            HttpUrl url = HttpUrl.parse(text).orElseThrow();
            NetworkCommands.attempt(call, url.text());
            int one = new WgetCommand(call, url).fetch(url, 0);
            status = one == 0 ? status : one;
        }
        return status;
    }

    private int fetch(HttpUrl url, int redirects) {
        Target target = Target.of(shell, url.host());
        if (shell.ash()) {
            say("Connecting to " + url.host() + " (" + target.shown() + ":" + url.port() + ")\n");
        } else {
            say("--" + now() + "--  " + url.text() + "\n");
            if (!url.host().equals(target.shown())) {
                say("Resolving " + url.host() + " (" + url.host() + ")... "
                        + (target.known() ? target.shown() : "failed: Temporary failure in name resolution.") + "\n");
            }
        }
        if (!target.known()) {
            call.err().append("wget: unable to resolve host address " + OPEN + url.host() + CLOSE + "\n");
            return shell.ash() ? 1 : 4;
        }
        if (!shell.ash()) {
            say("Connecting to " + url.host()
                    + (url.host().equals(target.shown()) ? ":" : " (" + url.host() + ")|" + target.shown() + "|:")
                    + url.port() + "... ");
        }
        Duration most = patience();
        try (Connected line = target.connect(front, shell, url.port(), most)) {
            if (!line.open()) {
                if (shell.ash()) {
                    call.err()
                            .append("wget: can't connect to remote host (" + target.shown() + "): " + line.error()
                                    + "\n");
                    return 1;
                }
                say("failed: " + line.error() + ".\n");
                return 4;
            }
            say(shell.ash() ? "" : "connected.\nHTTP request sent, awaiting response... ");
            line.send(request(url));
            HttpAnswer answer = new HttpAnswer(false);
            HttpAnswer.End end = answer.read(front, most);
            Optional<HttpUrl> next = answer.status() >= 300 && answer.status() < 400 && redirects < MAX_REDIRECTS
                    ? url.follow(answer.header("location"))
                    : Optional.empty();
            if (end == HttpAnswer.End.WHOLE && next.isPresent()) {
                say(
                        shell.ash()
                                ? ""
                                : answer.statusLine() + "\nLocation: " + answer.header("location") + " [following]\n");
                line.hangUp();
                return fetch(next.get(), redirects + 1);
            }
            return save(answer, end);
        }
    }

    private Duration patience() {
        String seconds = Options.value(call, 'T', "timeout");
        return seconds.matches("[1-9]\\d{0,4}") ? Duration.ofSeconds(Integer.parseInt(seconds)) : Target.PATIENCE;
    }

    private String request(HttpUrl url) {
        String agent = Options.value(call, 'U', "user-agent");
        String data = Options.value(call, '-', "post-data");
        StringBuilder request = new StringBuilder();
        request.append(data.isEmpty() ? "GET " : "POST ").append(url.path()).append(" HTTP/1.1\r\nHost: ");
        request.append(url.authority()).append("\r\nUser-Agent: ");
        request.append(agent.isEmpty() ? shell.ash() ? "Wget" : "Wget/1.21.3" : agent);
        request.append(
                shell.ash()
                        ? "\r\nConnection: close\r\n"
                        : "\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: Keep-Alive\r\n");
        Options.values(call, '-', "header").forEach(one -> request.append(one).append("\r\n"));
        if (!data.isEmpty()) {
            request.append("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ")
                    .append(data.length())
                    .append("\r\n");
        }
        return request.append("\r\n").append(data).toString();
    }

    private int save(HttpAnswer answer, HttpAnswer.End end) {
        if (end == HttpAnswer.End.EMPTY || end == HttpAnswer.End.NONSENSE) {
            say(shell.ash() ? "wget: error getting response\n" : "No data received.\n");
            return shell.ash() ? 1 : 4;
        }
        if (end == HttpAnswer.End.TIMED_OUT) {
            say(shell.ash() ? "wget: download timed out\n" : "Read error (Connection timed out) in headers.\n");
            return shell.ash() ? 1 : 4;
        }
        if (answer.status() >= 400) {
            if (shell.ash()) {
                call.err().append("wget: server returned error: HTTP/1.1 " + answer.statusLine() + "\n");
                return 1;
            }
            String code = answer.status() + " ";
            say(answer.statusLine() + "\n" + now() + " ERROR "
                    + answer.statusLine().replaceFirst(code, code.strip() + ": ") + ".\n\n");
            return 8;
        }
        String body = answer.body();
        String file = file();
        String type = answer.header("content-type").replaceFirst(";.*", "");
        say(
                shell.ash()
                        ? ""
                        : answer.statusLine() + "\nLength: "
                                + (answer.header("content-length").isEmpty() ? "unspecified" : size(body.length()))
                                + (type.isEmpty() ? "" : " [" + type + "]") + "\n");
        if (file.equals("-")) {
            say(shell.ash() ? "" : "Saving to: " + OPEN + "STDOUT" + CLOSE + "\n\n");
            call.out().append(body);
        } else {
            say(shell.ash() ? "saving to '" + file + "'\n" : "Saving to: " + OPEN + file + CLOSE + "\n\n");
            Optional<String> problem = shell.write(file, body, false);
            if (problem.isPresent()) {
                call.err()
                        .append(
                                shell.ash()
                                        ? "wget: can't open '" + file + "': " + problem.get() + "\n"
                                        : file + ": " + problem.get() + "\n\nCannot write to " + OPEN + file + CLOSE
                                                + " (Success).\n");
                return shell.ash() ? 1 : 3;
            }
        }
        say(progress(file, body.length()));
        return 0;
    }

    private static String size(int bytes) {
        return bytes < 1024 ? Integer.toString(bytes) : bytes + " (" + (bytes + 512) / 1024 + "K)";
    }

    private String progress(String file, int bytes) {
        String name = file.equals("-") ? "-" : file.substring(file.lastIndexOf('/') + 1);
        if (shell.ash()) {
            return String.format(Locale.ROOT, "%-20.20s 100%% |%s| %5d  0:00:00 ETA\n", name, "*".repeat(32), bytes)
                    + (file.equals("-") ? "" : "'" + file + "' saved\n");
        }
        double rate = (2.1 + shell.context.random().nextDouble() * 60) * 1e6;
        String speed = String.format(Locale.ROOT, "%.1f MB/s", rate / 1e6);
        String bar = String.format(
                Locale.ROOT, "%-19.19s 100%%[===================>] %7d  --.-KB/s    in 0s      \n\n", name, bytes);
        return (call.err() == call.interpreter().screen
                        ? bar
                        : "     0K 100% " + speed.replace(" MB/s", "M") + "=0s\n\n")
                + now() + " (" + speed + ") - "
                + (file.equals("-") ? "written to stdout [" : OPEN + file + CLOSE + " saved [") + bytes + "/" + bytes
                + "]\n\n";
    }

    /** As the address says that was asked for, wherever it led. */
    private String file() {
        String wanted = Options.value(call, 'O', "output-document");
        if (!wanted.isEmpty()) {
            return wanted;
        }
        String folder = Options.value(call, 'P', "directory-prefix");
        String base = (folder.isEmpty() ? "" : folder + "/") + (asked.file().isEmpty() ? "index.html" : asked.file());
        String name = base;
        for (int i = 1; i < 100 && !shell.ash() && shell.follow(name).isPresent(); i++) {
            name = base + "." + i;
        }
        return name;
    }

    private String now() {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(shell.context.clock().instant());
    }

    private void say(String text) {
        if (!call.option('q')) {
            call.err().append(text);
        }
    }
}
