package decnet.topology;

import java.util.List;
import java.util.Locale;

/** What a generated LAN is for: which machines are on it, and which one leads out. */
enum LanRole {
    DMZ("web-server mail-server web-server linux-server", "linux-server"),
    SERVERS(
            "linux-server database-server file-server web-server windows-server domain-controller monitoring-node"
                    + " devops-host hypervisor",
            "linux-server monitoring-node"),
    OFFICE(
            "windows-workstation windows-workstation windows-workstation printer printer-hp printer-brother"
                    + " voip-server nas",
            "windows-server linux-server nas"),
    DEVICES("camera camera iot-device nas", "iot-device"),
    PLANT("plc plc industrial-control", "linux-server iot-device");

    /** Those behind the DMZ: offices and servers more often than others. */
    static final List<LanRole> INNER = List.of(SERVERS, OFFICE, SERVERS, OFFICE, DEVICES, PLANT);

    private final String archetypes;
    private final String routers;

    /** @param archetypes slugs, a blank between them, as those of {@code routers} */
    LanRole(String archetypes, String routers) {
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

    private static List<String> offered(String slugs) {
        return List.of(slugs.split(" ")).stream()
                .filter(slug -> Archetype.find(slug)
                        .filter(one -> !one.offered().isEmpty())
                        .isPresent())
                .toList();
    }
}
