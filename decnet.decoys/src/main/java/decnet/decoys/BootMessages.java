package decnet.decoys;

import decnet.topology.Distribution;
import decnet.topology.Hardware;
import decnet.topology.Persona;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What the kernel said when the machine started. Immutable. */
public final class BootMessages {
    /** @param micros since the start */
    public record Message(long micros, String text) {
        /** As {@code dmesg} shows it. */
        public String stamped() {
            return String.format("[%5d.%06d] %s", micros / 1_000_000, micros % 1_000_000, text);
        }
    }

    private final Persona persona;
    private final SplittableRandom random;
    private final List<Message> messages = new ArrayList<>();
    private long micros;

    private BootMessages(Persona persona) {
        this.persona = persona;
        this.random = new SplittableRandom(persona.seed() ^ 0x626f6f74L);
    }

    public static List<Message> of(Persona persona) {
        BootMessages messages = new BootMessages(persona);
        if (persona.os().shell().equals("ash")) {
            messages.device();
        } else {
            messages.server();
        }
        return List.copyOf(messages.messages);
    }

    /** As {@code /proc/version}. */
    static String version(Distribution os) {
        String major = os.product("gcc").replaceAll("\\..*", "");
        String built =
                switch (os.id()) {
                    case "debian" ->
                        "(debian-kernel@lists.debian.org) (gcc-" + major + " (Debian " + os.product("gcc") + "-14) "
                                + os.product("gcc") + ", GNU ld (GNU Binutils for Debian) 2.40)";
                    case "ubuntu" ->
                        "(buildd@lcy02-amd64-"
                                + String.format(
                                        "%03d",
                                        12 + Math.floorMod(os.kernelRelease().hashCode(), 90))
                                + ") (gcc (Ubuntu " + os.product("gcc") + "-1ubuntu1~" + os.versionId() + ") "
                                + os.product("gcc") + ", GNU ld (GNU Binutils for Ubuntu) 2.38)";
                    case "rocky" ->
                        "(mockbuild@iad1-prod-build001.bld.equ.rockylinux.org) (gcc (GCC) " + os.product("gcc")
                                + " (Red Hat " + os.product("gcc") + "-3), GNU ld version 2.35.2-43.el9)";
                    default ->
                        "(build@buildhost) (gcc version " + os.product("gcc") + " (Buildroot " + os.versionId() + "))";
                };
        return "Linux version " + os.kernelRelease() + " " + built + " " + os.kernelVersion();
    }

    /** What was given to the kernel at its start. */
    static String commandLine(Persona persona) {
        return persona.os().shell().equals("ash")
                ? "console=ttyS0,115200 root=/dev/mtdblock2 rootfstype=squashfs"
                : "BOOT_IMAGE=/boot/vmlinuz-" + persona.os().kernelRelease() + " root=/dev/sda1 ro quiet";
    }

    private void early(String text) {
        messages.add(new Message(micros, text));
    }

    private void say(String text) {
        micros += random.nextInt(300, 90_000);
        messages.add(new Message(micros, text));
    }

