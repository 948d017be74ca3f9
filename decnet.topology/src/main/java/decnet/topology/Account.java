package decnet.topology;

import decnet.core.Secret;
import java.util.Optional;

/**
 * A user of a fake machine.
 *
 * @param uid user and group number
 * @param gecos full name
 * @param password the one password that logs in; empty if nothing does
 * @param sudo whether the account is an administrator
 */
public record Account(
        String name, int uid, String gecos, String home, String shell, Optional<Secret> password, boolean sudo) {
    /** Whether {@code attempt} is the account's password. */
    public boolean accepts(String attempt) {
        return password.isPresent() && password.get().text().equals(attempt);
    }

    /** Whether a person, not a daemon, owns it. */
    public boolean person() {
        return uid == 0 || uid >= 1000 && uid < 60000;
    }
}
