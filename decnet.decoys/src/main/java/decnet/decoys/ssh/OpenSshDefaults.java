package decnet.decoys.ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a version of OpenSSH offers when nobody has configured it ({@code myproposal.h}, {@code PROTOCOL}): the lists of its KEXINIT
 * and of its {@code server-sig-algs}, in its order.
 *
 * @param version major and minor as one number: 902 for 9.2
 * @param identification the whole line, without line end
 * @param methods how a user may log in
 * @param hostKeys signature algorithms of all keys a server may have, those of missing keys not yet removed
 * @param hostbound whether {@code publickey-hostbound@openssh.com} is announced
 */
record OpenSshDefaults(
        int version,
        String identification,
        String methods,
        List<String> kex,
        List<String> hostKeys,
        List<String> ciphers,
        List<String> macs,
        List<String> compressions,
        List<String> signatures,
        boolean hostbound) {
    private static final Pattern VERSION = Pattern.compile("OpenSSH_(\\d+)\\.(\\d+).*");
    private static final Pattern UPDATED = Pattern.compile(".*(?:deb12u(\\d+)|3ubuntu0\\.(\\d+)|4ubuntu0\\.(\\d+))");
    private static final int ENTERPRISE = 807;
    private static final String STRICT = "kex-strict-s-v00@openssh.com";

    OpenSshDefaults {
        kex = List.copyOf(kex);
        hostKeys = List.copyOf(hostKeys);
        ciphers = List.copyOf(ciphers);
        macs = List.copyOf(macs);
        compressions = List.copyOf(compressions);
        signatures = List.copyOf(signatures);
    }

    /** @param product text after {@code SSH-2.0-}, for example {@code OpenSSH_9.2p1 Debian-2+deb12u2} */
    static OpenSshDefaults of(String product) {
        Matcher matcher = VERSION.matcher(product);
        int version =
                matcher.matches() ? Integer.parseInt(matcher.group(1)) * 100 + Integer.parseInt(matcher.group(2)) : 902;
        if (version == ENTERPRISE) {
            return enterprise(product);
        }
        return new OpenSshDefaults(
                version,
                "SSH-2.0-" + product,
                "publickey,password",
                kex(version, plainHybrid(product, version), strict(product, version)),
                hostKeys(version),
                List.of(
                        "chacha20-poly1305@openssh.com",
                        "aes128-ctr",
                        "aes192-ctr",
                        "aes256-ctr",
                        "aes128-gcm@openssh.com",
                        "aes256-gcm@openssh.com"),
                List.of(
                        "umac-64-etm@openssh.com",
                        "umac-128-etm@openssh.com",
                        "hmac-sha2-256-etm@openssh.com",
                        "hmac-sha2-512-etm@openssh.com",
                        "hmac-sha1-etm@openssh.com",
                        "umac-64@openssh.com",
                        "umac-128@openssh.com",
                        "hmac-sha2-256",
                        "hmac-sha2-512",
                        "hmac-sha1"),
                List.of("none", "zlib@openssh.com"),
                signatures(version),
                version >= 809);
    }

    /** The enterprise distributions set their own lists: {@code crypto-policies}, policy {@code DEFAULT} of release 9. */
    private static OpenSshDefaults enterprise(String product) {
        return new OpenSshDefaults(
                ENTERPRISE,
                "SSH-2.0-" + product,
                "publickey,gssapi-keyex,gssapi-with-mic,password",
                List.of(
                        "curve25519-sha256",
                        "curve25519-sha256@libssh.org",
                        "ecdh-sha2-nistp256",
                        "ecdh-sha2-nistp384",
                        "ecdh-sha2-nistp521",
                        "diffie-hellman-group-exchange-sha256",
                        "diffie-hellman-group14-sha256",
                        "diffie-hellman-group16-sha512",
                        "diffie-hellman-group18-sha512",
                        STRICT),
                List.of("rsa-sha2-512", "rsa-sha2-256", "ecdsa-sha2-nistp256", "ssh-ed25519"),
                List.of(
                        "aes256-gcm@openssh.com",
                        "chacha20-poly1305@openssh.com",
                        "aes256-ctr",
                        "aes128-gcm@openssh.com",
                        "aes128-ctr"),
                List.of(
                        "hmac-sha2-256-etm@openssh.com",
                        "hmac-sha1-etm@openssh.com",
                        "umac-128-etm@openssh.com",
                        "hmac-sha2-512-etm@openssh.com",
                        "hmac-sha2-256",
                        "hmac-sha1",
                        "umac-128@openssh.com",
                        "hmac-sha2-512"),
                List.of("none", "zlib@openssh.com"),
                signatures(ENTERPRISE),
                false);
    }

    /** Whether the hybrid method is offered by its standard name too: since 9.9, and since an update of Debian 12. */
    private static boolean plainHybrid(String product, int version) {
        Matcher updated = UPDATED.matcher(product);
        return version >= 909
                || updated.matches() && updated.group(1) != null && Integer.parseInt(updated.group(1)) >= 4;
    }

    /** Whether the distribution's build has the answer to the prefix truncation attack (CVE-2023-48795). */
    private static boolean strict(String product, int version) {
        Matcher updated = UPDATED.matcher(product);
        if (version >= 906) {
            return true;
        }
        if (!updated.matches()) {
            return false;
        }
        if (updated.group(1) != null) {
            return Integer.parseInt(updated.group(1)) >= 2;
        }
        return updated.group(2) != null
                ? Integer.parseInt(updated.group(2)) >= 6
                : Integer.parseInt(updated.group(3)) >= 11;
    }

    private static List<String> kex(int version, boolean plainHybrid, boolean strict) {
        List<String> names = new ArrayList<>();
        if (version >= 900) {
            if (plainHybrid) {
                names.add("sntrup761x25519-sha512");
            }
            names.add("sntrup761x25519-sha512@openssh.com");
        }
        names.addAll(List.of(
                "curve25519-sha256",
                "curve25519-sha256@libssh.org",
                "ecdh-sha2-nistp256",
                "ecdh-sha2-nistp384",
                "ecdh-sha2-nistp521"));
        if (version >= 809 && version < 900) {
            names.add("sntrup761x25519-sha512@openssh.com");
        }
        names.addAll(List.of(
                "diffie-hellman-group-exchange-sha256",
                "diffie-hellman-group16-sha512",
                "diffie-hellman-group18-sha512",
                "diffie-hellman-group14-sha256"));
        if (version < 802) {
            names.add("diffie-hellman-group14-sha1");
        }
        if (strict) {
            names.add(STRICT);
        }
        return names;
    }

    private static List<String> hostKeys(int version) {
        return version >= 808
                ? List.of("rsa-sha2-512", "rsa-sha2-256", "ecdsa-sha2-nistp256", "ssh-ed25519")
                : List.of("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519");
    }

    private static List<String> signatures(int version) {
        List<String> names = new ArrayList<>();
        names.add("ssh-ed25519");
        if (version >= 802) {
            names.add("sk-ssh-ed25519@openssh.com");
        }
        names.addAll(List.of(
                "ssh-rsa",
                "rsa-sha2-256",
                "rsa-sha2-512",
                "ssh-dss",
                "ecdsa-sha2-nistp256",
                "ecdsa-sha2-nistp384",
                "ecdsa-sha2-nistp521"));
        if (version >= 802) {
            names.add("sk-ecdsa-sha2-nistp256@openssh.com");
        }
        if (version >= 804) {
            names.add("webauthn-sk-ecdsa-sha2-nistp256@openssh.com");
        }
        return names;
    }
}