    private void server() {
        Hardware hardware = persona.hardware();
        long bytes = hardware.memoryKib() * 1024;
        boolean virtual = hardware.maker().startsWith("VMware");
        early(version(persona.os()));
        early("Command line: " + commandLine(persona));
        early("BIOS-provided physical RAM map:");
        early("BIOS-e820: [mem 0x0000000000000000-0x000000000009ebff] usable");
        early(String.format("BIOS-e820: [mem 0x0000000000100000-0x%016x] usable", bytes - 1));
        early("NX (Execute Disable) protection: active");
        early("SMBIOS 2.7 present.");
        early("DMI: " + hardware.maker() + " " + hardware.model() + "/"
                + (virtual
                        ? "440BX Desktop Reference Platform, BIOS 6.00 11/12/2020"
                        : "0H47HH, BIOS 2.12.2 07/09/2021"));
        if (virtual) {
            early("Hypervisor detected: VMware");
        }
        early("tsc: Detected 2194.843 MHz processor");
        micros = random.nextInt(20_000, 90_000);
        say("Memory: " + (hardware.memoryKib() - 190_000) + "K/" + hardware.memoryKib() + "K available");
        say("smpboot: CPU0: " + hardware.cpu());
        say("smp: Brought up 1 node, " + hardware.cores() + " CPU" + (hardware.cores() > 1 ? "s" : ""));
        say("NET: Registered PF_NETLINK/PF_ROUTE protocol family");
        say("PCI: Using configuration type 1 for base access");
        say("SCSI subsystem initialized");
        say("clocksource: Switched to clocksource tsc-early");
        say("NET: Registered PF_INET protocol family");
        say("Freeing initrd memory: " + random.nextInt(28_000, 61_000) + "K");
        say("audit: initializing netlink subsys (disabled)");
        say("Loading compiled-in X.509 certificates");
        say(
                virtual
                        ? "vmxnet3 0000:03:00.0 eth0: NIC Link is Up 10000 Mbps"
                        : "tg3 0000:04:00.0 eth0: Link is up at 1000 Mbps, full duplex");
        say("scsi host0: "
                + (virtual
                        ? "VMware PVSCSI storage adapter rev 2, req/cmp/msg rings: 8/8/1 pages"
                        : "Avago SAS based MegaRAID driver"));
        long sectors = (hardware.diskKib() + 1_048_576) * 2;
        say("sd 0:0:0:0: [sda] " + sectors + " 512-byte logical blocks: (" + sectors * 512 / 1_000_000_000 + " GB/"
                + sectors / 2 / 1_048_576 + " GiB)");
        say("sd 0:0:0:0: [sda] Write Protect is off");
        say(" sda: sda1");
        say("sd 0:0:0:0: [sda] Attached SCSI disk");
        micros += random.nextInt(400_000, 900_000);
        say("EXT4-fs (sda1): mounted filesystem with ordered data mode. Quota mode: none.");
        micros += random.nextInt(900_000, 2_000_000);
        say("systemd[1]: Detected architecture x86-64.");
        say("systemd[1]: Hostname set to <" + persona.hostname() + ">.");
        say("systemd[1]: Listening on systemd-journald.socket - Journal Socket.");
        say("EXT4-fs (sda1): re-mounted. Quota mode: none.");
        say("systemd-journald[" + Daemons.of(persona).pid("systemd-journald") + "]: Received client request to flush"
                + " runtime journal.");
        say("input: Power Button as /devices/LNXSYSTM:00/LNXPWRBN:00/input/input0");
        say("ACPI: button: Power Button [PWRF]");
        micros += random.nextInt(300_000, 2_500_000);
        say((virtual ? "vmxnet3 0000:03:00.0 ens192" : "tg3 0000:04:00.0 eno1") + ": renamed from eth0");
        say("IPv6: ADDRCONF(NETDEV_CHANGE): " + (virtual ? "ens192" : "eno1") + ": link becomes ready");
    }

    private void device() {
        Hardware hardware = persona.hardware();
        early("Booting Linux on physical CPU 0x0");
        early(version(persona.os()));
        early("CPU: " + hardware.cpu() + " [410fc075] revision 5 (ARMv7), cr=10c5387d");
        early("OF: fdt: Machine model: " + hardware.model());
        early("Kernel command line: " + commandLine(persona));
        early("Memory: " + (hardware.memoryKib() - 9_800) + "K/" + hardware.memoryKib() + "K available");
        micros = 2_000;
        say("Calibrating delay loop... 100.00 BogoMIPS (lpj=500000)");
        say("NET: Registered protocol family 16");
        say("NET: Registered protocol family 2");
        say("squashfs: version 4.0 (2009/01/31) Phillip Lougher");
        say("m25p80 spi0.0: w25q256 (32768 Kbytes)");
        say("5 cmdlinepart partitions found on MTD device spi0.0");
        say("VFS: Mounted root (squashfs filesystem) readonly on device 31:2.");
        say("Freeing unused kernel memory: 1024K");
        micros += random.nextInt(800_000, 3_000_000);
        say("eth0: link up, 100Mbps, full-duplex");
    }
}
