package decnet.topology;

import java.util.List;
import java.util.Optional;

/**
 * A kind of machine: which services it offers and what it looks like.
 *
 * @param services slugs
 * @param distributions slugs; one is drawn for each persona
 * @param role part of the host name, for example {@code web}
 * @param vendors first three bytes of MAC addresses of the makers of such machines, {@code 00:50:56}
 */
public record Archetype(
        String slug,
        String label,
        List<String> services,
        List<String> distributions,
        List<String> role,
        List<String> vendors) {
    private static final List<String> SERVERS =
            List.of("d0:94:66", "18:66:da", "94:18:82", "3c:a8:2a", "0c:c4:7a", "ac:1f:6b");
    private static final List<String> VIRTUAL = List.of("00:50:56", "00:0c:29", "52:54:00", "00:15:5d");
    private static final List<Archetype> ALL = List.of(
            new Archetype(
                    "linux-server",
                    "Linux server",
                    List.of("ssh", "http"),
                    List.of("debian12", "ubuntu22", "rocky9", "ubuntu20"),
                    List.of("app", "srv", "build", "jump", "mon"),
                    VIRTUAL),
            new Archetype(
                    "web-server",
                    "Web server",
                    List.of("http", "ftp"),
                    List.of("debian12", "ubuntu22", "ubuntu20"),
                    List.of("web", "www", "portal", "intranet"),
                    VIRTUAL),
            new Archetype(
                    "database-server",
                    "Database server",
                    List.of("redis", "ssh"),
                    List.of("debian12", "ubuntu22"),
                    List.of("db", "cache", "redis", "data"),
                    SERVERS),
            new Archetype(
                    "file-server",
                    "File server",
                    List.of("ftp", "ssh"),
                    List.of("debian12", "ubuntu22", "rocky9"),
                    List.of("files", "nas", "backup", "share"),
                    SERVERS),
            new Archetype(
                    "iot-device",
                    "Embedded device (camera, gateway)",
                    List.of("telnet", "http"),
                    List.of("buildroot20"),
                    List.of("cam", "gw", "ipcam", "dvr"),
                    List.of("44:19:b6", "c0:56:e3", "3c:ef:8c", "50:c7:bf")));

    public Archetype {
        services = List.copyOf(services);
        distributions = List.copyOf(distributions);
        role = List.copyOf(role);
        vendors = List.copyOf(vendors);
    }

    public static List<Archetype> all() {
        return ALL;
    }

    public static Optional<Archetype> find(String slug) {
        return ALL.stream().filter(one -> one.slug().equals(slug)).findFirst();
    }

    /** The slugs, for a message to a person. */
    public static String slugs() {
        return String.join(", ", ALL.stream().map(Archetype::slug).toList());
    }
}
