package decnet.topology;

import java.util.Locale;

/** How a network stack behaves, in the words of fingerprint databases. The driver shapes packets after it. */
public enum OsFamily {
    LINUX,
    WINDOWS,
    WINDOWS_SERVER,
    BSD,
    EMBEDDED,
    CISCO;

    /** Name in files: {@code windows_server}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static OsFamily parse(String slug) {
        return valueOf(slug.toUpperCase(Locale.ROOT));
    }
}
