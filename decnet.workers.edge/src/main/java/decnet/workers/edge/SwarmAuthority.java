package decnet.workers.edge;

import decnet.core.DeckyName;
import decnet.core.FolderOwner;
import decnet.x509.KeyId;
import decnet.x509.Keys;
import decnet.x509.Pem;
import decnet.x509.RevocationList;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The authority that says who belongs to a swarm.
 *
 * <pre>
 * DIR/ca/key.pem ca.pem index crl-number    0700, for whoever made it only
 * DIR/ca.pem DIR/crl.pem                    for the listener
 * DIR/own/…                                 this host's own key, certificate and copies of both
 * DIR/issued/NAME/…                         what the host NAME gets
 * index = *( serial SP name SP not-after SP ( revoked-at / "-" ) LF )
 * </pre>
 *
 * One process at a time, as a person runs it. Not thread-safe.
 */
public final class SwarmAuthority {
    /** Longest life of a peer's certificate, in days. */
    public static final int MAX_DAYS = 365;

    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);
    private static final int AUTHORITY_DAYS = 3650;

    private final Path folder;
    private final InstantSource clock;

    /** One certificate that was issued. {@code revokedAt} is empty while it is good. */
    public record Issued(BigInteger serial, DeckyName name, Instant notAfter, Optional<Instant> revokedAt) {
        private String line() {
            return serial.toString(16) + " " + name + " " + notAfter + " "
                    + revokedAt.map(Instant::toString).orElse("-");
        }

        private static Issued parse(String line) {
            String[] parts = line.split(" ");
            return new Issued(
                    new BigInteger(parts[0], 16),
                    new DeckyName(parts[1]),
                    Instant.parse(parts[2]),
                    parts[3].equals("-") ? Optional.empty() : Optional.of(Instant.parse(parts[3])));
        }
    }

    /** @param folder {@code <state>/swarm} */
    public SwarmAuthority(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    private Path inner() {
        return folder.resolve("ca");
    }

    public boolean exists() {
        return Files.exists(inner().resolve("key.pem"));
    }

    /**
     * Makes a new authority.
     *
     * @param name what peers read in its certificate; nothing in it need tell what it is for
     * @throws IOException if there is one already, or the disk refuses
     */
    public X509Certificate init(String name) throws IOException {
        if (exists()) {
            throw new IOException("there is an authority in " + inner()
                    + " already; every certificate depends on it. To begin anew, move that folder away");
        }
        try {
            makeFolder(folder, "rwx--x---", true);
            makeFolder(inner(), "rwx------", false);
            KeyPair key = Keys.elliptic();
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            X509Certificate certificate = SwarmCertificates.authority(
                    name, key, now.minus(CLOCKS_DIFFER), now.plus(Duration.ofDays(AUTHORITY_DAYS)));
            String pem = Pem.text("CERTIFICATE", certificate.getEncoded());
            write(inner().resolve("ca.pem"), pem, "rw-------", false);
            write(inner().resolve("key.pem"), keyText(key), "rw-------", false);
            write(folder.resolve("ca.pem"), pem, "rw-r--r--", true);
            writeRevocations(List.of());
            return certificate;
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java cannot make an authority", e);
        }
    }

    /** Everything issued so far, oldest first. @throws IOException if there is no authority or its index is damaged */
    public List<Issued> list() throws IOException {
        if (!exists()) {
            throw new IOException("there is no authority in " + inner() + " yet; make one: decnet swarm ca init");
        }
        Path index = inner().resolve("index");
        List<Issued> issued = new ArrayList<>();
        if (Files.exists(index)) {
            for (String line : Files.readAllLines(index)) {
                try {
                    issued.add(Issued.parse(line));
                } catch (RuntimeException e) {
                    throw new IOException(index + " is damaged: " + decnet.core.Snippet.of(line), e);
                }
            }
        }
        return issued;
    }

    /**
     * Issues a certificate and writes the bundle that its host needs. An earlier one of that name stays good until revoked or expired.
     *
     * @param names host names and addresses under which the host is reached; its name is always among them
     * @param days 1 to {@value #MAX_DAYS}
     * @param to the bundle's folder; created
     */
    public Path issue(DeckyName name, List<String> names, int days, Path to) throws IOException {
        if (days < 1 || days > MAX_DAYS) {
            throw new IllegalArgumentException(days + " days; expected 1 to " + MAX_DAYS);
        }
        List<Issued> issued = list();
        try {
            X509Certificate authority =
                    Pem.certificates(inner().resolve("ca.pem")).getFirst();
            PrivateKey authorityKey = Pem.privateKey(inner().resolve("key.pem"));
            KeyPair key = Keys.elliptic();
            Set<String> all = new LinkedHashSet<>(names);
            all.add(name.text());
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            X509Certificate certificate = SwarmCertificates.peer(
                    name.text(),
                    List.copyOf(all),
                    key.getPublic(),
                    authority,
                    authorityKey,
                    now.minus(CLOCKS_DIFFER),
                    now.plus(Duration.ofDays(days)));
            issued.add(new Issued(
                    certificate.getSerialNumber(),
                    name,
                    certificate.getNotAfter().toInstant(),
                    Optional.empty()));
            writeIndex(issued); // first: what is not in the index could never be revoked
            boolean own = to.equals(own());
            if (!own) {
                makeFolder(folder.resolve("issued"), "rwx------", false);
            }
            makeFolder(to, "rwx------", own);
            write(to.resolve("key.pem"), keyText(key), "rw-------", own);
            write(to.resolve("cert.pem"), Pem.text("CERTIFICATE", certificate.getEncoded()), "rw-r--r--", own);
            write(to.resolve("ca.pem"), Files.readString(folder.resolve("ca.pem")), "rw-r--r--", own);
            write(to.resolve("crl.pem"), Files.readString(folder.resolve("crl.pem")), "rw-r--r--", own);
            return to;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate of " + name + " cannot be made", e);
        }
    }

    /** Where this host's own bundle lies; keys of configuration point here by default. */
    public Path own() {
        return folder.resolve("own");
    }

    /** Where the bundle for another host is put. */
    public Path bundle(DeckyName name) {
        return folder.resolve("issued").resolve(name.text());
    }

    /** Revokes every certificate of a name. @return how many there were that were still good */
    public int revoke(DeckyName name) throws IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        List<Issued> all = new ArrayList<>();
        int count = 0;
        for (Issued one : list()) {
            boolean hit = one.name().equals(name) && one.revokedAt().isEmpty();
            count += hit ? 1 : 0;
            all.add(hit ? new Issued(one.serial(), name, one.notAfter(), Optional.of(now)) : one);
        }
        writeIndex(all);
        try {
            writeRevocations(all);
        } catch (GeneralSecurityException e) {
            throw new IOException("the revocation list cannot be made", e);
        }
        return count;
    }

    private void writeIndex(List<Issued> issued) throws IOException {
        StringBuilder text = new StringBuilder();
        issued.forEach(one -> text.append(one.line()).append('\n'));
        write(inner().resolve("index"), text.toString(), "rw-------", false);
    }

    private void writeRevocations(List<Issued> issued) throws IOException, GeneralSecurityException {
        X509Certificate authority = Pem.certificates(inner().resolve("ca.pem")).getFirst();
        Path counter = inner().resolve("crl-number");
        long number =
                Files.exists(counter) ? Long.parseLong(Files.readString(counter).strip()) + 1 : 1;
        Map<BigInteger, Instant> revoked = new LinkedHashMap<>();
        issued.forEach(one -> one.revokedAt().ifPresent(at -> revoked.put(one.serial(), at)));
        String text = Pem.text(
                "X509 CRL",
                new RevocationList(
                                number,
                                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                                authority.getNotAfter().toInstant(),
                                revoked)
                        .signedBy(
                                authority,
                                Pem.privateKey(inner().resolve("key.pem")),
                                KeyId.sha256(authority.getPublicKey()))
                        .getEncoded());
        write(counter, number + "\n", "rw-------", false);
        write(folder.resolve("crl.pem"), text, "rw-r--r--", true);
    }

    private static String keyText(KeyPair key) {
        return Pem.text("PRIVATE KEY", Keys.pkcs8(key));
    }

    /** @param forFolder whether it is to belong to the services, as the folder above does */
    private static void makeFolder(Path path, String mode, boolean forFolder) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (forFolder) {
            FolderOwner.takeOver(path);
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static void write(Path file, String text, String mode, boolean forFolder) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        // never readable by others, not for a moment
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, text, StandardCharsets.US_ASCII);
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString(mode));
        if (forFolder) {
            FolderOwner.takeOver(draft);
        }
        Files.move(
                draft,
                file,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
