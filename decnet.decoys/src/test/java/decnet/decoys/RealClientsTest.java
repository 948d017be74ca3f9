package decnet.decoys;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.topology.Account;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients that attackers use, against the engine over real sockets. */
class RealClientsTest {
    private static Decky decky(String section) throws IOException {
        Decky decky = Fixtures.decky(section);
        try (ServerSocket free = new ServerSocket(0, 1, decky.address())) {
            DeckyService service = decky.services().getFirst();
            return new Decky(
                    decky.name(),
                    decky.persona(),
                    decky.address(),
                    List.of(new DeckyService(
                            service.slug(),
                            List.of(service.ports().getFirst().at(free.getLocalPort())),
                            service.options())));
        }
    }

    private static String run(String input, String... command) throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin", command[0])), command[0] + " is not installed");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return out;
    }

    @Test
    void lftpListsAndUploads(@TempDir Path folder) throws Exception {
        Decky decky = decky("[files]\narchetype = file-server\nservices = ftp");
        Account account = decky.persona().accounts().getLast();
        Path file = Files.writeString(folder.resolve("tool.sh"), "#!/bin/sh\n".repeat(5000));
        try (var recorder = new Fixtures.Recorder(Map.of())) {
            assertThat(recorder.engine.serve(List.of(decky))).isEmpty();
            String url = "ftp://" + decky.address().getHostAddress() + ":"
                    + decky.services().getFirst().port();
            String script = "set net:timeout 10; set net:max-retries 1; user " + account.name() + " '"
                    + account.password().orElseThrow().text() + "'; put " + file + "; ls; ls /; bye\n";

            String out = run(script, "lftp", url);

            assertThat(out).contains("tool.sh", "50000", "etc");
            await(() -> assertThat(recorder.events("file_upload")).hasSize(1));
            assertThat(recorder.events("file_upload").getFirst().fields())
                    .containsEntry("size", "50000")
                    .containsKey("sha256");
            assertThat(recorder.blobs.values()).extracting(Payload::length).containsExactly(50_000);
            assertThat(recorder.events("login_attempt").getLast().fields()).containsEntry("outcome", "accepted");
        }
    }

    @Test
    void curlTriesToLogIn() throws Exception {
        Decky decky = decky("[web]\narchetype = web-server\nservices = http");
        try (var recorder = new Fixtures.Recorder(Map.of())) {
            recorder.engine.serve(List.of(decky));
            String url = "http://" + decky.address().getHostAddress() + ":"
                    + decky.services().getFirst().port();

            String page = run("", "curl", "-s", "-L", "--max-time", "10", url + "/");
            String denied = run("", "curl", "-s", "-i", "--max-time", "10", "-u", "admin:guess", url + "/admin");

            assertThat(page).contains("<form method=\"post\"");
            assertThat(denied).startsWith("HTTP/1.1 401");
            await(() -> assertThat(recorder.events("login_attempt")).hasSize(1));
            assertThat(recorder.events("login_attempt").getFirst().fields()).containsEntry("secret", "guess");
        }
    }

    @Test
    void telnetLogsInAndIsRecorded() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/telnet")), "telnet is not installed");
        Decky decky = decky("[cam]\narchetype = iot-device\nservices = telnet");
        Account root = decky.persona().accounts().getFirst();
        try (var recorder = new Fixtures.Recorder(Map.of())) {
            recorder.engine.serve(List.of(decky));
            String script = "set timeout 15\nspawn telnet " + decky.address().getHostAddress() + " "
                    + decky.services().getFirst().port()
                    + "\nexpect \"login: \"\nsend \"root\\r\"\nexpect \"Password: \"\nsend \""
                    + root.password().orElseThrow().text() + "\\r\"\nexpect \"# \"\n"
                    + "send \"uname -a\\r\"\nexpect \"armv7l\"\nsend \"exit\\r\"\nexpect eof\n";

            String out = run(script, "expect", "-");

            assertThat(out).contains("GNU/Linux");
            await(() -> assertThat(recorder.events("session_recorded")).hasSize(1));
            assertThat(recorder.events("command"))
                    .extracting(event -> event.fields().get("command"))
                    .containsExactly("uname -a", "exit");
        }
    }
}
