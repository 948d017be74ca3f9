package decnet.decoys.ssh;

import decnet.core.WireText;
import decnet.decoys.Seen;
import decnet.topology.Account;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which program a request starts. Stateless. */
final class Programs {
    private static final int MAX_LINE = 64 * 1024;

    private Programs() {}

    /**
     * @param how {@code shell}, {@code exec} or {@code subsystem}
     * @param line command or name of a subsystem
     * @return empty if the server has no such program
     */
    static Optional<Program> of(
            SshTransport transport,
            SshChannel channel,
            Account account,
            Optional<Terminal> terminal,
            String how,
            byte[] line) {
        String text = new String(line, 0, Math.min(line.length, MAX_LINE), StandardCharsets.ISO_8859_1);
        return switch (how) {
            case "subsystem" -> text.equals("sftp") ? Optional.of(sftp(transport, channel, account)) : Optional.empty();
            case "exec" ->
                copy(transport, channel, account, line, text)
                        .or(() -> Optional.of(ShellProgram.command(transport, channel, account, terminal, text)));
            default -> Optional.of(ShellProgram.login(transport, channel, account, terminal));
        };
    }

    private static Program sftp(SshTransport transport, SshChannel channel, Account account) {
        SshConnection connection = transport.connection();
        return new SftpServer(connection, channel, new RemoteFiles(connection, account, "sftp"));
    }

    /** The far end of a copying client: {@code scp -t} or {@code scp -f}, as its own command line has it. */
    private static Optional<Program> copy(
            SshTransport transport, SshChannel channel, Account account, byte[] line, String text) {
        List<String> words = new ArrayList<>(List.of(text.strip().split("\\s+")));
        String name = words.removeFirst();
        if (!name.equals("scp") && !name.endsWith("/scp") || text.matches(".*[;&|<>`$()].*")) {
            return Optional.empty();
        }
        StringBuilder options = new StringBuilder();
        while (!words.isEmpty() && words.getFirst().startsWith("-")) {
            options.append(words.removeFirst());
        }
        String path = String.join(" ", words).replaceAll("^['\"]|['\"]$", "").replace("\\", "");
        boolean sink = options.indexOf("t") >= 0;
        if (!sink && options.indexOf("f") < 0) {
            return Optional.empty();
        }
        SshConnection connection = transport.connection();
        connection.saw(Seen.of(
                "command",
                "command",
                WireText.of(line, 0, Math.min(line.length, 4096)),
                "user",
                account.name(),
                "mode",
                "exec"));
        RemoteFiles files = new RemoteFiles(connection, account, "scp");
        String place = path.equals("~") ? "." : path.startsWith("~/") ? path.substring(2) : path;
        return Optional.of(
                sink
                        ? new ScpSink(channel, files, place)
                        : new ScpSource(channel, files, place, options.indexOf("r") >= 0));
    }
}
