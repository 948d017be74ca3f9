package decnet.decoys.ssh;

import decnet.decoys.Payload;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The server's half of Streamlined NTRU Prime sntrup761: encapsulation for a client's public key (NTRU Prime round 3 submission,
 * section 2; draft-josefsson-ntruprime-ssh). Stateless. It runs in varying time: what it protects here is no secret of ours.
 */
final class Sntrup761 {
    static final int PUBLIC_KEY_BYTES = 1158;
    static final int CIPHERTEXT_BYTES = 1039;

    private static final int P = 761;
    private static final int Q = 4591;
    private static final int Q_HALF = (Q - 1) / 2;
    private static final int WEIGHT = 286;
    private static final int HASH_BYTES = 32;
    private static final int ROUNDED_BYTES = CIPHERTEXT_BYTES - HASH_BYTES;
    private static final int SMALL_BYTES = (P + 3) / 4;
    private static final int ENCODE_LIMIT = 16_384;

    /** A fresh secret, and the text that carries it to whoever has the private key. */
    record Encapsulation(Payload secret, Payload ciphertext) {}

    private Sntrup761() {}

    /** @throws IllegalArgumentException if {@code publicKey} has another length than {@value #PUBLIC_KEY_BYTES} */
    static Encapsulation encapsulate(byte[] publicKey, RandomGenerator random) {
        if (publicKey.length != PUBLIC_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "public key of " + publicKey.length + " bytes, expected " + PUBLIC_KEY_BYTES);
        }
        byte[] small = randomSmall(random);
        byte[] ciphertext = encrypt(small, decodeKey(publicKey));
        byte[] smallHash = hash(3, encodeSmall(small));
        byte[] confirm = hash(2, join(smallHash, hash(4, publicKey)));
        System.arraycopy(confirm, 0, ciphertext, ROUNDED_BYTES, HASH_BYTES);
        return new Encapsulation(Payload.of(hash(1, join(smallHash, ciphertext))), Payload.of(ciphertext));
    }

    /** Coefficients -1, 0, 1, of which {@value #WEIGHT} are not zero. */
    private static byte[] randomSmall(RandomGenerator random) {
        byte[] small = new byte[P];
        for (int i = 0; i < WEIGHT; i++) {
            small[i] = (byte) (random.nextBoolean() ? 1 : -1);
        }
        for (int i = P - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            byte swap = small[i];
            small[i] = small[j];
            small[j] = swap;
        }
        return small;
    }

    private static int[] decodeKey(byte[] publicKey) {
        int[] moduli = new int[P];
        Arrays.fill(moduli, Q);
        int[] key = decode(publicKey, 0, moduli);
        for (int i = 0; i < P; i++) {
            key[i] -= Q_HALF;
        }
        return key;
    }

    /** Product in the ring x^p - x - 1, rounded to multiples of three, encoded; room for the confirmation is left at the end. */
    private static byte[] encrypt(byte[] small, int[] key) {
        long[] product = new long[2 * P - 1];
        for (int i = 0; i < P; i++) {
            if (small[i] != 0) {
                for (int j = 0; j < P; j++) {
                    product[i + j] += small[i] * (long) key[j];
                }
            }
        }
        for (int i = 2 * P - 2; i >= P; i--) {
            product[i - P] += product[i];
            product[i - P + 1] += product[i];
        }
        int[] values = new int[P];
        int[] moduli = new int[P];
        Arrays.fill(moduli, (Q + 2) / 3);
        for (int i = 0; i < P; i++) {
            int centered = (int) Math.floorMod(product[i] + Q_HALF, (long) Q) - Q_HALF;
            int rounded = centered - (Math.floorMod(centered + 1, 3) - 1);
            values[i] = (rounded + Q_HALF) / 3;
        }
        byte[] out = new byte[CIPHERTEXT_BYTES];
        encode(out, 0, values, moduli);
        return out;
    }

    private static byte[] encodeSmall(byte[] small) {
        byte[] out = new byte[SMALL_BYTES];
        for (int i = 0; i < P; i++) {
            out[i / 4] |= (byte) ((small[i] + 1) << (i % 4 * 2));
        }
        return out;
    }

    /** Numbers {@code values[i] < moduli[i]}, packed by joining neighbours and writing whole low bytes. */
    private static void encode(byte[] out, int start, int[] values, int[] moduli) {
        int at = start;
        int count = values.length;
        if (count == 1) {
            int value = values[0];
            for (int m = moduli[0]; m > 1; m = (m + 255) >> 8) {
                out[at++] = (byte) value;
                value >>= 8;
            }
            return;
        }
        int[] nextValues = new int[(count + 1) / 2];
        int[] nextModuli = new int[(count + 1) / 2];
        for (int i = 0; i + 1 < count; i += 2) {
            int value = values[i] + values[i + 1] * moduli[i];
            int m = moduli[i] * moduli[i + 1];
            while (m >= ENCODE_LIMIT) {
                out[at++] = (byte) value;
                value >>>= 8;
                m = (m + 255) >> 8;
            }
            nextValues[i / 2] = value;
            nextModuli[i / 2] = m;
        }
        if (count % 2 == 1) {
            nextValues[count / 2] = values[count - 1];
            nextModuli[count / 2] = moduli[count - 1];
        }
        encode(out, at, nextValues, nextModuli);
    }

    private static int[] decode(byte[] in, int start, int[] moduli) {
        int at = start;
        int count = moduli.length;
        if (count == 1) {
            if (moduli[0] == 1) {
                return new int[] {0};
            }
            int value = in[at] & 0xff;
            return new int[] {moduli[0] <= 256 ? value % moduli[0] : (value + ((in[at + 1] & 0xff) << 8)) % moduli[0]};
        }
        int[] nextModuli = new int[(count + 1) / 2];
        int[] low = new int[count / 2];
        int[] scale = new int[count / 2];
        for (int i = 0; i + 1 < count; i += 2) {
            int m = moduli[i] * moduli[i + 1];
            scale[i / 2] = 1;
            while (m >= ENCODE_LIMIT) {
                low[i / 2] += (in[at++] & 0xff) * scale[i / 2];
                scale[i / 2] <<= 8;
                m = (m + 255) >> 8;
            }
            nextModuli[i / 2] = m;
        }
        if (count % 2 == 1) {
            nextModuli[count / 2] = moduli[count - 1];
        }
        int[] next = decode(in, at, nextModuli);
        int[] out = new int[count];
        for (int i = 0; i + 1 < count; i += 2) {
            long value = low[i / 2] + (long) scale[i / 2] * next[i / 2];
            out[i] = (int) (value % moduli[i]);
            out[i + 1] = (int) (value / moduli[i] % moduli[i + 1]);
        }
        if (count % 2 == 1) {
            out[count - 1] = next[count / 2];
        }
        return out;
    }

    /** The first half of SHA-512 over a domain byte and {@code data}. */
    private static byte[] hash(int domain, byte[] data) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-512");
            sha.update((byte) domain);
            sha.update(data);
            byte[] whole = new byte[64];
            sha.digest(whole, 0, whole.length);
            return Arrays.copyOf(whole, HASH_BYTES);
        } catch (NoSuchAlgorithmException | DigestException e) {
            throw new IllegalStateException("SHA-512 is part of every JDK", e);
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
