package decnet.topology;

import java.util.List;
import java.util.Locale;

/** What a generated LAN is for: which machines are on it, and which one leads out. */
enum LanRole {
    DMZ(List.of("web-server", "mail-server", "web-server", "linux-server"), List.of("linux-server")),
    SERVERS(
            List.of(
                    "linux-server",
                    "database-server",
                    "file-server",
                    "web-server",
                    "windows-server",
                    "domain-controller",
                    "monitoring-node",
                    "devops-host",
                    "hypervisor"),
            List.of("linux-server", "monitoring-node")),
    OFFICE(
            List.of(
                    "windows-workstation",
                    "windows-workstation",
                    "windows-workstation",
                    "printer",
                    "printer-hp",
                    "printer-brother",
                    "voip-server",
                    "nas"),
            List.of("windows-server", "linux-server", "nas")),
    DEVICES(List.of("camera", "camera", "iot-device", "nas"), List.of("iot-device")),
    PLANT(List.of("plc", "plc", "industrial-control"), List.of("linux-server", "iot-device"));

    /** Those behind the DMZ: offices and servers more often than others. */
    static final List<LanRole> INNER = List.of(SERVERS, OFFICE, SERVERS, OFFICE, DEVICES, PLANT);

    private final List<String> archetypes;
    private final List<String> routers;

    LanRole(List<String> archetypes, List<String> routers) {
        this.archetypes = archetypes;
        this.routers = routers;
    }

    /** What LANs of it are called, with a number: {@code office}. */
    String slug() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Machines of such a place that offer something; an archetype that is there more often is more frequent. */
    List<String> archetypes() {
        return offered(archetypes);
    }

    /** Machines that lead from such a place to another one. */
    List<String> routers() {
        return offered(routers);
    }

    private static List<String> offered(List<String> slugs) {
        return slugs.stream()
                .filter(slug -> Archetype.find(slug)
                        .filter(one -> !one.offered().isEmpty())
                        .isPresent())
                .toList();
    }
}
