package decnet.topology;

import java.time.Instant;

/**
 * What tells one machine from all others.
 *
 * @param hostname short host name: never the decky's own name
 * @param domain DNS domain of the site, without leading dot
 * @param mac six bytes in hex joined by colons
 * @param serialNumber of the device or its board, as its maker writes it; may be empty
 * @param installedAt when the system was installed
 * @param bootedAt when it was last started
 * @param seed 64 random bits for details nobody thought of; stable
 */
public record Identity(
        String hostname,
        String domain,
        String mac,
        String serialNumber,
        Instant installedAt,
        Instant bootedAt,
        long seed) {
    /** The host name with its domain. */
    public String fqdn() {
        return hostname + "." + domain;
    }
}
