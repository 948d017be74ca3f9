package decnet.x509;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * The name of a subject or an issuer (RFC 5280 section 4.1.2.4).
 *
 * @param attributes in the order in which they are written, country first by custom; at least one
 */
public record DistinguishedName(List<Attribute> attributes) {
    private static final Map<String, String> TYPES = Map.of(
            "CN", "2.5.4.3",
            "C", "2.5.4.6",
            "L", "2.5.4.7",
            "ST", "2.5.4.8",
            "O", "2.5.4.10",
            "OU", "2.5.4.11",
            "DC", "0.9.2342.19200300.100.1.25",
            "emailAddress", "1.2.840.113549.1.9.1",
            "unstructuredName", "1.2.840.113549.1.9.2");

    /** @throws IllegalArgumentException if there is no attribute */
    public DistinguishedName {
        attributes = List.copyOf(attributes);
        if (attributes.isEmpty()) {
            throw new IllegalArgumentException("a name without attributes");
        }
    }

    /**
     * One part of a name.
     *
     * @param type CN, C, L, ST, O, OU, DC, emailAddress or unstructuredName
     * @param value 1 to 200 characters
     */
    public record Attribute(String type, String value) {
        /** @throws IllegalArgumentException if the type is not one of these, or the value too short or too long */
        public Attribute {
            if (!TYPES.containsKey(type) || value.isEmpty() || value.length() > 200) {
                throw new IllegalArgumentException("not an attribute of a name: " + type + " with " + value.length()
                        + " characters; types are " + TYPES.keySet());
            }
        }

        private byte[] der() {
            byte[] text =
                    switch (type) {
                        case "C" -> Der.printable(value);
                        case "DC", "emailAddress" -> Der.ascii(value);
                        default -> Der.text(value);
                    };
            return Der.set(Der.sequence(Der.oid(TYPES.getOrDefault(type, "")), text));
        }
    }

    /** @param parts type and value in turn, for example {@code "O", "Example", "CN", "host.example.org"} */
    public static DistinguishedName of(String... parts) {
        if (parts.length % 2 != 0) {
            throw new IllegalArgumentException("a type without a value: " + parts[parts.length - 1]);
        }
        List<Attribute> attributes = new ArrayList<>();
        for (int i = 0; i < parts.length; i += 2) {
            attributes.add(new Attribute(parts[i], parts[i + 1]));
        }
        return new DistinguishedName(attributes);
    }

    /** The common name of a certificate's subject. @throws IllegalArgumentException if it has none or several */
    public static String commonName(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        String found = "";
        // values of ours hold no comma; one of a stranger may, escaped, and is then refused
        for (String part : subject.split(",")) {
            if (part.startsWith("CN=")) {
                if (!found.isEmpty()) {
                    throw new IllegalArgumentException("a certificate with several names");
                }
                found = part.substring(3);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("a certificate without a name (CN)");
        }
        return found;
    }

    /** As the platform knows it. */
    public X500Principal principal() {
        return new X500Principal(der());
    }

    byte[] der() {
        return Der.sequence(attributes.stream().map(Attribute::der).toArray(byte[][]::new));
    }
}
