package decnet.x509;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;

/** Fresh keys and serial numbers. Stateless, thread-safe. */
public final class Keys {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int P256_BYTES = 32;
    private static final int P256_POINT_BYTES = 65;

    private Keys() {}

    /** On the curve P-256. */
    public static KeyPair elliptic() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** With exponent 65537. Takes 0.1 s and more. */
    public static KeyPair rsa(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
        return generator.generateKeyPair();
    }

    /**
     * A private key in PKCS #8; one of P-256 with its public half: the platform leaves that out (RFC 5915 section 3 allows it), and
     * then GnuTLS, with it rsyslog and syslog-ng, cannot read the key.
     */
    public static byte[] pkcs8(KeyPair key) {
        if (!(key.getPrivate() instanceof ECPrivateKey elliptic)) {
            return key.getPrivate().getEncoded();
        }
        byte[] number = elliptic.getS().toByteArray();
        byte[] scalar = new byte[P256_BYTES];
        int from = Math.max(0, number.length - scalar.length); // a sign may stand before it
        System.arraycopy(number, from, scalar, scalar.length - (number.length - from), number.length - from);
        byte[] subject = key.getPublic().getEncoded(); // ends with the point, uncompressed
        byte[] point = Arrays.copyOfRange(subject, subject.length - P256_POINT_BYTES, subject.length);
        return Der.sequence(
                Der.integer(0),
                Der.sequence(Der.oid("1.2.840.10045.2.1"), Der.oid("1.2.840.10045.3.1.7")),
                Der.octets(Der.sequence(Der.integer(1), Der.octets(scalar), Der.explicit(1, Der.bits(0, point)))));
    }

    /**
     * A random serial number, positive.
     *
     * @param bytes exactly so long in a certificate, 1 to 20
     */
    public static BigInteger serial(int bytes) {
        if (bytes < 1 || bytes > 20) {
            throw new IllegalArgumentException("a serial number of " + bytes + " bytes; expected 1 to 20");
        }
        byte[] number = new byte[bytes];
        do {
            RANDOM.nextBytes(number);
            number[0] &= 0x7f;
        } while (number[0] == 0);
        return new BigInteger(number);
    }
}
