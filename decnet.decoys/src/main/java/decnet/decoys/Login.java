package decnet.decoys;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody at a terminal of the machine.
 *
 * @param terminal for example {@code pts/0}
 * @param until empty while it lasts
 * @param pid of the program that let him in
 */
public record Login(String user, String terminal, String host, Instant from, Optional<Instant> until, int pid) {}
