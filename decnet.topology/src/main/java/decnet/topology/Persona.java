package decnet.topology;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who a fake machine is. Made once, stored, and used by every service of the machine, so that all agree. Immutable.
 *
 * @param archetype slug
 * @param accounts all users, daemons included; the administrator is the first, a person the last
 */
public record Persona(
        String archetype,
        Identity identity,
        Distribution os,
        Hardware hardware,
        SiteView site,
        List<Account> accounts,
        Keyring keys,
        Contents contents) {
    public Persona {
        accounts = List.copyOf(accounts);
    }

    /** What an administrator would call it; that of a Linux server if the archetype is gone. */
    public MachineKind kind() {
        return Archetype.find(archetype).map(one -> one.with(os)).orElse(MachineKind.SERVER);
    }

    public String hostname() {
        return identity.hostname();
    }

    public String domain() {
        return identity.domain();
    }

    public String fqdn() {
        return identity.fqdn();
    }

    public String mac() {
        return identity.mac();
    }

    public Instant installedAt() {
        return identity.installedAt();
    }

    public Instant bootedAt() {
        return identity.bootedAt();
    }

    /** 64 random bits for details nobody thought of; stable. */
    public long seed() {
        return identity.seed();
    }

    /** Passwords of services that have no users, by slug. */
    public Map<String, String> serviceSecrets() {
        return keys.passwords();
    }

    /** Empty as long as the machine has no secure shell. */
    public List<HostKey> hostKeys() {
        return keys.hostKeys();
    }

    /** Empty as long as no service of the machine speaks TLS. */
    public Optional<TlsIdentity> tls() {
        return keys.tls();
    }

    public List<Bait> bait() {
        return contents.bait();
    }

    public Optional<Account> account(String name) {
        return accounts.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The account that this pair logs in to, if there is one. */
    public Optional<Account> login(String name, String password) {
        return account(name).filter(one -> one.accepts(password));
    }

    public Persona withOs(Distribution system) {
        return new Persona(archetype, identity, system, hardware, site, accounts, keys, contents);
    }

    Persona withSite(SiteView view) {
        return new Persona(archetype, identity, os, hardware, view, accounts, keys, contents);
    }

    Persona withKeys(Keyring keyring) {
        return new Persona(archetype, identity, os, hardware, site, accounts, keyring, contents);
    }

    Persona withContents(Contents found) {
        return new Persona(archetype, identity, os, hardware, site, accounts, keys, found);
    }

    public Persona withHostKeys(List<HostKey> hostKeys) {
        return withKeys(keys.withHostKeys(hostKeys));
    }

    /** The same machine with one more account, or another password for an account it has. */
    public Persona withAccount(Account account) {
        List<Account> all = new ArrayList<>(accounts);
        if (account(account.name()).isPresent()) {
            all.replaceAll(one -> one.name().equals(account.name()) ? account : one);
        } else {
            all.add(account);
        }
        return new Persona(archetype, identity, os, hardware, site, all, keys, contents);
    }
}
