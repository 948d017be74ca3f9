package decnet.decoys.ssh;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.mac.Mac;
import org.jspecify.annotations.Nullable;

/**
 * UMAC with tags of 64 or 128 bits (RFC 4418), as {@code umac-64@openssh.com} and its relatives use it: the nonce is the packet's
 * number as eight bytes. Messages are at most 16 MB long, as packets are. Not thread-safe.
 */
final class Umac implements Mac {
    private static final int KEY_BYTES = 16;
    private static final int L1_BLOCK = 1024;
    private static final int L1_STRIDE = 16;
    private static final int L2_KEY = 24;
    private static final int L3_KEY = 64;
    private static final int NH_STEP = 32;
    private static final int KEPT = 4096;
    private static final BigInteger P64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.valueOf(59));
    private static final long P36 = (1L << 36) - 5;
    private static final long POLY_MASK = 0x01ff_ffff_01ff_ffffL;
    private static final long MAX_WORD = -(1L << 32); // 2^64 - 2^32, unsigned
    private static final BigInteger MARKER = P64.subtract(BigInteger.ONE);
    private static final BigInteger OFFSET = BigInteger.valueOf(59);

    private final String name;
    private final int tagBytes;
    private final boolean encryptThenMac;
    private final int streams;
    private byte[] message = new byte[256];
    private int length;
    private long nonce;
    private int[] l1Key = {};
    private byte[] l2Key = {};
    private byte[] l3Key1 = {};
    private byte[] l3Key2 = {};
    private @Nullable Cipher pad;

    /** @param name for example {@code umac-64-etm@openssh.com} */
    Umac(String name) {
        this.name = name;
        this.tagBytes = name.startsWith("umac-128") ? 16 : 8;
        this.encryptThenMac = name.contains("-etm@");
        this.streams = tagBytes / 4;
    }

    @Override
    public void init(byte[] key) throws GeneralSecurityException {
        byte[] own = Arrays.copyOf(key, KEY_BYTES);
        Cipher aes = aes(own);
        byte[] l1 = derive(aes, 1, L1_BLOCK + (streams - 1) * L1_STRIDE);
        l1Key = new int[l1.length / Integer.BYTES];
        ByteBuffer.wrap(l1).asIntBuffer().get(l1Key);
        l2Key = derive(aes, 2, streams * L2_KEY);
        l3Key1 = derive(aes, 3, streams * L3_KEY);
        l3Key2 = derive(aes, 4, streams * Integer.BYTES);
        pad = aes(derive(aes, 0, KEY_BYTES));
    }

    private static Cipher aes(byte[] key) throws GeneralSecurityException {
        Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        return aes;
    }

    private static byte[] derive(Cipher aes, int index, int bytes) throws GeneralSecurityException {
        int blocks = (bytes + KEY_BYTES - 1) / KEY_BYTES;
        ByteBuffer plain = ByteBuffer.allocate(blocks * KEY_BYTES);
        for (int i = 1; i <= blocks; i++) {
            plain.putLong(index).putLong(i);
        }
        return Arrays.copyOf(aes.doFinal(plain.array()), bytes);
    }

    /** The packet's number. */
    @Override
    public void updateUInt(long number) {
        nonce = number;
    }

    @Override
    public void update(byte[] buffer, int start, int count) {
        if (length + count > message.length) {
            message = Arrays.copyOf(message, Math.max(length + count, 2 * message.length));
        }
        System.arraycopy(buffer, start, message, length, count);
        length += count;
    }

    @Override
    public void doFinal(byte[] buffer, int offset) throws GeneralSecurityException {
        byte[] tag = pad();
        for (int i = 0; i < streams; i++) {
            byte[] part = hash(i);
            for (int j = 0; j < Integer.BYTES; j++) {
                buffer[offset + i * Integer.BYTES + j] = (byte) (tag[i * Integer.BYTES + j] ^ part[j]);
            }
        }
        length = 0;
        if (message.length > KEPT) {
            message = new byte[256];
        }
    }

    /** PDF of section 3.3.1: with short tags two neighbours share one block. */
    private byte[] pad() throws GeneralSecurityException {
        Cipher aes = pad;
        if (aes == null) {
            throw new IllegalStateException("no key yet");
        }
        boolean small = tagBytes == 8;
        ByteBuffer block = ByteBuffer.allocate(KEY_BYTES).putLong(small ? nonce & ~1L : nonce);
        byte[] whole = aes.doFinal(block.array());
        int start = small && (nonce & 1) != 0 ? 8 : 0;
        return Arrays.copyOfRange(whole, start, start + tagBytes);
    }

    private byte[] hash(int stream) {
        int blocks = Math.max(1, (length + L1_BLOCK - 1) / L1_BLOCK);
        long[] first = new long[blocks];
        for (int i = 0; i < blocks; i++) {
            first[i] = l1(stream, i * L1_BLOCK, Math.min(L1_BLOCK, length - i * L1_BLOCK));
        }
        ByteBuffer second = ByteBuffer.allocate(16);
        if (blocks == 1) {
            second.putLong(0).putLong(first[0]);
        } else {
            BigInteger y = l2(stream, first);
            second.putLong(y.shiftRight(64).longValue()).putLong(y.longValue());
        }
        return l3(stream, second.flip());
    }

    /** NH over one block, padded with zeros, plus its length in bits (section 5.2). */
    private long l1(int stream, int start, int count) {
        int padded = Math.max(NH_STEP, (count + NH_STEP - 1) / NH_STEP * NH_STEP);
        ByteBuffer words = ByteBuffer.wrap(
                        start + padded <= message.length && count == padded
                                ? message
                                : Arrays.copyOf(Arrays.copyOfRange(message, start, start + count), padded))
                .order(ByteOrder.LITTLE_ENDIAN);
        int at = words.array() == message ? start : 0;
        int key = stream * L1_STRIDE / Integer.BYTES;
        long sum = 8L * count;
        for (int i = 0; i < padded; i += NH_STEP, at += NH_STEP, key += 8) {
            for (int j = 0; j < 4; j++) {
                long left = (words.getInt(at + 4 * j) + l1Key[key + j]) & 0xffff_ffffL;
                long right = (words.getInt(at + 4 * j + 16) + l1Key[key + j + 4]) & 0xffff_ffffL;
                sum += left * right;
            }
        }
        return sum;
    }

    /** A polynomial modulo 2^64 - 59 (section 5.3); packets never need its larger relative. */
    private BigInteger l2(int stream, long[] words) {
        BigInteger key = BigInteger.valueOf(ByteBuffer.wrap(l2Key).getLong(stream * L2_KEY) & POLY_MASK);
        BigInteger y = BigInteger.ONE;
        for (long word : words) {
            BigInteger value = new BigInteger(Long.toUnsignedString(word));
            if (Long.compareUnsigned(word, MAX_WORD) >= 0) {
                y = key.multiply(y).add(MARKER).mod(P64);
                value = value.subtract(OFFSET);
            }
            y = key.multiply(y).add(value).mod(P64);
        }
        return y;
    }

    private byte[] l3(int stream, ByteBuffer words) {
        long y = 0;
        ByteBuffer keys = ByteBuffer.wrap(l3Key1);
        for (int i = 0; i < 8; i++) {
            long key = Long.remainderUnsigned(keys.getLong(stream * L3_KEY + 8 * i), P36);
            y = (y + (words.getShort() & 0xffff) * key) % P36;
        }
        int mask = ByteBuffer.wrap(l3Key2).getInt(stream * Integer.BYTES);
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) y ^ mask).array();
    }

    @Override
    public String getAlgorithm() {
        return name;
    }

    /** Length of the tag. */
    @Override
    public int getBlockSize() {
        return tagBytes;
    }

    @Override
    public int getDefaultBlockSize() {
        return tagBytes;
    }

    @Override
    public boolean isEncryptThenMac() {
        return encryptThenMac;
    }

    /** Makes one for each direction of each connection. */
    record Factory(String name) implements NamedFactory<Mac> {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public Mac create() {
            return new Umac(name);
        }
    }
}
