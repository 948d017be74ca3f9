package decnet.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.core.Challenge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The proofs are computed here from a password, as a client would. */
class CrackToolTest {
    private static final String PASSWORD = "Tr0ub4dor";
    private static final String USER = "bob";
    private static final HexFormat HEX = HexFormat.of();
    private static final Path HASHCAT = Path.of("/usr/bin/hashcat");

    @TempDir
    private Path folder = Path.of("replaced");

    /** A log-in as it is stored. */
    record Proof(String kind, String principal, String secret, Challenge challenge) {
        String line(CrackTool tool) {
            return tool.line(kind, principal, secret, challenge.text())
                    .orElseThrow()
                    .text();
        }

        @Override
        public String toString() {
            return kind + " " + challenge.text("qop");
        }
    }

    static List<Proof> proofs() throws GeneralSecurityException {
        return List.of(digest("auth"), digest(""), ntlm1(), ntlm2(), mysql(), postgres(), cram(), vnc());
    }

    private static byte[] hash(String algorithm, byte[]... parts) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance(algorithm);
        Stream.of(parts).forEach(digest::update);
        return digest.digest();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String md5(String text) throws GeneralSecurityException {
        return HEX.formatHex(hash("MD5", ascii(text)));
    }

    private static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacMD5");
        mac.init(new SecretKeySpec(key, "HmacMD5"));
        Stream.of(parts).forEach(mac::update);
        return mac.doFinal();
    }

    private static Proof digest(String qop) throws GeneralSecurityException {
        String realm = "IP Camera(C1234)";
        String first = md5(USER + ":" + realm + ":" + PASSWORD);
        String second = md5("GET:/ISAPI/Security/userCheck?a=1");
        String response = md5(
                qop.isEmpty()
                        ? first + ":4e6f6e:" + second
                        : first + ":4e6f6e:00000001:0a4f113b:" + qop + ":" + second);
        Challenge plain = Challenge.of(
                "realm", realm, "nonce", "4e6f6e", "uri", "/ISAPI/Security/userCheck?a=1", "method", "GET");
        Challenge full = Challenge.of(
                "realm",
                realm,
                "nonce",
                "4e6f6e",
                "uri",
                "/ISAPI/Security/userCheck?a=1",
                "method",
                "GET",
                "qop",
                qop,
                "nc",
                "00000001",
                "cnonce",
                "0a4f113b");
        return new Proof("http_digest_md5", USER, response, qop.isEmpty() ? plain : full);
    }

    /** MD4 (RFC 1320), which no JDK has. */
    private static byte[] md4(byte[] message) {
        int blocks = (message.length + 8) / 64 + 1;
        byte[] padded = Arrays.copyOf(message, blocks * 64);
        padded[message.length] = (byte) 0x80;
        for (int i = 0; i < 8; i++) {
            padded[padded.length - 8 + i] = (byte) (8L * message.length >>> 8 * i);
        }
        int[] state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
        int[][] shifts = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
        int[][] orders = {
            {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
            {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
            {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}
        };
        for (int block = 0; block < blocks; block++) {
            int[] x = new int[16];
            for (int i = 0; i < 64; i++) {
                x[i / 4] |= (padded[block * 64 + i] & 255) << 8 * (i % 4);
            }
            int[] s = state.clone();
            for (int step = 0; step < 48; step++) {
                int round = step / 16;
                int b = s[1];
                int c = s[2];
                int d = s[3];
                int f = round == 0 ? b & c | ~b & d : round == 1 ? b & c | b & d | c & d : b ^ c ^ d;
                int k = round == 0 ? 0 : round == 1 ? 0x5a827999 : 0x6ed9eba1;
                int sum = Integer.rotateLeft(s[0] + f + x[orders[round][step % 16]] + k, shifts[round][step % 4]);
                s = new int[] {d, sum, b, c};
            }
            for (int i = 0; i < 4; i++) {
                state[i] += s[i];
            }
        }
        byte[] out = new byte[16];
        for (int i = 0; i < 16; i++) {
            out[i] = (byte) (state[i / 4] >>> 8 * (i % 4));
        }
        return out;
    }

    private static byte[] nt() {
        return md4(PASSWORD.getBytes(StandardCharsets.UTF_16LE));
    }

    /** DES with a key of seven bytes. */
    private static byte[] des(byte[] seven, byte[] block) throws GeneralSecurityException {
        byte[] key = new byte[8];
        for (int i = 0; i < 56; i++) {
            int bit = seven[i / 8] >> 7 - i % 8 & 1;
            key[i / 7] |= (byte) (bit << 7 - i % 7);
        }
        Cipher cipher = Cipher.getInstance("DES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
        return cipher.doFinal(block);
    }

    private static Proof ntlm1() throws GeneralSecurityException {
        byte[] challenge = HEX.parseHex("1122334455667788");
        byte[] key = Arrays.copyOf(nt(), 21);
        StringBuilder response = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            response.append(HEX.formatHex(des(Arrays.copyOfRange(key, 7 * i, 7 * i + 7), challenge)));
        }
        return new Proof(
                "ntlmssp_v1",
                "CORP\\\\bob",
                response.toString(),
                Challenge.of("challenge", "1122334455667788", "lm", response.toString()));
    }

    private static Proof ntlm2() throws GeneralSecurityException {
        byte[] blob = HEX.parseHex(
                "0101000000000000a0b1c2d3e4f5d8010102030405060708000000000200080043004f005200500000000000");
        byte[] key = hmac(nt(), "BOBCORP".getBytes(StandardCharsets.UTF_16LE));
        byte[] proof = hmac(key, HEX.parseHex("1122334455667788"), blob);
        return new Proof(
                "ntlmssp_v2",
                "CORP\\\\bob",
                HEX.formatHex(proof) + HEX.formatHex(blob),
                Challenge.of("challenge", "1122334455667788"));
    }

    private static Proof mysql() throws GeneralSecurityException {
        byte[] salt = HEX.parseHex("0102030405060708090a0b0c0d0e0f1011121314");
        byte[] once = hash("SHA-1", ascii(PASSWORD));
        byte[] mask = hash("SHA-1", salt, hash("SHA-1", once));
        for (int i = 0; i < mask.length; i++) {
            mask[i] ^= once[i];
        }
        return new Proof(
                "mysql_native_password", USER, HEX.formatHex(mask), Challenge.of("challenge", HEX.formatHex(salt)));
    }

    private static Proof postgres() throws GeneralSecurityException {
        String stored = md5(PASSWORD + USER);
        String response = HEX.formatHex(hash("MD5", ascii(stored), HEX.parseHex("f0784ea5")));
        return new Proof("postgres_md5_challenge", USER, response, Challenge.of("challenge", "f0784ea5"));
    }

    private static Proof cram() throws GeneralSecurityException {
        String challenge = "<1896.697170952@mail.example.org>";
        return new Proof(
                "cram_md5",
                USER,
                HEX.formatHex(hmac(ascii(PASSWORD), ascii(challenge))),
                Challenge.of("challenge", challenge));
    }

    private static Proof vnc() throws GeneralSecurityException {
        byte[] key = Arrays.copyOf(ascii(PASSWORD), 8);
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (Integer.reverse(key[i]) >>> 24);
        }
        Cipher cipher = Cipher.getInstance("DES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
        byte[] response = cipher.doFinal(HEX.parseHex("000102030405060708090a0b0c0d0e0f"));
        return new Proof(
                "vnc_des_response",
                "",
                HEX.formatHex(response),
                Challenge.of("challenge", "000102030405060708090a0b0c0d0e0f"));
    }

    @Test
    void theLinesAreThoseTheToolsShowAsExamples() throws GeneralSecurityException {
        assertThat(ntlm2().line(CrackTool.HASHCAT)).matches("bob::CORP:1122334455667788:[0-9a-f]{32}:0101[0-9a-f]+");
        assertThat(ntlm1().line(CrackTool.HASHCAT)).matches("bob::CORP:[0-9a-f]{48}:[0-9a-f]{48}:1122334455667788");
        assertThat(mysql().line(CrackTool.JOHN)).matches("bob:\\$mysqlna\\$[0-9a-f]{40}\\*[0-9a-f]{40}");
        assertThat(postgres().line(CrackTool.HASHCAT)).matches("\\$postgres\\$bob\\*f0784ea5\\*[0-9a-f]{32}");
        assertThat(vnc().line(CrackTool.JOHN)).matches("\\$vnc\\$\\*000102030405060708090A0B0C0D0E0F\\*[0-9A-F]{32}");
        assertThat(CrackTool.HASHCAT.line("vnc_des_response", "", "00".repeat(16), "00".repeat(16)))
                .isEmpty();
        assertThat(cram().line(CrackTool.HASHCAT))
                .startsWith("$cram_md5$PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5vcmc+$Ym9i");
        assertThat(digest("auth").line(CrackTool.HASHCAT))
                .startsWith("$sip$***bob*IP"
                        + " Camera(C1234)*GET**/ISAPI/Security/userCheck?a=1**4e6f6e*0a4f113b*00000001*auth*MD5*");
        assertThat(digest("auth").line(CrackTool.JOHN))
                .matches("bob:\\$response\\$[0-9a-f]{32}\\$bob\\$IP Camera\\(C1234\\)"
                        + "\\$GET\\$/ISAPI/Security/userCheck\\?a=1\\$4e6f6e\\$00000001\\$0a4f113b\\$auth");
    }

    /** RFC 1320 section A.5. */
    @Test
    void theTestsOwnMd4IsMd4() {
        assertThat(HEX.formatHex(md4(ascii("message digest")))).isEqualTo("d9130a8164549fe818874806e1c7014b");
    }

    @Test
    void whatIsMissingOrWouldBreakALineGivesNone() {
        String md5 = "0".repeat(32);
        assertThat(CrackTool.HASHCAT.line("http_digest_md5", "a*b", md5, "realm=r&nonce=n&uri=/&method=GET"))
                .isEmpty();
        assertThat(CrackTool.JOHN.line("http_digest_md5", "a", md5, "realm=r%24x&nonce=n&uri=/&method=GET"))
                .isEmpty();
        assertThat(CrackTool.JOHN.line("http_digest_md5", "a", md5, "realm=r&nonce=n&uri=/&method=GET&qop=auth-int"))
                .isEmpty();
        assertThat(CrackTool.HASHCAT.line(
                        "http_digest_md5", "a", md5, "realm=r&nonce=n&uri=/&method=GET&algorithm=SHA-256"))
                .isEmpty();
        assertThat(CrackTool.HASHCAT.line("ntlmssp_v2", "a\\x0ab", "00".repeat(40), "0011223344556677"))
                .isEmpty();
        assertThat(CrackTool.HASHCAT.line("ntlmssp_v2", "a:b", "00".repeat(40), "0011223344556677"))
                .isEmpty();
        assertThat(CrackTool.HASHCAT.line("postgres_md5_challenge", "a", md5, "xyz"))
                .isEmpty();
        assertThat(CrackTool.HASHCAT.line("postgres_md5_challenge", "a", "not hex", "00000000"))
                .isEmpty();
        assertThat(CrackTool.JOHN.line("plaintext", "a", "b", "")).isEmpty();
        assertThat(CrackTool.JOHN.line("scram_sha256", "a", "b", "server_first=x"))
                .isEmpty();
    }

    /** Minutes, as hashcat builds its programs for each mode. */
    @Tag("long")
    @ParameterizedTest
    @MethodSource("proofs")
    void hashcatFindsThePassword(Proof proof) throws IOException, InterruptedException {
        var line = CrackTool.HASHCAT.line(
                proof.kind(),
                proof.principal(),
                proof.secret(),
                proof.challenge().text());
        assumeTrue(line.isPresent(), "hashcat has no mode for " + proof.kind());
        assumeTrue(Files.isExecutable(HASHCAT), "SKIPPED: hashcat is not installed");
        Path hashes = Files.writeString(folder.resolve("hashes"), line.get().text() + "\n");
        Path words = Files.writeString(folder.resolve("words"), "wrong\n" + PASSWORD + "\n");
        Path found = folder.resolve("found");
        Path said = folder.resolve("said");

        ProcessBuilder command = new ProcessBuilder(
                        HASHCAT.toString(),
                        "-m",
                        line.get().mode(),
                        "-a",
                        "0",
                        "--potfile-disable",
                        "--force",
                        "--quiet",
                        "--self-test-disable",
                        "--session",
                        "decnet" + ProcessHandle.current().pid(),
                        "--outfile-format",
                        "2",
                        "-o",
                        found.toString(),
                        hashes.toString(),
                        words.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        command.environment().put("HOME", folder.toString());
        Process process = command.start();
        try {
            assumeTrue(process.waitFor(110, TimeUnit.SECONDS), "SKIPPED: hashcat takes too long here");
        } finally {
            process.destroyForcibly();
        }

        String output = Files.readString(said);
        assumeTrue(
                !output.contains("No devices found")
                        && !output.contains("installation found")
                        && !output.contains("clGetPlatformIDs")
                        && !output.contains("clBuildProgram"),
                "SKIPPED: hashcat finds no device to compute on");
        assertThat(found).as(output).exists();
        assertThat(Files.readString(found).strip()).isEqualTo(PASSWORD);
    }
}
