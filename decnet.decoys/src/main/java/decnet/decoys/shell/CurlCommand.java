package decnet.decoys.shell;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code curl URL} to a web server of the fleet. One instance for one run. */
final class CurlCommand {
    private static final String AGENT = "curl/7.88.1";
    private static final int MAX_REDIRECTS = 10;

    private final Call call;
    private final Foreground front;
    private final long startedNanos = System.nanoTime();

    private CurlCommand(Call call) {
        this.call = call;
        this.front = call.front().orElseThrow();
    }

    private static Optional<HttpUrl> url(Call call) {
        List<String> operands = call.operands(NetworkCommands.CURL_LETTERS, NetworkCommands.CURL_WORDS);
        return operands.stream()
                .filter(arg -> arg.contains("://"))
                .findFirst()
                .or(() -> operands.stream().findFirst())
                .flatMap(HttpUrl::parse);
    }

    /** Whether it asks a machine of the fleet, in clear. */
    static boolean takes(Call call) {
        return url(call)
                .filter(url -> Target.of(call.shell(), url.host()).address().isPresent())
                .isPresent();
    }

    static int run(Call call) {
        HttpUrl url = url(call).orElseThrow();
        NetworkCommands.attempt(call, url.text());
        return new CurlCommand(call).fetch(url, 0);
    }

    private int fetch(HttpUrl url, int redirects) {
        Target target = Target.of(call.shell(), url.host());
        if (!target.known()) {
            return error(6, "Could not resolve host: " + url.host());
        }
        Duration most = patience();
        try (Connected line = target.connect(front, call.shell(), url.port(), most)) {
            if (!line.open()) {
                verbose("*   Trying " + target.shown() + ":" + url.port() + "...");
                verbose("* connect to " + target.shown() + " port " + url.port() + " failed: " + line.error());
                boolean silent = line.outcome() == Target.Outcome.TIMED_OUT;
                return error(
                        silent ? 28 : 7,
                        "Failed to connect to " + url.host() + " port " + url.port() + " after " + millis()
                                + " ms: Couldn't connect to server");
            }
            String request = request(url);
            verbose("*   Trying " + target.shown() + ":" + url.port() + "...");
            verbose("* Connected to " + url.host() + " (" + target.shown() + ") port " + url.port() + " (#0)");
            request.lines().takeWhile(one -> !one.isEmpty()).forEach(one -> verbose("> " + one));
            verbose("> ");
            line.send(request);
            HttpAnswer answer = new HttpAnswer(head());
            HttpAnswer.End end = answer.read(front, most);
            answer.head().lines().forEach(one -> verbose("< " + one));
            String location = answer.header("location");
            if (end == HttpAnswer.End.WHOLE && !location.isEmpty() && followsRedirects() && redirects < MAX_REDIRECTS) {
                Optional<HttpUrl> next = url.follow(location);
                if (next.isPresent()) {
                    line.hangUp();
                    return fetch(next.get(), redirects + 1);
                }
            }
            return show(url, answer, end, most);
        }
    }

    private boolean followsRedirects() {
        return call.option('L') || Options.word(call, "location");
    }

    private boolean head() {
        return call.option('I') || Options.word(call, "head");
    }

    private int show(HttpUrl url, HttpAnswer answer, HttpAnswer.End end, Duration most) {
        switch (end) {
            case EMPTY -> {
                return error(52, "Empty reply from server");
            }
            case NONSENSE -> {
                return error(1, "Received HTTP/0.9 when not allowed");
            }
            case TIMED_OUT -> {
                return error(
                        28,
                        "Operation timed out after " + most.toMillis() + " milliseconds with "
                                + answer.body().length() + " bytes received");
            }
            case WHOLE, CUT -> {}
        }
        if ((call.option('f') || Options.word(call, "fail")) && answer.status() >= 400) {
            return error(22, "The requested URL returned error: " + answer.status());
        }
        boolean headers = head() || call.option('i') || Options.word(call, "include");
        String text = (headers ? answer.head() : "") + answer.body();
        String file = Options.value(call, 'o', "output");
        if (file.isEmpty() && call.option('O')) {
            file = url.file();
            if (file.isEmpty()) {
                return error(23, "Failed writing received data to disk/application");
            }
        }
        if (file.isEmpty() || file.equals("-")) {
            if (!call.onScreen()) {
                meter(text.length());
            }
            call.out().append(text);
        } else {
            meter(text.length());
            if (call.shell().write(file, text, false).isPresent()) {
                return error(23, "Failure writing output to destination");
            }
        }
        return end == HttpAnswer.End.CUT ? error(18, "transfer closed with outstanding read data remaining") : 0;
    }

