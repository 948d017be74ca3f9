package decnet.decoys.realism;

import decnet.decoys.realism.Subject.Rule;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** OpenSSH as Debian sets it up, before keys are exchanged. */
final class SshSubject {
    private static final List<Rule> RULES = List.of(
            // length, padding length, number of the message, then the cookie
            Rule.of("cookie", "(?s)(\\x00\\x00[\\x01-\\x08].[\\x00-\\xff]\\x14).{16}(?=\\x00\\x00)", "$1COOKIE"));

    private SshSubject() {}

    static Subject openSsh() {
        return new Subject(
                "ssh",
                "ssh",
                true,
                Subject.UNFRAMED,
                () -> Subjects.file("ssh.conv"),
                RULES,
                version ->
                        Subjects.persona("debian12", "ssh", "openssh", version).withHostKeys(Subjects.hostKeys()),
                Map.of(),
                SshSubject::start);
    }

    private static RealServer start() throws Exception {
        RealServer.need("/usr/sbin/sshd");
        RealServer.needRoot();
        Path folder = Files.createTempDirectory("decnet-realism");
        Files.createDirectories(Path.of("/run/sshd"));
        InetSocketAddress at = RealServer.free();
        StringBuilder keys = new StringBuilder();
        for (String type : List.of("rsa", "ecdsa", "ed25519")) {
            Path key = folder.resolve(type);
            RealServer.run("ssh-keygen", "-q", "-t", type, "-N", "", "-f", key.toString());
            keys.append("HostKey ").append(key).append('\n');
        }
        Path file = Files.writeString(
                folder.resolve("sshd_config"),
                "Port " + at.getPort() + "\nListenAddress " + at.getAddress().getHostAddress() + "\nPidFile "
                        + folder.resolve("pid")
                        + "\n" + keys
                        + "KbdInteractiveAuthentication no\n"
                        + "UsePAM yes\n"
                        + "X11Forwarding yes\n"
                        + "PrintMotd no\n"
                        + "AcceptEnv LANG LC_*\n"
                        + "Subsystem sftp /usr/lib/openssh/sftp-server\n"
                        + "MaxStartups 100\n");
        String version = "OpenSSH_"
                + RealServer.packageVersion("openssh-server")
                        .replaceAll("^\\d+:", "")
                        .replaceFirst("-", " Debian-");
        return RealServer.start(folder, at, version, Map.of(), "/usr/sbin/sshd", "-D", "-e", "-f", file.toString());
    }
}
