package decnet.packages;

import decnet.runtime.HostFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The scripts dpkg runs: those of {@code decnet-common} make users and folders, those of every package care for its units. Each
 * works in a system that is not running too, as in an installer or a chroot.
 */
final class MaintainerScripts {
    private final List<Units.Unit> units;
    private final List<HostFolder> folders;

    /**
     * @param units of the package
     * @param folders of the whole installation
     */
    MaintainerScripts(List<Units.Unit> units, List<HostFolder> folders) {
        this.units = units;
        this.folders = folders;
    }

    /** Files of the control archive by name. */
    Map<String, String> of(String name) {
        boolean common = name.equals("decnet-common");
        Map<String, String> files = new LinkedHashMap<>();
        // with the helper the decoys get their sockets in another way, and without it again as before
        String restart = name.equals("decnet-netd")
                ? "deb-systemd-invoke try-restart decnet-decoys.service >/dev/null || true"
                : ":";
        for (String script : List.of("postinst", "prerm", "postrm")) {
            String body = common ? Texts.text("common." + script) : "";
            files.put(
                    script,
                    fill(Texts.text("units." + script)
                            .replace("@COMMON@\n", body)
                            .replace("@RESTART@", restart)));
        }
        if (common) {
            files.put("config", Texts.text("common.config"));
            files.put("templates", Texts.text("common.templates"));
        }
        return files;
    }

    private String fill(String script) {
        return script.replace("@ENABLED@", names(unit -> unit.use() == Units.Use.ENABLED))
                .replace("@SERVICES@", names(unit -> unit.name().endsWith(".service")))
                .replace("@UNITS@", names(_ -> true))
                .replace("@FOLDERS@\n", folders());
    }

    private String names(Predicate<Units.Unit> wanted) {
        return units.stream().filter(wanted).map(Units.Unit::name).collect(Collectors.joining(" "));
    }

    private String folders() {
        return folders.stream()
                .filter(folder -> folder.place().equals("state"))
                .map(folder -> "    folder " + path(folder) + " " + folder.owner() + " " + folder.group() + " "
                        + Integer.toOctalString(folder.mode()) + "\n")
                .collect(Collectors.joining());
    }

    /** For systemd-tmpfiles: what does not survive a restart of the machine. */
    static String temporaryFolders(List<HostFolder> folders) {
        return folders.stream()
                .filter(folder -> folder.place().equals("run"))
                .map(folder -> "d " + path(folder) + " " + Integer.toOctalString(folder.mode()) + " " + folder.owner()
                        + " " + folder.group() + " -\n")
                .collect(Collectors.joining());
    }

    private static String path(HostFolder folder) {
        String base = folder.place().equals("run") ? Units.RUN : Units.STATE;
        return folder.path().isEmpty() ? base : base + "/" + folder.path();
    }
}
