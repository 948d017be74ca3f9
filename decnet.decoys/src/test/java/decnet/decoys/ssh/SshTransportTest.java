package decnet.decoys.ssh;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Event;
import decnet.decoys.DecoysCounter;
import decnet.decoys.Payload;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SshTransportTest {
    /** The ten lists of a KEXINIT, and its padding. */
    private record KexInit(List<String> lists, Payload padding) {
        static KexInit read(Socket socket) throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = in.readInt();
            int padding = in.readUnsignedByte();
            byte[] payload = in.readNBytes(length - padding - 1);
            byte[] filler = in.readNBytes(padding);
            ByteBuffer body = ByteBuffer.wrap(payload);
            assertThat(body.get()).isEqualTo((byte) 20);
            body.position(17);
            List<String> lists = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                byte[] list = new byte[body.getInt()];
                body.get(list);
                lists.add(new String(list, StandardCharsets.US_ASCII));
            }
            return new KexInit(lists, Payload.of(filler));
        }
    }

    private static KexInit kexInit(Machine machine) throws IOException {
        try (Socket socket = machine.connect()) {
            Machine.line(socket);
            Machine.send(socket, "SSH-2.0-test\r\n");
            return KexInit.read(socket);
        }
    }

    /** Captured from OpenSSH 9.2p1 of Debian 12. */
    @Test
    void theFirstWordsAreThoseOfTheRealServer() throws Exception {
        try (Machine machine = Machine.withServer("OpenSSH_9.2p1 Debian-2+deb12u10")) {
            KexInit init = kexInit(machine);

            assertThat(init.lists().get(0))
                    .isEqualTo(
                            "sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,curve25519-sha256,"
                                + "curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
                                + "diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,"
                                + "diffie-hellman-group18-sha512,diffie-hellman-group14-sha256,kex-strict-s-v00@openssh.com");
            assertThat(init.lists().get(1)).isEqualTo("rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256,ssh-ed25519");
            assertThat(init.lists().get(2))
                    .isEqualTo("chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,"
                            + "aes128-gcm@openssh.com,aes256-gcm@openssh.com")
                    .isEqualTo(init.lists().get(3));
            assertThat(init.lists().get(4))
                    .isEqualTo("umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,"
                            + "hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,"
                            + "umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1")
                    .isEqualTo(init.lists().get(5));
            assertThat(init.lists().subList(6, 10))
                    .containsExactly("none,zlib@openssh.com", "none,zlib@openssh.com", "", "");
            assertThat(init.padding())
                    .isEqualTo(Payload.of(new byte[init.padding().length()]));
            assertThat(hasshServer(init.lists())).isEqualTo("425d29fe50d8e4f5e37efb6e24bcf660");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OpenSSH_9.2p1 Debian-2+deb12u1, false, false",
        "OpenSSH_9.2p1 Debian-2+deb12u2, false, true",
        "OpenSSH_9.2p1 Debian-2+deb12u4, true, true",
        "OpenSSH_8.9p1 Ubuntu-3ubuntu0.7, false, true",
        "OpenSSH_8.1, false, false",
        "OpenSSH_9.9p1, true, true"
    })
    void whatUpdatesBroughtIsOfferedFromThenOn(String product, boolean plainHybrid, boolean strict) {
        OpenSshDefaults defaults = OpenSshDefaults.of(product);

        assertThat(defaults.kex().contains("sntrup761x25519-sha512")).isEqualTo(plainHybrid);
        assertThat(defaults.kex().contains("kex-strict-s-v00@openssh.com")).isEqualTo(strict);
    }

    private static String hasshServer(List<String> lists) throws Exception {
        String text = String.join(";", lists.get(0), lists.get(3), lists.get(5), lists.get(7));
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @CsvSource({
        "debian12, SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2",
        "ubuntu22, SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.7",
        "ubuntu20, SSH-2.0-OpenSSH_8.2p1 Ubuntu-4ubuntu0.11",
        "rocky9, SSH-2.0-OpenSSH_8.7"
    })
    void itSaysItsNameAndWaits(String distribution, String identification) throws Exception {
        try (Machine machine = new Machine(distribution);
                Socket socket = machine.connect()) {
            assertThat(Machine.line(socket)).isEqualTo(identification + "\r\n");

            socket.setSoTimeout(300);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> socket.getInputStream().read()))
                    .isInstanceOf(java.net.SocketTimeoutException.class);
            socket.setSoTimeout(10_000);
            Machine.send(socket, "SSH-2.0-x\n"); // a lone line feed will do
            assertThat(KexInit.read(socket).lists().getFirst()).contains("curve25519-sha256");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SSH-1337-OpenSSH_9.0|Invalid SSH identification string.",
                "GET / HTTP/1.0|Invalid SSH identification string.",
                "''|Invalid SSH identification string.",
                "SSH-1.5-x|Protocol major versions differ.",
                "SSH-2.1-x|",
                "SSH-1.99-x|"
            })
    void aBadIdentificationIsAnsweredAsTheRealServerDoes(String line, String answer) throws Exception {
        try (Machine machine = new Machine("debian12");
                Socket socket = machine.connect()) {
            Machine.line(socket);

            Machine.send(socket, line + "\r\n");

            if (answer == null) {
                assertThat(KexInit.read(socket).lists()).hasSize(10);
            } else {
                assertThat(Machine.rest(socket)).isEqualTo(answer + "\r\n");
                await(() -> assertThat(
                                machine.seen.events("unknown_input").getFirst().fields())
                        .containsEntry("data", line));
            }
        }
    }

    @Test
    void aLongIdentificationIsTakenAndAnEndlessOneIsNot() throws Exception {
        try (Machine machine = new Machine("debian12")) {
            try (Socket socket = machine.connect()) {
                Machine.line(socket);
                Machine.send(socket, "SSH-2.0-" + "x".repeat(300) + "\r\n");
                assertThat(KexInit.read(socket).lists()).hasSize(10);
            }
            try (Socket socket = machine.connect()) {
                Machine.line(socket);
                Machine.send(socket, "SSH-2.0-" + "x".repeat(20_000));
                assertThat(Machine.rest(socket)).isIn("Invalid SSH identification string.\r\n", "");
            }
            await(() -> assertThat(machine.seen.engine.connections()).isZero());
        }
    }

    @Test
    void aPacketOfImpossibleLengthEndsTheConnectionWithoutAWord() throws Exception {
        try (Machine machine = new Machine("debian12");
                Socket socket = machine.connect()) {
            Machine.line(socket);
            Machine.send(socket, "SSH-2.0-x\r\n");
            KexInit.read(socket);

            Machine.send(socket, "\u007f\u007f\u007f\u007fabcdefgh");

            assertThat(Machine.rest(socket)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomBytesNeverDoHarm(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        try (Machine machine = new Machine("debian12")) {
            for (int i = 0; i < 25; i++) {
                try (Socket socket = machine.connect()) {
                    Machine.line(socket);
                    if (random.nextInt(4) > 0) {
                        Machine.send(socket, "SSH-2.0-fuzz\r\n");
                    }
                    for (int j = random.nextInt(1, 6); j > 0; j--) {
                        byte[] payload = new byte[random.nextInt(1, 400)];
                        random.nextBytes(payload);
                        payload[0] = (byte) random.nextInt(1, 101);
                        int padding = 8 - (payload.length + 5) % 8 + 8;
                        byte[] packet = ByteBuffer.allocate(5 + payload.length + padding)
                                .putInt(1 + payload.length + padding)
                                .put((byte) (random.nextInt(5) == 0 ? random.nextInt() : padding))
                                .put(payload)
                                .array();
                        socket.getOutputStream().write(packet);
                    }
                } catch (IOException e) {
                    assertThat(e).isInstanceOf(java.net.SocketException.class); // closed on us
                }
            }
            await(() -> assertThat(machine.seen.engine.connections()).isZero());
            assertThat(machine.seen.counters.value(DecoysCounter.DIALOGUES_FAILED))
                    .isZero();
            assertThat(kexInit(machine).lists()).hasSize(10);
        }
    }

    @Test
    void aClientIsToldByItsLists() throws Exception {
        try (Machine machine = new Machine("debian12");
                Socket socket = machine.connect()) {
            Machine.line(socket);
            Machine.send(socket, "SSH-2.0-probe_1.0\r\n");
            KexInit.read(socket);
            List<String> lists = List.of(
                    "curve25519-sha256",
                    "ssh-ed25519",
                    "aes128-ctr",
                    "aes128-ctr",
                    "hmac-sha2-256",
                    "hmac-sha2-256",
                    "none",
                    "none",
                    "",
                    "");
            ByteBuffer body = ByteBuffer.allocate(1000).put((byte) 20).put(new byte[16]);
            lists.forEach(list -> body.putInt(list.length()).put(list.getBytes(StandardCharsets.US_ASCII)));
            body.put(new byte[5]).flip();
            int padding = 8 - (body.remaining() + 5) % 8 + 8;
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(5 + body.remaining() + padding)
                            .putInt(1 + body.remaining() + padding)
                            .put((byte) padding)
                            .put(body)
                            .array());

            await(() -> assertThat(machine.seen.events("client_hello")).hasSize(1));
            Event hello = machine.seen.events("client_hello").getFirst();
            assertThat(hello.fields())
                    .containsEntry("banner", "SSH-2.0-probe_1.0")
                    .containsEntry("kex", "curve25519-sha256")
                    .containsEntry("hostkey_algs", "ssh-ed25519")
                    .containsEntry("ciphers", "aes128-ctr")
                    .containsEntry("macs", "hmac-sha2-256")
                    .containsEntry("compression", "none")
                    .containsEntry("hassh", "e97d07603350d1111ec2b64bf25413c9");
        }
    }

    @Test
    void twoHundredIdleClientsCostLittle() throws Exception {
        try (Machine machine = new Machine("debian12", Map.of("decoys.max-per-source", "400"))) {
            List<Socket> sockets = new ArrayList<>();
            try {
                kexInit(machine);
                long before = usedHeap();
                for (int i = 0; i < 200; i++) {
                    Socket socket = machine.connect();
                    sockets.add(socket);
                    Machine.line(socket);
                    Machine.send(socket, "SSH-2.0-idle\r\n");
                    KexInit.read(socket);
                }
                assertThat(machine.seen.engine.connections()).isEqualTo(200);
                long each = (usedHeap() - before) / 200;
                System.out.println("heap of an idle client with its socket in the test: " + each + " bytes");
                assertThat(each).isLessThan(40_000);
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
            await(() -> assertThat(machine.seen.engine.connections()).isZero());
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
