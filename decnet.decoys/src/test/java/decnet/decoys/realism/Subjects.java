package decnet.decoys.realism;

import decnet.core.Secret;
import decnet.decoys.Fixtures;
import decnet.topology.Account;
import decnet.topology.Distribution;
import decnet.topology.HostKey;
import decnet.topology.Identity;
import decnet.topology.Keyring;
import decnet.topology.Persona;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that is compared. A new service adds its subject here, one file of conversations, and what starts its real server. */
final class Subjects {
    /** The account that logs in on both sides; the tests make and remove it on this machine. */
    static final String USER = "decnet-probe";

    static final String PASSWORD = "blue7-Kettle";

    private Subjects() {}

    static List<Subject> all() {
        List<Subject> all = new ArrayList<>(RedisSubjects.all());
        all.add(FtpSubject.vsftpd());
        all.addAll(HttpSubjects.all());
        all.addAll(TelnetSubjects.all());
        all.add(SshSubject.openSsh());
        return all;
    }

    static Subject find(String name) {
        return all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    /** The conversations of a file in {@code realism/}. */
    static List<Conversation> file(String name) {
        try (var in = Subjects.class.getResourceAsStream("/realism/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no conversations " + name);
            }
            return Conversation.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keys of the three usual kinds; made once, as that takes a while. */
    static List<HostKey> hostKeys() {
        return Fixtures.decky("[probe]\narchetype = linux-server\nservices = ssh\ndistro = debian12")
                .persona()
                .hostKeys();
    }

    /** A machine with another version of one product, and the account that logs in. */
    static Persona persona(String distribution, String service, String product, String version) {
        Persona made = Fixtures.decky(
                        "[probe]\narchetype = linux-server\nservices = " + service + "\ndistro = " + distribution)
                .persona();
        Distribution os = made.os();
        Map<String, String> products = new HashMap<>(os.products());
        products.put(product, version);
        Distribution dressed = new Distribution(
                os.slug(),
                os.family(),
                os.id(),
                os.versionId(),
                os.prettyName(),
                os.codename(),
                os.kernelRelease(),
                os.kernelVersion(),
                os.machine(),
                os.shell(),
                products);
        Identity identity = new Identity(
                made.hostname(),
                made.domain(),
                made.mac(),
                made.identity().serialNumber(),
                Instant.parse("2026-01-15T10:20:30Z"),
                Instant.parse("2026-02-20T03:04:05Z"),
                4711);
        Persona persona = new Persona(
                made.archetype(),
                identity,
                dressed,
                made.hardware(),
                made.site(),
                made.accounts(),
                new Keyring(Map.of("redis", PASSWORD), made.hostKeys(), made.tls()),
                made.contents());
        return persona.withAccount(new Account(
                USER,
                4242,
                "",
                "/home/" + USER,
                os.shell().equals("ash") ? "/bin/sh" : "/bin/bash",
                Optional.of(new Secret(PASSWORD)),
                false));
    }
}
