package decnet.topology;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An operating system as its users see it; all versions are those that were shipped together.
 *
 * @param slug name in fleet files, for example {@code debian12}
 * @param id {@code ID} of os-release
 * @param versionId {@code VERSION_ID} of os-release
 * @param prettyName {@code PRETTY_NAME} of os-release
 * @param codename {@code VERSION_CODENAME}; may be empty
 * @param kernelRelease {@code uname -r}
 * @param kernelVersion {@code uname -v}
 * @param machine {@code uname -m}
 * @param shell {@code bash} or {@code ash}
 * @param products version of each product it ships: keys {@code openssh} (text after {@code SSH-2.0-}), {@code vsftpd}, {@code apache},
 *     {@code nginx} or {@code lighttpd} (value of the Server header), {@code redis}, {@code bash}, {@code gcc}
 */
public record Distribution(
        String slug,
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
                    "debian",
                    "12",
                    "Debian GNU/Linux 12 (bookworm)",
                    "bookworm",
                    "6.1.0-21-amd64",
                    "#1 SMP PREEMPT_DYNAMIC Debian 6.1.90-1 (2024-05-03)",
                    "x86_64",
                    "bash",
                    Map.of(
                            "openssh", "OpenSSH_9.2p1 Debian-2+deb12u2",
                            "vsftpd", "3.0.3",
                            "apache", "Apache/2.4.59 (Debian)",
                            "nginx", "nginx/1.22.1",
                            "redis", "7.0.15",
                            "bash", "5.2.15(1)-release",
                            "gcc", "12.2.0")),
            new Distribution(
                    "ubuntu22",
                    "ubuntu",
                    "22.04",
                    "Ubuntu 22.04.4 LTS",
                    "jammy",
                    "5.15.0-112-generic",
                    "#122-Ubuntu SMP Thu May 23 07:48:21 UTC 2024",
                    "x86_64",
                    "bash",
                    Map.of(
                            "openssh", "OpenSSH_8.9p1 Ubuntu-3ubuntu0.7",
                            "vsftpd", "3.0.5",
                            "apache", "Apache/2.4.52 (Ubuntu)",
                            "nginx", "nginx/1.18.0 (Ubuntu)",
                            "redis", "6.0.16",
                            "bash", "5.1.16(1)-release",
                            "gcc", "11.2.0")),
            new Distribution(
                    "ubuntu20",
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
                            "gcc", "8.4.0")));

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

    /** Version of a product, or empty text if the distribution does not ship it. */
    public String product(String name) {
        return products.getOrDefault(name, "");
    }
}