    private Duration patience() {
        String whole = Options.value(call, 'm', "max-time");
        String connecting = Options.value(call, '-', "connect-timeout");
        String seconds = whole.isEmpty() ? connecting : whole;
        return seconds.matches("\\d{1,5}") ? Duration.ofSeconds(Integer.parseInt(seconds)) : Target.PATIENCE;
    }

    private String request(HttpUrl url) {
        List<String> parts = Options.values(call, 'd', "data");
        StringBuilder data = new StringBuilder(String.join("&", parts));
        for (String word : List.of("data-raw", "data-binary", "data-urlencode")) {
            Options.values(call, '-', word)
                    .forEach(one -> data.append(data.isEmpty() ? "" : "&").append(one));
        }
        String text = data.toString();
        if (text.startsWith("@")) {
            text = call.read(text.substring(1)).orElse("");
        }
        String method = Options.value(call, 'X', "request");
        if (method.isEmpty()) {
            method = head() ? "HEAD" : data.isEmpty() ? "GET" : "POST";
        }
        StringBuilder request =
                new StringBuilder(method + " " + url.path() + " HTTP/1.1\r\nHost: " + url.authority() + "\r\n");
        String user = Options.value(call, 'u', "user");
        if (user.isEmpty()) {
            user = url.user();
        }
        if (!user.isEmpty()) {
            byte[] bytes = user.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            request.append("Authorization: Basic ")
                    .append(Base64.getEncoder().encodeToString(bytes))
                    .append("\r\n");
        }
        String agent = Options.value(call, 'A', "user-agent");
        request.append("User-Agent: ").append(agent.isEmpty() ? AGENT : agent).append("\r\nAccept: */*\r\n");
        String cookie = Options.value(call, 'b', "cookie");
        if (!cookie.isEmpty()) {
            request.append("Cookie: ").append(cookie).append("\r\n");
        }
        Options.values(call, 'H', "header").forEach(one -> request.append(one).append("\r\n"));
        if (!data.isEmpty()) {
            request.append("Content-Length: ").append(text.length()).append("\r\n");
            if (request.toString().toLowerCase(Locale.ROOT).indexOf("\r\ncontent-type:") < 0) {
                request.append("Content-Type: application/x-www-form-urlencoded\r\n");
            }
        }
        return request.append("\r\n").append(text).toString();
    }

    private void meter(int bytes) {
        if (quiet()) {
            return;
        }
        long rate = Math.max(1, bytes * 1000L / Math.max(1, millis()));
        String speed = rate > 99_999 ? rate / 1024 + "k" : Long.toString(rate);
        call.err()
                .append("  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
                        + "                                 Dload  Upload   Total   Spent    Left  Speed\n")
                .append(String.format(
                        "\r100 %5d  100 %5d    0     0  %5s      0 --:--:-- --:--:-- --:--:-- %5s\n",
                        bytes, bytes, speed, speed));
    }

    private long millis() {
        return (System.nanoTime() - startedNanos) / 1_000_000;
    }

    private boolean quiet() {
        return call.option('s') || Options.word(call, "silent");
    }

    private void verbose(String text) {
        if (call.option('v') || Options.word(call, "verbose")) {
            call.err().append(text).append('\n');
        }
    }

    private int error(int code, String text) {
        if (!quiet() || call.option('S') || Options.word(call, "show-error")) {
            call.err().append("curl: (").append(code).append(") ").append(text).append('\n');
        }
        return code;
    }
}
