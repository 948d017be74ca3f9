package decnet.x509;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;

/** The short name of a public key in extensions: 20 bytes. Immutable. */
public final class KeyId {
    private static final int BYTES = 20;

    private final byte[] bytes;

    private KeyId(byte[] bytes) {
        this.bytes = bytes;
    }

    /** RFC 5280 section 4.2.1.2 method 1, as OpenSSL and Windows do it: SHA-1 of the key's bits. */
    public static KeyId sha1(PublicKey key) {
        byte[] info = key.getEncoded();
        int at = bits(info);
        return new KeyId(digest("SHA-1", Arrays.copyOfRange(info, at, info.length)));
    }

    /** RFC 7093 section 2 method 4: the first 160 bits of SHA-256 of the whole SubjectPublicKeyInfo. */
    public static KeyId sha256(PublicKey key) {
        return new KeyId(Arrays.copyOf(digest("SHA-256", key.getEncoded()), BYTES));
    }

    byte[] der() {
        return bytes;
    }

    /** Where the content of the bit string begins in {@code SEQUENCE { SEQUENCE algorithm, BIT STRING key }}. */
    private static int bits(byte[] info) {
        int at = content(info, 0); // inside the outer sequence
        at = content(info, at) + length(info, at); // behind the algorithm
        return content(info, at) + 1; // behind the count of unused bits
    }

    private static int content(byte[] der, int element) {
        int first = der[element + 1] & 0xff;
        return element + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int element) {
        int first = der[element + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | der[element + 2 + i] & 0xff;
        }
        return length;
    }

    private static byte[] digest(String algorithm, byte[] data) {
        try {
            return MessageDigest.getInstance(algorithm).digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
