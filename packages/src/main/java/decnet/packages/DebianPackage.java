package decnet.packages;

import java.util.List;
import java.util.Map;

/**
 * One package.
 *
 * @param fields of its control file in order, without version and architecture
 * @param entries what it installs; parents need not be named
 * @param conffiles paths of those that are configuration
 * @param control further files of the control archive: maintainer scripts, triggers, templates
 */
record DebianPackage(
        String name,
        Map<String, String> fields,
        List<Entry> entries,
        List<String> conffiles,
        Map<String, String> control) {
    DebianPackage {
        entries = List.copyOf(entries);
        conffiles = List.copyOf(conffiles);
        control = Map.copyOf(control);
    }

    static String fileName(String name, PackageVersion version) {
        return name + "_" + version.text() + "_amd64.deb";
    }
}
