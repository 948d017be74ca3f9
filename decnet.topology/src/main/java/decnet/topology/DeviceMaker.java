package decnet.topology;

import static decnet.topology.Chance.CAPITALS;
import static decnet.topology.Chance.DIGITS;
import static decnet.topology.Chance.pick;
import static decnet.topology.Chance.text;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Makes what a machine is built of, its numbers, and the names that follow from them. Stateless. */
final class DeviceMaker {
    private static final String LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ";

    private DeviceMaker() {}

    static String mac(SplittableRandom random, Archetype archetype, Distribution os) {
        return String.format(
                "%s:%02x:%02x:%02x",
                pick(random, vendors(archetype, os)),
                random.nextInt(1, 256),
                random.nextInt(256),
                random.nextInt(1, 255));
    }

    private static List<String> vendors(Archetype archetype, Distribution os) {
        return switch (os.id()) {
            case "hikvision" -> archetype.vendors().subList(0, 4);
            case "dahua" -> archetype.vendors().subList(4, 7);
            default -> archetype.vendors();
        };
    }

    /** As the maker writes it on the box. */
    static String serialNumber(SplittableRandom random, Distribution os, String mac) {
        return switch (os.id()) {
            case "hp" -> pick(random, List.of("VNB", "PHB", "VNC", "CNB")) + text(random, CAPITALS, 7);
            case "brother" ->
                "E" + text(random, DIGITS, 5) + pick(random, List.of("J", "K", "M", "N")) + random.nextInt(10) + "N"
                        + text(random, DIGITS, 6);
            case "kyocera" -> text(random, LETTERS, 3) + text(random, DIGITS, 7);
            case "dsm" ->
                random.nextInt(19, 24) + "" + random.nextInt(10, 53)
                        + pick(random, List.of("QWR", "PEN", "SBR", "QRR", "R2R")) + text(random, CAPITALS, 6);
            case "hikvision" -> text(random, LETTERS, 1) + text(random, DIGITS, 8);
            case "dahua" ->
                random.nextInt(3, 7) + text(random, LETTERS, 1) + text(random, "0123456789ABCDEF", 5) + "PAZ"
                        + text(random, "0123456789ABCDEF", 5);
            case "s7-1200" -> "S C-" + text(random, LETTERS, 1) + text(random, DIGITS, 11);
            case "m340" -> "21" + text(random, DIGITS, 9);
            case "buildroot" -> text(random, CAPITALS, 12);
            default ->
                switch (board(mac)) {
                    case VMWARE ->
                        String.format(
                                "VMware-56 4d %02x %02x %02x %02x %02x %02x-%02x %02x %02x %02x %02x %02x %02x %02x",
                                bytes(random, 14));
                    case QEMU -> ""; // has none
                    case HYPER_V ->
                        String.format(
                                "%04d-%04d-%04d-%04d-%04d-%04d-%02d",
                                random.nextInt(10_000),
                                random.nextInt(10_000),
                                random.nextInt(10_000),
                                random.nextInt(10_000),
                                random.nextInt(10_000),
                                random.nextInt(10_000),
                                random.nextInt(100));
                    case HPE -> "CZ" + text(random, CAPITALS, 8);
                    case SUPERMICRO -> "A" + text(random, DIGITS, 15);
                    case HP -> "8CG" + text(random, CAPITALS, 7);
                    case LENOVO -> "PF" + text(random, CAPITALS, 6);
                    case DELL -> text(random, CAPITALS, 7);
                };
        };
    }

    /** Who made the board, real or not. */
    private enum Board {
        VMWARE,
        QEMU,
        HYPER_V,
        DELL,
        HPE,
        SUPERMICRO,
        HP,
        LENOVO
    }

    private static Board board(String mac) {
        return switch (mac.substring(0, 8)) {
            case "00:50:56", "00:0c:29" -> Board.VMWARE;
            case "52:54:00" -> Board.QEMU;
            case "00:15:5d" -> Board.HYPER_V;
            case "94:18:82", "3c:a8:2a" -> Board.HPE;
            case "0c:c4:7a", "ac:1f:6b" -> Board.SUPERMICRO;
            case "3c:52:82", "80:e8:2c", "c8:d9:d2" -> Board.HP;
            case "54:ee:75", "e8:6a:64" -> Board.LENOVO;
            default -> Board.DELL;
        };
    }

