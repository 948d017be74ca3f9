package decnet.x509;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What a certificate is to say, before somebody signs it (RFC 5280 section 4.1). Signed with SHA-256, by RSA or ECDSA as the signer's
 * key is.
 *
 * @param serial positive, at most 20 bytes
 * @param from first second it is good; parts of a second are cut off
 * @param to last second it is good
 * @param extensions in the order in which they are written; a certificate without any is of version 1
 */
public record CertificateDraft(
        DistinguishedName subject, BigInteger serial, Instant from, Instant to, List<Extension> extensions) {
    private static final int MAX_SERIAL_BITS = 159;

    /** @throws IllegalArgumentException if the serial is not positive or too long, or the end is not after the beginning */
    public CertificateDraft {
        extensions = List.copyOf(extensions);
        if (serial.signum() <= 0 || serial.bitLength() > MAX_SERIAL_BITS) {
            throw new IllegalArgumentException("serial of " + serial.bitLength() + " bits; expected a positive one of "
                    + "at most " + MAX_SERIAL_BITS);
        }
        if (!to.isAfter(from)) {
            throw new IllegalArgumentException("a certificate from " + from + " to " + to);
        }
    }

    /** Signed by its own key. */
    public X509Certificate selfSigned(KeyPair key) throws GeneralSecurityException {
        return sign(key.getPublic(), subject.der(), key.getPrivate());
    }

    /** Signed by an authority; the issuer's name is taken as it stands in its certificate. */
    public X509Certificate signedBy(X509Certificate issuer, PrivateKey issuerKey, PublicKey key)
            throws GeneralSecurityException {
        return sign(key, issuer.getSubjectX500Principal().getEncoded(), issuerKey);
    }

    private X509Certificate sign(PublicKey key, byte[] issuer, PrivateKey issuerKey) throws GeneralSecurityException {
        byte[] all = Der.sequence(extensions.stream().map(Extension::der).toArray(byte[][]::new));
        byte[] none = new byte[0];
        byte[] body = Der.sequence(
                extensions.isEmpty() ? none : Der.explicit(0, Der.integer(2)),
                Der.integer(serial),
                Signed.algorithm(issuerKey),
                issuer,
                Der.sequence(Der.time(from), Der.time(to)),
                subject.der(),
                key.getEncoded(),
                extensions.isEmpty() ? none : Der.explicit(3, all));
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Signed.of(body, issuerKey)));
    }
}
