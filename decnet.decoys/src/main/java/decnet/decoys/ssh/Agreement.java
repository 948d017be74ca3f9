package decnet.decoys.ssh;

import decnet.decoys.Payload;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.digest.Digest;
import org.apache.sshd.common.kex.AbstractDH;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.DHGroupData;
import org.apache.sshd.common.kex.MontgomeryCurve;
import org.apache.sshd.common.kex.XDH;
import org.apache.sshd.common.util.buffer.Buffer;

/** How two sides come to one secret: the server's half of a key agreement, used once. */
interface Agreement {
    /** What our half of one exchange came to. Numbers of finite fields are in two's complement. */
    record Outcome(Payload reply, Payload secret) {
        static Outcome of(byte[] reply, byte[] secret) {
            return new Outcome(Payload.of(reply), Payload.of(secret));
        }
    }

    Digest digest();

    /** @throws GeneralSecurityException or {@link IOException} if the client's value is not one that may be used */
    Outcome agree(byte[] fromClient) throws GeneralSecurityException, IOException;

    /** Writes a public value as this method does. */
    default void putPublic(Buffer buffer, byte[] value) {
        buffer.putBytes(value);
    }

    /** @throws GeneralSecurityException if {@code method} is not known */
    static Agreement of(String method, RandomGenerator random) throws GeneralSecurityException {
        return switch (method) {
            case "sntrup761x25519-sha512", "sntrup761x25519-sha512@openssh.com" -> new Hybrid(random);
            case "curve25519-sha256", "curve25519-sha256@libssh.org" -> new Curve(BuiltinDHFactories.curve25519, 32);
            case "ecdh-sha2-nistp256" -> new Curve(BuiltinDHFactories.ecdhp256, 65);
            case "ecdh-sha2-nistp384" -> new Curve(BuiltinDHFactories.ecdhp384, 97);
            case "ecdh-sha2-nistp521" -> new Curve(BuiltinDHFactories.ecdhp521, 133);
            case "diffie-hellman-group14-sha1" ->
                new Field(new BigInteger(1, DHGroupData.getP14()), BigInteger.TWO, BuiltinDigests.sha1, random);
            case "diffie-hellman-group14-sha256" ->
                new Field(new BigInteger(1, DHGroupData.getP14()), BigInteger.TWO, BuiltinDigests.sha256, random);
            case "diffie-hellman-group16-sha512" ->
                new Field(new BigInteger(1, DHGroupData.getP16()), BigInteger.TWO, BuiltinDigests.sha512, random);
            case "diffie-hellman-group18-sha512" ->
                new Field(new BigInteger(1, DHGroupData.getP18()), BigInteger.TWO, BuiltinDigests.sha512, random);
            default -> throw new GeneralSecurityException("no such key exchange: " + method);
        };
    }

    /** Numbers as the protocol writes them, two's complement. */
    static byte[] unsigned(byte[] magnitude) {
        return new BigInteger(1, magnitude).toByteArray();
    }

    /** Elliptic curves (RFC 5656 section 4, RFC 8731). */
    final class Curve implements Agreement {
        private final BuiltinDHFactories factory;
        private final int valueBytes;

        Curve(BuiltinDHFactories factory, int valueBytes) {
            this.factory = factory;
            this.valueBytes = valueBytes;
        }

        @Override
        public Digest digest() {
            return switch (factory) {
                case ecdhp384 -> BuiltinDigests.sha384.create();
                case ecdhp521 -> BuiltinDigests.sha512.create();
                default -> BuiltinDigests.sha256.create();
            };
        }

        @Override
        public Outcome agree(byte[] fromClient) throws GeneralSecurityException, IOException {
            if (fromClient.length != valueBytes) {
                throw new GeneralSecurityException("public value of " + fromClient.length + " bytes");
            }
            try {
                AbstractDH half = factory.create();
                byte[] reply = half.getE();
                half.setF(fromClient);
                return Outcome.of(reply, unsigned(half.getK()));
            } catch (UnsupportedOperationException e) {
                throw new GeneralSecurityException("public value in a form that is not supported", e);
            } catch (GeneralSecurityException | IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new GeneralSecurityException(e);
            }
        }
    }

