package decnet.decoys.ssh;

import decnet.decoys.Payload;
import decnet.topology.HostKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** The host keys of a machine, with the JDK's own algorithms (RFC 4253 section 6.6, RFC 5656, RFC 8332, RFC 8709). Immutable. */
final class HostKeys {
    private static final int ED25519_BYTES = 32;
    private static final int P256_POINT_BYTES = 65;
    private static final int P256_NUMBER_BYTES = 32;

    /** One key pair; {@code blob} is the public key as the protocol writes it. */
    private record Pair(String type, PrivateKey key, Payload blob) {}

    private final List<Pair> pairs = new ArrayList<>();

    /** @throws IllegalArgumentException if a stored key cannot be read */
    HostKeys(List<HostKey> stored) {
        for (String type :
                List.of("ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519")) { // the order of sshd_config's defaults
            stored.stream()
                    .filter(key -> key.type().equals(type))
                    .findFirst()
                    .map(HostKeys::read)
                    .ifPresent(pairs::add);
        }
    }

    private static Pair read(HostKey stored) {
        try {
            KeyFactory factory = KeyFactory.getInstance(
                    switch (stored.type()) {
                        case "ssh-rsa" -> "RSA";
                        case "ssh-ed25519" -> "Ed25519";
                        default -> "EC";
                    });
            PrivateKey key = factory.generatePrivate(
                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(stored.pkcs8())));
            PublicKey open = factory.generatePublic(
                    new X509EncodedKeySpec(Base64.getDecoder().decode(stored.x509())));
            return new Pair(stored.type(), key, Payload.of(blob(stored.type(), open)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("host key " + stored.type() + " cannot be read", e);
        }
    }

    private static byte[] blob(String type, PublicKey open) {
        Buffer blob = new ByteArrayBuffer();
        blob.putString(type);
        byte[] der = open.getEncoded();
        switch (open) {
            case RSAPublicKey rsa -> {
                blob.putMPInt(rsa.getPublicExponent());
                blob.putMPInt(rsa.getModulus());
            }
            default -> {
                if (type.equals("ssh-ed25519")) {
                    blob.putBytes(Arrays.copyOfRange(der, der.length - ED25519_BYTES, der.length));
                } else {
                    blob.putString("nistp256");
                    blob.putBytes(Arrays.copyOfRange(der, der.length - P256_POINT_BYTES, der.length));
                }
            }
        }
        return blob.getCompactData();
    }

    /** Those of {@code algorithms} for which there is a key. */
    List<String> offered(List<String> algorithms) {
        return algorithms.stream().filter(name -> find(name).isPresent()).toList();
    }

    List<byte[]> blobs() {
        return pairs.stream().map(pair -> pair.blob().bytes()).toList();
    }

    /** The public key that {@code algorithm} signs with. */
    Optional<byte[]> blob(String algorithm) {
        return find(algorithm).map(pair -> pair.blob().bytes());
    }

    /** Algorithm for a signature by the key {@code blob}; RSA keys sign with SHA-512. */
    Optional<String> algorithmFor(byte[] blob) {
        return pairs.stream()
                .filter(pair -> pair.blob().equals(Payload.of(blob)))
                .map(pair -> pair.type().equals("ssh-rsa") ? "rsa-sha2-512" : pair.type())
                .findFirst();
    }

    private Optional<Pair> find(String algorithm) {
        String type = algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm;
        return pairs.stream().filter(pair -> pair.type().equals(type)).findFirst();
    }

    /** @return the signature as the protocol writes it, name and value */
    byte[] sign(String algorithm, byte[] data) throws GeneralSecurityException {
        Pair pair = find(algorithm).orElseThrow(() -> new GeneralSecurityException("no key for " + algorithm));
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case "rsa-sha2-512" -> "SHA512withRSA";
                    case "rsa-sha2-256" -> "SHA256withRSA";
                    case "ssh-rsa" -> "SHA1withRSA";
                    case "ssh-ed25519" -> "Ed25519";
                    default -> "SHA256withECDSAinP1363Format";
                });
        signature.initSign(pair.key());
        signature.update(data);
        byte[] value = signature.sign();
        Buffer out = new ByteArrayBuffer();
        out.putString(algorithm);
        if (algorithm.startsWith("ecdsa")) {
            Buffer numbers = new ByteArrayBuffer();
            numbers.putMPInt(new BigInteger(1, Arrays.copyOf(value, P256_NUMBER_BYTES)));
            numbers.putMPInt(new BigInteger(1, Arrays.copyOfRange(value, P256_NUMBER_BYTES, value.length)));
            out.putBytes(numbers.getCompactData());
        } else {
            out.putBytes(value);
        }
        return out.getCompactData();
    }
}
