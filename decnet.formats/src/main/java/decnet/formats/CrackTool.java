package decnet.formats;

import decnet.core.Challenge;
import decnet.core.WireText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The tools that find the password behind a proof somebody sent, and the lines they read. Pure; formats as printed by
 * {@code hashcat --example-hashes} of version 6.2 and as tested by the "jumbo" version of John the Ripper.
 */
public enum CrackTool {
    HASHCAT,
    JOHN;

    /**
     * One line of input.
     *
     * @param mode number after {@code hashcat -m}, or name after {@code john --format=}
     * @param kind what it is, in words
     */
    public record Line(String mode, String kind, String text) {}

    /** The kinds of secrets of which lines can be made. */
    public static final List<String> KINDS = List.of(
            "http_digest_md5",
            "sip_digest_md5",
            "ntlmssp_v1",
            "ntlmssp_v2",
            "vnc_des_response",
            "mysql_native_password",
            "postgres_md5_challenge",
            "cram_md5");
    /** Proofs that neither tool reads: both want what the server stores, and a client never sends that. */
    public static final List<String> WITHOUT_TOOL = List.of("scram_sha1", "scram_sha256");

    private static final Pattern HEX = Pattern.compile("[0-9a-f]*");
    private static final int MD5 = 32;
    private static final int NT_PROOF = 32;
    private static final int NT_RESPONSE = 48;

    /** hashcat, john, words. */
    private record Mode(String hashcat, String john, String words) {}

    private static final Map<String, Mode> MODES = Map.of(
            "http_digest_md5", new Mode("11400", "hdaa", "HTTP digest"),
            "sip_digest_md5", new Mode("11400", "hdaa", "SIP digest"),
            "ntlmssp_v1", new Mode("5500", "netntlm", "NTLM version 1"),
            "ntlmssp_v2", new Mode("5600", "netntlmv2", "NTLM version 2"),
            "vnc_des_response", new Mode("", "vnc", "VNC"),
            "mysql_native_password", new Mode("11200", "mysqlna", "MySQL native password"),
            "postgres_md5_challenge", new Mode("11100", "postgres", "PostgreSQL MD5"),
            "cram_md5", new Mode("10200", "hmac-md5", "CRAM-MD5"));

    /**
     * The line for one log-in.
     *
     * @param kind field {@code secret_kind}
     * @param principal field {@code principal}, as {@link WireText}; empty if nobody was named
     * @param secret field {@code secret}
     * @param challenge field {@code challenge}
     * @return empty if the tool does not read this kind, or if something is missing or of another form
     */
    public Optional<Line> line(String kind, String principal, String secret, String challenge) {
        Mode mode = MODES.get(kind);
        String name = mode == null ? "" : this == HASHCAT ? mode.hashcat() : mode.john();
        if (mode == null || name.isEmpty()) {
            return Optional.empty();
        }
        String user = new String(WireText.bytes(principal), StandardCharsets.UTF_8);
        String proof = secret.toLowerCase(Locale.ROOT);
        Challenge asked = Challenge.parse(challenge);
        if (!HEX.matcher(proof).matches() || user.chars().anyMatch(c -> c < ' ')) {
            return Optional.empty();
        }
        Optional<String> text =
                switch (kind) {
                    case "http_digest_md5", "sip_digest_md5" -> digest(user, proof, asked);
                    case "ntlmssp_v1" -> ntlm1(user, proof, asked);
                    case "ntlmssp_v2" -> ntlm2(user, proof, asked);
                    case "vnc_des_response" ->
                        hex(asked, MD5).filter(nonce -> proof.length() == MD5).map(nonce -> ("$vnc$*" + nonce + "*"
                                        + proof)
                                .toUpperCase(Locale.ROOT)
                                .replace("$VNC$", "$vnc$"));
                    case "mysql_native_password" ->
                        hex(asked, 40)
                                .filter(nonce -> proof.length() == 40)
                                .map(nonce -> "$mysqlna$" + nonce + "*" + proof);
                    case "postgres_md5_challenge" ->
                        hex(asked, 8)
                                .filter(salt -> proof.length() == MD5 && free(user, "*"))
                                .map(salt -> "$postgres$" + user + "*" + salt + "*" + proof);
                    default -> cram(user, proof, asked);
                };
        return text.map(line -> new Line(name, mode.words(), this == JOHN ? named(user, line, kind) : line));
    }

