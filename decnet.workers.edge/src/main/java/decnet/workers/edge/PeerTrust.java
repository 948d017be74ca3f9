package decnet.workers.edge;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts whom the platform trusts for the given authorities (RFC 5280 section 6: signature, dates, usage, host name), and who is not on
 * the revocation list. Immutable, thread-safe.
 */
final class PeerTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager platform;
    private final Optional<X509CRL> revocations;

    PeerTrust(X509ExtendedTrustManager platform, Optional<X509CRL> revocations) {
        this.platform = platform;
        this.revocations = revocations;
    }

    /** @throws GeneralSecurityException if none of {@code authorities} has signed the list */
    static void checkSigner(X509CRL revocations, List<X509Certificate> authorities) throws GeneralSecurityException {
        GeneralSecurityException first = null;
        for (X509Certificate authority : authorities) {
            try {
                revocations.verify(authority.getPublicKey());
                return;
            } catch (GeneralSecurityException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        throw first == null ? new GeneralSecurityException("no authority to check the revocation list") : first;
    }

    boolean revoked(X509Certificate certificate) {
        return revocations.isPresent() && revocations.get().isRevoked(certificate);
    }

    private void checkRevoked(X509Certificate[] chain) throws CertificateException {
        for (X509Certificate certificate : chain) {
            if (revoked(certificate)) {
                // the reason inside makes the platform tell the peer: certificate_revoked
                throw new CertificateException(
                        "the certificate of " + certificate.getSubjectX500Principal() + ", serial "
                                + certificate.getSerialNumber().toString(16) + ", is revoked",
                        new CertPathValidatorException(
                                "revoked", null, null, -1, CertPathValidatorException.BasicReason.REVOKED));
            }
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        platform.checkClientTrusted(chain, type, socket);
        checkRevoked(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        platform.checkServerTrusted(chain, type, socket);
        checkRevoked(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        platform.checkClientTrusted(chain, type, engine);
        checkRevoked(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        platform.checkServerTrusted(chain, type, engine);
        checkRevoked(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        platform.checkClientTrusted(chain, type);
        checkRevoked(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        platform.checkServerTrusted(chain, type);
        checkRevoked(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return platform.getAcceptedIssuers();
    }
}
