package decnet.decoys.shell;

import decnet.decoys.Daemons;
import decnet.topology.Account;
import decnet.topology.Distribution;
import decnet.topology.Persona;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Commands that tell who the machine is and what it does. Stateless; everything follows from the persona. */
final class SystemCommands {
    private SystemCommands() {}

    private static DateTimeFormatter time(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    static void addTo(Map<String, Command> map) {
        map.put("uname", SystemCommands::uname);
        map.put("arch", call -> call.line(call.shell().persona.os().machine()).status());
        map.put("hostname", call -> {
            Persona persona = call.shell().persona;
            return call.line(
                            call.option('f')
                                    ? persona.fqdn()
                                    : call.option('d')
                                            ? persona.domain()
                                            : call.option('I') ? Addresses.own(call.shell()) + " " : persona.hostname())
                    .status();
        });
        map.put("hostnamectl", call -> {
            Persona persona = call.shell().persona;
            call.line(" Static hostname: " + persona.hostname())
                    .line("       Icon name: computer-vm")
                    .line("         Chassis: vm");
            call.line("Operating System: " + persona.os().prettyName())
                    .line("          Kernel: Linux " + persona.os().kernelRelease());
            return call.line("    Architecture: x86-64").status();
        });
        map.put("whoami", call -> call.line(call.shell().account.name()).status());
        map.put("id", SystemCommands::id);
        map.put("groups", call -> call.line(call.shell().account.name()
                        + (call.shell().account.sudo() && !call.shell().root() ? " sudo" : ""))
                .status());
        map.put(
                "tty",
                call -> call.shell().interactive
                        ? call.line("/dev/" + call.shell().terminalName()).status()
                        : call.line("not a tty").status() + 1);
        map.put("free", ResourceCommands::free);
        map.put("df", ResourceCommands::df);
        map.put("mount", call -> {
            call.interpreter().script("cat /proc/mounts", call.out(), call.err());
            return 0;
        });
        map.put("lsblk", call -> call.line("NAME   MAJ:MIN RM  SIZE RO TYPE MOUNTPOINTS")
                .line("sda      8:0    0  " + gib(call.shell()) + "G  0 disk ")
                .line("`-sda1   8:1    0  " + gib(call.shell()) + "G  0 part /")
                .status());
        map.put("lscpu", ResourceCommands::lscpu);
        map.put("nproc", call -> call.line(
                        Integer.toString(call.shell().persona.hardware().cores()))
                .status());
        map.put(
                "dmidecode",
                call -> call.shell().root()
                        ? call.line("# dmidecode 3.4")
                                .line("System Information")
                                .line("\tManufacturer: "
                                        + call.shell().persona.hardware().maker())
                                .line("\tProduct Name: "
                                        + call.shell().persona.hardware().model())
                                .status()
                        : call.fail("/dev/mem: Permission denied"));
        map.put("lspci", call -> call.line(
                        "00:00.0 Host bridge: Intel Corporation 440BX/ZX/DX - 82443BX/ZX/DX Host bridge (rev 01)")
                .line("03:00.0 Ethernet controller: VMware VMXNET3 Ethernet Controller (rev 01)")
                .status());
        map.put("lsusb", call -> 0);
        map.put("lsmod", call -> call.line("Module                  Size  Used by")
                .line("nf_tables             356352  0")
                .line("ext4                 1003520  1")
                .status());
        map.put("sysctl", call -> 0);
        map.put("getent", call -> {
            call.interpreter()
                    .script(
                            "grep '^" + call.arg(2).replaceAll("[^a-z0-9_-]", "") + ":' /etc/"
                                    + call.arg(1).replaceAll("[^a-z]", ""),
                            call.out(),
                            call.err());
            return 0;
        });
        map.put("systemctl", SystemCommands::systemctl);
        map.put("service", SystemCommands::service);
        map.put("crontab", SystemCommands::crontab);
        for (String manager : List.of("apt", "apt-get", "yum", "dnf", "opkg")) {
            map.put(manager, SystemCommands::packages);
        }
        map.put("dpkg", call -> call.line(
                        "ii  bash  " + call.shell().persona.os().product("bash"))
                .status());
        map.put("apt-cache", call -> 0);
        for (String admin : List.of("reboot", "shutdown", "poweroff")) {
            map.put(admin, call -> {
                if (!call.shell().root()) {
                    return call.fail("Operation not permitted");
                }
                call.shell().exited = true;
                return 0;
            });
        }
        for (String admin : List.of(
                "useradd",
                "adduser",
                "usermod",
                "userdel",
                "chpasswd",
                "visudo",
                "insmod",
                "iptables",
                "ufw",
                "swapoff",
                "timedatectl")) {
            map.put(admin, call -> call.shell().root() ? 0 : call.fail("Permission denied."));
        }
        for (String language : List.of("python", "python3", "perl", "gcc", "make", "git")) {
            map.put(
                    language,
                    call -> call.option('V') || call.arg(1).equals("--version")
                            ? call.line(
                                            call.name().startsWith("python")
                                                    ? "Python 3.11.2"
                                                    : call.name() + " version 2.39.2")
                                    .status()
                            : 0);
        }
    }

    private static long gib(ShellState shell) {
        return (shell.persona.hardware().diskKib() + (1 << 20)) >> 20;
    }

    private static int uname(Call call) {
        Persona persona = call.shell().persona;
        Distribution os = persona.os();
        if (call.option('a')) {
            return call.line("Linux " + persona.hostname() + " " + os.kernelRelease() + " " + os.kernelVersion() + " "
                            + os.machine() + (os.id().equals("ubuntu") ? " " + os.machine() + " " + os.machine() : "")
                            + " GNU/Linux")
                    .status();
        }
        StringBuilder text = new StringBuilder();
        if (call.count() == 1 || call.option('s')) {
            text.append(" Linux");
        }
        if (call.option('n')) {
            text.append(' ').append(persona.hostname());
        }
        if (call.option('r')) {
            text.append(' ').append(os.kernelRelease());
        }
        if (call.option('v')) {
            text.append(' ').append(os.kernelVersion());
        }
        if (call.option('m') || call.option('p') || call.option('i')) {
            text.append(' ').append(os.machine());
        }
        if (call.option('o')) {
            text.append(" GNU/Linux");
        }
        return call.line(text.toString().strip()).status();
    }

    private static int id(Call call) {
        String name = call.operands().isEmpty()
                ? call.shell().account.name()
                : call.operands().getFirst();
        var found = call.shell()
                .persona
                .account(name)
                .or(() -> name.equals(call.shell().account.name())
                        ? java.util.Optional.of(call.shell().account)
                        : java.util.Optional.empty());
        if (found.isEmpty()) {
            return call.fail("'" + name + "': no such user");
        }
        Account account = found.get();
        if (call.option('u')) {
            return call.line(call.option('n') ? account.name() : Integer.toString(account.uid()))
                    .status();
        }
        String group = account.uid() + "(" + account.name() + ")";
        String more = account.sudo() && account.uid() != 0 ? ",27(sudo)" : "";
        return call.line("uid=" + group + " gid=" + group + " groups=" + group + more)
                .status();
    }

    /** Names of the units this machine runs. */
    private static List<String> units(ShellState shell) {
        return Daemons.units(shell.persona);
    }

    private static int systemctl(Call call) {
        ShellState shell = call.shell();
        String verb = call.arg(1);
        String unit = call.operands().size() > 1 ? call.operands().get(1).replace(".service", "") : "";
        boolean known = units(shell).contains(unit) || unit.equals("sshd");
        switch (verb) {
            case "status" -> {
                if (!known) {
                    call.err().append("Unit ").append(unit).append(".service could not be found.\n");
                    return 4;
                }
                call.line("* " + unit + ".service - " + unit)
                        .line("     Loaded: loaded (/lib/systemd/system/" + unit
                                + ".service; enabled; preset: enabled)");
                return call.line("     Active: active (running) since "
                                + time("EEE yyyy-MM-dd HH:mm:ss 'UTC'")
                                        .format(shell.persona.bootedAt().plusSeconds(11)))
                        .status();
            }
            case "start", "stop", "restart", "enable", "disable", "reload", "daemon-reload", "mask" -> {
                if (!shell.root()) {
                    call.err()
                            .append("Failed to ")
                            .append(verb)
                            .append(' ')
                            .append(unit)
                            .append(".service: Access denied\n");
                    return 1;
                }
                if (!known && !verb.equals("daemon-reload")) {
                    call.err()
                            .append("Failed to ")
                            .append(verb)
                            .append(' ')
                            .append(unit)
                            .append(".service: Unit ")
                            .append(unit)
                            .append(".service not found.\n");
                    return 5;
                }
                return 0;
            }
            case "is-active" -> {
                return call.line(known ? "active" : "inactive").status() + (known ? 0 : 3);
            }
            default -> {
                call.line("  UNIT                 LOAD   ACTIVE SUB     DESCRIPTION");
                units(shell)
                        .forEach(one ->
                                call.line(String.format("  %-20s loaded active running %s", one + ".service", one)));
                return 0;
            }
        }
    }

    private static int service(Call call) {
        String unit = call.arg(1);
        if (!units(call.shell()).contains(unit)) {
            call.err().append(unit).append(": unrecognized service\n");
            return 1;
        }
        return call.arg(2).equals("status")
                ? call.line(" * " + unit + " is running").status()
                : 0;
    }

    private static int crontab(Call call) {
        ShellState shell = call.shell();
        String file = "/var/spool/cron/" + shell.account.name();
        if (call.option('l')) {
            return shell.disk
                    .find(file)
                    .map(node -> {
                        call.out().append(ShellState.text(node));
                        return 0;
                    })
                    .orElseGet(() -> {
                        call.err()
                                .append("no crontab for ")
                                .append(shell.account.name())
                                .append('\n');
                        return 1;
                    });
        }
        if (call.option('r')) {
            shell.disk.remove(file);
            return 0;
        }
        String text = call.operands().isEmpty() ? call.stdin().orElse("") : call.input(call.operands());
        if (!text.isEmpty()) {
            shell.disk.put(
                    file,
                    decnet.decoys.Disk.Node.file(
                            0600,
                            shell.account.name(),
                            shell.context.clock().instant(),
                            decnet.decoys.Payload.latin1(text)));
        }
        return 0;
    }

    private static int packages(Call call) {
        if (call.operands().isEmpty()) {
            return 0;
        }
        if (!call.shell().root() && !call.arg(1).equals("list") && !call.arg(1).equals("search")) {
            call.err()
                    .append("E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\n"
                            + "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you"
                            + " root?\n");
            return 100;
        }
        call.shell().take(Duration.ofSeconds(2));
        String host = call.shell().persona.os().id().equals("ubuntu") ? "archive.ubuntu.com" : "deb.debian.org";
        if (call.arg(1).equals("update")) {
            call.line("Err:1 http://" + host + " " + call.shell().persona.os().codename() + " InRelease")
                    .line("  Temporary failure resolving '" + host + "'")
                    .line("Reading package lists... Done");
            return call.line(
                            "W: Some index files failed to download. They have been ignored, or old ones used instead.")
                    .status();
        }
        String wanted = call.operands().stream().skip(1).collect(Collectors.joining(" "));
        call.line("Reading package lists... Done")
                .line("Building dependency tree... Done")
                .line("Reading state information... Done");
        call.err()
                .append("E: Unable to locate package ")
                .append(wanted.isEmpty() ? call.arg(1) : wanted.split(" ")[0])
                .append('\n');
        return 100;
    }
}
