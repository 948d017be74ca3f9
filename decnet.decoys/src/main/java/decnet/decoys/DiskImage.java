package decnet.decoys;

import decnet.decoys.Disk.Kind;
import decnet.decoys.Disk.Node;
import decnet.topology.Account;
import decnet.topology.Bait;
import decnet.topology.Persona;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Makes the files of a machine from its persona. Not thread-safe. */
final class DiskImage {
    private static final DateTimeFormatter APT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd  HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String BINARIES =
            "ls cat cp mv rm mkdir rmdir ln chmod chown touch date echo pwd uname hostname id whoami who w last uptime"
                + " ps free df mount du head tail grep egrep sed awk sort uniq wc cut tr find which file stat md5sum"
                + " sha256sum base64 seq expr xargs readlink basename dirname tee env printenv printf sleep kill pkill"
                + " nohup su passwd crontab tar gzip gunzip zcat wget curl scp sftp ssh nc ping ip ss bash sh dash"
                + " perl python3 vi nano less more dmesg lscpu nproc top clear true false test yes od strings";
    private static final String SERVER_BINARIES =
            "sudo systemctl journalctl apt apt-get dpkg netstat ifconfig git rsync vim htop screen";
    private static final String ROOT_BINARIES =
            "ifconfig iptables route reboot shutdown useradd usermod fdisk mkfs service sshd cron insmod lsmod sysctl";

    private final Persona persona;
    private final TreeMap<String, Node> files = new TreeMap<>();
    private final SplittableRandom random;
    private final Instant installed;
    private final boolean embedded;

    private DiskImage(Persona persona) {
        this.persona = persona;
        this.random = new SplittableRandom(persona.seed() ^ 0x6469736bL);
        this.installed = persona.installedAt();
        this.embedded = persona.os().shell().equals("ash");
    }

    static NavigableMap<String, Node> of(Persona persona) {
        return new DiskImage(persona).make();
    }

    private NavigableMap<String, Node> make() {
        if (!persona.os().unix()) {
            return bare();
        }
        for (String path : List.of(
                "/",
                "/bin",
                "/boot",
                "/dev",
                "/etc",
                "/etc/cron.d",
                "/etc/init.d",
                "/etc/ssh",
                "/home",
                "/lib",
                "/media",
                "/mnt",
                "/opt",
                "/proc",
                "/proc/self",
                "/proc/net",
                "/run",
                "/sbin",
                "/srv",
                "/sys",
                "/tmp",
                "/usr",
                "/usr/bin",
                "/usr/lib",
                "/usr/local",
                "/usr/local/bin",
                "/usr/sbin",
                "/usr/share",
                "/var",
                "/var/backups",
                "/var/cache",
                "/var/lib",
                "/var/log",
                "/var/mail",
                "/var/run",
                "/var/spool",
                "/var/spool/cron",
                "/var/tmp",
                "/var/www",
                "/var/www/html",
                "/dev/shm")) {
            folder(path, 0755, "root");
        }
        folder("/root", 0700, "root");
        for (String path : List.of("/tmp", "/var/tmp", "/dev/shm")) {
            files.put(path, Node.folder(01777, "root", persona.bootedAt().plusSeconds(4000)));
        }
        binaries("/bin/", BINARIES);
        if (!embedded) {
            binaries("/usr/bin/", BINARIES + " " + SERVER_BINARIES);
            folder("/var/lib/redis", 0750, "redis");
            folder("/srv/ftp", 0755, "root");
        } else {
            file("/bin/busybox", 0755, "", 816_524);
        }
        binaries("/sbin/", ROOT_BINARIES);
        devices();
        homes();
        new EtcFiles(persona, random).files().forEach((path, text) -> {
            int mode = path.equals("/etc/shadow") ? 0640 : 0644;
            files.put(path, Node.file(mode, "root", installed.plusSeconds(random.nextInt(86_400)), Payload.of(text)));
        });
        new ProcFiles(persona).files().forEach((path, text) -> {
            folders(path);
            // the kernel tells no length
            files.put(path, new Node(Kind.FILE, 0444, "root", "root", persona.bootedAt(), 0, Payload.of(text)));
        });
        if (!embedded) {
            jobs();
            if (!Daemons.redHat(persona)) {
                installations();
            }
        }
        bait();
        return files;
    }

    /** Of a device whose system nobody sees. */
    private NavigableMap<String, Node> bare() {
        folder("/", 0755, "root");
        bait();
        return files;
    }

    private void bait() {
        for (Bait bait : persona.bait()) {
            folders(bait.path());
            files.put(bait.path(), Node.file(bait.mode(), bait.owner(), bait.modified(), Payload.of(bait.text())));
        }
    }