    /** Streamlined NTRU Prime and X25519 together (draft-josefsson-ntruprime-ssh). */
    final class Hybrid implements Agreement {
        private static final int CURVE_BYTES = 32;

        private final RandomGenerator random;

        Hybrid(RandomGenerator random) {
            this.random = random;
        }

        @Override
        public Digest digest() {
            return BuiltinDigests.sha512.create();
        }

        @Override
        public Outcome agree(byte[] fromClient) throws GeneralSecurityException, IOException {
            if (fromClient.length != Sntrup761.PUBLIC_KEY_BYTES + CURVE_BYTES) {
                throw new GeneralSecurityException("public value of " + fromClient.length + " bytes");
            }
            try {
                XDH half = new XDH(MontgomeryCurve.x25519, true) {
                    @Override
                    public Digest getHash() {
                        return BuiltinDigests.sha512.create();
                    }
                };
                byte[] curve = half.getE();
                half.setF(Arrays.copyOfRange(fromClient, Sntrup761.PUBLIC_KEY_BYTES, fromClient.length));
                Sntrup761.Encapsulation lattice =
                        Sntrup761.encapsulate(Arrays.copyOf(fromClient, Sntrup761.PUBLIC_KEY_BYTES), random);
                byte[] reply = Arrays.copyOf(lattice.ciphertext().bytes(), Sntrup761.CIPHERTEXT_BYTES + CURVE_BYTES);
                System.arraycopy(curve, 0, reply, Sntrup761.CIPHERTEXT_BYTES, CURVE_BYTES);
                Digest digest = digest();
                digest.init();
                digest.update(lattice.secret().bytes());
                digest.update(half.getK());
                return Outcome.of(reply, digest.digest());
            } catch (GeneralSecurityException | IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new GeneralSecurityException(e);
            }
        }
    }

    /** Finite fields (RFC 4253 section 8, RFC 8268). */
    final class Field implements Agreement {
        /** As OpenSSH: twice the bits of the longest key that is derived. */
        private static final int EXPONENT_BITS = 1024;

        private final BigInteger prime;
        private final BigInteger generator;
        private final BuiltinDigests digest;
        private final RandomGenerator random;

        Field(BigInteger prime, BigInteger generator, BuiltinDigests digest, RandomGenerator random) {
            this.prime = prime;
            this.generator = generator;
            this.digest = digest;
            this.random = random;
        }

        @Override
        public Digest digest() {
            return digest.create();
        }

        @Override
        public Outcome agree(byte[] fromClient) throws GeneralSecurityException {
            BigInteger theirs = fromClient.length == 0 ? BigInteger.ZERO : new BigInteger(fromClient);
            if (theirs.compareTo(BigInteger.ONE) <= 0
                    || theirs.compareTo(prime.subtract(BigInteger.ONE)) >= 0
                    || theirs.bitCount() < 4) {
                throw new GeneralSecurityException("bad public value");
            }
            byte[] bytes = new byte[Math.min(EXPONENT_BITS, prime.bitLength() - 1) / 8];
            random.nextBytes(bytes);
            BigInteger exponent = new BigInteger(1, bytes).setBit(0);
            return Outcome.of(
                    generator.modPow(exponent, prime).toByteArray(),
                    theirs.modPow(exponent, prime).toByteArray());
        }

        @Override
        public void putPublic(Buffer buffer, byte[] value) {
            buffer.putMPInt(value.length == 0 ? BigInteger.ZERO : new BigInteger(value));
        }
    }

    /** The groups with safe primes that a server has for {@code diffie-hellman-group-exchange}, shortest first. */
    static List<BigInteger> knownPrimes() {
        return List.of(
                new BigInteger(1, DHGroupData.getP14()),
                new BigInteger(1, DHGroupData.getP15()),
                new BigInteger(1, DHGroupData.getP16()),
                new BigInteger(1, DHGroupData.getP17()),
                new BigInteger(1, DHGroupData.getP18()));
    }
}