    private static Object[] bytes(SplittableRandom random, int count) {
        Object[] bytes = new Object[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = random.nextInt(256);
        }
        return bytes;
    }

    /** The host name of a device that is named for a number of its own. */
    static String hostname(SplittableRandom random, Archetype archetype, Distribution os, String mac, String serial) {
        String number = mac.replace(":", "").toUpperCase(Locale.ROOT);
        return switch (os.id()) {
            case "hp", "kyocera" -> archetype.roles().getFirst() + number.substring(6);
            case "brother" -> pick(random, archetype.roles()) + number;
            case "hikvision" -> "ipc-" + serial.toLowerCase(Locale.ROOT);
            case "dahua" -> serial;
            default ->
                pick(random, archetype.roles()) + "-" + number.substring(6).toLowerCase(Locale.ROOT);
        };
    }

    static Hardware hardware(SplittableRandom random, Archetype archetype, Distribution os, String mac) {
        return switch (archetype.with(os)) {
            case SERVER, WINDOWS_SERVER -> server(random, mac);
            case HYPERVISOR -> metal(random, mac, 16 << random.nextInt(2), 128L << random.nextInt(2));
            case WORKSTATION -> desktop(random, mac);
            case NAS ->
                new Hardware(
                        "Synology",
                        pick(random, List.of("DS920+", "DS918+", "DS720+", "RS820+", "DS1621+")),
                        "Intel(R) Celeron(R) J4125 CPU @ 2.00GHz",
                        4,
                        4L * 1_048_576 - random.nextInt(60_000, 90_000) * 4L,
                        3_800L * 1_048_576 - random.nextInt(225_000) * 4L);
            case CAMERA -> camera(random, os);
            case DEVICE ->
                new Hardware(
                        "", "HI3516", "ARMv7 Processor rev 5 (v7l)", 1, 124_416 + 4L * random.nextInt(800), 32_768);
            case PLC ->
                os.id().equals("m340")
                        ? new Hardware("Schneider Electric", "BMX P34 2020", "", 1, 4_096, 8_192)
                        : new Hardware(
                                "Siemens",
                                pick(
                                        random,
                                        List.of("CPU 1212C DC/DC/DC", "CPU 1214C AC/DC/RLY", "CPU 1215C DC/DC/DC")),
                                "",
                                1,
                                100,
                                4_096);
            case PRINTER -> printer(random, os);
        };
    }

    private static Hardware server(SplittableRandom random, String mac) {
        return switch (board(mac)) {
            case VMWARE -> virtual(random, "VMware, Inc.", "VMware Virtual Platform");
            case QEMU -> virtual(random, "QEMU", "Standard PC (Q35 + ICH9, 2009)");
            case HYPER_V -> virtual(random, "Microsoft Corporation", "Virtual Machine");
            case DELL, HPE, SUPERMICRO, HP, LENOVO ->
                metal(random, mac, 8 << random.nextInt(2), 32L << random.nextInt(2));
        };
    }

    private static Hardware virtual(SplittableRandom random, String maker, String model) {
        return new Hardware(
                maker,
                model,
                processor(random),
                2 << random.nextInt(2),
                (4L << random.nextInt(2)) * 1_048_576 - random.nextInt(45_000, 105_000) * 4L,
                (40L + 20L * random.nextInt(4)) * 1_048_576 - random.nextInt(225_000) * 4L);
    }

    private static Hardware metal(SplittableRandom random, String mac, int cores, long memoryGib) {
        Board board = board(mac);
        String maker =
                switch (board) {
                    case HPE -> "HPE";
                    case SUPERMICRO -> "Supermicro";
                    default -> "Dell Inc.";
                };
        List<String> models =
                switch (board) {
                    case HPE -> List.of("ProLiant DL360 Gen10", "ProLiant DL380 Gen10", "ProLiant DL360 Gen9");
                    case SUPERMICRO -> List.of("SYS-6019P-MTR", "SYS-1029P-WTR", "SYS-6018R-MTR");
                    default -> List.of("PowerEdge R640", "PowerEdge R740", "PowerEdge R440");
                };
        return new Hardware(
                maker,
                pick(random, models),
                processor(random),
                cores,
                memoryGib * 1_048_576 - random.nextInt(45_000, 105_000) * 4L,
                900L * 1_048_576 - random.nextInt(225_000) * 4L);
    }

