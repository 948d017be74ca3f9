package decnet.decoys.shell;

import decnet.decoys.Login;
import decnet.topology.Distribution;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a machine says after the log-in. Stateless. */
final class Greeting {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter FAILED = DateTimeFormatter.ofPattern(
                    "EEE MMM ppd HH:mm:ss 'UTC' yyyy", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Greeting() {}

    static String of(ShellState shell) {
        Distribution os = shell.persona.os();
        if (shell.ash()) {
            return "";
        }
        String lastLogin = lastLogin(shell);
        return switch (os.id()) {
            case "debian" ->
                "Linux " + shell.persona.hostname() + " " + os.kernelRelease() + " " + os.kernelVersion() + " "
                        + os.machine() + "\n" + """

                        The programs included with the Debian GNU/Linux system are free software;
                        the exact distribution terms for each program are described in the
                        individual files in /usr/share/doc/*/copyright.

                        Debian GNU/Linux comes with ABSOLUTELY NO WARRANTY, to the extent
                        permitted by applicable law.
                        """ + lastLogin;
            case "ubuntu" ->
                "Welcome to " + os.prettyName() + " (GNU/Linux " + os.kernelRelease() + " " + os.machine() + ")\n" + """

                         * Documentation:  https://help.ubuntu.com
                         * Management:     https://landscape.canonical.com
                         * Support:        https://ubuntu.com/advantage

                        """
                        + lastLogin;
            default -> lastLogin;
        };
    }

    /** What the record of the last log-in says; nothing at the first. */
    private static String lastLogin(ShellState shell) {
        Instant now = shell.context.clock().instant();
        String user = shell.account.name();
        Optional<Login> last = shell.disk.chronicle().lastLogin(user, now);
        String text = last.map(login -> "Last login: " + TIME.format(login.from()) + " from " + login.host() + "\n")
                .orElse("");
        if (!shell.persona.os().id().equals("rocky")) {
            return text;
        }
        List<Login> failures =
                shell.disk.chronicle().failures(last.map(Login::from).orElse(shell.persona.installedAt()), now).stream()
                        .filter(one -> one.user().equals(user))
                        .toList();
        if (failures.isEmpty()) {
            return text;
        }
        Login latest = failures.getLast();
        int count = failures.size();
        return "Last failed login: " + FAILED.format(latest.from()) + " from " + latest.host() + " on "
                + latest.terminal() + "\nThere " + (count == 1 ? "was 1" : "were " + count) + " failed login attempt"
                + (count == 1 ? "" : "s") + " since the last successful login.\n" + text;
    }
}
