package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.core.DeckyName;
import decnet.core.Json;
import decnet.x509.DistinguishedName;
import decnet.x509.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersonaTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    /** Machines of every kind, twice; each with all services it will ever have, so that everything is made. */
    private static List<Persona> here;

    private static List<Persona> elsewhere;

    @TempDir
    static Path state;

    @BeforeAll
    static void make() {
        here = site((byte) 1, 50, state.resolve("here"));
        elsewhere = site((byte) 2, 8, state.resolve("elsewhere"));
    }

    private static InstallationSecret secret(byte number) {
        byte[] bytes = new byte[32];
        bytes[0] = number;
        return InstallationSecret.of(bytes);
    }

    private static PersonaMaker maker(byte number, Path folder) {
        InstallationSecret secret = secret(number);
        FleetStore store = new FleetStore(folder);
        return new PersonaMaker(secret, NOW, () -> store.authority(new Site(secret).authority(), NOW));
    }

    private static List<Persona> site(byte number, int size, Path folder) {
        List<PersonaMaker.Wanted> wanted = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            wanted.add(
                    wanted("decky-" + i, Archetype.all().get(i % Archetype.all().size())));
        }
        return maker(number, folder).make(wanted, List.of());
    }

    private static PersonaMaker.Wanted wanted(String name, Archetype archetype) {
        return new PersonaMaker.Wanted(
                new DeckyName(name),
                archetype,
                Optional.empty(),
                Set.copyOf(archetype.services()),
                false,
                Optional.empty());
    }

    private static String text(Persona persona) {
        return new String(Json.bytes(PersonaJson.write(persona)), StandardCharsets.UTF_8);
    }

    private static <T> void differ(Function<Persona, ? extends Collection<T>> what) {
        Set<T> seen = new HashSet<>();
        for (Persona persona : here) {
            assertThat(what.apply(persona)).allMatch(seen::add, "of one machine only");
        }
        for (Persona persona : elsewhere) {
            assertThat(what.apply(persona)).allMatch(seen::add, "of one installation only");
        }
    }

    @Test
    void noTwoMachinesShareWhatTellsThemApart() {
        differ(persona -> List.of(persona.fqdn()));
        differ(persona -> List.of(persona.mac()));
        differ(persona -> List.of(persona.seed()));
        differ(persona -> List.of(persona.identity().serialNumber()).stream()
                .filter(number -> !number.isEmpty()) // some virtual machines have none
                .toList());
        differ(persona -> persona.hostKeys().stream().map(HostKey::x509).toList());
        differ(persona -> persona.tls().map(TlsIdentity::pkcs8).stream().toList());
        differ(persona -> persona.tls().map(tls -> tls.certificates().getFirst().getSerialNumber()).stream()
                .toList());
        differ(persona -> persona.bait().stream().map(Bait::text).toList());
        differ(persona -> persona.contents().mailboxes().stream()
                .flatMap(box -> box.messages().stream())
                .map(Contents.Message::id)
                .toList());
        differ(persona -> persona.contents().shares().stream()
                .flatMap(share -> share.files().stream())
                .map(Contents.SharedFile::text)
                .toList());
        assertThat(here).extracting(persona -> persona.site().address()).doesNotHaveDuplicates();
        assertThat(here).extracting(Persona::hostname).doesNotHaveDuplicates();
    }

    @Test
    void installationsShareNoSecret() {
        Set<String> pairs = new HashSet<>();
        here.forEach(persona -> persona.bait().forEach(bait -> bait.credentials()
                .forEach(pair -> pairs.add(pair.secret().text()))));
        assertThat(pairs).hasSizeGreaterThan(5).allMatch(secret -> secret.length() >= 13);
        for (Persona persona : elsewhere) {
            for (Bait bait : persona.bait()) {
                assertThat(bait.credentials())
                        .noneMatch(pair -> pairs.contains(pair.secret().text()));
            }
        }
    }

    @Test
    void nothingTellsWhoseTheyAre() {
        for (int i = 0; i < here.size(); i++) {
            String archetype = "\"archetype\":\"" + here.get(i).archetype() + "\"";
            String text = text(here.get(i)).replace(archetype, "").toLowerCase(Locale.ROOT);

            assertThat(text).doesNotContain("decnet", "decky", "honeypot", "decoy", "bait\":\"");
        }
    }

    @Test
    void allOfASiteAgree() {
        Site site = new Site(secret((byte) 1));
        Set<String> logins = new HashSet<>();
        site.colleagues().forEach(one -> logins.add(one.login()));
        for (Persona persona : here) {
            assertThat(persona.domain()).isEqualTo(site.domain());
            assertThat(persona.site().company()).isEqualTo(site.company());
            assertThat(persona.site().nameserver()).isEqualTo(site.nameserver());
            assertThat(site.colleagues()).containsAll(persona.site().colleagues());
            assertThat(persona.site().colleagues()).hasSize(8);
            assertThat(persona.site().address()).startsWith(persona.site().network());
            assertThat(persona.site().neighbours())
                    .noneMatch(one -> one.hostname().equals(persona.hostname()));
            assertThat(persona.site().neighbours()).allSatisfy(one -> assertThat(here)
                    .anyMatch(other -> other.hostname().equals(one.hostname())
                            && other.site().address().equals(one.address())));
            persona.contents().mailboxes().forEach(box -> {
                assertThat(persona.account(box.owner())).isPresent();
                assertThat(logins).contains(box.owner());
                assertThat(box.address()).endsWith("@" + persona.domain());
                assertThat(box.messages()).isNotEmpty().allSatisfy(mail -> {
                    assertThat(mail.to()).contains(box.address());
                    assertThat(mail.at()).isBefore(NOW).isAfter(persona.installedAt());
                });
            });
            persona.contents().databases().forEach(database -> assertThat(persona.contents()
                            .database(database.user(), database.password().text()))
                    .isPresent());
            persona.bait().forEach(bait -> bait.credentials().forEach(pair -> assertThat(bait.text())
                    .contains(pair.principal(), pair.secret().text())));
        }
    }

    @Test
    void contentsAreThereForTheServicesThatShowThem() {
        assertThat(of("mail-server").contents().mailboxes()).hasSizeGreaterThan(2);
        assertThat(of("file-server").contents().shares()).isNotEmpty();
        assertThat(of("database-server").contents().databases())
                .hasSize(3)
                .allSatisfy(database -> assertThat(database.tables()).hasSize(3).allMatch(table -> !table.rows()
                        .isEmpty()));
        assertThat(of("linux-server").contents().mailboxes()).isEmpty();
        assertThat(of("web-server").hostKeys()).isEmpty();
        assertThat(of("linux-server").hostKeys()).hasSize(3);
        assertThat(of("linux-server").tls()).isEmpty();
        assertThat(of("camera").tls()).isEmpty();
    }

    private static Persona of(String archetype) {
        return here.stream()
                .filter(one -> one.archetype().equals(archetype))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void namesAndAddressesAreThoseOfTheKind() {
        String digits = of("printer-hp").mac().replace(":", "").toUpperCase(Locale.ROOT);
        assertThat(of("printer-hp").hostname()).isEqualTo("NPI" + digits.substring(6));
        assertThat(of("printer-brother").hostname())
                .matches("BR[NW][0-9A-F]{12}")
                .endsWith(of("printer-brother").mac().replace(":", "").toUpperCase(Locale.ROOT));
        assertThat(of("windows-workstation").hostname())
                .matches("(DESKTOP|LAPTOP)-[A-Z0-9]{7}|[A-Z]{3}-(PC|WS|NB)\\d{4}");
        assertThat(here).allSatisfy(persona -> {
            assertThat(persona.hostname()).matches("[A-Za-z0-9][A-Za-z0-9-]{0,62}");
            assertThat(Archetype.find(persona.archetype()).orElseThrow().vendors())
                    .contains(persona.mac().substring(0, 8));
            if (persona.os().family() == OsFamily.WINDOWS || persona.os().family() == OsFamily.WINDOWS_SERVER) {
                assertThat(persona.hostname()).hasSizeLessThanOrEqualTo(15); // NetBIOS has no more
                assertThat(persona.accounts().getFirst().name()).isEqualTo("Administrator");
            }
        });
    }

    @Test
    void certificatesAreThoseOfTheMachine() throws Exception {
        for (Persona persona : here) {
            if (persona.tls().isEmpty()) {
                continue;
            }
            TlsIdentity tls = persona.tls().get();
            X509Certificate certificate = tls.certificates().getFirst();
            String name = DistinguishedName.commonName(certificate);
            switch (persona.kind()) {
                case NAS -> assertThat(name).isEqualTo("synology");
                case CAMERA -> assertThat(name).isEqualTo(persona.identity().serialNumber());
                case PRINTER, PLC, DEVICE -> assertThat(name).isEqualTo(persona.hostname());
                case SERVER, WORKSTATION, WINDOWS_SERVER, HYPERVISOR ->
                    assertThat(name).isEqualTo(persona.fqdn());
            }
            assertThat(certificate.getSerialNumber().signum()).isEqualTo(1);
            assertThat(certificate.getSerialNumber().bitLength()).isGreaterThan(32);
            assertThat(certificate.getNotBefore().toInstant())
                    .isAfterOrEqualTo(persona.installedAt().minusSeconds(1))
                    .isBefore(NOW);
            if (tls.chain().size() > 1) {
                certificate.verify(tls.certificates().get(1).getPublicKey());
            }
            java.security.Signature signature = java.security.Signature.getInstance("SHA256withRSA");
            signature.initSign(tls.privateKey());
            byte[] proof = signature.sign();
            signature.initVerify(certificate);
            assertThat(signature.verify(proof)).isTrue();
            assertThat(tls.toString()).doesNotContain(tls.pkcs8());
        }
        X509Certificate windows =
                of("windows-workstation").tls().orElseThrow().certificates().getFirst();
        assertThat(windows.getNotAfter().toInstant()).isBetween(NOW, NOW.plus(Duration.ofDays(183)));
        assertThat(windows.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        X509Certificate controller =
                of("domain-controller").tls().orElseThrow().certificates().getFirst();
        assertThat(controller.getIssuerX500Principal().getName())
                .isEqualTo("CN=" + new Site(secret((byte) 1)).authority());
    }

    @Test
    void opensslReadsThemAndFollowsTheChainsOfTheSite() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        X509Certificate authority = new FleetStore(state.resolve("here"))
                .authority("there already", NOW)
                .certificate();
        String ca = write("ca.pem", authority);
        int followed = 0;
        for (Persona persona : here) {
            if (persona.tls().isEmpty()) {
                continue;
            }
            List<X509Certificate> chain = persona.tls().get().certificates();
            String own = write("own.pem", chain.getFirst());
            assertThat(openssl("x509", "-noout", "-text", "-in", own))
                    .contains("CN = " + DistinguishedName.commonName(chain.getFirst()), "sha256WithRSAEncryption")
                    .doesNotContain("CN = *");
            if (chain.size() > 1 && chain.get(1).equals(authority)) {
                followed++;
                String at = Long.toString(NOW.getEpochSecond());
                assertThat(openssl("verify", "-purpose", "sslserver", "-attime", at, "-CAfile", ca, own))
                        .contains(": OK");
            }
        }
        assertThat(followed).isGreaterThan(2);
    }

    private static String write(String name, X509Certificate certificate) throws Exception {
        return Files.writeString(state.resolve(name), Pem.text("CERTIFICATE", certificate.getEncoded()))
                .toString();
    }

    private static String openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    @Test
    void hardwareIsOfTheMakerOfItsNetworkCard() {
        for (Persona persona : here) {
            String maker = persona.hardware().maker();
            switch (persona.mac().substring(0, 8)) {
                case "00:50:56", "00:0c:29" -> assertThat(maker).isEqualTo("VMware, Inc.");
                case "52:54:00" -> assertThat(maker).isEqualTo("QEMU");
                case "00:15:5d" -> assertThat(maker).isEqualTo("Microsoft Corporation");
                case "d0:94:66", "18:66:da", "a4:bb:6d", "54:bf:64", "18:db:f2" ->
                    assertThat(maker).isEqualTo("Dell Inc.");
                case "28:57:be", "bc:ad:28" -> assertThat(maker).isEqualTo("HIKVISION");
                case "4c:11:bf", "90:02:a9" -> assertThat(maker).isEqualTo("Dahua");
                default -> assertThat(maker).isNotEqualTo("VMware, Inc.");
            }
        }
    }

    @Test
    void anExpiredCertificateIsReplacedWhereSomebodyWouldHaveDoneIt() {
        Persona before = of("windows-workstation");
        InstallationSecret secret = secret((byte) 1);
        Instant later = NOW.plus(Duration.ofDays(400));
        FleetStore store = new FleetStore(state.resolve("here"));
        Archetype archetype = Archetype.find("windows-workstation").orElseThrow();

        Persona after = new PersonaMaker(secret, later, () -> store.authority("x", later))
                .make(
                        List.of(new PersonaMaker.Wanted(
                                new DeckyName("w"),
                                archetype,
                                Optional.empty(),
                                Set.of("rdp"),
                                false,
                                Optional.of(before))),
                        List.of())
                .getFirst();

        assertThat(after.tls()).isNotEqualTo(before.tls());
        assertThat(after.tls()
                        .orElseThrow()
                        .certificates()
                        .getFirst()
                        .getNotAfter()
                        .toInstant())
                .isAfter(later);
        assertThat(after.withKeys(before.keys())).isEqualTo(before);
    }

    @Test
    void mostOfWhatBaitNamesLogsInOnAnotherMachine() {
        List<Persona> fleet = here.stream()
                .filter(one -> Archetype.find(one.archetype()).orElseThrow().services().stream()
                        .anyMatch(Set.of("ssh", "ftp", "telnet", "http")::contains))
                .limit(20)
                .toList();
        int named = 0;
        int good = 0;
        for (Persona persona : here) {
            for (Bait bait : persona.bait()) {
                for (BaitCredential pair : bait.credentials()) {
                    named++;
                    boolean works = fleet.stream()
                            .anyMatch(other -> !other.equals(persona)
                                    && other.login(
                                                    pair.principal(),
                                                    pair.secret().text())
                                            .isPresent());
                    good += works ? 1 : 0;
                }
            }
        }
        assertThat(named).isGreaterThan(60);
        assertThat(good).isGreaterThanOrEqualTo(named / 2);
    }

    @Test
    void baitOfALonelyMachineNamesOneThatFitsWhenItComes() {
        Archetype server = Archetype.find("linux-server").orElseThrow();
        PersonaMaker maker = maker((byte) 3, state.resolve("lonely"));
        Persona first = maker.make(List.of(wanted("a", server)), List.of()).getFirst();

        List<PersonaMaker.Wanted> more = new ArrayList<>();
        for (String slug : List.of("linux-server", "file-server", "nas", "database-server")) {
            more.add(wanted("b-" + slug, Archetype.find(slug).orElseThrow()));
        }
        List<Persona> later = maker.make(more, List.of(first));

        List<BaitCredential> pairs = first.bait().stream()
                .flatMap(bait -> bait.credentials().stream())
                .toList();
        assertThat(pairs).hasSizeGreaterThanOrEqualTo(3);
        assertThat(pairs).allMatch(pair -> later.stream()
                .anyMatch(other -> other.login(pair.principal(), pair.secret().text())
                                .isPresent()
                        || other.contents()
                                .database(pair.principal(), pair.secret().text())
                                .isPresent()
                        || pair.principal().equals("ftpsync")));
        assertThat(later).extracting(Persona::hostname).doesNotContain(first.hostname());
        assertThat(first.bait())
                .anyMatch(bait -> later.stream().anyMatch(other -> bait.text().contains(other.hostname())));
    }

    @Test
    void theStoredFormKeepsEverything() {
        for (Persona persona : here) {
            Persona back = PersonaJson.read(Json.parseObject(Json.bytes(PersonaJson.write(persona))));

            assertThat(back).isEqualTo(persona);
        }
    }

    @Test
    void aPersonaOfTheFirstVersionIsRead() throws IOException {
        byte[] old;
        try (InputStream in = PersonaTest.class.getResourceAsStream("persona-1.json")) {
            old = java.util.Objects.requireNonNull(in).readAllBytes();
        }

        Persona persona = PersonaJson.read(Json.parseObject(old));

        assertThat(persona.hostname()).isEqualTo("gw-4a21c0");
        assertThat(persona.os()).isSameAs(Distribution.find("buildroot20").orElseThrow());
        assertThat(persona.os().family()).isEqualTo(OsFamily.EMBEDDED);
        assertThat(persona.login("root", "vizxv")).isPresent();
        assertThat(persona.serviceSecrets()).containsEntry("redis", "dragon42");
        assertThat(persona.hostKeys()).hasSize(1);
        assertThat(persona.tls()).isEmpty();
        assertThat(persona.bait()).singleElement().satisfies(bait -> assertThat(bait.credentials())
                .isEmpty());
        assertThat(persona.site().address()).matches("10\\.\\d+\\.\\d+\\.\\d+");
        assertThat(PersonaJson.read(Json.parseObject(Json.bytes(PersonaJson.write(persona)))))
                .isEqualTo(persona);
    }

    @Test
    void aPersonaIsSmall() {
        long bytes = here.stream().mapToLong(persona -> text(persona).length()).sum();

        // text is what fills the memory too: one byte a character
        assertThat(bytes / here.size()).isLessThan(30_000);
        assertThat(here)
                .allSatisfy(persona -> assertThat(text(persona).length()).isLessThan(45_000));
    }

    @Test
    void theAuthorityIsMadeOnceAndForItsOwner() throws IOException {
        FleetStore store = new FleetStore(state.resolve("authority"));
        SiteAuthority first = store.authority("Example CA", NOW);

        assertThat(store.authority("another name", NOW.plusSeconds(5))).isEqualTo(first);
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(state.resolve("authority/authority.json"))))
                .isEqualTo("rw-------");
        assertThat(first.certificate().getBasicConstraints()).isGreaterThan(0);
        try (var files = Files.list(state.resolve("authority"))) {
            assertThat(files).hasSize(1);
        }
    }
}
