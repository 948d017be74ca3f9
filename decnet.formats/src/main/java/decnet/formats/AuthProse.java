package decnet.formats;

import decnet.core.Peer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What OpenSSH's server writes about logins, as prose. The name of the user is the attacker's text and may itself look like the rest
 * of such a line, so the last {@code from … port …} counts.
 */
final class AuthProse {
    private static final int MAX_LENGTH = 1024;
    private static final Pattern LOGIN = Pattern.compile(
            "(Accepted|Failed) ([a-z/-]{1,40}) for (invalid user )?(.*) from ([0-9a-fA-F:.]{2,45}) port ([0-9]{1,5})("
                    + " ssh2)?(?:: ([A-Z0-9-]{2,20}) (SHA256:\\S{1,60}|\\S{1,60}))?");
    private static final Pattern FROM = Pattern.compile(".* ([0-9a-fA-F:.]{2,45}) port ([0-9]{1,5})(?: .*)?");

    private AuthProse() {}

    static boolean writtenBySshd(Optional<String> app) {
        return app.filter(name -> name.equals("sshd") || name.equals("sshd-session") || name.equals("dropbear"))
                .isPresent();
    }

    /** Puts the fields of a login and gives its source; empty if {@code message} tells of none. */
    static Optional<Peer> login(String message, Fields fields) {
        if (message.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher login = LOGIN.matcher(message);
        if (!login.matches()) {
            return Optional.empty();
        }
        Optional<Peer> source = JsonLine.peerOf(login.group(5), login.group(6));
        if (source.isPresent()) {
            fields.putWire("principal", login.group(4));
            fields.put("secret", "").put("secret_kind", "not_logged");
            fields.put("outcome", login.group(1).equals("Accepted") ? "accepted" : "rejected");
            fields.put("method", login.group(2));
            fields.put("algorithm", login.group(8)).put("fingerprint", login.group(9));
        }
        return source;
    }

    /** Who a line of the server is about; empty if it does not say. */
    static Optional<Peer> source(String message) {
        if (message.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher from = FROM.matcher(message);
        return from.matches() ? JsonLine.peerOf(from.group(1), from.group(2)) : Optional.empty();
    }
}
