package decnet.topology;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a machine proves itself with.
 *
 * @param passwords of services that have no users, by slug (redis)
 * @param hostKeys empty as long as the machine has no secure shell
 * @param tls empty as long as no service of the machine speaks TLS
 */
public record Keyring(Map<String, String> passwords, List<HostKey> hostKeys, Optional<TlsIdentity> tls) {
    public Keyring {
        passwords = Map.copyOf(passwords);
        hostKeys = List.copyOf(hostKeys);
    }

    Keyring withHostKeys(List<HostKey> keys) {
        return new Keyring(passwords, keys, tls);
    }

    Keyring withTls(TlsIdentity identity) {
        return new Keyring(passwords, hostKeys, Optional.of(identity));
    }

    @Override
    public String toString() {
        return "Keyring[" + passwords.keySet() + ", " + hostKeys + ", " + tls + "]";
    }
}
