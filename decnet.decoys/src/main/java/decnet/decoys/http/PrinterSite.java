package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import decnet.topology.Persona;
import java.util.Map;
import java.util.Optional;

/** The status pages of a network printer: open to all, its settings for the administrator. Counts pages, and its toner goes down. */
final class PrinterSite extends Appliance {
    private final String maker;
    private final Manner manner;
    private final long pagesPerDay;
    private final int tonerPages;
    private final int firstPages;

    PrinterSite(DecoyContext context) {
        super(context);
        this.maker = persona.os().id();
        this.pagesPerDay = draw(8, 190);
        this.tonerPages = draw(24, 120) * 100;
        this.firstPages = draw(10, 60);
        this.manner = switch (maker) {
            case "hp" ->
                Manner.of(
                        "text/html",
                        Map.of(0, "<html><head><title>%1$d %2$s</title></head><body><h1>%2$s</h1></body></html>"),
                        "Server",
                        "HP HTTP Server; " + model() + "; Serial Number: " + serial() + "; Built: "
                                + persona.os().versionId() + " {" + firmware() + "}",
                        "Date",
                        "{date}",
                        "*",
                        "",
                        "Content-Type",
                        "{type}",
                        "Content-Length",
                        "{length}",
                        "Connection",
                        "{keep}",
                        "X-Frame-Options",
                        "SAMEORIGIN");
            case "brother" ->
                Manner.of(
                        "text/html",
                        Map.of(0, "<HTML><HEAD><TITLE>%2$s</TITLE></HEAD><BODY><H1>%1$d %2$s</H1></BODY></HTML>\r\n"),
                        "Cache-Control",
                        "no-cache",
                        "Content-Type",
                        "{type}",
                        "Content-Language",
                        "en",
                        "*",
                        "",
                        "Server",
                        persona.os().product("web"),
                        "Date",
                        "{date}",
                        "Connection",
                        "{connection}",
                        "Content-Length",
                        "{length}");
            default ->
                Manner.of(
                        "text/html",
                        Map.of(0, "<html><body>%1$d %2$s</body></html>\n"),
                        "Content-Length",
                        "{length}",
                        "Upgrade",
                        "TLS/1.0",
                        "Accept-Encoding",
                        "identity",
                        "Date",
                        "{date}",
                        "Server",
                        persona.os().product("web"),
                        "*",
                        "",
                        "Content-Type",
                        "{type}",
                        "Connection",
                        "{connection}");
        };
    }

    private String model() {
        return persona.hardware().model().isEmpty()
                ? persona.os().prettyName()
                : persona.hardware().model();
    }

    private String firmware() {
        return maker.equals("hp")
                ? String.format(
                        "2%06d_%06d",
                        Math.floorMod(persona.seed(), 600_000), Math.floorMod(persona.seed() >> 20, 600_000))
                : persona.os().versionId();
    }

    @Override
    public Optional<Manner> manner() {
        return Optional.of(manner);
    }

    @Override
    public boolean isLogin(String path) {
        return path.equals("/general/status.html") || path.equals("/startwlm/login.cgi");
    }

    /** The form of some asks for the administrator's password and nobody's name. */
    @Override
    public boolean accepts(Credentials found, Persona asked) {
        return found.principal().isEmpty()
                ? asked.accounts().getFirst().accepts(found.secret())
                : asked.login(found.principal(), found.secret()).isPresent();
    }

    /** Printed since it was set up. */
    private long printed() {
        return firstPages + counted(pagesPerDay);
    }

    private int toner() {
        return (int) (100 - printed() % tonerPages * 99 / tonerPages);
    }

    @Override
    public Page page(HttpRequest request, boolean loggedIn, boolean loginTried) {
        String path = request.path();
        return switch (maker) {
            case "hp" -> hp(request, path, loggedIn);
            case "brother" -> brother(request, path, loggedIn, loginTried);
            default -> other(request, path, loggedIn);
        };
    }

