package decnet.x509;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An extension of a certificate (RFC 5280 section 4.2). Immutable. */
public final class Extension {
    public static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    public static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    /** What a key may do (RFC 5280 section 4.2.1.3). */
    public enum Usage {
        DIGITAL_SIGNATURE(0x80),
        NON_REPUDIATION(0x40),
        KEY_ENCIPHERMENT(0x20),
        DATA_ENCIPHERMENT(0x10),
        KEY_AGREEMENT(0x08),
        CERTIFICATE_SIGN(0x04),
        CRL_SIGN(0x02);

        private final int bit;

        Usage(int bit) {
            this.bit = bit;
        }
    }

    private final byte[] der;

    private Extension(byte[] der) {
        this.der = der;
    }

    private static Extension of(String oid, boolean critical, byte[] value) {
        return new Extension(
                critical
                        ? Der.sequence(Der.oid(oid), Der.truth(), Der.octets(value))
                        : Der.sequence(Der.oid(oid), Der.octets(value)));
    }

    byte[] der() {
        return der;
    }

    /** For an authority that signs no other authority. */
    public static Extension authority() {
        return of("2.5.29.19", true, Der.sequence(Der.truth(), Der.integer(0)));
    }

    /** For an authority, as OpenSSL writes it: without a limit. */
    public static Extension unlimitedAuthority() {
        return of("2.5.29.19", true, Der.sequence(Der.truth()));
    }

    /** For who is no authority, critical. */
    public static Extension endEntity() {
        return of("2.5.29.19", true, Der.sequence());
    }

    /** For who is no authority, not critical, as OpenSSL's configuration files usually say it. */
    public static Extension plainEndEntity() {
        return of("2.5.29.19", false, Der.sequence());
    }

    /** Critical. */
    public static Extension usage(Usage... usages) {
        return usage(true, usages);
    }

    /** Not critical. */
    public static Extension plainUsage(Usage... usages) {
        return usage(false, usages);
    }

    private static Extension usage(boolean critical, Usage... usages) {
        int bits = 0;
        for (Usage usage : usages) {
            bits |= usage.bit;
        }
        return of("2.5.29.15", critical, Der.bits(Math.min(7, Integer.numberOfTrailingZeros(bits)), new byte[] {
            (byte) bits
        }));
    }

    /** @param purposes object identifiers, for example {@link #SERVER_AUTH} */
    public static Extension purposes(String... purposes) {
        byte[][] oids = List.of(purposes).stream().map(Der::oid).toArray(byte[][]::new);
        return of("2.5.29.37", false, Der.sequence(oids));
    }

    /** @param names host names and addresses under which the subject is reached */
    public static Extension alternatives(List<String> names) {
        return of(
                "2.5.29.17",
                false,
                Der.sequence(names.stream().map(Extension::alternative).toArray(byte[][]::new)));
    }

    public static Extension subjectKey(KeyId key) {
        return of("2.5.29.14", false, Der.octets(key.der()));
    }

    public static Extension authorityKey(KeyId key) {
        return of("2.5.29.35", false, Der.sequence(Der.implicit(0, key.der())));
    }

    private static byte[] alternative(String name) {
        if (name.matches("[0-9.]+") || name.contains(":")) {
            try {
                return Der.implicit(7, InetAddress.ofLiteral(name).getAddress());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("not an address: " + name, e);
            }
        }
        return Der.implicit(2, name.getBytes(StandardCharsets.US_ASCII));
    }
}
