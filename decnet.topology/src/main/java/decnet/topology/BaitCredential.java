package decnet.topology;

import decnet.core.Secret;

/** A name and a password that a {@link Bait} gives away. Whoever tries the pair anywhere has read the bait. */
public record BaitCredential(String principal, Secret secret) {}