    /** John shows the name in front; formats of NTLM have one of their own. */
    private static String named(String user, String line, String kind) {
        return kind.startsWith("ntlm") || user.isEmpty() || !free(user, ":") ? line : user + ":" + line;
    }

    private static boolean free(String text, String separators) {
        return text.chars().noneMatch(c -> c < ' ' || separators.indexOf(c) >= 0);
    }

    private static Optional<String> hex(Challenge asked, int length) {
        return asked.part("challenge")
                .map(text -> text.toLowerCase(Locale.ROOT))
                .filter(text -> text.length() == length && HEX.matcher(text).matches());
    }

    private Optional<String> digest(String user, String proof, Challenge asked) {
        String algorithm = asked.part("algorithm").orElse("MD5");
        String qop = asked.text("qop");
        boolean known = algorithm.equalsIgnoreCase("MD5") && (qop.isEmpty() || qop.equals("auth"));
        List<String> all = List.of(
                user,
                asked.text("realm"),
                asked.text("method"),
                asked.text("uri"),
                asked.text("nonce"),
                asked.text("cnonce"),
                asked.text("nc"));
        String separator = this == HASHCAT ? "*" : "$";
        if (!known
                || proof.length() != MD5
                || asked.text("nonce").isEmpty()
                || asked.text("uri").isEmpty()
                || !all.stream().allMatch(part -> free(part, separator))) {
            return Optional.empty();
        }
        if (this == JOHN) {
            String head = "$response$" + proof + "$" + user + "$" + asked.text("realm") + "$" + asked.text("method")
                    + "$" + asked.text("uri") + "$" + asked.text("nonce");
            return Optional.of(
                    qop.isEmpty() ? head : head + "$" + asked.text("nc") + "$" + asked.text("cnonce") + "$" + qop);
        }
        // hashcat takes no more of these
        boolean fits = user.length() + asked.text("realm").length() < 117
                && asked.text("method").length() + asked.text("uri").length() < 240
                && asked.text("nonce").length() + asked.text("cnonce").length() < 900;
        return Optional.of("$sip$***" + user + "*" + asked.text("realm") + "*" + asked.text("method") + "**"
                        + asked.text("uri") + "**" + asked.text("nonce") + "*" + asked.text("cnonce") + "*"
                        + asked.text("nc") + "*" + qop + "*MD5*" + proof)
                .filter(line -> fits);
    }

    private static Optional<String> ntlm1(String principal, String proof, Challenge asked) {
        String lm = asked.part("lm").orElse(proof).toLowerCase(Locale.ROOT);
        boolean fits = proof.length() == NT_RESPONSE
                && lm.length() == NT_RESPONSE
                && HEX.matcher(lm).matches();
        return hex(asked, 16)
                .filter(nonce -> fits && free(principal, ":"))
                .map(nonce -> account(principal) + ":" + lm + ":" + proof + ":" + nonce);
    }

    private static Optional<String> ntlm2(String principal, String proof, Challenge asked) {
        return hex(asked, 16)
                .filter(nonce -> proof.length() > NT_PROOF && proof.length() % 2 == 0 && free(principal, ":"))
                .map(nonce -> account(principal) + ":" + nonce + ":" + proof.substring(0, NT_PROOF) + ":"
                        + proof.substring(NT_PROOF));
    }

    /** {@code DOMAIN\\user} as {@code user::DOMAIN}. */
    private static String account(String principal) {
        int backslash = principal.indexOf('\\');
        return principal.substring(backslash + 1) + "::" + (backslash < 0 ? "" : principal.substring(0, backslash));
    }

    private static Optional<String> cram(String user, String proof, Challenge asked) {
        Base64.Encoder base64 = Base64.getEncoder();
        return asked.part("challenge")
                .filter(nonce -> proof.length() == MD5)
                .map(nonce -> "$cram_md5$" + base64.encodeToString(nonce.getBytes(StandardCharsets.ISO_8859_1)) + "$"
                        + base64.encodeToString((user + " " + proof).getBytes(StandardCharsets.UTF_8)));
    }
}
