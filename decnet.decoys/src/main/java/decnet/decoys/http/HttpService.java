package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import decnet.decoys.DecoyService;
import decnet.decoys.DialogueFactory;

/** A web server of the machine's distribution with a log-in page. */
public final class HttpService implements DecoyService {
    public HttpService() {}

    @Override
    public String slug() {
        return "http";
    }

    @Override
    public DialogueFactory on(DecoyContext context) {
        WebServer server = new WebServer(context);
        Site site = new Site(context);
        return opening -> new HttpDialogue(context, server, site);
    }
}
