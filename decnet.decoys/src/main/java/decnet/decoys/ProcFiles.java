package decnet.decoys;

import decnet.topology.Distribution;
import decnet.topology.Hardware;
import decnet.topology.Persona;
import java.util.LinkedHashMap;
import java.util.Map;

/** Texts below {@code /proc} that do not move; {@link LiveFiles} has those that do. */
final class ProcFiles {
    private final Persona persona;

    ProcFiles(Persona persona) {
        this.persona = persona;
    }

    Map<String, String> files() {
        Distribution os = persona.os();
        Hardware hardware = persona.hardware();
        boolean embedded = os.shell().equals("ash");
        Map<String, String> files = new LinkedHashMap<>();
        files.put("/proc/version", BootMessages.version(os) + "\n");
        files.put("/proc/cpuinfo", cpu(hardware, embedded));
        files.put("/proc/cmdline", BootMessages.commandLine(persona) + "\n");
        files.put(
                "/proc/mounts",
                embedded
                        ? "/dev/root / squashfs ro,relatime 0 0\n"
                                + "proc /proc proc rw,relatime 0 0\n"
                                + "sysfs /sys sysfs rw,relatime 0 0\n"
                                + "tmpfs /tmp tmpfs rw,relatime 0 0\n"
                        : "/dev/sda1 / ext4 rw,relatime,errors=remount-ro 0 0\n"
                                + "proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n"
                                + "sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0\n"
                                + "tmpfs /run tmpfs rw,nosuid,nodev,noexec,relatime 0 0\n");
        files.put("/proc/filesystems", "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\n\text4\n\tsquashfs\n\tvfat\n");
        return files;
    }

    private static String cpu(Hardware hardware, boolean embedded) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < hardware.cores(); i++) {
            if (embedded) {
                text.append("processor\t: ")
                        .append(i)
                        .append("\nmodel name\t: ")
                        .append(hardware.cpu())
                        .append("\n"
                                + "BogoMIPS\t: 100.00\n"
                                + "Features\t: half thumb fastmult vfp edsp neon vfpv3 tls vfpv4\n"
                                + "CPU implementer\t: 0x41\n"
                                + "CPU architecture: 7\n\n");
                continue;
            }
            text.append("processor\t: ")
                    .append(i)
                    .append("\nvendor_id\t: ")
                    .append(hardware.cpu().startsWith("AMD") ? "AuthenticAMD" : "GenuineIntel")
                    .append("\ncpu family\t: ")
                    .append(hardware.cpu().startsWith("AMD") ? 23 : 6)
                    .append("\nmodel name\t: ")
                    .append(hardware.cpu())
                    .append("\ncpu MHz\t\t: 2194.843\ncache size\t: 14080 KB\ncpu cores\t: ")
                    .append(hardware.cores())
                    .append("\nbogomips\t: 4389.68\n\n");
        }
        return text.append(embedded ? "Hardware\t: " + hardware.model() + "\n" : "")
                .toString();
    }
}
