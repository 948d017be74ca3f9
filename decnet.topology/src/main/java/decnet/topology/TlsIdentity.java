package decnet.topology;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What the machine shows to those who speak TLS with it.
 *
 * @param algorithm of the key: {@code RSA} or {@code EC}
 * @param pkcs8 private key: PKCS #8 DER, base64
 * @param chain its certificate, then those that a real machine of its kind sends along: DER, base64
 */
public record TlsIdentity(String algorithm, String pkcs8, List<String> chain) {
    /** @throws IllegalArgumentException if there is no certificate */
    public TlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a TLS identity without certificate");
        }
    }

    /** Decodes the key. @throws IllegalArgumentException if it is damaged */
    public PrivateKey privateKey() {
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pkcs8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the TLS key cannot be read", e);
        }
    }

    /** Decodes the chain, the machine's own certificate first. @throws IllegalArgumentException if one is damaged */
    public List<X509Certificate> certificates() {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> certificates = new ArrayList<>();
            for (String one : chain) {
                certificates.add((X509Certificate) factory.generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(one))));
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a TLS certificate cannot be read", e);
        }
    }

    @Override
    public String toString() {
        return "TlsIdentity[" + algorithm + ", " + chain.size() + " certificates]";
    }
}
