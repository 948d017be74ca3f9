package decnet.decoys.realism;

import decnet.decoys.realism.Subject.Rule;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** vsftpd as Debian sets it up, with writing allowed. */
final class FtpSubject {
    private static final Pattern LAST_LINE = Pattern.compile("(?s)(.*\\r\\n)?\\d{3} [^\\r\\n]*\\r\\n");
    private static final List<Rule> RULES = List.of(
            Rule.of("passive port", "\\((\\d+,){4}\\d+,\\d+\\)", "(ADDRESS)"),
            Rule.of("extended port", "\\(\\|\\|\\|\\d+\\|\\)", "(PORT)"),
            Rule.of("clients", "client count was \\d+", "client count was #"),
            Rule.of("date of a file", "[A-Z][a-z]{2} \\d{2} (\\d{2}:\\d{2}| \\d{4})", "DATE"),
            Rule.of("time of a file", "213 20\\d{12}", "213 TIME"));

    private FtpSubject() {}

    static Subject vsftpd() {
        return new Subject(
                "ftp",
                "ftp",
                true,
                (text, requests) -> requests == 1 && LAST_LINE.matcher(text).matches() && !text.startsWith("150"),
                () -> Subjects.file("ftp.conv"),
                RULES,
                version -> Subjects.persona("debian12", "ftp", "vsftpd", version),
                Map.of(),
                FtpSubject::start);
    }

    private static RealServer start() throws Exception {
        RealServer.need("/usr/sbin/vsftpd");
        SystemUser.make();
        Path folder = Files.createTempDirectory("decnet-realism");
        InetSocketAddress at = RealServer.free();
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Path file = Files.writeString(folder.resolve("vsftpd.conf"), """
            listen=YES
            listen_address=%s
            listen_port=%d
            background=NO
            anonymous_enable=NO
            local_enable=YES
            write_enable=YES
            dirmessage_enable=YES
            use_localtime=YES
            xferlog_enable=YES
            xferlog_file=%s
            connect_from_port_20=YES
            secure_chroot_dir=%s
            pam_service_name=vsftpd
            ssl_enable=NO
            """.formatted(
                        at.getAddress().getHostAddress(), at.getPort(), folder.resolve("xferlog"), empty));
        String version = RealServer.packageVersion("vsftpd").replaceAll("-.*", "");
        return RealServer.start(folder, at, version, Map.of(), "/usr/sbin/vsftpd", file.toString())
                .afterwards(SystemUser::remove);
    }
}
