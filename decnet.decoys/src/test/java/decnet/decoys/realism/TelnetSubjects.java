package decnet.decoys.realism;

import decnet.decoys.realism.Subject.Rule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The telnet servers that Debian 12 has: that of GNU inetutils behind inetd, and that of BusyBox, both with Debian's log-in. */
final class TelnetSubjects {
    private TelnetSubjects() {}

    static List<Subject> all() {
        return List.of(
                new Subject(
                        "telnet-inetutils",
                        "telnet",
                        true,
                        Subject.UNFRAMED,
                        () -> Subjects.file("telnet.conv"),
                        rules(),
                        version -> Subjects.persona("debian12", "telnet", "telnetd", "inetutils " + version),
                        Map.of(),
                        TelnetSubjects::inetutils),
                new Subject(
                        "telnet-busybox",
                        "telnet",
                        true,
                        Subject.UNFRAMED,
                        () -> Subjects.file("telnet.conv"),
                        rules(),
                        version -> Subjects.persona("debian12", "telnet", "telnetd", "busybox " + version),
                        Map.of(),
                        TelnetSubjects::busybox));
    }

    private static List<Rule> rules() {
        String own;
        try {
            own = InetAddress.getLocalHost().getHostName();
        } catch (java.net.UnknownHostException e) {
            own = "localhost";
        }
        String decoy = Subjects.persona("debian12", "telnet", "telnetd", "").hostname();
        return List.of(
                Rule.of("host name", "(?<=[\\r\\n]|^)[A-Za-z0-9.-]+ login: ", "HOST login: "),
                Rule.of("host name at the prompt", "@(" + own + "|" + decoy + ")", "@HOST"),
                Rule.of("last log-in", "Last login: [^\\r\\n]*", "Last login: DATE"),
                Rule.of("system", "Linux \\S+ \\S+ #[^\\r\\n]*", "Linux SYSTEM"));
    }

    private static RealServer inetutils() throws Exception {
        RealServer.need("/usr/sbin/telnetd");
        RealServer.need("/usr/sbin/inetd");
        SystemUser.make();
        Path folder = Files.createTempDirectory("decnet-realism");
        InetSocketAddress at = RealServer.free();
        Path file = Files.writeString(
                folder.resolve("inetd.conf"),
                at.getAddress().getHostAddress() + ":" + at.getPort()
                        + " stream tcp nowait root /usr/sbin/telnetd telnetd\n");
        String version = RealServer.packageVersion("inetutils-telnetd").replaceAll("^\\d+:|-.*", "");
        return RealServer.start(folder, at, version, Map.of(), "/usr/sbin/inetd", "-i", file.toString())
                .afterwards(SystemUser::remove);
    }

    private static RealServer busybox() throws Exception {
        RealServer.need("/usr/bin/busybox");
        SystemUser.make();
        Path folder = Files.createTempDirectory("decnet-realism");
        InetSocketAddress at = RealServer.free();
        String version = RealServer.packageVersion("busybox-static").replaceAll("^\\d+:|-.*", "");
        return RealServer.start(
                        folder,
                        at,
                        version,
                        Map.of(),
                        "/usr/bin/busybox",
                        "telnetd",
                        "-F",
                        "-b",
                        at.getAddress().getHostAddress() + ":" + at.getPort(),
                        "-l",
                        "/bin/login")
                .afterwards(SystemUser::remove);
    }
}
