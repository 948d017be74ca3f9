package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A network camera: a page that asks for a log-in, and an interface that asks for a digest. */
final class CameraSite extends Appliance {
    private final boolean xml;
    private final String realm;
    private final Manner manner;

    CameraSite(DecoyContext context) {
        super(context);
        this.xml = persona.os().id().equals("hikvision");
        this.realm = xml
                ? "IP Camera(" + String.format("%c%04d", 'A' + draw(0, 26), draw(0, 10_000)) + ")"
                : "Login to " + serial();
        this.manner = xml
                ? Manner.of(
                        "text/html",
                        Map.of(
                                401,
                                        "<!DOCTYPE html>\n"
                                            + "<html><head><title>Document Error: Unauthorized</title></head>\n"
                                            + "<body><h2>Access Error: 401 -- Unauthorized</h2>\n"
                                            + "<p>Authentication Error: Access Denied! Authorization required.</p>\n"
                                            + "</body>\n"
                                            + "</html>\n",
                                0,
                                        "<!DOCTYPE html>\n"
                                                + "<html><head><title>Document Error: %2$s</title></head>\n"
                                                + "<body><h2>Access Error: %1$d -- %2$s</h2>\n"
                                                + "<p>Can't open URL</p>\n"
                                                + "</body>\n"
                                                + "</html>\n"),
                        "Date",
                        "{date}",
                        "Server",
                        persona.os().product("web"),
                        "*",
                        "",
                        "Content-Length",
                        "{length}",
                        "Content-Type",
                        "{type}",
                        "Connection",
                        "{keep}",
                        "Keep-Alive",
                        "timeout=60, max=99")
                : Manner.of(
                        "text/plain;charset=UTF-8",
                        Map.of(401, "Error\r\nInvalid Authority!\r\n", 0, "Error\r\n%2$s\r\n"),
                        "Date",
                        "{date}",
                        "*",
                        "",
                        "CONNECTION",
                        "{keep}",
                        "CONTENT-TYPE",
                        "{type}",
                        "CONTENT-LENGTH",
                        "{length}");
    }

    @Override
    public Optional<Manner> manner() {
        return Optional.of(manner);
    }

    @Override
    public boolean isLogin(String path) {
        return path.equals("/RPC2_Login");
    }

    @Override
    public Page page(HttpRequest request, boolean loggedIn, boolean loginTried) {
        return xml ? isapi(request, loggedIn) : cgi(request, loggedIn);
    }

    /** A digest is good only with a number that this camera gave out, and for itself. */
    @Override
    public boolean accepts(DigestLogin login) {
        return login.field("realm").equals(realm) && fresh(login.field("nonce")) && login.proves(persona);
    }

    private String model() {
        return persona.hardware().model();
    }

    private Page isapi(HttpRequest request, boolean loggedIn) {
        String path = request.path();
        if (path.equals("/")) {
            return text(
                    200,
                    "text/html",
                    "<!doctype html>\n<html>\n<head>\n\t<title></title>\n\t<meta http-equiv=\"Pragma\""
                            + " content=\"no-cache\" />\n</head>\n<body>\n</body>\n<script>\n\twindow.location.href ="
                            + " \"/doc/page/login.asp?_\" + (new Date()).getTime();\n</script>\n</html>\n");
        }
        if (path.equals("/doc/page/login.asp")) {
            return text(
                    200,
                    "text/html",
                    "<!DOCTYPE html>\n<html>\n<head><title>login</title>\n<script"
                            + " src=\"../script/common.js?version="
                            + persona.os().versionId() + "\"></script>\n"
                            + "</head>\n"
                            + "<body onload=\"initLogin()\"><div id=\"login\"><input"
                            + " id=\"username\" type=\"text\" maxlength=\"32\"><input"
                            + " id=\"password\" type=\"password\""
                            + " maxlength=\"16\"><button>Login</button></div></body>\n"
                            + "</html>\n");
        }
        if (path.startsWith("/ISAPI/") || path.startsWith("/PSIA/") || path.startsWith("/Streaming/")) {
            if (!loggedIn) {
                return askDigest(Page.error(401), realm).with("WWW-Authenticate", "Basic realm=\"" + realm + "\"");
            }
            return switch (path) {
                case "/ISAPI/Security/userCheck" ->
                    xml("userCheck", "<statusValue>200</statusValue>\n<statusString>OK</statusString>\n");
                case "/ISAPI/System/deviceInfo" -> xml("DeviceInfo", deviceInfo());
                case "/ISAPI/System/status" ->
                    xml(
                            "DeviceStatus",
                            "<currentDeviceTime>" + now().toString().substring(0, 19)
                                    + "Z</currentDeviceTime>\n<deviceUpTime>" + uptime().toSeconds()
                                    + "</deviceUpTime>\n");
                default -> Page.error(404);
            };
        }
        return unknown(request);
    }

    private String deviceInfo() {
        return "<deviceName>IP CAMERA</deviceName>\n<deviceID>" + new java.util.UUID(persona.seed(), ~persona.seed())
                + "</deviceID>\n<model>" + model() + "</model>\n<serialNumber>" + serial()
                + "</serialNumber>\n<macAddress>"
                + persona.mac() + "</macAddress>\n<firmwareVersion>V"
                + persona.os().versionId()
                + "</firmwareVersion>\n<firmwareReleasedDate>"
                + persona.os().prettyName().replaceAll(".* build", "build")
                + "</firmwareReleasedDate>\n<deviceType>IPCamera</deviceType>\n";
    }

    private static Page xml(String element, String content) {
        return text(
                200,
                "application/xml; charset=\"UTF-8\"",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + element
                        + " version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\">\n" + content + "</"
                        + element + ">\n");
    }

    private Page cgi(HttpRequest request, boolean loggedIn) {
        String path = request.path();
        if (path.equals("/")) {
            return text(
                    200,
                    "text/html",
                    "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>WEB SERVICE</title><link"
                            + " rel=\"stylesheet\" href=\"css/main.css?version="
                            + persona.os().versionId() + "\"></head><body><div id=\"login_div\"><input"
                            + " id=\"login_user\"><input type=\"password\""
                            + " id=\"login_psw\"></div><script"
                            + " src=\"js/loginEx.js\"></script></body></html>");
        }
        if (isLogin(path)) {
            return text(
                    200,
                    "application/json",
                    "{\"error\":{\"code\":268632079,\"message\":\"Component error: login"
                            + " challenge!\"},\"id\":1,\"params\":{\"encryption\":\"Default\",\"mac\":\""
                            + persona.mac().replace(":", "").toUpperCase(Locale.ROOT) + "\",\"random\":\""
                            + Math.floorMod(context.random().nextLong(), 2_000_000_000L) + "\",\"realm\":\"" + realm
                            + "\"},\"result\":false,\"session\":\"" + token(16) + "\"}\n");
        }
        if (path.startsWith("/cgi-bin/")) {
            if (!loggedIn) {
                return askDigest(Page.error(401), realm);
            }
            String action = request.target();
            return List.of("getSystemInfo", "getDeviceType", "getSoftwareVersion").stream()
                    .filter(action::contains)
                    .findFirst()
                    .map(one -> text(
                            200,
                            "text/plain;charset=UTF-8",
                            "deviceType=" + model() + "\r\nserialNumber=" + serial() + "\r\nversion="
                                    + persona.os().prettyName() + "\r\n"))
                    .orElse(Page.error(404));
        }
        return unknown(request);
    }
}