    private Page hp(HttpRequest request, String path, boolean loggedIn) {
        if (path.equals("/")) {
            return new Page(302, "text/html", java.util.List.of(), "", false)
                    .with("Location", "/info_deviceStatus.html?tab=Home&menu=DevStatus");
        }
        if (path.startsWith("/info_deviceStatus.html")) {
            return text(200, "text/html; charset=utf-8", frame("Device Status", """
                <table><tr><td>Status</td><td>Ready</td></tr>
                <tr><td>Black Cartridge</td><td>%d%%</td></tr>
                <tr><td>Tray 1</td><td>Empty</td></tr><tr><td>Tray 2</td><td>OK</td></tr></table>
                """.formatted(toner())));
        }
        if (path.startsWith("/info_config.html") || path.equals("/info_configuration.html")) {
            return text(200, "text/html; charset=utf-8", frame("Configuration Page", """
                <table><tr><td>Product Name</td><td>%s</td></tr>
                <tr><td>Product Serial Number</td><td>%s</td></tr>
                <tr><td>Firmware Datecode</td><td>%s</td></tr>
                <tr><td>Total Pages Printed</td><td>%d</td></tr>
                <tr><td>Host Name</td><td>%s</td></tr>
                <tr><td>Hardware Address</td><td>%s</td></tr></table>
                """.formatted(
                            model(),
                            serial(),
                            persona.os().versionId(),
                            printed(),
                            persona.hostname(),
                            persona.mac().replace(":", "").toUpperCase(java.util.Locale.ROOT))));
        }
        if (path.equals("/DevMgmt/ProductConfigDyn.xml")) {
            return text(
                    200,
                    "text/xml",
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + "<prdcfgdyn2:ProductConfigDyn"
                        + " xmlns:prdcfgdyn2=\"http://www.hp.com/schemas/imaging/con/ledm/productconfigdyn/2009/03/16\""
                        + " xmlns:dd=\"http://www.hp.com/schemas/imaging/con/dictionaries/1.0/\"><prdcfgdyn2:ProductInformation>"
                        + "<dd:MakeAndModel>" + model() + "</dd:MakeAndModel><dd:SerialNumber>" + serial()
                            + "</dd:SerialNumber><dd:Version><dd:Date>"
                            + persona.os().versionId()
                            + "</dd:Date></dd:Version></prdcfgdyn2:ProductInformation></prdcfgdyn2:ProductConfigDyn>\n");
        }
        if (path.startsWith("/set_config") || path.startsWith("/hp/device") || path.startsWith("/dev_mgmt")) {
            return guarded(
                    loggedIn, "HP LaserJet", frame("System Setup", "<p>Settings are locked by the control panel.</p>"));
        }
        return unknown(request);
    }

    private String frame(String title, String inner) {
        return """
            <!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
            <html><head><title>%1$s&nbsp;&nbsp;&nbsp;%2$s</title><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>
            <body><h1>%1$s</h1><p>%2$s&nbsp;&nbsp;%3$s</p>
            <ul><li><a href="/info_deviceStatus.html">Home</a></li><li><a href="/info_config.html">Information</a></li><li><a href="/set_config_deviceInfo.html">Settings</a></li></ul>
            <h2>%4$s</h2>
            %5$s</body></html>
            """.formatted(model(), persona.hostname(), persona.site().address(), title, inner);
    }