    private static String processor(SplittableRandom random) {
        return pick(
                random,
                List.of(
                        "Intel(R) Xeon(R) Silver 4210 CPU @ 2.20GHz",
                        "Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz",
                        "Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz",
                        "AMD EPYC 7302 16-Core Processor"));
    }

    private static Hardware desktop(SplittableRandom random, String mac) {
        Board board = board(mac);
        return new Hardware(
                switch (board) {
                    case HP -> "HP";
                    case LENOVO -> "LENOVO";
                    default -> "Dell Inc.";
                },
                pick(
                        random,
                        switch (board) {
                            case HP -> List.of("HP EliteDesk 800 G6", "HP ProDesk 600 G5", "HP EliteBook 840 G7");
                            case LENOVO -> List.of("ThinkPad T14 Gen 1", "ThinkCentre M70q", "ThinkPad X13 Gen 2");
                            default -> List.of("OptiPlex 7080", "OptiPlex 5090", "Latitude 5420", "Precision 3450");
                        }),
                pick(
                        random,
                        List.of(
                                "Intel(R) Core(TM) i5-10500 CPU @ 3.10GHz",
                                "Intel(R) Core(TM) i7-10700 CPU @ 2.90GHz",
                                "11th Gen Intel(R) Core(TM) i5-1145G7 @ 2.60GHz")),
                random.nextInt(2) == 0 ? 6 : 8,
                (8L << random.nextInt(2)) * 1_048_576 - random.nextInt(45_000, 105_000) * 4L,
                475L * 1_048_576 - random.nextInt(225_000) * 4L);
    }

    private static Hardware camera(SplittableRandom random, Distribution os) {
        boolean hikvision = os.id().equals("hikvision");
        return new Hardware(
                hikvision ? "HIKVISION" : "Dahua",
                pick(
                        random,
                        hikvision
                                ? List.of("DS-2CD2143G0-I", "DS-2CD2042WD-I", "DS-2CD2385FWD-I", "DS-2DE4225IW-DE")
                                : List.of("IPC-HFW4431R-Z", "IPC-HDW1431S", "IPC-HDBW4433R-ZS", "SD49225T-HN")),
                "ARMv7 Processor rev 5 (v7l)",
                1,
                124_416 + 4L * random.nextInt(800),
                32_768);
    }

    private static Hardware printer(SplittableRandom random, Distribution os) {
        return switch (os.id()) {
            case "hp" ->
                new Hardware(
                        "HP",
                        pick(
                                random,
                                List.of(
                                        "HP LaserJet MFP M426fdw",
                                        "HP Color LaserJet MFP M477fdn",
                                        "HP LaserJet M402dne",
                                        "HP Color LaserJet M452dn")),
                        "",
                        1,
                        262_144,
                        131_072);
            case "brother" ->
                new Hardware(
                        "Brother",
                        pick(
                                random,
                                List.of(
                                        "HL-L6200DW series",
                                        "MFC-L2750DW series",
                                        "DCP-L5500DN",
                                        "HL-L3270CDW series")),
                        "",
                        1,
                        131_072,
                        65_536);
            default ->
                new Hardware(
                        "KYOCERA",
                        pick(random, List.of("ECOSYS M2540dn", "ECOSYS P3145dn", "TASKalfa 2553ci", "ECOSYS M5526cdw")),
                        "",
                        1,
                        524_288,
                        262_144);
        };
    }

    /** The system with what its products say about this one device. */
    static Distribution system(Distribution os, Hardware hardware, String hostname, String serial) {
        Distribution own = os;
        if (os.id().equals("hp")) {
            own = own.withProduct(
                    "web",
                    "HP HTTP Server; " + hardware.model() + "; Serial Number: " + serial + "; Built: "
                            + os.versionId());
        }
        String greeting = os.product("ftp");
        return greeting.isEmpty() ? own : own.withProduct("ftp", greeting.replace("{host}", hostname));
    }
}
