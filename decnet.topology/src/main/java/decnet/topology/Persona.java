package decnet.topology;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who a fake machine is. Made once, stored, and used by every service of the machine, so that all agree. Immutable.
 *
 * @param archetype slug
 * @param hostname short host name: never the decky's own name
 * @param domain DNS domain of the site, without leading dot
 * @param mac six bytes in hex joined by colons
 * @param installedAt when the system was installed
 * @param bootedAt when it was last started
 * @param accounts all users, daemons included; root is the first
 * @param serviceSecrets password of a service that has no users, by slug (redis)
 * @param hostKeys empty as long as the machine has no secure shell
 * @param seed 64 random bits for details nobody thought of; stable
 */
public record Persona(
        String archetype,
        String hostname,
        String domain,
        Distribution os,
        Hardware hardware,
        String mac,
        Instant installedAt,
        Instant bootedAt,
        List<Account> accounts,
        Map<String, String> serviceSecrets,
        List<HostKey> hostKeys,
        List<Bait> bait,
        long seed) {
    public Persona {
        accounts = List.copyOf(accounts);
        serviceSecrets = Map.copyOf(serviceSecrets);
        hostKeys = List.copyOf(hostKeys);
        bait = List.copyOf(bait);
    }

    /** The host name with its domain. */
    public String fqdn() {
        return hostname + "." + domain;
    }

    public Optional<Account> account(String name) {
        return accounts.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The account that this pair logs in to, if there is one. */
    public Optional<Account> login(String name, String password) {
        return account(name).filter(one -> one.accepts(password));
    }

    public Persona withHostKeys(List<HostKey> keys) {
        return new Persona(
                archetype,
                hostname,
                domain,
                os,
                hardware,
                mac,
                installedAt,
                bootedAt,
                accounts,
                serviceSecrets,
                keys,
                bait,
                seed);
    }

    /** The same machine with one more account, or another password for an account it has. */
    public Persona withAccount(Account account) {
        List<Account> all = new java.util.ArrayList<>(accounts);
        all.removeIf(one -> one.name().equals(account.name()));
        all.add(account);
        return new Persona(
                archetype,
                hostname,
                domain,
                os,
                hardware,
                mac,
                installedAt,
                bootedAt,
                all,
                serviceSecrets,
                hostKeys,
                bait,
                seed);
    }
}
