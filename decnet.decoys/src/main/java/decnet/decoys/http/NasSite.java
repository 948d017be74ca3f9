package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import java.util.Map;
import java.util.Optional;

/** The desktop of a network storage: a page that loads a script, and the interface behind it. */
final class NasSite extends Appliance {
    private static final String ERROR = """
        <!DOCTYPE html>
        <html>
        <head>
        <meta charset="utf-8">
        <style>html { height: 100%% } body { font-family: Verdana, Arial, sans-serif; background: #f0f0f0; text-align: center } #tip { margin-top: 20%%; color: #414b55; font-size: 16px }</style>
        <title>%1$d %2$s</title>
        </head>
        <body><div id="tip">Sorry, the page you are looking for is not found.</div></body>
        </html>
        """;

    private final Manner manner = Manner.of(
            "text/html; charset=utf-8",
            Map.of(
                    404,
                    ERROR,
                    403,
                    ERROR.replace("is not found", "cannot be shown"),
                    0,
                    "<html>\r\n"
                            + "<head><title>%1$d %2$s</title></head>\r\n"
                            + "<body>\r\n"
                            + "<center><h1>%1$d %2$s</h1></center>\r\n"
                            + "<hr><center>nginx</center>\r\n"
                            + "</body>\r\n"
                            + "</html>\r\n"),
            "Server",
            "nginx",
            "Date",
            "{date}",
            "Content-Type",
            "{type}",
            "Content-Length",
            "{length}",
            "Connection",
            "{keep}",
            "Keep-Alive",
            "timeout=20",
            "*",
            "");
    private final String version;

    NasSite(DecoyContext context) {
        super(context);
        this.version = persona.os().prettyName().replaceAll(".*-", "");
    }

    @Override
    public Optional<Manner> manner() {
        return Optional.of(manner);
    }

    @Override
    public boolean isLogin(String path) {
        return path.equals("/webapi/auth.cgi") || path.equals("/webapi/entry.cgi") || path.equals("/webman/login.cgi");
    }

    @Override
    public Page page(HttpRequest request, boolean loggedIn, boolean loginTried) {
        String path = request.path();
        if (path.equals("/") || path.equals("/index.cgi") || path.equals("/webman/index.cgi")) {
            return text(200, "text/html; charset=\"UTF-8\"", desktop())
                    .with("Cache-control", "no-store")
                    .with("X-Content-Type-Options", "nosniff")
                    .with("X-XSS-Protection", "1; mode=block")
                    .with("X-Frame-Options", "SAMEORIGIN")
                    .with("P3P", "CP=\"IDC DSP COR ADM DEVi TAIi PSA PSD IVAi IVDi CONi HIS OUR IND CNT\"");
        }
        if (path.equals("/robots.txt")) {
            return text(200, "text/plain", "User-agent: *\nDisallow: /\n");
        }
        if (path.equals("/webapi/query.cgi")) {
            return api(
                    "{\"data\":{\"SYNO.API.Auth\":{\"maxVersion\":7,\"minVersion\":1,\"path\":\"entry.cgi\"},"
                        + "\"SYNO.API.Info\":{\"maxVersion\":1,\"minVersion\":1,\"path\":\"entry.cgi\"}},\"success\":true}");
        }
        if (isLogin(path)) {
            if (loggedIn) {
                String session = token(16);
                return api("{\"data\":{\"did\":\"" + token(24) + "\",\"is_portal_port\":false,\"sid\":\"" + session
                                + "\"},\"success\":true}")
                        .with("Set-Cookie", "id=" + session + ";path=/");
            }
            boolean tried =
                    request.target().contains("passwd=") || request.body().length() > 0;
            return api("{\"error\":{\"code\":" + (tried ? 400 : 101) + "},\"success\":false}");
        }
        return unknown(request);
    }

    private static Page api(String json) {
        return text(200, "application/json; charset=\"UTF-8\"", json + "\n");
    }

    private String desktop() {
        return """
            <!DOCTYPE html>
            <html class="img-no-display">
            <head>
            <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
            <meta http-equiv="X-UA-Compatible" content="IE=edge" />
            <meta name="application-name" content="Synology DiskStation&#32;&#45;&#32;%1$s" />
            <meta name="description" content="DiskStation provides a full-featured network attached storage." />
            <title>%1$s&nbsp;-&nbsp;Synology&nbsp;DiskStation</title>
            <link rel="shortcut icon" href="webman/favicon.ico?v=%2$s" />
            <link rel="stylesheet" type="text/css" href="scripts/ext-3/resources/css/ext-all.css?v=%2$s" />
            <script type="text/javascript" src="webapi/entry.cgi?api=SYNO.Core.Desktop.SessionData&version=1&method=getjs&v=%2$s"></script>
            </head>
            <body role="application"><noscript><div class="syno-no-script">Please enable JavaScript to use DSM.</div></noscript></body>
            </html>
            """.formatted(persona.hostname(), version);
    }
}
