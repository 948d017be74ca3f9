package decnet.x509;

import static decnet.x509.Extension.Usage.CERTIFICATE_SIGN;
import static decnet.x509.Extension.Usage.CRL_SIGN;
import static decnet.x509.Extension.Usage.DATA_ENCIPHERMENT;
import static decnet.x509.Extension.Usage.DIGITAL_SIGNATURE;
import static decnet.x509.Extension.Usage.KEY_ENCIPHERMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateDraftTest {
    private static final Instant FROM = Instant.parse("2026-03-04T05:06:07Z");
    private static final Instant TO = Instant.parse("2056-03-04T05:06:07Z");

    @TempDir
    private Path dir;

    private String openssl(String... arguments) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        List<String> command = new ArrayList<>(List.of("/usr/bin/openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    private String write(String name, X509Certificate certificate) throws Exception {
        return Files.writeString(dir.resolve(name), Pem.text("CERTIFICATE", certificate.getEncoded()))
                .toString();
    }

    @Test
    void whatIsWrittenIsReadByThePlatformAndByOpenssl() throws Exception {
        KeyPair key = Keys.rsa(2048);
        X509Certificate certificate = new CertificateDraft(
                        DistinguishedName.of("C", "US", "O", "Example, Inc", "CN", "host.example.org"),
                        Keys.serial(20),
                        FROM,
                        TO,
                        List.of(
                                Extension.plainEndEntity(),
                                Extension.plainUsage(KEY_ENCIPHERMENT, DATA_ENCIPHERMENT),
                                Extension.purposes(Extension.SERVER_AUTH),
                                Extension.alternatives(List.of("host.example.org", "192.0.2.7")),
                                Extension.subjectKey(KeyId.sha1(key.getPublic()))))
                .selfSigned(key);

        certificate.verify(key.getPublic());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSerialNumber().toByteArray()).hasSize(20);
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(FROM);
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(TO);
        assertThat(certificate.getKeyUsage()).startsWith(false, false, true, true, false);
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        String text = openssl("x509", "-noout", "-text", "-in", write("a.pem", certificate));
        assertThat(text)
                .contains(
                        "Issuer: C = US, O = \"Example, Inc\", CN = host.example.org",
                        "sha256WithRSAEncryption",
                        "Key Encipherment, Data Encipherment",
                        "DNS:host.example.org, IP Address:192.0.2.7");
    }

    @Test
    void theKeyIdentifierIsThatOfOpenssl() throws Exception {
        for (KeyPair key : List.of(Keys.rsa(2048), Keys.elliptic())) {
            X509Certificate certificate = new CertificateDraft(
                            DistinguishedName.of("CN", "a"),
                            Keys.serial(8),
                            FROM,
                            TO,
                            List.of(Extension.subjectKey(KeyId.sha1(key.getPublic()))))
                    .selfSigned(key);
            String file = write("a.pem", certificate);
            String open = Files.writeString(dir.resolve("key.pem"), Pem.text("PRIVATE KEY", Keys.pkcs8(key)))
                    .toString();

            String theirs = openssl(
                    "req", "-x509", "-new", "-key", open, "-subj", "/CN=a", "-addext", "subjectKeyIdentifier=hash");
            Path other = Files.writeString(dir.resolve("b.pem"), theirs);
            assertThat(openssl("x509", "-noout", "-ext", "subjectKeyIdentifier", "-in", file))
                    .contains("Subject Key Identifier")
                    .isEqualTo(openssl("x509", "-noout", "-ext", "subjectKeyIdentifier", "-in", other.toString()));
        }
    }

    @Test
    void aChainAndARevocationListAreGoodForOpenssl() throws Exception {
        KeyPair authorityKey = Keys.rsa(2048);
        KeyPair key = Keys.elliptic();
        KeyId id = KeyId.sha1(authorityKey.getPublic());
        X509Certificate authority = new CertificateDraft(
                        DistinguishedName.of("DC", "lan", "DC", "example", "CN", "example-CA"),
                        Keys.serial(16),
                        FROM,
                        TO,
                        List.of(
                                Extension.unlimitedAuthority(),
                                Extension.usage(DIGITAL_SIGNATURE, CERTIFICATE_SIGN, CRL_SIGN),
                                Extension.subjectKey(id)))
                .selfSigned(authorityKey);
        X509Certificate certificate = new CertificateDraft(
                        DistinguishedName.of("CN", "a.example.lan"),
                        Keys.serial(16),
                        FROM,
                        TO,
                        List.of(
                                Extension.endEntity(),
                                Extension.authorityKey(id),
                                Extension.alternatives(List.of("a"))))
                .signedBy(authority, authorityKey.getPrivate(), key.getPublic());
        String ca = write("ca.pem", authority);
        String own = write("own.pem", certificate);
        String list = Files.writeString(
                        dir.resolve("crl.pem"),
                        Pem.text(
                                "X509 CRL",
                                new RevocationList(1, FROM, TO, Map.of(certificate.getSerialNumber(), FROM))
                                        .signedBy(authority, authorityKey.getPrivate(), id)
                                        .getEncoded()))
                .toString();
        String at = Long.toString(FROM.getEpochSecond() + 5);

        assertThat(openssl("verify", "-attime", at, "-CAfile", ca, own)).contains(": OK");
        assertThat(openssl("verify", "-attime", at, "-crl_check", "-CRLfile", list, "-CAfile", ca, own))
                .contains("certificate revoked");
    }

    @Test
    void aCertificateWithoutExtensionsIsOfVersionOne() throws Exception {
        KeyPair key = Keys.elliptic();

        X509Certificate certificate = new CertificateDraft(
                        DistinguishedName.of("CN", "a"), BigInteger.TWO, FROM, TO, List.of())
                .selfSigned(key);

        assertThat(certificate.getVersion()).isEqualTo(1);
    }

    @Test
    void serialNumbersArePositiveAndAsLongAsAsked() {
        for (int bytes = 1; bytes <= 20; bytes++) {
            BigInteger serial = Keys.serial(bytes);

            assertThat(serial.signum()).isEqualTo(1);
            assertThat(serial.toByteArray()).hasSize(bytes);
        }
        assertThatThrownBy(() -> Keys.serial(21)).hasMessageContaining("1 to 20");
    }

    @Test
    void whatCannotBeACertificateIsRefused() {
        DistinguishedName name = DistinguishedName.of("CN", "a");
        assertThatThrownBy(() -> new CertificateDraft(name, BigInteger.ZERO, FROM, TO, List.of()))
                .hasMessageContaining("positive");
        assertThatThrownBy(() -> new CertificateDraft(name, BigInteger.ONE.shiftLeft(159), FROM, TO, List.of()))
                .hasMessageContaining("160 bits");
        assertThatThrownBy(() -> new CertificateDraft(name, BigInteger.ONE, TO, FROM, List.of()))
                .hasMessageContaining("from");
        assertThatThrownBy(() -> DistinguishedName.of("CN", "")).hasMessageContaining("CN");
        assertThatThrownBy(() -> DistinguishedName.of("XX", "a")).hasMessageContaining("XX");
        assertThatThrownBy(() -> DistinguishedName.of("CN")).hasMessageContaining("without a value");
    }
}
