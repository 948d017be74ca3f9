package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.WireText;
import java.util.Optional;

/**
 * One attempt to log in.
 *
 * @param secret as {@link WireText}; its bytes are stored beside it
 * @param kind what the secret is, for example {@code plaintext} or {@code ssh_publickey}
 * @param outcome {@code accepted} or {@code rejected}
 */
public record CredentialRow(
        Origin origin,
        Optional<String> principal,
        String secret,
        String kind,
        Optional<String> outcome,
        Optional<String> method) {
    public ObjectNode toJson() {
        ObjectNode json = origin.toJson();
        principal.ifPresent(value -> json.put("principal", value));
        json.put("secret", secret).put("secret_kind", kind);
        outcome.ifPresent(value -> json.put("outcome", value));
        method.ifPresent(value -> json.put("method", value));
        return json;
    }

    /** Does not show the secret. */
    @Override
    public String toString() {
        return "CredentialRow[" + origin + ", " + kind + "]";
    }
}
