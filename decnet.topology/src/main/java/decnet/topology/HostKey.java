package decnet.topology;

/**
 * A key pair of the machine's secure shell.
 *
 * @param type {@code ssh-ed25519}, {@code ecdsa-sha2-nistp256} or {@code ssh-rsa}
 * @param pkcs8 private key: PKCS #8 DER, base64
 * @param x509 public key: X.509 SubjectPublicKeyInfo DER, base64
 */
public record HostKey(String type, String pkcs8, String x509) {
    @Override
    public String toString() {
        return "HostKey[" + type + "]";
    }
}
