package decnet.decoys;

import decnet.topology.Persona;
import decnet.topology.TlsIdentity;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * The server's end of TLS 1.2 and 1.3 for one service of a decky, with its certificate and the ciphers of OpenSSL's default list, in its
 * order. Thread-safe.
 */
final class TlsServer {
    /** OpenSSL 3.0, security level 2, as far as the platform has them. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
            "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
            "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_DHE_RSA_WITH_AES_128_CBC_SHA");

    private final SSLContext context;
    private final UnaryOperator<List<String>> alpn;

    /**
     * @param alpn of what the client offers by ALPN the one that is taken; none if the extension is left unanswered
     * @throws IllegalArgumentException if key and chain do not fit the platform
     */
    TlsServer(PrivateKey key, List<X509Certificate> chain, UnaryOperator<List<String>> alpn) {
        this.alpn = alpn;
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            char[] none = {};
            store.load(null, none);
            store.setKeyEntry("server", key, none, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, none);
            context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalArgumentException("the certificate cannot be used: " + e.getMessage(), e);
        }
        // what a visitor could make us keep
        context.getServerSessionContext().setSessionCacheSize(256);
        context.getServerSessionContext().setSessionTimeout(300);
    }

    /** @throws IllegalArgumentException if the machine has no certificate */
    static TlsServer of(Persona persona, UnaryOperator<List<String>> alpn) {
        TlsIdentity identity =
                persona.tls().orElseThrow(() -> new IllegalArgumentException(persona.fqdn() + " has no certificate"));
        return new TlsServer(identity.privateKey(), identity.certificates(), alpn);
    }

    SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        List<String> known = List.of(engine.getSupportedCipherSuites());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setCipherSuites(CIPHERS.stream().filter(known::contains).toArray(String[]::new));
        engine.setSSLParameters(parameters);
        engine.setHandshakeApplicationProtocolSelector((one, offered) -> {
            List<String> taken = alpn.apply(offered);
            return taken.isEmpty() ? "" : taken.getFirst();
        });
        return engine;
    }

    /** What was agreed on; the platform has checked the name (at most 255 letters, digits, dots, hyphens). */
    static TlsInfo info(SSLEngine engine) {
        Optional<String> name = Optional.empty();
        if (engine.getSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName one : session.getRequestedServerNames()) {
                if (one instanceof SNIHostName host) {
                    name = Optional.of(host.getAsciiName());
                }
            }
        }
        return new TlsInfo(
                engine.getSession().getProtocol(),
                engine.getSession().getCipherSuite(),
                name,
                Optional.ofNullable(engine.getApplicationProtocol()).filter(chosen -> !chosen.isEmpty()));
    }
}
