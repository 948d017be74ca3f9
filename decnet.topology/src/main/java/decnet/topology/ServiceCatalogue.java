package decnet.topology;

import decnet.topology.ServiceSpec.Form;
import decnet.topology.ServiceSpec.Option;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The services a decky can offer. Each has exactly one implementation in {@code decnet.decoys}; a test there proves it. */
public final class ServiceCatalogue {
    /** What the names of an operator's own services begin with. */
    public static final String CUSTOM = "custom-";

    private static final Pattern CUSTOM_NAME = Pattern.compile("custom-[a-z0-9][a-z0-9-]{0,23}");
    private static final Option USER =
            Option.of("user", Form.WORD, "name of one more account that can log in, with password");
    private static final Option PASSWORD = Option.of("password", Form.WORD, "password of the account named by user");
    private static final Option SERVER =
            Option.choice("server", List.of("apache", "nginx", "lighttpd"), "which server it looks like");

    private static final Option PAGE = Option.of(
            "page",
            Form.FILE,
            "the file shown at /, and nothing else, as on a server just installed; else a log-in page");

    private static final List<ServiceSpec> SERVICES = List.of(
            ServiceSpec.of(
                    "ftp", List.of(ServicePort.tcp(21)), "file transfer with the manners of vsftpd", USER, PASSWORD),
            ServiceSpec.of(
                    "ssh", List.of(ServicePort.tcp(22)), "secure shell with the manners of OpenSSH", USER, PASSWORD),
            ServiceSpec.of("telnet", List.of(ServicePort.tcp(23)), "terminal log-in and shell", USER, PASSWORD),
            ServiceSpec.of("tftp", List.of(ServicePort.udp(69)), "trivial file transfer with the manners of tftpd-hpa"),
            ServiceSpec.of("http", List.of(ServicePort.tcp(80)), "web server with a log-in page", SERVER, PAGE),
            ServiceSpec.of("https", List.of(ServicePort.tls(443)), "the same over TLS", SERVER, PAGE),
            ServiceSpec.of(
                    "redis",
                    List.of(ServicePort.tcp(6379)),
                    "in-memory store",
                    Option.choice(
                            "auth", List.of("none", "password"), "open to all (default), or asking for a password")));

    private ServiceCatalogue() {}

    /** All with a name of their own, ordered by port. */
    public static List<ServiceSpec> all() {
        return SERVICES;
    }

    /** The service of that name; for {@code custom-NAME} what every service of an operator has. */
    public static Optional<ServiceSpec> find(String slug) {
        if (CUSTOM_NAME.matcher(slug).matches()) {
            return Optional.of(custom(slug));
        }
        return SERVICES.stream().filter(service -> service.slug().equals(slug)).findFirst();
    }

    /** The family of services that an operator describes. */
    public static ServiceSpec custom(String slug) {
        return ServiceSpec.of(
                slug,
                List.of(),
                "an operator's own service: a banner, or a script",
                Option.of("port", Form.PORT, "where it listens on a real network"),
                Option.choice("transport", List.of("tcp", "udp"), "tcp unless said otherwise"),
                Option.choice("tls", List.of("yes", "no"), "whether TLS is spoken from the first byte on"),
                Option.of("banner", Form.TEXT, "what it says first"),
                Option.of("script", Form.FILE, "what it answers: see docs/adding-a-service.md"));
    }

    /** The slugs, for a message to a person. */
    public static String slugs() {
        return String.join(", ", SERVICES.stream().map(ServiceSpec::slug).toList()) + ", custom-NAME";
    }
}
