package decnet.topology;

import static decnet.x509.Extension.Usage.DATA_ENCIPHERMENT;
import static decnet.x509.Extension.Usage.DIGITAL_SIGNATURE;
import static decnet.x509.Extension.Usage.KEY_ENCIPHERMENT;

import decnet.x509.CertificateDraft;
import decnet.x509.DistinguishedName;
import decnet.x509.Extension;
import decnet.x509.KeyId;
import decnet.x509.Keys;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Makes the certificate that a machine of its kind has: names, extensions, life and serial number as the tool that makes it there
 * writes them, dated as the machine's age wants. Thread-safe.
 */
final class CertificateMaker {
    private static final Duration HALF_A_YEAR = Duration.ofDays(182);
    private static final Duration YEAR = Duration.ofDays(365);

    private final Instant now;
    private final Supplier<SiteAuthority> authority;

    /** @param authority asked only for machines whose certificate it signs; any thread */
    CertificateMaker(Instant now, Supplier<SiteAuthority> authority) {
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
        this.authority = authority;
    }

    TlsIdentity make(Persona persona) {
        try {
            return switch (persona.kind()) {
                case SERVER -> server(persona);
                case WORKSTATION -> windows(persona);
                case WINDOWS_SERVER -> signedBySite(persona) ? bySite(persona) : windows(persona);
                case HYPERVISOR -> hypervisor(persona);
                case NAS -> nas(persona);
                case CAMERA, DEVICE -> device(persona, camera(persona));
                case PLC -> device(persona, DistinguishedName.of("C", "DE", "O", "Siemens", "CN", persona.hostname()));
                case PRINTER -> device(persona, printer(persona));
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java 25 makes RSA keys and certificates", e);
        }
    }

    /**
     * Whether a machine of that kind would have replaced its certificate by now. What nobody renews (a distribution's own, a device's)
     * stays, run out or not.
     */
    boolean due(Persona persona) {
        boolean renewed =
                switch (persona.kind()) {
                    case WORKSTATION, WINDOWS_SERVER, NAS -> true;
                    case SERVER -> signedBySite(persona);
                    case HYPERVISOR, CAMERA, DEVICE, PLC, PRINTER -> false;
                };
        return renewed
                && persona.tls()
                        .map(tls -> tls.certificates().getFirst().getNotAfter().toInstant())
                        .filter(end -> end.isBefore(now))
                        .isPresent();
    }

    private static SplittableRandom random(Persona persona) {
        return new SplittableRandom(persona.seed() ^ 0x746c73L);
    }

    /** A third of the servers, and all domain controllers, have a certificate of the site's own authority. */
    private static boolean signedBySite(Persona persona) {
        return switch (persona.kind()) {
            case SERVER -> random(persona).nextInt(3) == 0;
            case WINDOWS_SERVER ->
                persona.archetype().equals("domain-controller")
                        || random(persona).nextInt(3) > 0;
            default -> false;
        };
    }

    private TlsIdentity server(Persona persona) throws GeneralSecurityException {
        if (signedBySite(persona)) {
            return bySite(persona);
        }
        return persona.os().id().equals("rocky") || persona.os().id().equals("fedora")
                ? enterprise(persona)
                : snakeOil(persona);
    }

    /** What Debian's {@code ssl-cert} makes when it is installed. */
    private static TlsIdentity snakeOil(Persona persona) throws GeneralSecurityException {
        Instant from = installed(persona, 1200);
        KeyPair key = Keys.rsa(2048);
        X509Certificate certificate = new CertificateDraft(
                        DistinguishedName.of("CN", persona.fqdn()),
                        Keys.serial(20),
                        from,
                        from.plus(Duration.ofDays(3650)),
                        List.of(
                                Extension.plainEndEntity(),
                                Extension.alternatives(List.of(persona.fqdn())),
                                Extension.subjectKey(KeyId.sha1(key.getPublic()))))
                .selfSigned(key);
        return SiteAuthority.identity(key, certificate);
    }

    /** What the web server of an enterprise distribution makes at its first start: signed by an authority of a moment. */
    private static TlsIdentity enterprise(Persona persona) throws GeneralSecurityException {
        SplittableRandom random = random(persona);
        Instant from = installed(persona, 4000);
        String mail = "root@" + persona.fqdn();
        KeyPair issuerKey = Keys.rsa(2048);
        X509Certificate issuer = new CertificateDraft(
                        DistinguishedName.of(
                                "C",
                                "US",
                                "O",
                                "Unspecified",
                                "OU",
                                "ca-" + Long.toUnsignedString(random.nextLong()),
                                "CN",
                                persona.fqdn(),
                                "emailAddress",
                                mail),
                        Keys.serial(8),
                        from,
                        from.plus(YEAR),
                        List.of(
                                Extension.alternatives(List.of(persona.fqdn())),
                                Extension.authority(),
                                Extension.subjectKey(KeyId.sha1(issuerKey.getPublic()))))
                .selfSigned(issuerKey);
        KeyPair key = Keys.rsa(2048);
        X509Certificate certificate = new CertificateDraft(
                        DistinguishedName.of("C", "US", "O", "Unspecified", "CN", persona.fqdn(), "emailAddress", mail),
                        Keys.serial(8),
                        from,
                        from.plus(YEAR),
                        List.of(
                                Extension.plainUsage(DIGITAL_SIGNATURE, KEY_ENCIPHERMENT),
                                Extension.purposes(Extension.SERVER_AUTH),
                                Extension.plainEndEntity(),
                                Extension.alternatives(List.of(persona.fqdn()))))
                .signedBy(issuer, issuerKey.getPrivate(), key.getPublic());
        return SiteAuthority.identity(key, certificate, issuer);
    }

    /** What remote desktop makes for itself, and again when half a year is over. */
    private TlsIdentity windows(Persona persona) throws GeneralSecurityException {
        Instant from = lately(persona, HALF_A_YEAR);
        KeyPair key = Keys.rsa(2048);
        X509Certificate certificate = new CertificateDraft(
                        DistinguishedName.of("CN", persona.fqdn()),
                        Keys.serial(16),
                        from,
                        from.plus(HALF_A_YEAR).plus(Duration.ofHours(12)),
                        List.of(
                                Extension.purposes(Extension.SERVER_AUTH),
                                Extension.plainUsage(KEY_ENCIPHERMENT, DATA_ENCIPHERMENT)))
                .selfSigned(key);
        return SiteAuthority.identity(key, certificate);
    }

    private TlsIdentity bySite(Persona persona) throws GeneralSecurityException {
        SiteAuthority site = authority.get();
        X509Certificate issuer = site.certificate();
        Duration life = persona.kind() == MachineKind.WINDOWS_SERVER ? YEAR : YEAR.multipliedBy(2);
        Instant from = lately(persona, life);
        KeyPair key = Keys.rsa(2048);
        X509Certificate certificate = new CertificateDraft(
                        DistinguishedName.of("CN", persona.fqdn()),
                        Keys.serial(19),
                        from,
                        from.plus(life),
                        List.of(
                                Extension.usage(DIGITAL_SIGNATURE, KEY_ENCIPHERMENT),
                                Extension.purposes(Extension.SERVER_AUTH, Extension.CLIENT_AUTH),
                                Extension.subjectKey(KeyId.sha1(key.getPublic())),
                                Extension.authorityKey(KeyId.sha1(issuer.getPublicKey())),
                                Extension.alternatives(List.of(persona.fqdn()))))
                .signedBy(issuer, site.identity().privateKey(), key.getPublic());
        return SiteAuthority.identity(key, certificate, issuer);
    }

    private static TlsIdentity hypervisor(Persona persona) throws GeneralSecurityException {
        Instant from = installed(persona, 300);
        KeyPair key = Keys.rsa(2048);
        KeyPair issuerKey = Keys.rsa(2048); // the installer keeps it for nobody
        DistinguishedName installer = DistinguishedName.of("O", "VMware Installer");
        X509Certificate issuer = new CertificateDraft(
                        installer, Keys.serial(8), from, from.plus(Duration.ofDays(4200)), List.of())
                .selfSigned(issuerKey);
        X509Certificate certificate = new CertificateDraft(
                        DistinguishedName.of(
                                "C", "US",
                                "ST", "California",
                                "L", "Palo Alto",
                                "O", "VMware, Inc",
                                "OU", "VMware ESX Server Default Certificate",
                                "emailAddress", "ssl-certificates@vmware.com",
                                "CN", persona.fqdn(),
                                "unstructuredName", from.getEpochSecond() + ",564d7761726520496e632e"),
                        Keys.serial(6),
                        from,
                        from.plus(Duration.ofDays(4200)),
                        List.of(
                                Extension.plainEndEntity(),
                                Extension.plainUsage(DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, DATA_ENCIPHERMENT),
                                Extension.purposes(Extension.SERVER_AUTH, Extension.CLIENT_AUTH),
                                Extension.alternatives(List.of(persona.fqdn()))))
                .signedBy(issuer, issuerKey.getPrivate(), key.getPublic());
        return SiteAuthority.identity(key, certificate);
    }

    /** The maker's default: named for the make, never for the machine; only numbers and key tell two apart. */
    private TlsIdentity nas(Persona persona) throws GeneralSecurityException {
        Instant from = lately(persona, YEAR);
        KeyPair issuerKey = Keys.rsa(2048);
        X509Certificate issuer = new CertificateDraft(
                        DistinguishedName.of("C", "TW", "L", "Taipel", "O", "Synology Inc.", "CN", "Synology Inc. CA"),
                        Keys.serial(16),
                        from,
                        from.plus(Duration.ofDays(7300)),
                        List.of())
                .selfSigned(issuerKey);
        KeyPair key = Keys.rsa(2048);
        X509Certificate certificate = new CertificateDraft(
                        DistinguishedName.of("C", "TW", "L", "Taipel", "O", "Synology Inc.", "CN", "synology"),
                        Keys.serial(16),
                        from,
                        from.plus(YEAR),
                        List.of(Extension.alternatives(List.of("synology"))))
                .signedBy(issuer, issuerKey.getPrivate(), key.getPublic());
        return SiteAuthority.identity(key, certificate, issuer);
    }

    private static DistinguishedName camera(Persona persona) {
        return persona.os().id().equals("buildroot")
                ? DistinguishedName.of("CN", persona.hostname())
                : DistinguishedName.of(
                        "C", "CN",
                        "ST", "ZJ",
                        "L", "HZ",
                        "O", persona.hardware().maker(),
                        "CN", persona.identity().serialNumber());
    }

    private static DistinguishedName printer(Persona persona) {
        return switch (persona.os().id()) {
            case "hp" ->
                DistinguishedName.of(
                        "C", "US",
                        "ST", "Washington",
                        "L", "Vancouver",
                        "O", "HP",
                        "OU", "HP-IPG",
                        "CN", persona.hostname());
            case "kyocera" ->
                DistinguishedName.of(
                        "C", "JP",
                        "O", "KYOCERA Document Solutions Inc.",
                        "CN", persona.hostname());
            default -> DistinguishedName.of("CN", persona.hostname().toUpperCase(Locale.ROOT));
        };
    }

    /** Made when the device was set up, for as long as it will last. */
    private static TlsIdentity device(Persona persona, DistinguishedName name) throws GeneralSecurityException {
        Instant from = installed(persona, 600);
        KeyPair key = Keys.rsa(2048);
        X509Certificate certificate = new CertificateDraft(
                        name,
                        Keys.serial(8),
                        from,
                        from.plus(Duration.ofDays(3650)),
                        List.of(Extension.plainEndEntity(), Extension.subjectKey(KeyId.sha1(key.getPublic()))))
                .selfSigned(key);
        return SiteAuthority.identity(key, certificate);
    }

    /** @param span seconds after the installation within which it was made */
    private static Instant installed(Persona persona, int span) {
        return persona.installedAt()
                .plusSeconds(random(persona).nextInt(30, span))
                .truncatedTo(ChronoUnit.SECONDS);
    }

    /** When the present one of a row was made, each lasting {@code life}; never before the installation. */
    private Instant lately(Persona persona, Duration life) {
        Instant first = installed(persona, 3600);
        long age = Duration.between(first, now).toSeconds();
        return first.plusSeconds(age / life.toSeconds() * life.toSeconds());
    }
}
