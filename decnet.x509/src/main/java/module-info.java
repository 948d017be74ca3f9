/**
 * Certificates and revocation lists (RFC 5280), written and never parsed by us: what is written is read back by the platform before
 * anybody gets it.
 *
 * <p>Start at {@link decnet.x509.CertificateDraft}. {@link decnet.x509.Pem} is the only input and output.
 */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // a name that ends with digits; it is that of the standard
module decnet.x509 {
    requires static org.jspecify;

    exports decnet.x509;
}
