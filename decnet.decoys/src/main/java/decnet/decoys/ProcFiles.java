package decnet.decoys;

import decnet.topology.Distribution;
import decnet.topology.Hardware;
import decnet.topology.Persona;
import java.util.LinkedHashMap;
import java.util.Map;

/** Texts below {@code /proc} that do not move. What moves (uptime, load) the commands make. */
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
        String compiler = embedded
                ? "gcc version " + os.product("gcc") + " (Buildroot 2020.02.9)"
                : "gcc-" + os.product("gcc").replaceAll("\\..*", "") + " " + os.product("gcc");
        files.put(
                "/proc/version",
                "Linux version " + os.kernelRelease() + " (builder@build) (" + compiler + ") " + os.kernelVersion()
                        + "\n");
        files.put("/proc/cpuinfo", cpu(hardware, embedded));
        long total = hardware.memoryKib();
        files.put(
                "/proc/meminfo",
                "MemTotal:       %8d kB\nMemFree:        %8d kB\nMemAvailable:   %8d kB\nBuffers:        %8d kB\nCached:         %8d kB\nSwapTotal:      %8d kB\nSwapFree:       %8d kB\n"
                        .formatted(
                                total,
                                total / 7,
                                total / 10 * 7,
                                total / 40,
                                total / 2,
                                embedded ? 0 : 999_420,
                                embedded ? 0 : 999_420));
        files.put(
                "/proc/cmdline",
                (embedded
                                ? "console=ttyS0,115200 root=/dev/mtdblock2 rootfstype=squashfs"
                                : "BOOT_IMAGE=/boot/vmlinuz-" + os.kernelRelease() + " root=/dev/sda1 ro quiet")
                        + "\n");
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
