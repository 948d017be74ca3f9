package decnet.decoys.shell;

import decnet.decoys.Vitals;
import decnet.topology.Hardware;
import java.util.Locale;

/** Memory, disks and processors as commands show them. Stateless. */
final class ResourceCommands {
    private ResourceCommands() {}

    static int free(Call call) {
        ShellState shell = call.shell();
        Vitals.Memory memory =
                shell.disk.chronicle().vitals().memory(shell.context.clock().instant());
        int shift = call.option('m') ? 10 : call.option('g') ? 20 : 0;
        boolean human = call.option('h');
        long cache = memory.buffers() + memory.cached() + memory.reclaimable();
        long used = shell.persona.os().versionId().equals("12")
                ? memory.total() - memory.available() // as procps counts since version 4
                : memory.total() - memory.free() - cache;
        call.line("               total        used        free      shared  buff/cache   available");
        row(
                call,
                "Mem:   ",
                shift,
                human,
                memory.total(),
                used,
                memory.free(),
                memory.shared(),
                cache,
                memory.available());
        row(
                call,
                "Swap:  ",
                shift,
                human,
                memory.swapTotal(),
                memory.swapTotal() - memory.swapFree(),
                memory.swapFree());
        return 0;
    }

    private static void row(Call call, String name, int shift, boolean human, long... values) {
        StringBuilder line = new StringBuilder(name + " ");
        for (long value : values) {
            line.append(String.format("%12s", human ? human(value) : Long.toString(value >> shift)));
        }
        call.line(line.toString());
    }

    private static String human(long kib) {
        return kib == 0
                ? "0B"
                : kib >= 1 << 20 ? String.format(Locale.ROOT, "%.1fGi", kib / 1048576.0) : kib / 1024 + "Mi";
    }

    static int df(Call call) {
        Hardware hardware = call.shell().persona.hardware();
        long total = hardware.diskKib() * 95 / 100;
        long used = total * (17 + (call.shell().persona.seed() & 31)) / 100;
        boolean human = call.option('h');
        String device = call.shell().ash() ? "/dev/root" : "/dev/sda1";
        call.line(
                human
                        ? "Filesystem      Size  Used Avail Use% Mounted on"
                        : "Filesystem     1K-blocks     Used Available Use% Mounted on");
        row(call, human, "udev", hardware.memoryKib() / 2, 0, "/dev");
        row(call, human, "tmpfs", hardware.memoryKib() / 10, 1200, "/run");
        row(call, human, device, total, used, "/");
        row(call, human, "tmpfs", hardware.memoryKib() / 2, 0, "/dev/shm");
        return 0;
    }

    private static void row(Call call, boolean human, String device, long total, long used, String place) {
        long percent = total == 0 ? 0 : (used * 100 + total - 1) / total;
        call.line(
                human
                        ? String.format(
                                "%-14s %5s %5s %5s %3d%% %s",
                                device, size(total), size(used), size(total - used), percent, place)
                        : String.format(
                                "%-14s %9d %8d %9d %3d%% %s", device, total, used, total - used, percent, place));
    }

    private static String size(long kib) {
        return kib == 0
                ? "0"
                : kib < 10_240
                        ? String.format(Locale.ROOT, "%.1fM", kib / 1024.0)
                        : kib < 1 << 20
                                ? (kib >> 10) + "M"
                                : kib < 10 << 20
                                        ? String.format(Locale.ROOT, "%.1fG", kib / 1048576.0)
                                        : (kib >> 20) + "G";
    }

    static int lscpu(Call call) {
        Hardware hardware = call.shell().persona.hardware();
        call.line("Architecture:            " + call.shell().persona.os().machine())
                .line("  CPU op-mode(s):        32-bit, 64-bit")
                .line("CPU(s):                  " + hardware.cores());
        return call.line("Vendor ID:               "
                        + (hardware.cpu().startsWith("AMD") ? "AuthenticAMD" : "GenuineIntel"))
                .line("  Model name:            " + hardware.cpu())
                .status();
    }
}
