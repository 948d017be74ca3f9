package decnet.topology;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An operating system, or the firmware of a device, as its users see it; all versions are those that were shipped together.
 *
 * @param slug name in fleet files, for example {@code debian12}
 * @param family how its network stack behaves
 * @param id {@code ID} of os-release; a word of the same kind where there is no such file
 * @param versionId {@code VERSION_ID} of os-release
 * @param prettyName {@code PRETTY_NAME} of os-release
 * @param codename {@code VERSION_CODENAME}; may be empty
 * @param kernelRelease {@code uname -r}; the build number of Windows and of firmware
 * @param kernelVersion {@code uname -v}
 * @param machine {@code uname -m}
 * @param shell {@code bash} or {@code ash}; {@code cmd} on Windows, empty where nobody gets one
 * @param products version of each product it ships: keys {@code openssh} (text after {@code SSH-2.0-}), {@code vsftpd}, {@code apache},
 *     {@code nginx} or {@code lighttpd} (value of the Server header), {@code web} (that header of a server that is none of them; none
 *     is sent if it is missing too), {@code ftp} (greeting of a server that is not vsftpd), {@code redis}, {@code mysql},
 *     {@code postgres}, {@code samba}, {@code busybox}, {@code bash}, {@code gcc}
 */
public record Distribution(
        String slug,
        OsFamily family,
        String id,
        String versionId,
        String prettyName,
        String codename,
        String kernelRelease,
        String kernelVersion,
        String machine,
        String shell,
        Map<String, String> products) {
    private static final List<Distribution> ALL = List.of(
            new Distribution(
                    "debian12",
                    OsFamily.LINUX,
                    "debian",
                    "12",
                    "Debian GNU/Linux 12 (bookworm)",
                    "bookworm",
                    "6.1.0-21-amd64",
                    "#1 SMP PREEMPT_DYNAMIC Debian 6.1.90-1 (2024-05-03)",
                    "x86_64",
                    "bash",
                    Map.of(
                            "mysql", "10.11.6-MariaDB-0+deb12u1",
                            "postgres", "15.7 (Debian 15.7-0+deb12u1)",
                            "samba", "4.17.12-Debian",
                            "openssh", "OpenSSH_9.2p1 Debian-2+deb12u2",
                            "vsftpd", "3.0.3",
                            "apache", "Apache/2.4.59 (Debian)",
                            "nginx", "nginx/1.22.1",
                            "redis", "7.0.15",
                            "bash", "5.2.15(1)-release",
                            "gcc", "12.2.0")),
            new Distribution(
                    "ubuntu22",
                    OsFamily.LINUX,
                    "ubuntu",
                    "22.04",
                    "Ubuntu 22.04.4 LTS",
                    "jammy",
                    "5.15.0-112-generic",
                    "#122-Ubuntu SMP Thu May 23 07:48:21 UTC 2024",
                    "x86_64",
                    "bash",
                    Map.of(
                            "mysql", "8.0.36-0ubuntu0.22.04.1",
                            "postgres", "14.12 (Ubuntu 14.12-0ubuntu0.22.04.1)",
                            "samba", "4.15.13-Ubuntu",
                            "openssh", "OpenSSH_8.9p1 Ubuntu-3ubuntu0.7",
                            "vsftpd", "3.0.5",
                            "apache", "Apache/2.4.52 (Ubuntu)",
                            "nginx", "nginx/1.18.0 (Ubuntu)",
                            "redis", "6.0.16",
                            "bash", "5.1.16(1)-release",
                            "gcc", "11.2.0")),
            new Distribution(
                    "ubuntu20",
                    OsFamily.LINUX,
                    "ubuntu",
                    "20.04",
                    "Ubuntu 20.04.6 LTS",
                    "focal",
                    "5.4.0-182-generic",
                    "#202-Ubuntu SMP Fri Apr 26 12:29:36 UTC 2024",
                    "x86_64",
                    "bash",
                    Map.of(
                            "openssh", "OpenSSH_8.2p1 Ubuntu-4ubuntu0.11",
                            "vsftpd", "3.0.3",
                            "apache", "Apache/2.4.41 (Ubuntu)",
                            "nginx", "nginx/1.18.0 (Ubuntu)",
                            "redis", "5.0.7",
                            "bash", "5.0.17(1)-release",
                            "gcc", "9.2.1")),
            new Distribution(
                    "rocky9",
                    OsFamily.LINUX,
                    "rocky",
                    "9.4",
                    "Rocky Linux 9.4 (Blue Onyx)",
                    "",
                    "5.14.0-427.16.1.el9_4.x86_64",
                    "#1 SMP PREEMPT_DYNAMIC Wed May 8 17:48:14 UTC 2024",
                    "x86_64",
                    "bash",
                    Map.of(
                            "openssh", "OpenSSH_8.7",
                            "vsftpd", "3.0.5",
                            "apache", "Apache/2.4.57 (Rocky Linux)",
                            "nginx", "nginx/1.20.1",
                            "redis", "6.2.7",
                            "bash", "5.1.8(1)-release",
                            "gcc", "11.4.1")),
            new Distribution(
                    "buildroot20",
                    OsFamily.EMBEDDED,
                    "buildroot",
                    "2020.02.9",
                    "Buildroot 2020.02.9",
                    "",
                    "4.19.97",
                    "#1 SMP PREEMPT Tue Mar 9 03:21:47 UTC 2021",
                    "armv7l",
                    "ash",
                    Map.of(
                            "openssh", "OpenSSH_8.1",
                            "vsftpd", "3.0.3",
                            "lighttpd", "lighttpd/1.4.54",
                            "redis", "5.0.7",
                            "busybox", "v1.31.1",
                            "gcc", "8.4.0")),
            new Distribution(
                    "fedora39",
                    OsFamily.LINUX,
                    "fedora",
                    "39",
                    "Fedora Linux 39 (Server Edition)",
                    "",
                    "6.5.6-300.fc39.x86_64",
                    "#1 SMP PREEMPT_DYNAMIC Fri Oct  6 19:57:21 UTC 2023",
                    "x86_64",
                    "bash",
                    Map.of(
                            "openssh",
                            "OpenSSH_9.3",
                            "vsftpd",
                            "3.0.5",
                            "apache",
                            "Apache/2.4.58 (Fedora Linux)",
                            "nginx",
                            "nginx/1.24.0",
                            "redis",
                            "7.2.3",
                            "bash",
                            "5.2.21(1)-release",
                            "gcc",
                            "13.2.1")),
            new Distribution(
                    "windows10",
                    OsFamily.WINDOWS,
                    "windows",
                    "10.0.19045",
                    "Windows 10 Pro",
                    "22H2",
                    "10.0.19045",
                    "",
                    "x64",
                    "cmd",
                    Map.of("build", "19045.4412", "edition", "Professional")),
            new Distribution(
                    "windows11",
                    OsFamily.WINDOWS,
                    "windows",
                    "10.0.22631",
                    "Windows 11 Pro",
                    "23H2",
                    "10.0.22631",
                    "",
                    "x64",
                    "cmd",
                    Map.of("build", "22631.3593", "edition", "Professional")),
            new Distribution(
                    "windows2019",
                    OsFamily.WINDOWS_SERVER,
                    "windows",
                    "10.0.17763",
                    "Windows Server 2019 Standard",
                    "1809",
                    "10.0.17763",
                    "",
                    "x64",
                    "cmd",
                    Map.of("build", "17763.5820", "edition", "ServerStandard", "web", "Microsoft-IIS/10.0")),
            new Distribution(
                    "windows2022",
                    OsFamily.WINDOWS_SERVER,
                    "windows",
                    "10.0.20348",
                    "Windows Server 2022 Standard",
                    "21H2",
                    "10.0.20348",
                    "",
                    "x64",
                    "cmd",
                    Map.of("build", "20348.2461", "edition", "ServerStandard", "web", "Microsoft-IIS/10.0")),
            new Distribution(
                    "esxi7",
                    OsFamily.BSD,
                    "esxi",
                    "7.0.3",
                    "VMware ESXi 7.0.3",
                    "",
                    "7.0.3",
                    "#1 SMP Release build-21930508 Jun 21 2023 01:31:17",
                    "x86_64",
                    "ash",
                    Map.of("openssh", "OpenSSH_8.8", "busybox", "v1.29.3", "build", "21930508")),
            new Distribution(
                    "esxi8",
                    OsFamily.BSD,
                    "esxi",
                    "8.0.2",
                    "VMware ESXi 8.0.2",
                    "",
                    "8.0.2",
                    "#1 SMP Release build-22380479 Aug 31 2023 16:19:22",
                    "x86_64",
                    "ash",
                    Map.of("openssh", "OpenSSH_9.3", "busybox", "v1.29.3", "build", "22380479")),
            new Distribution(
                    "dsm7",
                    OsFamily.LINUX,
                    "dsm",
                    "7.2",
                    "DSM 7.2.1-69057",
                    "",
                    "4.4.302+",
                    "#69057 SMP Fri Jan 12 17:02:28 CST 2024",
                    "x86_64",
                    "ash",
                    Map.of(
                            "openssh",
                            "OpenSSH_8.2",
                            "nginx",
                            "nginx",
                            "ftp",
                            "{host} FTP server ready.",
                            "samba",
                            "4.15.13",
                            "busybox",
                            "v1.31.1",
                            "gcc",
                            "12.2.0")),
            new Distribution(
                    "hikvision5",
                    OsFamily.EMBEDDED,
                    "hikvision",
                    "5.5.82",
                    "V5.5.82 build 190909",
                    "",
                    "4.9.37",
                    "#1 SMP PREEMPT Mon Sep 9 14:22:07 CST 2019",
                    "armv7l",
                    "ash",
                    Map.of("web", "App-webs/", "busybox", "v1.26.2", "gcc", "6.3.0")),
            new Distribution(
                    "dahua2",
                    OsFamily.EMBEDDED,
                    "dahua",
                    "2.800",
                    "2.800.0000000.16.R, Build Date: 2020-06-05",
                    "",
                    "3.10.73",
                    "#1 SMP PREEMPT Fri Jun 5 10:41:33 CST 2020",
                    "armv7l",
                    "ash",
                    Map.of("busybox", "v1.18.4", "gcc", "4.9.4")),
            new Distribution(
                    "s7-1200",
                    OsFamily.EMBEDDED,
                    "s7-1200",
                    "4.5.2",
                    "S7-1200 firmware V4.5.2",
                    "",
                    "4.5.2",
                    "",
                    "",
                    "",
                    Map.of()),
            new Distribution(
                    "m340",
                    OsFamily.EMBEDDED,
                    "m340",
                    "3.30",
                    "BMXP342020 firmware V3.30",
                    "",
                    "3.30",
                    "",
                    "",
                    "",
                    Map.of("web", "Schneider-WEB/V2.4")),
            new Distribution(
                    "kyocera",
                    OsFamily.EMBEDDED,
                    "kyocera",
                    "2S7_2000.005.012",
                    "KYOCERA ECOSYS firmware 2S7_2000.005.012",
                    "",
                    "2S7_2000.005.012",
                    "",
                    "",
                    "",
                    Map.of("web", "KM-MFP-http/V0.0.1", "ftp", "KM FTP server ({host}) ready.")),
            new Distribution(
                    "hp-laserjet",
                    OsFamily.EMBEDDED,
                    "hp",
                    "20230215",
                    "HP LaserJet firmware 20230215",
                    "",
                    "20230215",
                    "",
                    "",
                    "",
                    Map.of()),
            new Distribution(
                    "brother",
                    OsFamily.EMBEDDED,
                    "brother",
                    "1.32",
                    "Brother firmware 1.32",
                    "",
                    "ZC",
                    "",
                    "",
                    "",
                    Map.of("web", "debut/1.30")));

    public Distribution {
        products = Map.copyOf(products);
    }

    /** The distributions this version knows. */
    public static List<Distribution> all() {
        return ALL;
    }

    public static Optional<Distribution> find(String slug) {
        return ALL.stream().filter(one -> one.slug().equals(slug)).findFirst();
    }

    /** Whether a visitor finds a Unix with its files. */
    public boolean unix() {
        return shell.equals("bash") || shell.equals("ash");
    }

    /** The same with another value for a product. */
    public Distribution withProduct(String name, String value) {
        Map<String, String> changed = new HashMap<>(products);
        changed.put(name, value);
        return new Distribution(
                slug,
                family,
                id,
                versionId,
                prettyName,
                codename,
                kernelRelease,
                kernelVersion,
                machine,
                shell,
                changed);
    }

    /** Version of a product, or empty text if the distribution does not ship it. */
    public String product(String name) {
        return products.getOrDefault(name, "");
    }
}
