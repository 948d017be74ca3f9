package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.WireText;
import java.util.Optional;

/**
 * One attempt to log in.
 *
 * @param secret as {@link WireText}; its bytes are stored beside it. Of a hash that answers a challenge: the hash
 * @param kind what the secret is, for example {@code plaintext}, {@code ntlm} or {@code ssh_publickey}
 * @param outcome {@code accepted} or {@code rejected}
 * @param challenge what the secret answers, as {@link decnet.core.Challenge}
 * @param fingerprint of a public key, for example {@code SHA256:…}
 */
public record CredentialRow(
        Origin origin,
        Optional<String> principal,
        String secret,
        String kind,
        Optional<String> outcome,
        Optional<String> method,
        Optional<String> challenge,
        Optional<String> fingerprint) {
    /** One without challenge and key. */
    public CredentialRow(
            Origin origin,
            Optional<String> principal,
            String secret,
            String kind,
            Optional<String> outcome,
            Optional<String> method) {
        this(origin, principal, secret, kind, outcome, method, Optional.empty(), Optional.empty());
    }

    public ObjectNode toJson() {
        ObjectNode json = origin.toJson();
        principal.ifPresent(value -> json.put("principal", value));
        json.put("secret", secret).put("secret_kind", kind);
        outcome.ifPresent(value -> json.put("outcome", value));
        method.ifPresent(value -> json.put("method", value));
        challenge.ifPresent(value -> json.put("challenge", value));
        fingerprint.ifPresent(value -> json.put("fingerprint", value));
        return json;
    }

    /** Does not show the secret. */
    @Override
    public String toString() {
        return "CredentialRow[" + origin + ", " + kind + "]";
    }
}
