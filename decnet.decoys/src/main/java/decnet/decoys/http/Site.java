package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import decnet.topology.Persona;
import java.util.Optional;

/** What is behind a web server: the pages of an application or of a device. Implementations are immutable, or thread-safe. */
interface Site {
    /** The site of a machine: the face of its device, or a small application with a log-in page. */
    static Site of(DecoyContext context) {
        return Appliance.of(context).map(Site.class::cast).orElseGet(() -> new LoginSite(context));
    }

    /**
     * A page for a request whose credentials have been looked at already.
     *
     * @param loggedIn whether the visitor has logged in on this connection
     * @param loginTried whether this request is the log-in
     */
    Page page(HttpRequest request, boolean loggedIn, boolean loginTried);

    /** Whether a form sent there is a log-in. */
    boolean isLogin(String path);

    /** Whether a digest proves one of the machine's passwords; only sites that ask for digests take them. */
    default boolean accepts(DigestLogin login) {
        return false;
    }

    /** Whether a name and a password log in. */
    default boolean accepts(Credentials found, Persona persona) {
        return persona.login(found.principal(), found.secret()).isPresent();
    }

    /** How the device writes its answers; empty if the web server of the system does. */
    default Optional<Manner> manner() {
        return Optional.empty();
    }
}
