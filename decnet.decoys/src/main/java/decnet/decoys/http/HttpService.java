package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import decnet.decoys.DecoyService;
import decnet.decoys.Dialogue;
import decnet.decoys.DialogueFactory;
import java.util.List;

/** A web server of the machine's distribution with a log-in page, in clear or under TLS. */
public final class HttpService implements DecoyService {
    private final String slug;

    /** @param slug {@code http} or {@code https} */
    public HttpService(String slug) {
        this.slug = slug;
    }

    @Override
    public String slug() {
        return slug;
    }

    @Override
    public DialogueFactory on(DecoyContext context) {
        Site site = Site.of(context);
        WebServer server = new WebServer(context, site.manner(), slug.equals("https") ? 443 : 80);
        return new DialogueFactory() {
            @Override
            public Dialogue open(Opening opening) {
                return new HttpDialogue(context.within(opening.budget()), server, site);
            }

            @Override
            public List<String> alpn(List<String> offered) {
                return offered.contains("http/1.1") ? List.of("http/1.1") : List.of();
            }
        };
    }
}
