package decnet.topology;

import java.time.Instant;
import java.util.List;

/**
 * A file laid out for an intruder to find.
 *
 * @param path absolute, in the machine's own notation
 * @param owner account name
 * @param mode permission bits, for example {@code 0644}
 * @param credentials every pair that its text names
 */
public record Bait(
        String path, String owner, int mode, Instant modified, String text, List<BaitCredential> credentials) {
    public Bait {
        credentials = List.copyOf(credentials);
    }

    @Override
    public String toString() {
        return "Bait[" + path + ", " + credentials + "]";
    }
}
