package decnet.workers.heavy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The identity of a tag: a name-based UUID of version 5 (RFC 9562 section 5.5) over
 * {@code source_kind|source_id|rule_id|rule_version|technique_id|sub_technique_id}, the last empty if there is none. No clock and no
 * chance in it, so tagging an event again gives the same ids.
 */
final class TagId {
    private static final UUID NAMESPACE = UUID.fromString("1ca31f08-5522-5aae-8371-fe81f0e39de3");

    private TagId() {}

    static UUID of(String sourceKind, String sourceId, Rule rule, Rule.Emission emission) {
        return of(String.join(
                "|",
                sourceKind,
                sourceId,
                rule.id(),
                Integer.toString(rule.version()),
                emission.technique(),
                emission.sub().orElse("")));
    }

    static UUID of(String name) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
        digest.update(ByteBuffer.allocate(16)
                .putLong(NAMESPACE.getMostSignificantBits())
                .putLong(NAMESPACE.getLeastSignificantBits())
                .flip());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
        long high = (hash.getLong() & ~0xf000L) | 0x5000L;
        long low = (hash.getLong() & ~(0xc0L << 56)) | (0x80L << 56);
        return new UUID(high, low);
    }
}
