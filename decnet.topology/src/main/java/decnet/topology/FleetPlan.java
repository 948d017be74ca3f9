package decnet.topology;

import decnet.core.DeckyName;
import decnet.core.Secret;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a fleet file changes. The file is the whole fleet: a decky it does not name goes; one it leaves as it is keeps everything.
 *
 * @param base version of the desired state it was made against
 * @param result every decky after the change, new personas included; nothing is stored yet
 */
public record FleetPlan(
        long base, List<Decky> result, List<DeckyName> added, List<DeckyName> changed, List<DeckyName> removed) {
    public FleetPlan {
        result = List.copyOf(result);
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    /** Makes the plan and the personas that are missing. Host keys may take a second for each new machine with a secure shell. */
    public static FleetPlan make(FleetFile file, FleetStore store, InstallationSecret secret, Instant now) {
        Fleet present = store.read();
        Set<InetAddress> addresses = new HashSet<>();
        file.deckies().forEach(entry -> entry.address().ifPresent(addresses::add));
        for (FleetFile.Entry entry : file.deckies()) {
            present.decky(entry.name())
                    .filter(decky -> keepsAddress(entry, decky))
                    .ifPresent(decky -> addresses.add(decky.address()));
        }
        LoopbackAddresses free = new LoopbackAddresses(secret, addresses);
        List<Persona> personas = personas(file, store, secret, now);
        List<Decky> result = new ArrayList<>();
        List<DeckyName> added = new ArrayList<>();
        List<DeckyName> changed = new ArrayList<>();
        for (int i = 0; i < personas.size(); i++) {
            FleetFile.Entry entry = file.deckies().get(i);
            Optional<Decky> before = present.decky(entry.name());
            Persona persona = withAccounts(personas.get(i), entry.services().values());
            InetAddress address = entry.address()
                    .or(() -> before.filter(decky -> keepsAddress(entry, decky)).map(Decky::address))
                    .orElseGet(free::next);
            Decky decky = new Decky(entry.name(), persona, address, services(entry, file.realPorts()));
            result.add(decky);
            if (before.isEmpty()) {
                added.add(entry.name());
            } else if (!before.get().equals(decky)) {
                changed.add(entry.name());
            }
        }
        List<DeckyName> removed =
                new ArrayList<>(present.deckies().stream().map(Decky::name).toList());
        removed.removeAll(result.stream().map(Decky::name).toList());
        return new FleetPlan(present.version(), result, added, changed, removed);
    }

    /** Whether the desired state is what the file says already. */
    public boolean changesNothing() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }

    /** Stores the result. @return empty if somebody else changed the desired state since the plan was made */
    public Optional<Fleet> apply(FleetStore store) {
        return store.replace(base, result);
    }

    private static boolean keepsAddress(FleetFile.Entry entry, Decky decky) {
        return entry.address().isEmpty() && LoopbackAddresses.allowed(decky.address());
    }

    private static List<Persona> personas(FleetFile file, FleetStore store, InstallationSecret secret, Instant now) {
        List<PersonaMaker.Wanted> wanted = file.deckies().stream()
                .map(entry -> new PersonaMaker.Wanted(
                        entry.name(),
                        entry.archetype(),
                        entry.distribution(),
                        entry.services().keySet(),
                        entry.services().values().stream().anyMatch(options -> "yes".equals(options.get("tls"))),
                        stored(store, entry)))
                .toList();
        List<Persona> known = new ArrayList<>();
        if (wanted.stream().anyMatch(one -> one.stored().isEmpty())) {
            known.addAll(store.personas());
            for (FleetFile.Entry entry : file.deckies()) {
                store.persona(entry.name(), entry.archetype().slug())
                        .ifPresent(known::remove); // used again, or replaced by one with another system
            }
        }
        PersonaMaker maker = new PersonaMaker(secret, now, () -> store.authority(new Site(secret).authority(), now));
        return maker.make(wanted, known);
    }

    /** A stored persona is used again unless the file wants another distribution. */
    private static Optional<Persona> stored(FleetStore store, FleetFile.Entry entry) {
        return store.persona(entry.name(), entry.archetype().slug())
                .filter(persona -> entry.distribution().isEmpty()
                        || entry.distribution().get().equals(persona.os().slug()));
    }

    /** With the accounts that options of services name. */
    static Persona withAccounts(Persona persona, Collection<Map<String, String>> services) {
        Persona result = persona;
        for (Map<String, String> options : services) {
            String user = options.get("user");
            String password = options.get("password");
            if (user == null || password == null) {
                continue;
            }
            Account account = result.account(user)
                    .map(old -> new Account(
                            old.name(),
                            old.uid(),
                            old.gecos(),
                            old.home(),
                            old.shell(),
                            Optional.of(new Secret(password)),
                            old.sudo()))
                    .orElse(added(result, user, password));
            if (!result.account(user).equals(Optional.of(account))) {
                result = result.withAccount(account);
            }
        }
        return result;
    }

    private static Account added(Persona persona, String user, String password) {
        int uid = persona.accounts().stream()
                        .filter(Account::person)
                        .mapToInt(Account::uid)
                        .max()
                        .orElse(999)
                + 1;
        String shell = persona.os().shell().equals("ash") ? "/bin/sh" : "/bin/bash";
        return new Account(
                user, Math.max(uid, 1000), ",,,", "/home/" + user, shell, Optional.of(new Secret(password)), false);
    }

    private static List<DeckyService> services(FleetFile.Entry entry, boolean realPorts) {
        List<DeckyService> services = new ArrayList<>();
        entry.services().forEach((slug, options) -> services.add(ServicePlacement.place(slug, options, realPorts)));
        return services;
    }
}