    private void folder(String path, int mode, String owner) {
        files.put(path, Node.folder(mode, owner, installed.plusSeconds(random.nextInt(7200))));
    }

    private void folders(String path) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (!files.containsKey(path.substring(0, slash))) {
                folder(path.substring(0, slash), 0755, "root");
            }
        }
    }

    private void file(String path, int mode, String text, long size) {
        files.put(
                path,
                new Node(Kind.FILE, mode, "root", "root", installed.minusSeconds(4_000_000), size, Payload.of(text)));
    }

    private void binaries(String folder, String names) {
        for (String name : names.split(" ")) {
            if (embedded && folder.equals("/bin/")) {
                files.put(
                        folder + name, new Node(Kind.LINK, 0777, "root", "root", installed, 7, Payload.of("busybox")));
            } else {
                file(
                        folder + name,
                        0755,
                        "\u007fELF\u0002\u0001\u0001\0\0\0\0\0\0\0\0\0\u0003\0>\0",
                        14_000 + 8L * random.nextInt(24_000));
            }
        }
    }

    private void devices() {
        for (String name : List.of("null", "zero", "random", "urandom", "tty", "console", "full", "ptmx")) {
            files.put(
                    "/dev/" + name, new Node(Kind.DEVICE, 0666, "root", "root", persona.bootedAt(), 0, Payload.EMPTY));
        }
        String disk = embedded ? "mtdblock0" : "sda1";
        files.put("/dev/" + disk, new Node(Kind.DEVICE, 0660, "root", "disk", persona.bootedAt(), 0, Payload.EMPTY));
    }

    private void homes() {
        for (Account account : persona.accounts()) {
            if (!account.person() || account.home().equals("/")) {
                continue;
            }
            String home = account.home();
            folders(home);
            files.put(
                    home,
                    Node.folder(
                            account.uid() == 0 ? 0700 : 0755,
                            account.name(),
                            persona.bootedAt().plusSeconds(9000)));
            if (!embedded) {
                files.put(home + "/.bashrc", Node.file(0644, account.name(), installed, Payload.of("""
                    # ~/.bashrc: executed by bash(1) for non-login shells.
                    case $- in
                        *i*) ;;
                          *) return;;
                    esac
                    HISTCONTROL=ignoreboth
                    shopt -s histappend
                    alias ll='ls -alF'
                    """)));
                files.put(home + "/.profile", Node.file(0644, account.name(), installed, Payload.of("""
                    # ~/.profile: executed by the command interpreter for login shells.
                    if [ -n "$BASH_VERSION" ]; then
                        if [ -f "$HOME/.bashrc" ]; then
                            . "$HOME/.bashrc"
                        fi
                    fi
                    """)));
                files.put(home + "/.ssh", Node.folder(0700, account.name(), installed.plusSeconds(900)));
            }
        }
    }

    /** Records of what was installed; other logs grow ({@link LiveFiles}). */
    private void installations() {
        for (String path : List.of("/var/lib/apt/periodic/update-stamp", "/var/cache/apt/pkgcache.bin")) {
            folders(path);
            file(path, 0644, "", path.endsWith("bin") ? 35_000_000 + random.nextInt(4_000_000) : 0);
        }
        StringBuilder history = new StringBuilder();
        Instant at = installed.plusSeconds(random.nextInt(1800, 9000));
        for (String unit : Daemons.units(persona)) {
            if (unit.equals("cron") || unit.equals("rsyslog")) {
                continue;
            }
            String name = unit.equals("ssh") ? "openssh-server" : unit;
            Instant end = at.plusSeconds(random.nextInt(4, 40));
            history.append("\nStart-Date: ")
                    .append(APT.format(at))
                    .append("\nCommandline: apt install ")
                    .append(name)
                    .append("\nInstall: ")
                    .append(name)
                    .append(":amd64\nEnd-Date: ")
                    .append(APT.format(end))
                    .append('\n');
            at = end.plusSeconds(random.nextInt(60, 4000));
        }
        folders("/var/log/apt/history.log");
        files.put("/var/log/apt/history.log", Node.file(0644, "root", at, Payload.of(history.toString())));
    }

    private void jobs() {
        RoutineLog.job(persona).ifPresent(job -> {
            String name = job.substring("/opt/".length(), job.indexOf('/', "/opt/".length()));
            String text =
                    RoutineLog.jobMinute(persona) + " " + RoutineLog.jobHour(persona) + " * * *\troot\t" + job + "\n";
            files.put(
                    "/etc/cron.d/" + name,
                    Node.file(0644, "root", installed.plusSeconds(random.nextInt(90_000)), Payload.of(text)));
        });
    }
}
