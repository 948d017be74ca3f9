package decnet.workers.edge;

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
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** The two kinds of certificates of a swarm: of its authority and of its hosts. Stateless. */
final class SwarmCertificates {
    private static final int SERIAL_BYTES = 16;

    private SwarmCertificates() {}

    /** The certificate of an authority, signed by itself; it may sign no other authority. */
    static X509Certificate authority(String name, KeyPair key, Instant from, Instant to)
            throws GeneralSecurityException {
        KeyId id = KeyId.sha256(key.getPublic());
        return new CertificateDraft(
                        DistinguishedName.of("CN", name),
                        Keys.serial(SERIAL_BYTES),
                        from,
                        to,
                        List.of(
                                Extension.authority(),
                                Extension.usage(CERTIFICATE_SIGN, CRL_SIGN),
                                Extension.subjectKey(id),
                                Extension.authorityKey(id)))
                .selfSigned(key);
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
        return new CertificateDraft(
                        DistinguishedName.of("CN", name),
                        Keys.serial(SERIAL_BYTES),
                        from,
                        to,
                        List.of(
                                Extension.endEntity(),
                                Extension.usage(DIGITAL_SIGNATURE),
                                Extension.purposes(Extension.SERVER_AUTH, Extension.CLIENT_AUTH),
                                Extension.alternatives(names),
                                Extension.subjectKey(KeyId.sha256(key)),
                                Extension.authorityKey(KeyId.sha256(issuer.getPublicKey()))))
                .signedBy(issuer, issuerKey, key);
    }
}
