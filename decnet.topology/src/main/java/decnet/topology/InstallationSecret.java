package decnet.topology;

import decnet.core.FolderOwner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * What makes this installation different from every other: 32 random bytes, made at first use, kept readable by their owner only.
 * Immutable.
 */
public final class InstallationSecret {
    private static final int LENGTH = 32;

    private final byte[] bytes;

    private InstallationSecret(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** Reads {@code <state>/secret}, or makes it. @throws UncheckedIOException if neither is possible */
    public static InstallationSecret open(Path state) {
        Path file = state.resolve("secret");
        try {
            if (!Files.exists(file)) {
                create(state, file);
            }
            String hex = Files.readString(file, StandardCharsets.US_ASCII).strip();
            if (hex.length() != 2 * LENGTH) {
                throw new IOException("not " + 2 * LENGTH + " hexadecimal digits");
            }
            return new InstallationSecret(HexFormat.of().parseHex(hex));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the installation secret " + file + ": " + e.getMessage(), e);
        }
    }

    /** A secret given directly, as tests do. */
    static InstallationSecret of(byte[] bytes) {
        return new InstallationSecret(bytes);
    }

    private static void create(Path state, Path file) throws IOException {
        Files.createDirectories(state);
        byte[] fresh = new byte[LENGTH];
        new SecureRandom().nextBytes(fresh);
        Path draft = Files.createTempFile(
                state,
                "secret",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(draft, HexFormat.of().formatHex(fresh) + "\n", StandardCharsets.US_ASCII);
            FolderOwner.takeOver(draft);
            Files.createLink(file, draft); // of two that start at once, one wins and both use its secret
        } catch (FileAlreadyExistsException e) {
            return;
        } catch (UnsupportedOperationException e) {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Another secret that depends on this one and {@code label} only. */
    InstallationSecret derived(String label) {
        return new InstallationSecret(digest("derived " + label));
    }

    /** A random stream that depends on this secret and {@code label} only. */
    public SplittableRandom random(String label) {
        return new SplittableRandom(java.nio.ByteBuffer.wrap(digest(label)).getLong());
    }

    private byte[] digest(String label) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            return digest.digest(label.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "InstallationSecret[redacted]";
    }
}
