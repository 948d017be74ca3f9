package decnet.decoys.shell;

import decnet.topology.Distribution;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What a machine says after the log-in. Stateless. */
final class Greeting {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Greeting() {}

    static String of(ShellState shell) {
        Distribution os = shell.persona.os();
        if (shell.ash()) {
            return "";
        }
        Instant now = shell.context.clock().instant();
        Duration since = Duration.ofHours(5 + Math.floorMod(shell.persona.seed(), 90));
        Instant last = now.minus(since);
        String lastLogin = "Last login: "
                + TIME.format(
                        last.isBefore(shell.persona.bootedAt())
                                ? shell.persona.bootedAt().plusSeconds(301)
                                : last)
                + " from " + Addresses.neighbour(shell) + "\n";
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
}
