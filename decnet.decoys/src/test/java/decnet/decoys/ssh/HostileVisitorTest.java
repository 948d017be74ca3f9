package decnet.decoys.ssh;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.decoys.DecoysCounter;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Visitors who have a password and no manners: what they send inside the encryption. */
@Timeout(120)
class HostileVisitorTest {
    private static final String[] WORDS = {
        "session",
        "direct-tcpip",
        "pty-req",
        "shell",
        "exec",
        "subsystem",
        "sftp",
        "env",
        "window-change",
        "scp -t /tmp",
        "id; cat",
        "tcpip-forward",
        "hostkeys-prove-00@openssh.com",
        "xterm",
        "signal"
    };

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void randomMessagesNeverDoHarm(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        try (Machine machine = new Machine("debian12");
                SshClient client = SshClient.setUpDefaultClient()) {
            client.setServerKeyVerifier((session, address, key) -> true);
            client.start();
            for (int i = 0; i < 15; i++) {
                try (ClientSession session = client.connect("root", machine.address(), machine.port())
                        .verify(Duration.ofSeconds(20))
                        .getSession()) {
                    session.addPasswordIdentity(machine.password());
                    session.auth().verify(Duration.ofSeconds(20));
                    openSession(session);
                    for (int j = 0; j < 60 && session.isOpen(); j++) {
                        session.writePacket(message(session, random));
                    }
                } catch (IOException e) {
                    assertThat(e).isNotNull(); // closed on us
                }
            }
            await(() -> assertThat(machine.seen.engine.connections()).isZero());
            assertThat(machine.seen.counters.value(DecoysCounter.DIALOGUES_FAILED))
                    .isZero();
            assertThat(machine.seen.events("login_attempt")).hasSize(15);
        }
    }

    private static void openSession(ClientSession session) throws IOException {
        Buffer open = session.createBuffer((byte) 90, 64);
        open.putString("session");
        open.putInt(0);
        open.putInt(1 << 21);
        open.putInt(1 << 15);
        session.writePacket(open);
    }

    private static Buffer message(ClientSession session, SplittableRandom random) {
        int[] kinds = {80, 90, 93, 94, 94, 96, 98, 98, 98, 50, 5, 100, 7};
        Buffer message = session.createBuffer((byte) kinds[random.nextInt(kinds.length)], 512);
        if (random.nextInt(3) > 0) {
            message.putInt(0); // mostly a channel that is there
        }
        for (int k = random.nextInt(6); k > 0; k--) {
            switch (random.nextInt(4)) {
                case 0 -> message.putString(WORDS[random.nextInt(WORDS.length)]);
                case 1 -> message.putInt(random.nextInt(5) == 0 ? random.nextInt() : random.nextInt(100));
                case 2 -> message.putBoolean(random.nextBoolean());
                default -> {
                    byte[] bytes = new byte[random.nextInt(100)];
                    random.nextBytes(bytes);
                    message.putBytes(bytes);
                }
            }
        }
        return message;
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void randomFileRequestsNeverDoHarm(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        try (Machine machine = new Machine("debian12");
                SshClient client = SshClient.setUpDefaultClient()) {
            client.setServerKeyVerifier((session, address, key) -> true);
            client.start();
            for (int i = 0; i < 10; i++) {
                try (ClientSession session = client.connect("root", machine.address(), machine.port())
                        .verify(Duration.ofSeconds(20))
                        .getSession()) {
                    session.addPasswordIdentity(machine.password());
                    session.auth().verify(Duration.ofSeconds(20));
                    var channel = session.createSubsystemChannel("sftp");
                    channel.open().verify(Duration.ofSeconds(20));
                    channel.getInvertedIn().write(new byte[] {0, 0, 0, 5, 1, 0, 0, 0, 3});
                    for (int j = 0; j < 100; j++) {
                        channel.getInvertedIn().write(request(random));
                        channel.getInvertedIn().flush();
                    }
                } catch (IOException e) {
                    assertThat(e).isNotNull(); // closed on us
                }
            }
            await(() -> assertThat(machine.seen.engine.connections()).isZero());
            assertThat(machine.seen.counters.value(DecoysCounter.DIALOGUES_FAILED))
                    .isZero();
        }
    }

    private static byte[] request(SplittableRandom random) {
        Buffer body = new org.apache.sshd.common.util.buffer.ByteArrayBuffer();
        int[] kinds = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 200};
        String[] names = {
            "/",
            "/tmp",
            "/etc/passwd",
            "../..",
            "/tmp/x",
            "",
            "posix-rename@openssh.com",
            "limits@openssh.com",
            "users-groups-by-id@openssh.com"
        };
        body.putByte((byte) kinds[random.nextInt(kinds.length)]);
        body.putInt(random.nextInt());
        for (int k = random.nextInt(5); k > 0; k--) {
            switch (random.nextInt(4)) {
                case 0 -> body.putString(names[random.nextInt(names.length)]);
                case 1 -> body.putInt(random.nextInt(40));
                case 2 -> body.putBytes(new byte[] {0, 0, 0, (byte) random.nextInt(3)});
                default -> body.putLong(random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(1000));
            }
        }
        Buffer whole = new org.apache.sshd.common.util.buffer.ByteArrayBuffer();
        whole.putBytes(body.getCompactData());
        return whole.getCompactData();
    }
}
