package decnet.x509;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;

/**
 * What an authority no longer stands for (RFC 5280 section 5).
 *
 * @param number higher than that of every earlier list
 * @param next when a newer list will be there at the latest
 * @param revoked when, by serial number
 */
public record RevocationList(long number, Instant now, Instant next, Map<BigInteger, Instant> revoked) {
    public RevocationList {
        revoked = Map.copyOf(revoked);
    }

    /** @param issuerKeyId as it stands in the issuer's certificate */
    public X509CRL signedBy(X509Certificate issuer, PrivateKey issuerKey, KeyId issuerKeyId)
            throws GeneralSecurityException {
        byte[][] entries = revoked.entrySet().stream()
                .sorted(Map.Entry.<BigInteger, Instant>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> Der.sequence(Der.integer(entry.getKey()), Der.time(entry.getValue())))
                .toArray(byte[][]::new);
        byte[] crlNumber = Der.sequence(Der.oid("2.5.29.20"), Der.octets(Der.integer(number)));
        byte[] list = Der.sequence(
                Der.integer(1),
                Signed.algorithm(issuerKey),
                issuer.getSubjectX500Principal().getEncoded(),
                Der.time(now),
                Der.time(next),
                entries.length == 0 ? new byte[0] : Der.sequence(entries),
                Der.explicit(0, Der.sequence(Extension.authorityKey(issuerKeyId).der(), crlNumber)));
        return (X509CRL) CertificateFactory.getInstance("X.509")
                .generateCRL(new ByteArrayInputStream(Signed.of(list, issuerKey)));
    }
}
