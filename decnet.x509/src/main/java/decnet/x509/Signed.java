package decnet.x509;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/** {@code SEQUENCE { body, algorithm, BIT STRING signature }}: the frame of certificates and revocation lists. Stateless. */
final class Signed {
    private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final byte[] RSA_SHA256 = Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.nothing());

    private Signed() {}

    /** The identifier of what {@code key} signs with. @throws IllegalArgumentException if it is neither EC nor RSA */
    static byte[] algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> ECDSA_SHA256.clone();
            case "RSA" -> RSA_SHA256.clone();
            default -> throw new IllegalArgumentException("no signatures with a key of type " + key.getAlgorithm());
        };
    }

    static byte[] of(byte[] body, PrivateKey key) throws GeneralSecurityException {
        Signature signature =
                Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
        signature.initSign(key);
        signature.update(body);
        return Der.sequence(body, algorithm(key), Der.bits(0, signature.sign()));
    }
}
