package decnet.workers.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.core.DeckyName;
import decnet.x509.DistinguishedName;
import decnet.x509.Keys;
import decnet.x509.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwarmAuthorityTest {
    private static final DeckyName PARIS = new DeckyName("paris-01");

    @TempDir
    private Path dir;

    private SwarmAuthority authority;
    private Path folder;

    @BeforeEach
    void begin() throws IOException {
        folder = dir.resolve("swarm");
        authority = new SwarmAuthority(folder, InstantSource.system());
        authority.init("an authority");
    }

    private String openssl(String... arguments) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        List<String> command = new java.util.ArrayList<>(List.of("/usr/bin/openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    @Test
    void aCertificateSaysWhoItIsForForHowLongAndForWhat() throws Exception {
        Path bundle = authority.issue(
                PARIS, List.of("paris.example.org", "192.0.2.7", "2001:db8::7"), 30, authority.bundle(PARIS));

        X509Certificate certificate =
                Pem.certificates(bundle.resolve("cert.pem")).getFirst();
        X509Certificate ca = Pem.certificates(bundle.resolve("ca.pem")).getFirst();
        certificate.verify(ca.getPublicKey());
        assertThat(DistinguishedName.commonName(certificate)).isEqualTo("paris-01");
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactly("paris.example.org", "192.0.2.7", "2001:db8:0:0:0:0:0:7", "paris-01");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getKeyUsage()).startsWith(true, false);
        assertThat(Duration.between(Instant.now(), certificate.getNotAfter().toInstant()))
                .isBetween(Duration.ofDays(29), Duration.ofDays(30));
        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(ca.getKeyUsage()[5]).isTrue();
        assertThat(ca.getKeyUsage()[6]).isTrue();
        assertThat(Duration.between(Instant.now(), ca.getNotAfter().toInstant()))
                .isBetween(Duration.ofDays(3649), Duration.ofDays(3650));
    }

    @Test
    void keysAreForTheirOwnerOnly() throws IOException {
        Path bundle = authority.issue(PARIS, List.of(), 30, authority.bundle(PARIS));

        for (Path key : List.of(bundle.resolve("key.pem"), folder.resolve("ca/key.pem"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca"))))
                .isEqualTo("rwx------");
    }

    @Test
    void aKeyHoldsItsPublicHalfForReadersThatAskForIt() throws Exception {
        for (int i = 0; i < 300; i++) { // numbers with leading zeros, and with a sign before them, among them
            java.security.KeyPair key = Keys.elliptic();
            Path file = Files.writeString(dir.resolve("key.pem"), Pem.text("PRIVATE KEY", Keys.pkcs8(key)));

            assertThat(((ECPrivateKey) Pem.privateKey(file)).getS())
                    .isEqualTo(((ECPrivateKey) key.getPrivate()).getS());
        }
        String key = authority
                .issue(PARIS, List.of(), 30, authority.bundle(PARIS))
                .resolve("key.pem")
                .toString();
        assertThat(openssl("pkey", "-in", key, "-check", "-noout")).contains("Key is valid");
        assertThat(openssl("asn1parse", "-in", key, "-strparse", "27")).contains("BIT STRING");
    }

    @Test
    void whatRootMakesBelongsToTheServicesAndTheAuthorityDoesNot() throws IOException {
        assumeTrue(Files.getAttribute(dir, "unix:uid").equals(0), "not root");
        Path state = Files.createDirectory(dir.resolve("state"));
        Files.setAttribute(state, "unix:gid", 4243);
        Files.setAttribute(state, "unix:uid", 4242);
        SwarmAuthority roots = new SwarmAuthority(state.resolve("swarm"), InstantSource.system());

        roots.init("an authority");
        roots.issue(new DeckyName("centre"), List.of(), 30, roots.own());
        roots.issue(PARIS, List.of(), 30, roots.bundle(PARIS));
        roots.revoke(PARIS); // writes the list anew

        Path swarm = state.resolve("swarm");
        for (String file :
                List.of("", "own", "own/key.pem", "own/cert.pem", "own/ca.pem", "own/crl.pem", "ca.pem", "crl.pem")) {
            assertThat(Files.getAttribute(swarm.resolve(file), "unix:uid"))
                    .describedAs(file)
                    .isEqualTo(4242);
            assertThat(Files.getAttribute(swarm.resolve(file), "unix:gid"))
                    .describedAs(file)
                    .isEqualTo(4243);
        }
        for (String file : List.of("ca", "ca/key.pem", "ca/index", "issued", "issued/paris-01/key.pem")) {
            assertThat(Files.getAttribute(swarm.resolve(file), "unix:uid"))
                    .describedAs(file)
                    .isEqualTo(0);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(swarm.resolve("own/key.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void opensslFollowsTheChainAndHeedsTheRevocationList() throws Exception {
        Path bundle = authority.issue(PARIS, List.of(), 30, authority.bundle(PARIS));
        String cert = bundle.resolve("cert.pem").toString();
        String ca = folder.resolve("ca.pem").toString();
        String crl = folder.resolve("crl.pem").toString();

        assertThat(openssl("verify", "-x509_strict", "-crl_check", "-CRLfile", crl, "-CAfile", ca, cert))
                .contains(": OK");
        assertThat(openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", ca, cert))
                .contains(": OK");
        assertThat(openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", ca, cert))
                .contains(": OK");
        authority.revoke(PARIS);
        assertThat(openssl("verify", "-x509_strict", "-crl_check", "-CRLfile", crl, "-CAfile", ca, cert))
                .contains("certificate revoked");
        assertThat(openssl("crl", "-in", crl, "-noout", "-text", "-CAfile", ca))
                .contains("verify OK", "X509v3 CRL Number", "X509v3 Authority Key Identifier");
    }

    @Test
    void whatIsRevokedIsListedAsSuchAndANewOneIsGood() throws IOException {
        authority.issue(PARIS, List.of(), 30, authority.bundle(PARIS));
        assertThat(authority.revoke(PARIS)).isEqualTo(1);
        authority.issue(PARIS, List.of(), 30, authority.bundle(PARIS));

        assertThat(authority.list())
                .extracting(one -> one.revokedAt().isPresent())
                .containsExactly(true, false);
        assertThat(Pem.revocations(folder.resolve("crl.pem")).getRevokedCertificates())
                .hasSize(1);
        assertThat(Pem.revocations(folder.resolve("crl.pem"))
                        .isRevoked(Pem.certificates(authority.bundle(PARIS).resolve("cert.pem"))
                                .getFirst()))
                .isFalse();
    }

    @Test
    void mistakesAreRefusedWithWhatToDo() throws IOException {
        assertThatThrownBy(() -> authority.init("again"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("already");
        assertThatThrownBy(() -> authority.issue(PARIS, List.of(), 366, authority.bundle(PARIS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 365");
        assertThatThrownBy(() -> new SwarmAuthority(dir.resolve("none"), InstantSource.system()).list())
                .hasMessageContaining("decnet swarm ca init");
        assertThat(authority.revoke(new DeckyName("nobody"))).isZero();
    }
}
