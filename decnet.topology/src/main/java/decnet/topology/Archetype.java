package decnet.topology;

import java.util.List;
import java.util.Optional;

/**
 * A kind of machine: which services it offers and what it looks like.
 *
 * @param services slugs of all it is meant to have; some may not be in the catalogue yet
 * @param distributions slugs; one is drawn for each persona
 * @param roles part of the host name, for example {@code web}; not used by kinds that are named for a number of theirs
 * @param vendors first three bytes of MAC addresses of the makers of such machines, {@code 00:50:56}
 */
public record Archetype(
        String slug,
        String label,
        MachineKind kind,
        List<String> services,
        List<String> distributions,
        List<String> roles,
        List<String> vendors) {
    private static final List<String> SERVERS =
            List.of("d0:94:66", "18:66:da", "94:18:82", "3c:a8:2a", "0c:c4:7a", "ac:1f:6b");
    private static final List<String> VIRTUAL = List.of("00:50:56", "00:0c:29", "52:54:00", "00:15:5d");
    private static final List<String> DESKTOPS =
            List.of("a4:bb:6d", "54:bf:64", "18:db:f2", "3c:52:82", "80:e8:2c", "c8:d9:d2", "54:ee:75", "e8:6a:64");
    private static final List<String> CAMERAS =
            List.of("44:19:b6", "c0:56:e3", "28:57:be", "bc:ad:28", "3c:ef:8c", "4c:11:bf", "90:02:a9");

    private static final List<Archetype> ALL = List.of(
            new Archetype(
                    "linux-server",
                    "Linux server",
                    MachineKind.SERVER,
                    List.of("ssh", "http"),
                    List.of("debian12", "ubuntu22", "rocky9", "ubuntu20", "fedora39"),
                    List.of("app", "srv", "build", "jump", "mon"),
                    VIRTUAL),
            new Archetype(
                    "web-server",
                    "Web server",
                    MachineKind.SERVER,
                    List.of("http", "https", "ftp"),
                    List.of("debian12", "ubuntu22", "ubuntu20"),
                    List.of("web", "www", "portal", "intranet"),
                    VIRTUAL),
            new Archetype(
                    "database-server",
                    "Database server",
                    MachineKind.SERVER,
                    List.of("redis", "ssh", "mysql", "postgres"),
                    List.of("debian12", "ubuntu22"),
                    List.of("db", "cache", "redis", "data"),
                    SERVERS),
            new Archetype(
                    "mail-server",
                    "Mail server",
                    MachineKind.SERVER,
                    List.of("smtp", "pop3", "imap"),
                    List.of("debian12", "ubuntu22"),
                    List.of("mail", "mx", "smtp"),
                    VIRTUAL),
            new Archetype(
                    "file-server",
                    "File server",
                    MachineKind.SERVER,
                    List.of("ftp", "ssh", "smb"),
                    List.of("debian12", "ubuntu22", "rocky9"),
                    List.of("files", "fs", "backup", "share"),
                    SERVERS),
            new Archetype(
                    "monitoring-node",
                    "Monitoring node",
                    MachineKind.SERVER,
                    List.of("ssh", "snmp"),
                    List.of("debian12", "rocky9"),
                    List.of("mon", "nagios", "zabbix", "metrics"),
                    VIRTUAL),
            new Archetype(
                    "devops-host",
                    "Build and container host",
                    MachineKind.SERVER,
                    List.of("ssh", "docker_api", "k8s"),
                    List.of("ubuntu22", "debian12"),
                    List.of("ci", "build", "docker", "kube", "runner"),
                    VIRTUAL),
            new Archetype(
                    "voip-server",
                    "Telephone server",
                    MachineKind.SERVER,
                    List.of("sip", "http", "tftp"),
                    List.of("debian12", "ubuntu22"),
                    List.of("pbx", "voip", "sip", "tel"),
                    VIRTUAL),
            new Archetype(
                    "deaddeck",
                    "Secure shell that faces the internet",
                    MachineKind.SERVER,
                    List.of("ssh"),
                    List.of("debian12", "ubuntu22"),
                    List.of("vps", "host", "srv", "node"),
                    VIRTUAL),
            new Archetype(
                    "windows-workstation",
                    "Windows PC",
                    MachineKind.WORKSTATION,
                    List.of("smb", "rdp"),
                    List.of("windows10", "windows11"),
                    List.of("PC", "WS", "NB"),
                    DESKTOPS),
            new Archetype(
                    "windows-server",
                    "Windows server with IIS",
                    MachineKind.WINDOWS_SERVER,
                    List.of("http", "https", "smb", "rdp"),
                    List.of("windows2019", "windows2022"),
                    List.of("APP", "WEB", "SRV", "SQL", "TS"),
                    VIRTUAL),
            new Archetype(
                    "domain-controller",
                    "Windows domain controller",
                    MachineKind.WINDOWS_SERVER,
                    List.of("ldap", "smb", "rdp", "llmnr"),
                    List.of("windows2019", "windows2022"),
                    List.of("DC"),
                    VIRTUAL),
            new Archetype(
                    "hypervisor",
                    "Virtualisation host (ESXi)",
                    MachineKind.HYPERVISOR,
                    List.of("https", "http", "ssh"),
                    List.of("esxi7", "esxi8"),
                    List.of("esx", "esxi", "vmhost"),
                    SERVERS),
            new Archetype(
                    "nas",
                    "Network storage (Synology)",
                    MachineKind.NAS,
                    List.of("http", "https", "ssh", "smb"),
                    List.of("dsm7"),
                    List.of("nas", "diskstation", "syn", "backup-nas"),
                    List.of("00:11:32", "90:09:d0")),
            new Archetype(
                    "camera",
                    "Network camera",
                    MachineKind.CAMERA,
                    List.of("http", "telnet", "rtsp"),
                    List.of("hikvision5", "dahua2"),
                    List.of("ipc"),
                    CAMERAS),
            new Archetype(
                    "iot-device",
                    "Embedded device (gateway, recorder)",
                    MachineKind.DEVICE,
                    List.of("telnet", "http", "mqtt", "snmp"),
                    List.of("buildroot20"),
                    List.of("cam", "gw", "ipcam", "dvr"),
                    List.of("44:19:b6", "c0:56:e3", "3c:ef:8c", "50:c7:bf")),
            new Archetype(
                    "plc",
                    "Controller of a machine (Siemens S7-1200)",
                    MachineKind.PLC,
                    List.of("http", "https", "s7", "snmp"),
                    List.of("s7-1200"),
                    List.of("plc"),
                    List.of("28:63:36", "00:1b:1b", "8c:f3:19", "e0:dc:a0")),
            new Archetype(
                    "industrial-control",
                    "Controller of a plant (Modicon M340)",
                    MachineKind.PLC,
                    List.of("http", "modbus", "snmp"),
                    List.of("m340"),
                    List.of("rtu", "plc"),
                    List.of("00:80:f4", "00:00:54")),
            new Archetype(
                    "printer",
                    "Network printer (Kyocera)",
                    MachineKind.PRINTER,
                    List.of("http", "https", "snmp", "jetdirect"),
                    List.of("kyocera"),
                    List.of("KM"),
                    List.of("00:c0:ee", "00:17:c8")),
            new Archetype(
                    "printer-hp",
                    "Network printer (HP LaserJet)",
                    MachineKind.PRINTER,
                    List.of("http", "https", "snmp", "jetdirect"),
                    List.of("hp-laserjet"),
                    List.of("NPI"),
                    List.of("3c:d9:2b", "a0:d3:c1", "10:60:4b", "94:57:a5", "48:0f:cf", "ec:8e:b5")),
            new Archetype(
                    "printer-brother",
                    "Network printer (Brother)",
                    MachineKind.PRINTER,
                    List.of("http", "https", "snmp", "jetdirect"),
                    List.of("brother"),
                    List.of("BRN", "BRW"),
                    List.of("3c:2a:f4", "30:05:5c", "00:1b:a9", "00:80:77")));

    public Archetype {
        services = List.copyOf(services);
        distributions = List.copyOf(distributions);
        roles = List.copyOf(roles);
        vendors = List.copyOf(vendors);
    }

    public static List<Archetype> all() {
        return ALL;
    }

    public static Optional<Archetype> find(String slug) {
        return ALL.stream().filter(one -> one.slug().equals(slug)).findFirst();
    }

    /** The slugs of those that offer something, for a message to a person. */
    public static String slugs() {
        return String.join(
                ", ",
                ALL.stream()
                        .filter(one -> !one.offered().isEmpty())
                        .map(Archetype::slug)
                        .toList());
    }

    /** Those of its services that the catalogue has. */
    public List<String> offered() {
        return services.stream()
                .filter(slug -> ServiceCatalogue.find(slug).isPresent())
                .toList();
    }

    /** Those of its services that are still to come. */
    public List<String> awaited() {
        return services.stream()
                .filter(slug -> ServiceCatalogue.find(slug).isEmpty())
                .toList();
    }

    /** Whether such a machine runs that system: one of its own, or on a Linux machine any Linux. */
    public boolean runs(Distribution distribution) {
        return distributions.contains(distribution.slug())
                || linux() && distribution.unix() && distribution.family() != OsFamily.BSD;
    }

    /** What it is with that system: a small device on Debian is a server to whoever looks at it, and the other way round. */
    MachineKind with(Distribution distribution) {
        return linux() ? distribution.shell().equals("ash") ? MachineKind.DEVICE : MachineKind.SERVER : kind;
    }

    private boolean linux() {
        return kind == MachineKind.SERVER || kind == MachineKind.DEVICE;
    }
}
