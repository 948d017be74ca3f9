package decnet.topology;

import decnet.core.Secret;
import java.util.Set;

/**
 * An account of a script or a program, the same on every machine of the site that has it.
 *
 * @param gecos what it is for
 * @param password strong: nobody guesses it, who knows it has read it somewhere
 * @param kinds machines that may have it
 */
record SiteAccount(String name, String gecos, Secret password, Set<MachineKind> kinds) {
    SiteAccount {
        kinds = Set.copyOf(kinds);
    }
}
