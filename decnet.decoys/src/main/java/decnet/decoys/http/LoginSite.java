package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import decnet.topology.MachineKind;
import decnet.topology.Persona;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/** The small application behind the server: a log-in page, and what is behind it. Immutable. */
final class LoginSite implements Site {
    private final DecoyContext context;
    private final String title;
    private final String loginPath;
    private final String cookie;
    private final String color;
    private final boolean device;
    private final String build;

    LoginSite(DecoyContext context) {
        this.context = context;
        Persona persona = context.persona();
        SplittableRandom random = new SplittableRandom(persona.seed() ^ 0x68747470L);
        MachineKind kind = persona.kind();
        this.device =
                kind != MachineKind.SERVER && kind != MachineKind.WINDOWS_SERVER && kind != MachineKind.WORKSTATION;
        String company = persona.domain().substring(0, persona.domain().indexOf('.'));
        String name = Character.toUpperCase(company.charAt(0)) + company.substring(1);
        String small = device ? pick(random, "Network Camera", "NVR Login", "Web Service", "IP Camera") : "";
        this.title = switch (kind) {
            case CAMERA, DEVICE -> small;
            case PRINTER, PLC -> persona.hardware().model();
            case NAS -> persona.hostname() + " - Synology NAS";
            case HYPERVISOR -> "Log In - " + persona.os().prettyName();
            case SERVER, WINDOWS_SERVER, WORKSTATION ->
                name + " " + pick(random, "Intranet", "Portal", "Service Desk", "Webmail", "Reporting", "Admin");
        };
        this.loginPath = device
                ? pick(random, "/login.asp", "/login.htm", "/cgi-bin/login.cgi")
                : pick(random, "/login", "/login.php", "/user/login", "/auth/login", "/signin");
        this.cookie = device
                ? "sid"
                : loginPath.endsWith(".php") ? "PHPSESSID" : pick(random, "session", "sessionid", "SID", "connect.sid");
        this.color = String.format("#%06x", random.nextInt(0x202020, 0x6080a0));
        this.build = random.nextInt(1, 6) + "." + random.nextInt(0, 20) + "." + random.nextInt(0, 9);
    }

    private static String pick(SplittableRandom random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    String realm() {
        return title;
    }

    @Override
    public boolean isLogin(String path) {
        return path.equals(loginPath);
    }

    @Override
    public Page page(HttpRequest request, boolean loggedIn, boolean loginTried) {
        String path = request.path();
        String method = request.method();
        if (!List.of("GET", "HEAD", "POST", "OPTIONS").contains(method)) {
            return Page.error(
                    List.of("PUT", "DELETE", "PATCH", "TRACE", "CONNECT").contains(method) ? 405 : 501);
        }
        if (method.equals("OPTIONS")) {
            return new Page(
                    200, "text/html", List.of(new HttpRequest.Header("Allow", "GET,POST,OPTIONS,HEAD")), "", true);
        }
        if (path.equals("/") || path.equals("/index.php") || path.equals("/index.html")) {
            return loggedIn ? dashboard() : Page.redirect(loginPath);
        }
        if (isLogin(path)) {
            if (loginTried && loggedIn) {
                return Page.redirect("/").with("Set-Cookie", cookie + "=" + token() + "; path=/; HttpOnly");
            }
            return login(loginTried);
        }
        if (path.equals("/static/style.css")) {
            return new Page(200, "text/css", List.of(), css(), true);
        }
        if (path.equals("/robots.txt") && !device) {
            return new Page(
                    200, "text/plain", List.of(), "User-agent: *\nDisallow: /admin/\nDisallow: /backup/\n", true);
        }
        if (path.equals("/admin") || path.startsWith("/admin/")) {
            return loggedIn ? dashboard() : Page.error(401).with("WWW-Authenticate", "Basic realm=\"" + title + "\"");
        }
        if (path.equals("/server-status") || path.startsWith("/.ht") || path.startsWith("/backup")) {
            return Page.error(403);
        }
        return Page.error(404);
    }

    private Page login(boolean failed) {
        String message = failed
                ? "      <p class=\"error\">"
                        + (device ? "User name or password error" : "Invalid username or password.") + "</p>\n"
                : "";
        String hidden = device ? "" : "        <input type=\"hidden\" name=\"csrf_token\" value=\"" + token() + "\">\n";
        Page page =
                Page.html(200, """
                    <!DOCTYPE html>
                    <html lang="en">
                    <head>
                      <meta charset="utf-8">
                      <title>%1$s</title>
                      <link rel="stylesheet" href="/static/style.css?v=%5$s">
                    </head>
                    <body>
                      <div class="box">
                          <h1>%1$s</h1>
                    %2$s      <form method="post" action="%3$s">
                    %4$s        <label>Username <input type="text" name="username" autofocus></label>
                            <label>Password <input type="password" name="password"></label>
                            <button type="submit">%6$s</button>
                          </form>
                      </div>
                    </body>
                    </html>
                    """.formatted(title, message, loginPath, hidden, build, device ? "Login" : "Sign in"));
        return device
                ? page
                : page.with("Set-Cookie", cookie + "=" + token() + "; path=/; HttpOnly")
                        .with("Cache-Control", "no-store, no-cache, must-revalidate");
    }

    private Page dashboard() {
        Persona persona = context.persona();
        return Page.html(
                200, """
                    <!DOCTYPE html>
                    <html lang="en">
                    <head><meta charset="utf-8"><title>%1$s</title><link rel="stylesheet" href="/static/style.css?v=%2$s"></head>
                    <body>
                      <div class="box wide">
                        <h1>%1$s</h1>
                        <table>
                          <tr><td>Host</td><td>%3$s</td></tr>
                          <tr><td>System</td><td>%4$s</td></tr>
                          <tr><td>Version</td><td>%2$s</td></tr>
                        </table>
                        <form method="post" enctype="multipart/form-data" action="/admin/import"><input type="file" name="file"><button>Import</button></form>
                      </div>
                    </body>
                    </html>
                    """.formatted(title, build, persona.fqdn(), persona.os().prettyName()));
    }

    private String css() {
        return """
            body { font-family: sans-serif; background: #f2f2f2; margin: 0 }
            .box { width: 320px; margin: 80px auto; padding: 24px; background: #fff; border-top: 4px solid %s }
            .wide { width: 720px }
            label { display: block; margin: 12px 0 }
            .error { color: #b00020 }
            """.formatted(color);
    }

    private String token() {
        byte[] bytes = new byte[16];
        context.random().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Name of the cookie that stands for a log-in. */
    String cookie() {
        return cookie;
    }
}
