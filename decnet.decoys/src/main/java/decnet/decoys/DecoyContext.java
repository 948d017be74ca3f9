package decnet.decoys;

import decnet.topology.Persona;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What a service on a decky knows and may use. Thread-safe.
 *
 * @param options of the service, from the fleet file
 * @param random for what differs from connection to connection
 * @param budget of the process, for bytes that are kept
 * @param disk the decky's files, shared by all its services
 * @param neighbours the other machines of the fleet
 * @param maxUpload longest file that is kept, in bytes
 */
public record DecoyContext(
        Persona persona,
        Map<String, String> options,
        InstantSource clock,
        RandomGenerator random,
        Budget budget,
        Disk disk,
        Neighbours neighbours,
        int maxUpload) {
    public DecoyContext {
        options = Map.copyOf(options);
    }

    /** The same, but what is kept counts for {@code other}. */
    public DecoyContext within(Budget other) {
        return new DecoyContext(persona, options, clock, random, other, disk, neighbours, maxUpload);
    }
}
