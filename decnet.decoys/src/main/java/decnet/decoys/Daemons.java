package decnet.decoys;

import decnet.topology.Persona;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The programs a machine runs since its start: their numbers are the same in its process list and in its logs. Immutable.
 */
public final class Daemons {
    /** A program that runs all the time. */
    public record Daemon(int pid, String user, String command) {
        /** Name of the program, without folder and arguments. */
        public String name() {
            String first = command.split(" ", 2)[0];
            return first.substring(first.lastIndexOf('/') + 1);
        }
    }

    private final List<Daemon> all;

    private Daemons(List<Daemon> all) {
        this.all = List.copyOf(all);
    }

    public static Daemons of(Persona persona) {
        List<String> commands = new ArrayList<>();
        boolean rocky = redHat(persona);
        if (persona.os().shell().equals("ash")) {
            commands.addAll(List.of(
                    "root /sbin/syslogd -n",
                    "root /sbin/klogd -n",
                    "root /usr/sbin/telnetd -F",
                    "www-data lighttpd -f /etc/lighttpd/lighttpd.conf",
                    "root /usr/bin/streamer -c /etc/config/rtsp.conf",
                    "root /sbin/getty -L ttyS0 115200 vt100"));
        } else {
            String systemd = rocky ? "/usr/lib/systemd/" : "/lib/systemd/";
            commands.addAll(List.of(
                    "root " + systemd + "systemd-journald",
                    "root " + systemd + "systemd-udevd",
                    rocky ? "chrony /usr/sbin/chronyd -F 2" : "systemd-network " + systemd + "systemd-networkd",
                    "messagebus /usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile"
                            + " --systemd-activation --syslog-only",
                    rocky ? "root /usr/sbin/crond -n" : "root /usr/sbin/cron -f",
                    "root /usr/sbin/rsyslogd -n" + (rocky ? "" : " -iNONE"),
                    "root " + systemd + "systemd-logind",
                    "root /sbin/agetty -o -p -- \\u --noclear - linux",
                    "root sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"));
            for (String unit : units(persona)) {
                switch (unit) {
                    case "apache2" ->
                        commands.addAll(
                                rocky
                                        ? List.of(
                                                "root /usr/sbin/httpd -DFOREGROUND",
                                                "apache /usr/sbin/httpd -DFOREGROUND")
                                        : List.of(
                                                "root /usr/sbin/apache2 -k start",
                                                "www-data /usr/sbin/apache2 -k start"));
                    case "redis-server" -> commands.add("redis /usr/bin/redis-server 0.0.0.0:6379");
                    case "vsftpd" -> commands.add("root /usr/sbin/vsftpd /etc/vsftpd.conf");
                    default -> {}
                }
            }
        }
        List<Daemon> all = new ArrayList<>();
        int pid = 300 + Math.floorMod((int) persona.seed(), 200);
        for (String command : commands) {
            int blank = command.indexOf(' ');
            String user = command.substring(0, blank);
            boolean known = persona.account(user).isPresent();
            all.add(new Daemon(pid, known ? user : "root", command.substring(blank + 1)));
            pid += 7 + pid % 23;
        }
        return new Daemons(all);
    }

    /** Whether its system is one of the family of Red Hat: other paths, other programs. */
    static boolean redHat(Persona persona) {
        return persona.os().id().equals("rocky") || persona.os().id().equals("fedora");
    }

    /** Names of the units the machine's owner cares for. */
    public static List<String> units(Persona persona) {
        String kind = persona.archetype();
        return java.util.stream.Stream.of(
                        "cron",
                        "rsyslog",
                        "ssh",
                        kind.contains("web") || kind.contains("linux") ? "apache2" : "",
                        kind.contains("database") ? "redis-server" : "",
                        kind.contains("file") || kind.contains("web") ? "vsftpd" : "")
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** In the order of their start. */
    public List<Daemon> all() {
        return all;
    }

    /** Number of a program; of none if the machine does not run it: then what its name gives. */
    int pid(String name) {
        Optional<Daemon> found =
                all.stream().filter(one -> one.command().contains(name)).findFirst();
        return found.map(Daemon::pid).orElseGet(() -> 400 + Math.floorMod(name.hashCode(), 300));
    }
}
