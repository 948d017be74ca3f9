package decnet.journal;

/** Content by its hash: lower-case hexadecimal SHA-256, and length in bytes. */
public record Blob(String sha256, long size) {
    /** @throws IllegalArgumentException if {@code sha256} is not 64 lower-case hexadecimal digits */
    public Blob {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a SHA-256: " + decnet.core.Snippet.of(sha256));
        }
    }
}
