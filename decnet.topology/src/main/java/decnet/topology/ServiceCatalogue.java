package decnet.topology;

import java.util.List;
import java.util.Optional;

/** The services a decky can offer. Each has exactly one implementation in {@code decnet.decoys}; a test there proves it. */
public final class ServiceCatalogue {
    private static final ServiceSpec.Option USER =
            new ServiceSpec.Option("user", List.of(), "name of one more account that can log in, with password");
    private static final ServiceSpec.Option PASSWORD =
            new ServiceSpec.Option("password", List.of(), "password of the account named by user");

    private static final List<ServiceSpec> SERVICES = List.of(
            new ServiceSpec("ftp", 21, "file transfer with the manners of vsftpd", List.of(USER, PASSWORD)),
            new ServiceSpec("ssh", 22, "secure shell with the manners of OpenSSH", List.of(USER, PASSWORD)),
            new ServiceSpec("telnet", 23, "terminal log-in and shell", List.of(USER, PASSWORD)),
            new ServiceSpec(
                    "http",
                    80,
                    "web server with a log-in page",
                    List.of(
                            new ServiceSpec.Option(
                                    "server", List.of("apache", "nginx", "lighttpd"), "which server it looks like"),
                            new ServiceSpec.Option(
                                    "site",
                                    List.of("login", "default"),
                                    "a log-in page (default), or the page of a fresh package"))),
            new ServiceSpec(
                    "redis",
                    6379,
                    "in-memory store",
                    List.of(new ServiceSpec.Option(
                            "auth", List.of("none", "password"), "open to all (default), or asking for a password"))));

    private ServiceCatalogue() {}

    /** All, ordered by port. */
    public static List<ServiceSpec> all() {
        return SERVICES;
    }

    public static Optional<ServiceSpec> find(String slug) {
        return SERVICES.stream().filter(service -> service.slug().equals(slug)).findFirst();
    }

    /** The slugs, for a message to a person. */
    public static String slugs() {
        return String.join(", ", SERVICES.stream().map(ServiceSpec::slug).toList());
    }
}
