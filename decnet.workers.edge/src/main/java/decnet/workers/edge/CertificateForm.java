package decnet.workers.edge;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Certificates and revocation lists as RFC 5280 wants them, signed with ECDSA over P-256 and SHA-256. What it writes is read back by the
 * platform before anybody gets it. Stateless.
 */
final class CertificateForm {
    private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final SecureRandom RANDOM = new SecureRandom();

    private CertificateForm() {}

    static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /**
     * A key of {@link #newKey} in PKCS #8, with its public half: the platform leaves that out (RFC 5915 section 3 allows it), and then
     * GnuTLS, with it rsyslog and syslog-ng, cannot read the key.
     */
    static byte[] privateKey(KeyPair key) {
        byte[] number = ((ECPrivateKey) key.getPrivate()).getS().toByteArray();
        byte[] scalar = new byte[32];
        int from = Math.max(0, number.length - scalar.length); // a sign may stand before it
        System.arraycopy(number, from, scalar, scalar.length - (number.length - from), number.length - from);
        byte[] subject = key.getPublic().getEncoded(); // ends with the point, uncompressed
        byte[] point = Arrays.copyOfRange(subject, subject.length - 65, subject.length);
        return Der.sequence(
                Der.integer(0),
                Der.sequence(Der.oid("1.2.840.10045.2.1"), Der.oid("1.2.840.10045.3.1.7")),
                Der.octets(Der.sequence(Der.integer(1), Der.octets(scalar), Der.explicit(1, Der.bits(0, point)))));
    }

    /** A positive number of 127 random bits. */
    static BigInteger newSerial() {
        return new BigInteger(126, RANDOM).setBit(126);
    }

    /** The certificate of an authority, signed by itself; it may sign no other authority. */
    static X509Certificate authority(String name, KeyPair key, Instant from, Instant to)
            throws GeneralSecurityException {
        byte[] extensions = Der.sequence(
                extension("2.5.29.19", true, Der.sequence(Der.truth(), Der.integer(0))),
                extension("2.5.29.15", true, Der.bits(1, new byte[] {0x06})), // keyCertSign, cRLSign
                extension("2.5.29.14", false, Der.octets(keyId(key.getPublic()))),
                authorityKey(key.getPublic()));
        return certificate(newSerial(), name, name, key.getPublic(), key.getPrivate(), from, to, extensions);
    }

    /**
     * A certificate for a peer, good for both ends of a connection.
     *
     * @param names host names and addresses under which it is reached
     */
    static X509Certificate peer(
            String name,
            List<String> names,
            PublicKey key,
            X509Certificate issuer,
            PrivateKey issuerKey,
            Instant from,
            Instant to)
            throws GeneralSecurityException {
        byte[][] alternatives = names.stream().map(CertificateForm::alternative).toArray(byte[][]::new);
        byte[] extensions = Der.sequence(
                extension("2.5.29.19", true, Der.sequence()),
                extension("2.5.29.15", true, Der.bits(7, new byte[] {(byte) 0x80})), // digitalSignature
                extension("2.5.29.37", false, Der.sequence(Der.oid(SERVER_AUTH), Der.oid(CLIENT_AUTH))),
                extension("2.5.29.17", false, Der.sequence(alternatives)),
                extension("2.5.29.14", false, Der.octets(keyId(key))),
                authorityKey(issuer.getPublicKey()));
        return certificate(newSerial(), name, commonName(issuer), key, issuerKey, from, to, extensions);
    }

    /** A list of what is revoked, by serial number. @param number higher than that of every earlier list */
    static X509CRL revocations(
            X509Certificate issuer,
            PrivateKey issuerKey,
            long number,
            Instant now,
            Instant next,
            Map<BigInteger, Instant> revoked)
            throws GeneralSecurityException {
        byte[][] entries = revoked.entrySet().stream()
                .map(entry -> Der.sequence(Der.integer(entry.getKey()), Der.time(entry.getValue())))
                .toArray(byte[][]::new);
        byte[] extensions = Der.explicit(
                0,
                Der.sequence(authorityKey(issuer.getPublicKey()), extension("2.5.29.20", false, Der.integer(number))));
        byte[] list = Der.sequence(
                Der.integer(1),
                ECDSA_SHA256,
                name(commonName(issuer)),
                Der.time(now),
                Der.time(next),
                entries.length == 0 ? new byte[0] : Der.sequence(entries),
                extensions);
        return (X509CRL)
                CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(signed(list, issuerKey)));
    }

    /** The common name of a certificate's subject. @throws IllegalArgumentException if it has none or several */
    static String commonName(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        String found = "";
        // values of ours hold no comma; one of a stranger may, escaped, and is then refused
        for (String part : subject.split(",")) {
            if (part.startsWith("CN=")) {
                if (!found.isEmpty()) {
                    throw new IllegalArgumentException("a certificate with several names");
                }
                found = part.substring(3);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("a certificate without a name (CN)");
        }
        return found;
    }

    private static X509Certificate certificate(
            BigInteger serial,
            String subject,
            String issuer,
            PublicKey key,
            PrivateKey issuerKey,
            Instant from,
            Instant to,
            byte[] extensions)
            throws GeneralSecurityException {
        byte[] body = Der.sequence(
                Der.explicit(0, Der.integer(2)),
                Der.integer(serial),
                ECDSA_SHA256,
                name(issuer),
                Der.sequence(Der.time(from), Der.time(to)),
                name(subject),
                key.getEncoded(),
                Der.explicit(3, extensions));
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(signed(body, issuerKey)));
    }

    private static byte[] signed(byte[] body, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(body);
        return Der.sequence(body, ECDSA_SHA256, Der.bits(0, signature.sign()));
    }

    private static byte[] name(String commonName) {
        return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.text(commonName))));
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.truth(), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static byte[] authorityKey(PublicKey key) throws GeneralSecurityException {
        return extension("2.5.29.35", false, Der.sequence(Der.implicit(0, keyId(key))));
    }

    /** RFC 7093 section 2 method 1: the first 160 bits of a hash. */
    private static byte[] keyId(PublicKey key) throws GeneralSecurityException {
        return java.util.Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()), 20);
    }

    private static byte[] alternative(String name) {
        if (name.matches("[0-9.]+") || name.contains(":")) {
            try {
                return Der.implicit(7, InetAddress.ofLiteral(name).getAddress());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("not an address: " + name, e);
            }
        }
        return Der.implicit(2, name.getBytes(StandardCharsets.US_ASCII));
    }
}
