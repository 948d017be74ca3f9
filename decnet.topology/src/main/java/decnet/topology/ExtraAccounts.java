package decnet.topology;

import decnet.core.Secret;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** The accounts that the options {@code user} and {@code password} of services add to a machine. Stateless. */
final class ExtraAccounts {
    private ExtraAccounts() {}

    /** @param options of each service of the machine */
    static Persona added(Persona persona, Collection<Map<String, String>> options) {
        Persona result = persona;
        for (Map<String, String> one : options) {
            String user = one.get("user");
            String password = one.get("password");
            if (user == null || password == null) {
                continue;
            }
            Account account = account(result, user, new Secret(password));
            if (!result.account(user).equals(Optional.of(account))) {
                result = result.withAccount(account);
            }
        }
        return result;
    }

    private static Account account(Persona persona, String user, Secret password) {
        return persona.account(user)
                .map(old -> new Account(
                        old.name(), old.uid(), old.gecos(), old.home(), old.shell(), Optional.of(password), old.sudo()))
                .orElseGet(() -> fresh(persona, user, password));
    }

    private static Account fresh(Persona persona, String user, Secret password) {
        int last = persona.accounts().stream()
                .filter(Account::person)
                .mapToInt(Account::uid)
                .max()
                .orElse(999);
        String shell = persona.os().shell().equals("ash") ? "/bin/sh" : "/bin/bash";
        return new Account(user, Math.max(last + 1, 1000), ",,,", "/home/" + user, shell, Optional.of(password), false);
    }
}
