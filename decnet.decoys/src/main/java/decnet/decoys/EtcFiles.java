package decnet.decoys;

import decnet.topology.Account;
import decnet.topology.Distribution;
import decnet.topology.Persona;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Texts below {@code /etc} that follow from who the machine is. */
final class EtcFiles {
    private static final String SALT = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final Persona persona;
    private final SplittableRandom random;
    private final Map<String, String> files = new LinkedHashMap<>();

    EtcFiles(Persona persona, SplittableRandom random) {
        this.persona = persona;
        this.random = random;
    }

    Map<String, String> files() {
        Distribution os = persona.os();
        boolean embedded = os.shell().equals("ash");
        StringBuilder passwd = new StringBuilder();
        StringBuilder shadow = new StringBuilder();
        StringBuilder group = new StringBuilder();
        long day = persona.installedAt().getEpochSecond() / 86_400;
        for (Account account : persona.accounts()) {
            passwd.append(account.name())
                    .append(":x:")
                    .append(account.uid())
                    .append(':')
                    .append(account.uid())
                    .append(':')
                    .append(account.gecos())
                    .append(':')
                    .append(account.home())
                    .append(':')
                    .append(account.shell())
                    .append('\n');
            shadow.append(account.name())
                    .append(':')
                    .append(account.password().isPresent() ? hash(embedded) : "*")
                    .append(':')
                    .append(day)
                    .append(":0:99999:7:::\n");
            group.append(account.name()).append(":x:").append(account.uid()).append(":\n");
        }
        String sudoers = String.join(
                ",",
                persona.accounts().stream()
                        .filter(one -> one.sudo() && one.uid() != 0)
                        .map(Account::name)
                        .toList());
        group.append(os.id().equals("rocky") ? "wheel:x:10:" : "sudo:x:27:")
                .append(sudoers)
                .append('\n');
        files.put("/etc/passwd", passwd.toString());
        files.put("/etc/shadow", shadow.toString());
        files.put("/etc/group", group.toString());
        files.put("/etc/hostname", persona.hostname() + "\n");
        files.put(
                "/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\t" + persona.fqdn() + "\t" + persona.hostname() + "\n");
        files.put(
                "/etc/resolv.conf",
                "search " + persona.domain() + "\nnameserver " + persona.site().nameserver() + "\n");
        files.put("/etc/os-release", osRelease(os));
        files.put(
                "/etc/shells",
                embedded ? "/bin/sh\n" : "# /etc/shells: valid login shells\n/bin/sh\n/bin/bash\n/usr/bin/bash\n");
        files.put(
                "/etc/fstab",
                embedded ? "/dev/root / squashfs ro 0 0\n" : "UUID=" + uuid() + " / ext4 errors=remount-ro 0 1\n");
        files.put("/etc/crontab", crontab());
        if (os.id().equals("debian")) {
            files.put("/etc/debian_version", "12.5\n");
        }
        if (os.id().equals("rocky")) {
            files.put("/etc/redhat-release", os.prettyName().replace("Linux 9", "Linux release 9") + "\n");
        }
        if (!embedded) {
            files.put("/etc/issue", os.prettyName() + " \\n \\l\n\n");
            files.put("/etc/motd", "");
            files.put(
                    "/etc/ssh/sshd_config",
                    "Include /etc/ssh/sshd_config.d/*.conf\n"
                            + "PermitRootLogin yes\n"
                            + "KbdInteractiveAuthentication no\n"
                            + "UsePAM yes\n"
                            + "X11Forwarding yes\n"
                            + "PrintMotd no\n"
                            + "AcceptEnv LANG LC_*\n"
                            + "Subsystem sftp /usr/lib/openssh/sftp-server\n");
        }
        return files;
    }

    /** What {@link RoutineLog} says is done. */
    private String crontab() {
        String shell = "SHELL=/bin/sh\nPATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin\n\n";
        return switch (persona.os().id()) {
            case "rocky", "fedora" -> "SHELL=/bin/bash\nPATH=/sbin:/bin:/usr/sbin:/usr/bin\nMAILTO=root\n";
            case "debian", "ubuntu" ->
                shell
                        + "17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly\n"
                        + "25 6\t* * *\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report"
                        + " /etc/cron.daily; }\n";
            default -> shell;
        };
    }

    private static String osRelease(Distribution os) {
        return "PRETTY_NAME=\"" + os.prettyName() + "\"\nNAME=\""
                + os.prettyName().replaceAll(" [0-9].*", "") + "\"\nVERSION_ID=\"" + os.versionId() + "\"\n"
                + (os.codename().isEmpty() ? "" : "VERSION_CODENAME=" + os.codename() + "\n") + "ID=" + os.id() + "\n";
    }

    /** A hash that no password has: nobody cracks a weak one out of it to use it elsewhere on us. */
    private String hash(boolean embedded) {
        return embedded ? "$1$" + text(8) + "$" + text(22) : "$y$j9T$" + text(22) + "$" + text(43);
    }

    private String text(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(SALT.charAt(random.nextInt(SALT.length())));
        }
        return text.toString();
    }

    private String uuid() {
        return new java.util.UUID(random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() & ~(3L << 62) | 2L << 62)
                .toString();
    }
}