    private Page brother(HttpRequest request, String path, boolean loggedIn, boolean loginTried) {
        if (path.equals("/")) {
            return new Page(301, "text/html", java.util.List.of(), "", false).with("Location", "/general/status.html");
        }
        if (path.equals("/general/status.html")) {
            String wrong = loginTried && !loggedIn ? "<div class=\"errorMessage\">Wrong password.</div>" : "";
            String box = loggedIn
                    ? "<a href=\"/admin/logout.html\">Logout</a>"
                    : "<form method=\"post\" action=\"/general/status.html\"><input type=\"password\" id=\"LogBox\""
                            + " name=\"password\" maxlength=\"32\"/><input type=\"submit\" value=\"Login\"/></form>"
                            + wrong;
            return text(
                    200,
                    "text/html",
                    sheet(
                            box,
                            "<dl><dt>Device Status</dt><dd><span class=\"moni moniOk\">Sleep</span></dd><dt>Toner"
                                    + " Level</dt><dd><img src=\"../common/images/black.gif\" alt=\"Black\" height=\""
                                    + toner() / 2
                                    + "\"/></dd></dl>"));
        }
        if (path.equals("/general/information.html")) {
            return text(
                    200,
                    "text/html",
                    sheet(
                            "",
                            "<dl><dt>Model Name</dt><dd>" + model() + "</dd><dt>Serial no.</dt><dd>"
                                    + serial() + "</dd><dt>Main Firmware Version</dt><dd>" + firmware()
                                    + "</dd><dt>Page Counter</dt><dd>"
                                    + printed() + "</dd><dt>% of Life Remaining (Drum Unit)</dt><dd>"
                                    + Math.max(1, 100 - printed() / 120) + "%</dd><dt>Node Name</dt><dd>"
                                    + persona.hostname()
                                    + "</dd><dt>MAC Address</dt><dd>" + persona.mac() + "</dd></dl>"));
        }
        if (path.startsWith("/admin/") || path.startsWith("/net/")) {
            return loggedIn
                    ? text(200, "text/html", sheet("", "<p>Administrator</p>"))
                    : new Page(301, "text/html", java.util.List.of(), "", false)
                            .with("Location", "/general/status.html");
        }
        return unknown(request);
    }

    private String sheet(String box, String inner) {
        return "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\""
                + " \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\n"
                + "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>Brother " + model().replace("Brother ", "")
                + "</title></head><body><div id=\"baseFrame\">"
                + "<h1>" + model().replace("Brother ", "") + "</h1>" + box + "<div class=\"contents\">" + inner
                + "</div><p>Copyright(C) 2000-2019 Brother Industries, Ltd. All Rights"
                + " Reserved.</p></div></body></html>\n";
    }

    private Page other(HttpRequest request, String path, boolean loggedIn) {
        if (path.equals("/")) {
            return text(
                    200,
                    "text/html",
                    "<html><head><title>Command Center RX</title></head><frameset rows=\"0,*\"><frame"
                            + " src=\"/startwlm/Start_Wlm.htm\" name=\"wlmframe\"></frameset></html>\n");
        }
        if (path.equals("/startwlm/Start_Wlm.htm")) {
            return text(
                    200,
                    "text/html",
                    "<html><head><title>" + model() + "</title></head><body><h1>" + model() + "</h1><table>"
                            + "<tr><td>Host Name</td><td>" + persona.hostname()
                            + "</td></tr><tr><td>Serial Number</td><td>" + serial()
                            + "</td></tr><tr><td>Printed Pages</td><td>" + printed()
                            + "</td></tr><tr><td>Toner</td><td>" + toner()
                            + "%</td></tr></table><form method=\"post\" action=\"/startwlm/login.cgi\"><input"
                            + " name=\"username\"><input type=\"password\" name=\"password\"></form></body></html>\n");
        }
        if (isLogin(path)) {
            return text(
                    200,
                    "text/html",
                    loggedIn
                            ? "<html><script>top.location='/';</script></html>\n"
                            : "<html><body>Login" + " failed. Check login user name and password.</body></html>\n");
        }
        return unknown(request);
    }

    private static Page guarded(boolean loggedIn, String realm, String body) {
        return loggedIn
                ? text(200, "text/html; charset=utf-8", body)
                : Page.error(401).with("WWW-Authenticate", "Basic realm=\"" + realm + "\"");
    }
}
