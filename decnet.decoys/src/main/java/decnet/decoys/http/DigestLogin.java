package decnet.decoys.http;

import decnet.core.Challenge;
import decnet.core.WireText;
import decnet.decoys.Seen;
import decnet.topology.Account;
import decnet.topology.Persona;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A log-in by digest (RFC 7616, and RFC 2617 without {@code qop}), as it was sent. Only MD5 is understood; other algorithms are recorded
 * and never accepted.
 *
 * @param method of the request
 * @param fields of the header, names in lower case, without quotes
 */
record DigestLogin(String method, Map<String, String> fields) {
    private static final int MAX_HEADER = 4096;
    private static final Pattern FIELD =
            Pattern.compile("([A-Za-z-]{1,20})\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.){0,1024})\"|([^\\s,\"]{0,1024}))");

    DigestLogin {
        fields = Map.copyOf(fields);
    }

    static Optional<DigestLogin> of(HttpRequest request) {
        String header = request.header("Authorization").orElse("");
        if (header.length() > MAX_HEADER || !header.toLowerCase(Locale.ROOT).startsWith("digest ")) {
            return Optional.empty();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher matcher = FIELD.matcher(header.substring("digest ".length()));
        while (matcher.find()) {
            String quoted = matcher.group(2);
            fields.putIfAbsent(
                    matcher.group(1).toLowerCase(Locale.ROOT),
                    quoted == null ? matcher.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
        }
        return fields.containsKey("response")
                ? Optional.of(new DigestLogin(request.method(), fields))
                : Optional.empty();
    }

    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** Whether it proves the password of one of the machine's accounts. The nonce is not looked at. */
    boolean proves(Persona persona) {
        Optional<Account> account = persona.account(field("username"));
        return account.flatMap(Account::password)
                .filter(password ->
                        response(password.text()).equals(field("response").toLowerCase(Locale.ROOT)))
                .isPresent();
    }

    /** What the right answer would be with that password; empty text if it cannot be computed. */
    private String response(String password) {
        boolean md5 = field("algorithm").isEmpty() || field("algorithm").equalsIgnoreCase("MD5");
        String qop = field("qop");
        if (!md5 || !(qop.isEmpty() || qop.equals("auth"))) {
            return "";
        }
        String user = md5(field("username") + ":" + field("realm") + ":" + password);
        String request = md5(method + ":" + field("uri"));
        return md5(
                qop.isEmpty()
                        ? user + ":" + field("nonce") + ":" + request
                        : user + ":" + field("nonce") + ":" + field("nc") + ":" + field("cnonce") + ":" + qop + ":"
                                + request);
    }

    static String md5(String latin1) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(latin1.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    Seen seen(boolean accepted) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String name : java.util.List.of("realm", "nonce", "uri", "qop", "nc", "cnonce", "algorithm")) {
            if (fields.containsKey(name)) {
                parts.put(name, field(name));
            }
        }
        parts.put("method", method);
        return Seen.of(
                "login_attempt",
                "principal",
                WireText.of(field("username").getBytes(StandardCharsets.ISO_8859_1)),
                "secret",
                WireText.of(field("response").getBytes(StandardCharsets.ISO_8859_1)),
                "secret_kind",
                "http_digest_md5",
                "challenge",
                new Challenge(parts).text(),
                "outcome",
                accepted ? "accepted" : "rejected",
                "method",
                "digest");
    }
}
