package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The pages of an industrial controller: who it is and how it runs for everybody, the rest behind a log-in. */
final class ControllerSite extends Appliance {
    private static final String START = "/Portal/Portal.mwsl";

    private final boolean siemens;
    private final String station;
    private final Manner manner;

    ControllerSite(DecoyContext context) {
        super(context);
        this.siemens = persona.os().id().equals("s7-1200");
        this.station = List.of("station", "Line", "Pump", "Press", "Conveyor", "Boiler")
                        .get(draw(0, 6)) + "_" + draw(1, 12);
        this.manner = siemens
                ? Manner.of(
                        "text/html",
                        Map.of(0, "<html><head><title>%1$d %2$s</title></head><body>%1$d %2$s</body></html>"),
                        "Date",
                        "{date}",
                        "*",
                        "",
                        "Content-Type",
                        "{type}",
                        "Content-Length",
                        "{length}",
                        "Connection",
                        "{keep}")
                : Manner.of(
                        "text/html",
                        Map.of(
                                0,
                                "<HTML><HEAD><TITLE>Document Error: %2$s</TITLE></HEAD>\r\n"
                                        + "<BODY><H2>Access Error: %1$d -- %2$s</H2>\r\n"
                                        + "</BODY></HTML>\r\n"),
                        "Date",
                        "{date}",
                        "Server",
                        persona.os().product("web"),
                        "*",
                        "",
                        "Content-Type",
                        "{type}",
                        "Content-Length",
                        "{length}",
                        "Connection",
                        "{connection}");
    }

    @Override
    public Optional<Manner> manner() {
        return Optional.of(manner);
    }

    @Override
    public boolean isLogin(String path) {
        return siemens && path.equals("/FormLogin");
    }

    @Override
    public Page page(HttpRequest request, boolean loggedIn, boolean loginTried) {
        String path = request.path();
        return siemens ? siemens(request, path, loggedIn) : other(request, path, loggedIn);
    }

    private Page siemens(HttpRequest request, String path, boolean loggedIn) {
        if (path.equals("/")) {
            return new Page(302, "text/html", List.of(), "", false).with("Location", "/Default.mwsl");
        }
        if (path.equals("/Default.mwsl")) {
            return new Page(302, "text/html", List.of(), "", false).with("Location", START + "?PriNav=Start");
        }
        if (isLogin(path)) {
            Page back = new Page(303, "text/html", List.of(), "", false)
                    .with("Location", START + "?PriNav=Start" + (loggedIn ? "" : "&LoginFailed=1"));
            return loggedIn ? back.with("Set-Cookie", "siemens_ad_session=" + token(20) + "; Path=/; HttpOnly") : back;
        }
        if (path.equals(START)) {
            String target = request.target();
            String part = target.contains("PriNav=Ident")
                    ? identification()
                    : target.contains("PriNav=Diag") ? diagnostics() : start();
            return text(200, "text/html; charset=utf-8", portal(part, loggedIn)).with("Cache-Control", "no-cache");
        }
        return unknown(request);
    }

    private String row(String name, String value) {
        return "<tr><td class=\"static_field\">" + name + "</td><td class=\"output_field\">" + value + "</td></tr>\n";
    }

    private String start() {
        return row("Project Name", station)
                + row("TIA Portal", "V17")
                + row("Station name", "S7-1200 station_1")
                + row("Module name", persona.hostname())
                + row("Module type", persona.hardware().model())
                + row("Operating Mode", "RUN")
                + row("Status", "OK")
                + row("Mode selector", "RUN");
    }

    private String identification() {
        return row("Plant designation", persona.site().company())
                + row("Serial number", serial())
                + row("Order number", "6ES7 214-1AG40-0XB0")
                + row("Hardware", "6")
                + row("Firmware", "V" + persona.os().versionId());
    }

    private String diagnostics() {
        long hours = uptime().toHours();
        return row("Operating hours", String.format(Locale.ROOT, "%d h", hours + 400))
                + row(
                        "Cycle time (ms)",
                        String.format(
                                Locale.ROOT,
                                "shortest 1, current %d, longest %d",
                                2 + Math.floorMod(now().getEpochSecond(), 3),
                                14 + hours / 400))
                + row("MAC address", persona.mac().toUpperCase(Locale.ROOT).replace(':', '-'))
                + row("IP address", persona.site().address());
    }

    private String portal(String rows, boolean loggedIn) {
        String login = loggedIn
                ? "<div id=\"login\">admin <a href=\"/FormLogin?LOGOUT\">Log out</a></div>\n"
                : "<form id=\"login\" method=\"post\" action=\"/FormLogin\"><input type=\"text\""
                        + " name=\"Login\"/><input type=\"password\" name=\"Password\"/><input type=\"hidden\""
                        + " name=\"Redirection\" value=\"\"/><input type=\"submit\" value=\"Log in\"/></form>\n";
        return """
            <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
            <html xmlns="http://www.w3.org/1999/xhtml"><head><title>SIMATIC&nbsp;1200</title><link rel="stylesheet" type="text/css" href="/CSS/S7Web.css"/></head>
            <body><h1>SIEMENS</h1><h2>%1$s / %2$s</h2>
            %3$s<ul><li><a href="?PriNav=Start">Start Page</a></li><li><a href="?PriNav=Ident">Identification</a></li><li><a href="?PriNav=Diag">Diagnostics</a></li></ul>
            <table>
            %4$s</table></body></html>
            """.formatted(station, persona.hostname(), login, rows);
    }

    private Page other(HttpRequest request, String path, boolean loggedIn) {
        if (path.equals("/")) {
            return new Page(302, "text/html", List.of(), "", false).with("Location", "/html/english/index.htm");
        }
        if (path.equals("/html/english/index.htm")) {
            return text(
                    200,
                    "text/html",
                    "<HTML><HEAD><TITLE>" + persona.os().prettyName().replaceAll(" .*", "") + "</TITLE></HEAD>\r\n"
                            + "<BODY><H1>" + persona.hardware().model() + "</H1><TABLE>" + row("Rack", station)
                            + row("Firmware", "V" + persona.os().versionId()) + row("MAC", persona.mac())
                            + row("Up", uptime().toDays() + " d")
                            + "</TABLE><A HREF=\"/secure/system/setup.htm\">Setup</A></BODY></HTML>\r\n");
        }
        if (path.startsWith("/secure/")) {
            return loggedIn
                    ? text(200, "text/html", "<HTML><BODY><H2>Setup</H2>" + station + "</BODY></HTML>\r\n")
                    : Page.error(401).with("WWW-Authenticate", "Basic realm=\"Schneider Web\"");
        }
        return unknown(request);
    }
}
