package decnet.topology;

import static decnet.x509.Extension.Usage.CERTIFICATE_SIGN;
import static decnet.x509.Extension.Usage.CRL_SIGN;
import static decnet.x509.Extension.Usage.DIGITAL_SIGNATURE;

import decnet.x509.CertificateDraft;
import decnet.x509.DistinguishedName;
import decnet.x509.Extension;
import decnet.x509.KeyId;
import decnet.x509.Keys;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** The authority that signs certificates of a site's servers, as companies run one for themselves. Immutable. */
record SiteAuthority(TlsIdentity identity) {
    private static final Duration LIFE = Duration.ofDays(20 * 365);

    /** A new one. @param from older than every machine of the site */
    static SiteAuthority make(String name, Instant from) {
        try {
            KeyPair key = Keys.rsa(2048);
            X509Certificate certificate = new CertificateDraft(
                            DistinguishedName.of("CN", name),
                            Keys.serial(16),
                            from,
                            from.plus(LIFE),
                            List.of(
                                    Extension.plainUsage(DIGITAL_SIGNATURE, CERTIFICATE_SIGN, CRL_SIGN),
                                    Extension.unlimitedAuthority(),
                                    Extension.subjectKey(KeyId.sha1(key.getPublic()))))
                    .selfSigned(key);
            return new SiteAuthority(identity(key, certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java 25 makes RSA keys", e);
        }
    }

    X509Certificate certificate() {
        return identity.certificates().getFirst();
    }

    static TlsIdentity identity(KeyPair key, X509Certificate... chain) throws CertificateEncodingException {
        Base64.Encoder base64 = Base64.getEncoder();
        String[] encoded = new String[chain.length];
        for (int i = 0; i < chain.length; i++) {
            encoded[i] = base64.encodeToString(chain[i].getEncoded());
        }
        return new TlsIdentity(
                key.getPrivate().getAlgorithm(), base64.encodeToString(Keys.pkcs8(key)), List.of(encoded));
    }
}
