package decnet.workers.edge;

import decnet.x509.DistinguishedName;
import decnet.x509.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** What one end of a TLS connection is and trusts, read from files. Immutable, thread-safe. */
final class TlsIdentity {
    private final SSLContext context;
    private final PeerTrust trust;
    private final Optional<X509Certificate> certificate;

    private TlsIdentity(SSLContext context, PeerTrust trust, Optional<X509Certificate> certificate) {
        this.context = context;
        this.trust = trust;
        this.certificate = certificate;
    }

    /** @throws IOException naming the file that is missing or wrong, and what to do */
    static TlsIdentity load(TlsFiles files) throws IOException {
        try {
            Optional<X509Certificate> own = Optional.empty();
            KeyManager[] keys = new KeyManager[0];
            if (files.certificate().isPresent()) {
                TlsFiles.Own at = files.certificate().get();
                List<X509Certificate> chain = Pem.certificates(at.certificate());
                own = Optional.of(chain.getFirst());
                keys = keys(chain, Pem.privateKey(at.key()));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            List<X509Certificate> authorities = List.of();
            if (files.authorities().isPresent()) {
                authorities = Pem.certificates(files.authorities().get());
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                for (int i = 0; i < authorities.size(); i++) {
                    store.setCertificateEntry("ca" + i, authorities.get(i));
                }
                factory.init(store);
            } else {
                factory.init((KeyStore) null);
            }
            Optional<X509CRL> revocations = Optional.empty();
            if (files.revocations().isPresent()
                    && Files.exists(files.revocations().get())) {
                X509CRL list = Pem.revocations(files.revocations().get());
                PeerTrust.checkSigner(list, authorities);
                revocations = Optional.of(list);
            }
            PeerTrust trust = new PeerTrust((X509ExtendedTrustManager) factory.getTrustManagers()[0], revocations);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            return new TlsIdentity(context, trust, own);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    e.getFile()
                            + " is missing; copy this host's bundle there (decnet swarm ca issue NAME, at the centre)",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IOException("certificate, key or revocation list do not fit together: " + e.getMessage(), e);
        }
    }

    private static KeyManager[] keys(List<X509Certificate> chain, PrivateKey key)
            throws GeneralSecurityException, IOException {
        char[] password = new char[0]; // the store lives in memory only
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", key, password, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    SSLContext context() {
        return context;
    }

    boolean revoked(X509Certificate peer) {
        return trust.revoked(peer);
    }

    /** When the own certificate ends. */
    Optional<Instant> notAfter() {
        return certificate.map(own -> own.getNotAfter().toInstant());
    }

    /** The name in the own certificate. */
    Optional<String> name() {
        return certificate.map(DistinguishedName::commonName);
    }
}
