package decnet.topology;

import java.time.Instant;

/**
 * A file laid out for an intruder to find.
 *
 * @param path absolute
 * @param owner account name
 * @param mode permission bits, for example {@code 0644}
 */
public record Bait(String path, String owner, int mode, Instant modified, String text) {}
