package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import java.util.Map;
import java.util.Optional;

/** The welcome page, client and interface of a virtualisation host. */
final class HypervisorSite extends Appliance {
    private final Manner manner = Manner.of(
            "text/html",
            Map.of(
                    404, "404 Not Found",
                    401,
                            "<HTML><HEAD><TITLE>401 Unauthorized</TITLE></HEAD><BODY><H1>401"
                                    + " Unauthorized</H1></BODY></HTML>",
                    0, "%1$d %2$s"),
            "*",
            "",
            "Date",
            "{date}",
            "Connection",
            "{keep}",
            "Content-Security-Policy",
            "block-all-mixed-content",
            "Content-Type",
            "{type}",
            "Strict-Transport-Security",
            "max-age=31536000",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "X-XSS-Protection",
            "1",
            "Content-Length",
            "{length}");

    HypervisorSite(DecoyContext context) {
        super(context);
    }

    @Override
    public Optional<Manner> manner() {
        return Optional.of(manner);
    }

    @Override
    public boolean isLogin(String path) {
        return path.equals("/sdk") || path.equals("/sdk/");
    }

    @Override
    public Page page(HttpRequest request, boolean loggedIn, boolean loginTried) {
        String path = request.path();
        if (path.equals("/")) {
            return text(200, "text/html", welcome());
        }
        if (path.equals("/ui")) {
            return new Page(301, "text/html", java.util.List.of(), "", false).with("Location", "/ui/");
        }
        if (path.equals("/ui/")) {
            return text(200, "text/html", client());
        }
        if (isLogin(path)) {
            return request.method().equals("POST") ? soap(request, loggedIn) : Page.error(404);
        }
        if (path.startsWith("/folder") || path.startsWith("/host") || path.startsWith("/mob")) {
            return loggedIn
                    ? text(200, "text/html", listing())
                    : Page.error(401).with("WWW-Authenticate", "Basic realm=\"VMware HTTP server\"");
        }
        return unknown(request);
    }

    private static String welcome() {
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta http-equiv="Content-Type" content="text/html; charset=utf-8">
            <title>VMware ESXi</title>
            <script type="text/javascript">window.location.replace("/ui/");</script>
            </head>
            <body><noscript><a href="/ui/">Open the VMware Host Client</a> <a href="/folder">Browse datastores in this host's inventory</a></noscript></body>
            </html>
            """;
    }

    private String client() {
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title ng-bind="title">VMware ESXi</title>
            <base href="/ui/">
            <link rel="stylesheet" href="styles/main.css?%1$s">
            </head>
            <body id="host-client"><div class="loading"></div><script src="scripts/main.js?%1$s"></script></body>
            </html>
            """.formatted(persona.os().product("build"));
    }

    private String listing() {
        long gib = persona.hardware().diskKib() >> 20;
        return """
            <!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">
            <html><head><title>Index of ha-datacenter</title></head><body><h1>Index of ha-datacenter</h1>
            <table><tr><th>Datastore</th><th>Capacity</th><th>Free</th></tr>
            <tr><td><a href="/folder?dcPath=ha-datacenter&amp;dsName=datastore1">datastore1</a></td><td>%d</td><td>%d</td></tr></table></body></html>
            """.formatted((gib << 30), (gib << 30) - (gib << 30) / 3 - counted(40_000_000) % (gib << 28));
    }

    private Page soap(HttpRequest request, boolean loggedIn) {
        String body = new String(request.body().bytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        String content = body.contains("RetrieveServiceContent")
                ? about()
                : body.contains("<Login") || body.contains(":Login")
                        ? loggedIn
                                ? "<LoginResponse xmlns=\"urn:vim25\"><returnval><key>" + key() + "</key><userName>root"
                                        + "</userName><fullName>Administrator</fullName></returnval></LoginResponse>"
                                : fault(
                                        "InvalidLogin",
                                        "Cannot complete login due to an incorrect user name or password.")
                        : fault("NotAuthenticated", "The session is not authenticated.");
        boolean failed = content.startsWith("<soapenv:Fault>");
        return text(
                        failed ? 500 : 200,
                        "text/xml; charset=utf-8",
                        """
                            <?xml version="1.0" encoding="UTF-8"?>
                            <soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
                            <soapenv:Body>
                            """ + content + "\n</soapenv:Body>\n</soapenv:Envelope>")
                .with("Cache-Control", "no-cache");
    }

    private String key() {
        String hex = token(16);
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }

    private static String fault(String kind, String words) {
        return "<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>" + words
                + "</faultstring><detail><" + kind + "Fault xmlns=\"urn:vim25\" xsi:type=\"" + kind + "\"></" + kind
                + "Fault></detail></soapenv:Fault>";
    }

    private String about() {
        return "<RetrieveServiceContentResponse xmlns=\"urn:vim25\"><returnval><rootFolder"
                + " type=\"Folder\">ha-folder-root</rootFolder><propertyCollector"
                + " type=\"PropertyCollector\">ha-property-collector</propertyCollector><about><name>VMware"
                + " ESXi</name><fullName>" + persona.os().prettyName() + " build-"
                + persona.os().product("build") + "</fullName><vendor>VMware, Inc.</vendor><version>"
                + persona.os().versionId() + "</version><build>" + persona.os().product("build")
                + "</build><localeVersion>INTL</localeVersion><localeBuild>000</localeBuild><osType>vmnix-x86</osType>"
                + "<productLineId>embeddedEsx</productLineId><apiType>HostAgent</apiType><apiVersion>"
                + persona.os().versionId()
                + ".0</apiVersion></about><sessionManager type=\"SessionManager\">ha-sessionmgr"
                + "</sessionManager></returnval></RetrieveServiceContentResponse>";
    }
}
