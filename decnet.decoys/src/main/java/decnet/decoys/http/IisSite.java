package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import java.util.Map;
import java.util.Optional;

/** IIS 10 as it is after its installation, with a report server that wants a log-in beside it. */
final class IisSite extends Appliance {
    private static final String ERROR = """
        <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\r
        <html xmlns="http://www.w3.org/1999/xhtml">\r
        <head>\r
        <meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"/>\r
        <title>%1$d - %3$s</title>\r
        </head>\r
        <body>\r
        <div id="header"><h1>Server Error</h1></div>\r
        <div id="content">\r
         <div class="content-container"><fieldset>\r
          <h2>%1$d - %3$s</h2>\r
          <h3>%4$s</h3>\r
         </fieldset></div>\r
        </div>\r
        </body>\r
        </html>\r
        """;
    private static final Map<Integer, String> ERRORS = Map.of(
            404,
            error(
                    404,
                    "File or directory not found.",
                    "The resource you are looking for might have been removed, had its name changed, or is temporarily"
                            + " unavailable."),
            403,
            error(
                    403,
                    "Forbidden: Access is denied.",
                    "You do not have permission to view this directory or page using the credentials that you"
                            + " supplied."),
            401,
            error(
                    401,
                    "Unauthorized: Access is denied due to invalid credentials.",
                    "You do not have permission to view this directory or page using the credentials that you"
                            + " supplied."),
            405,
            error(
                    405,
                    "HTTP verb used to access this page is not allowed.",
                    "The page you are looking for cannot be displayed because an invalid method (HTTP verb) was used to"
                            + " attempt access."),
            0,
            "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\"http://www.w3.org/TR/html4/strict.dtd\">\r\n"
                    + "<HTML><HEAD><TITLE>%2$s</TITLE>\r\n"
                    + "<META HTTP-EQUIV=\"Content-Type\" Content=\"text/html; charset=us-ascii\"></HEAD>\r\n"
                    + "<BODY><h2>%2$s</h2>\r\n"
                    + "<hr><p>HTTP Error %1$d. The request is badly formed.</p>\r\n"
                    + "</BODY></HTML>\r\n");

    private static String error(int status, String title, String words) {
        return ERROR.replace("%1$d", Integer.toString(status))
                .replace("%3$s", title)
                .replace("%4$s", words);
    }

    private final Manner manner;
    private final boolean asp;

    IisSite(DecoyContext context) {
        super(context);
        this.asp = draw(0, 3) > 0;
        this.manner = Manner.of(
                "text/html",
                ERRORS,
                "Content-Type",
                "{type}",
                "*",
                "",
                "Server",
                "Microsoft-IIS/10.0",
                "X-Powered-By",
                asp ? "ASP.NET" : "",
                "Date",
                "{date}",
                "Connection",
                "{connection}",
                "Content-Length",
                "{length}");
    }

    @Override
    public Optional<Manner> manner() {
        return Optional.of(manner);
    }

    @Override
    public boolean isLogin(String path) {
        return false;
    }

    @Override
    public Page page(HttpRequest request, boolean loggedIn, boolean loginTried) {
        String path = request.path().toLowerCase(java.util.Locale.ROOT);
        if (request.method().equals("OPTIONS")) {
            return text(200, "", "")
                    .with("Allow", "OPTIONS, TRACE, GET, HEAD, POST")
                    .with("Public", "OPTIONS, TRACE, GET, HEAD, POST");
        }
        if (path.equals("/") || path.equals("/iisstart.htm")) {
            return text(200, "text/html", welcome())
                    .with("Last-Modified", date())
                    .with("Accept-Ranges", "bytes")
                    .with(
                            "ETag",
                            "\"" + Long.toHexString(persona.installedAt().getEpochSecond() * 10_000_000) + ":0\"");
        }
        if (path.startsWith("/reports") || path.startsWith("/reportserver")) {
            return loggedIn
                    ? text(200, "text/html; charset=utf-8", reports())
                    : Page.error(401).with("WWW-Authenticate", "Basic realm=\"" + persona.fqdn() + "\"");
        }
        if (path.equals("/aspnet_client/") || path.startsWith("/app_data") || path.startsWith("/bin/")) {
            return Page.error(path.startsWith("/aspnet") ? 403 : 404);
        }
        return unknown(request);
    }

    private String date() {
        return java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                persona.installedAt().plusSeconds(5400).atOffset(java.time.ZoneOffset.UTC));
    }

    private static String welcome() {
        return """
            <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\r
            <html xmlns="http://www.w3.org/1999/xhtml">\r
            <head>\r
            <meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1" />\r
            <title>IIS Windows Server</title>\r
            <style type="text/css">body { color:#000000; background-color:#0072C6; margin:0; } a img { border:none; }</style>\r
            </head>\r
            <body>\r
            <div id="container">\r
            <a href="http://go.microsoft.com/fwlink/?linkid=66138&amp;clcid=0x409"><img src="iisstart.png" alt="IIS" width="960" height="600" /></a>\r
            </div>\r
            </body>\r
            </html>\r
            """;
    }

    private String reports() {
        return "<html>\r\n<head><title>" + persona.fqdn() + "/ReportServer - /</title></head>\r\n<body><h1>"
                + persona.fqdn()
                + "/ReportServer - /</h1><hr /><pre>" + persona.site().company()
                + " Data Sources\r\nReports\r\n</pre><hr />Microsoft SQL Server Reporting Services Version 15.0.1102."
                + (600 + Math.floorMod(persona.seed(), 400)) + "</body>\r\n</html>\r\n";
    }
}
