package decnet.decoys.realism;

import decnet.decoys.realism.Subject.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The web servers of Debian with their default configuration and the files that the decoy has. */
final class HttpSubjects {
    private static final List<Rule> RULES = List.of(
            Rule.of("order of allowed methods", "Allow: (HEAD,)?GET,POST,OPTIONS(,HEAD)?(?=\\r\\n)", "Allow: METHODS"),
            Rule.of("hash of a file", "ETag: \"\\d+\"", "ETag: #"),
            Rule.of("date", "Date: [^\\r\\n]*", "Date: DATE"),
            Rule.of("address", "127\\.77\\.7\\.7( Port \\d+|:\\d+)?|probe\\.example( Port 80)", "HOST"),
            Rule.of(
                    "length of a page with the own name",
                    "Content-Length: [3-6]\\d\\d(?=\\r\\n(?s:.*)<address>)",
                    "Content-Length: N"),
            Rule.of("own name", "Server at \\S+ Port \\d+", "Server at HOST"));

    private HttpSubjects() {}

    static List<Subject> all() {
        return List.of(
                subject("http-apache", "apache", HttpSubjects::apache),
                subject("http-nginx", "nginx", HttpSubjects::nginx),
                subject("http-lighttpd", "lighttpd", HttpSubjects::lighttpd));
    }

    private static Subject subject(String name, String server, Subject.Starter starter) {
        return new Subject(
                name,
                "http",
                false,
                Subject.UNFRAMED,
                () -> Subjects.file("http.conv"),
                RULES,
                version -> Subjects.persona("debian12", "http", server, version),
                Map.of("server", server, "page", Golden.page(server)),
                starter);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path target = to.resolve(from.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(target);
                } else if (Files.exists(one)) {
                    Files.write(target, Files.readAllBytes(one));
                }
            }
        }
    }

    private static Path folder() throws IOException {
        Path folder = Files.createTempDirectory("decnet-realism");
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        return folder;
    }

    /** The folder that is served: the package's page, dated as the decoy's. */
    private static Path site(Path folder, Path page, String name) throws IOException {
        Path site = Files.createDirectories(folder.resolve("html"));
        Path file = Files.write(site.resolve(name), Files.readAllBytes(page));
        Instant modified =
                Subjects.persona("debian12", "http", "apache", "").installedAt().plusSeconds(86_400 * 3);
        Files.setLastModifiedTime(file, FileTime.from(modified));
        RealServer.allow(site);
        RealServer.allow(file);
        return site;
    }

    private static void edit(Path file, String... changes) {
        try {
            String text = Files.readString(file);
            for (int i = 0; i < changes.length; i += 2) {
                text = text.replaceAll(changes[i], changes[i + 1]);
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RealServer apache() throws Exception {
        RealServer.need("/usr/sbin/apache2");
        RealServer.needRoot();
        Path folder = folder();
        InetSocketAddress at = RealServer.free();
        String listen = at.getAddress().getHostAddress() + ":" + at.getPort();
        copy(Path.of("/etc/apache2"), folder.resolve("conf"));
        Path site = site(folder, Path.of("/usr/share/apache2/default-site/index.html"), "index.html");
        edit(folder.resolve("conf/ports.conf"), "(?m)^Listen 80$", "Listen " + listen, "(?m)^\\s*Listen 443$", "");
        edit(folder.resolve("conf/apache2.conf"), "<Directory /var/www/>", "<Directory " + site + ">");
        edit(folder.resolve("conf/sites-enabled/000-default.conf"), "\\*:80", "*:*", "/var/www/html", site.toString());
        Map<String, String> environment = Map.of(
                "APACHE_RUN_USER", "www-data",
                "APACHE_RUN_GROUP", "www-data",
                "APACHE_PID_FILE", folder.resolve("pid").toString(),
                "APACHE_RUN_DIR", folder.toString(),
                "APACHE_LOCK_DIR", folder.toString(),
                "APACHE_LOG_DIR", folder.toString());
        String version = "Apache/" + RealServer.packageVersion("apache2").replaceAll("-.*", "") + " (Debian)";
        return RealServer.start(
                folder,
                at,
                version,
                environment,
                "/usr/sbin/apache2",
                "-d",
                folder.resolve("conf").toString(),
                "-f",
                folder.resolve("conf/apache2.conf").toString(),
                "-DFOREGROUND");
    }

    private static RealServer nginx() throws Exception {
        RealServer.need("/usr/sbin/nginx");
        RealServer.needRoot();
        Path folder = folder();
        InetSocketAddress at = RealServer.free();
        Path site = site(folder, Path.of("/usr/share/nginx/html/index.html"), "index.nginx-debian.html");
        copy(Path.of("/etc/nginx"), folder.resolve("conf"));
        edit(
                folder.resolve("conf/nginx.conf"),
                "/run/nginx.pid",
                folder.resolve("pid").toString(),
                "/var/log/nginx",
                folder.toString(),
                "/etc/nginx/sites-enabled",
                folder.resolve("conf/sites-enabled").toString());
        edit(
                folder.resolve("conf/sites-enabled/default"),
                "listen 80 default_server",
                "listen " + at.getAddress().getHostAddress() + ":" + at.getPort() + " default_server",
                "(?m)^\\s*listen \\[::].*$",
                "",
                "/var/www/html",
                site.toString());
        String version = "nginx/" + RealServer.packageVersion("nginx").replaceAll("-.*", "");
        return RealServer.start(
                folder,
                at,
                version,
                Map.of(),
                "/usr/sbin/nginx",
                "-c",
                folder.resolve("conf/nginx.conf").toString(),
                "-g",
                "daemon off;");
    }

    private static RealServer lighttpd() throws Exception {
        RealServer.need("/usr/sbin/lighttpd");
        RealServer.needRoot();
        Path folder = folder();
        InetSocketAddress at = RealServer.free();
        Path site = site(folder, Path.of("/usr/share/lighttpd/index.html"), "index.html");
        copy(Path.of("/etc/lighttpd"), folder.resolve("conf"));
        edit(
                folder.resolve("conf/lighttpd.conf"),
                "(?m)^server.port .*$",
                "server.port = " + at.getPort() + "\nserver.bind = \""
                        + at.getAddress().getHostAddress() + "\"",
                "/var/www/html",
                site.toString(),
                "/var/log/lighttpd/error.log",
                folder.resolve("error.log").toString(),
                "/run/lighttpd.pid",
                folder.resolve("pid").toString(),
                "/var/cache/lighttpd/uploads",
                "/tmp",
                "(?m)^include_shell .*use-ipv6.*$",
                "");
        String version = "lighttpd/" + RealServer.packageVersion("lighttpd").replaceAll("-.*", "");
        return RealServer.start(
                folder,
                at,
                version,
                Map.of(),
                "/usr/sbin/lighttpd",
                "-D",
                "-f",
                folder.resolve("conf/lighttpd.conf").toString());
    }
}
