package decnet.decoys.shell;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** {@code date} and {@code uptime}. Stateless. */
final class TimeCommands {
    private TimeCommands() {}

    static void addTo(Map<String, Command> map) {
        map.put("uptime", TimeCommands::uptime);
        map.put("date", TimeCommands::date);
    }

    private static DateTimeFormatter time(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    private static int uptime(Call call) {
        ShellState shell = call.shell();
        if (call.option('s') && !shell.ash()) {
            return call.line(time("yyyy-MM-dd HH:mm:ss").format(shell.persona.bootedAt()))
                    .status();
        }
        if (call.option('p') && !shell.ash()) {
            Duration up = shell.uptime();
            StringBuilder text = new StringBuilder("up");
            part(text, up.toDays() / 7, "week");
            part(text, up.toDays() % 7, "day");
            part(text, up.toHoursPart(), "hour");
            part(text, up.toMinutesPart(), "minute");
            return call.line(text.substring(0, text.length() - (text.toString().endsWith(",") ? 1 : 0)))
                    .status();
        }
        return call.line(uptime(shell)).status();
    }

    private static void part(StringBuilder text, long count, String unit) {
        if (count > 0) {
            text.append(' ').append(count).append(' ').append(unit).append(count == 1 ? "," : "s,");
        }
    }

    /** The line that {@code uptime}, {@code w} and {@code top} begin with. */
    static String uptime(ShellState shell) {
        Instant now = shell.context.clock().instant();
        Duration up = shell.uptime();
        String clock = up.toHoursPart() == 0
                ? up.toMinutesPart() + " min"
                : String.format("%2d:%02d", up.toHoursPart(), up.toMinutesPart());
        String days = up.toDays() == 0 ? "" : up.toDays() + (up.toDays() == 1 ? " day, " : " days, ");
        int users = shell.disk.chronicle().online(now).size();
        String who = shell.ash() ? "" : String.format("%2d user%s,  ", users, users == 1 ? "" : "s");
        return " " + time("HH:mm:ss").format(now) + " up " + days + clock + ", " + who + "load average: "
                + shell.disk.chronicle().vitals().loadText(now);
    }

    private static int date(Call call) {
        Instant now = call.shell().context.clock().instant();
        int other = Math.max(call.args().indexOf("-d"), call.args().indexOf("--date"));
        if (other > 0 && call.arg(other + 1).matches("@\\d{1,11}")) {
            now = Instant.ofEpochSecond(Long.parseLong(call.arg(other + 1).substring(1)));
        }
        Instant shown = now;
        String format = call.args().stream()
                .filter(arg -> arg.startsWith("+"))
                .findFirst()
                .orElse("");
        if (format.isEmpty()) {
            String pattern = call.option('R')
                    ? "EEE, dd MMM yyyy HH:mm:ss xx"
                    : call.args().contains("-Iseconds") || call.args().contains("--iso-8601=seconds")
                            ? "yyyy-MM-dd'T'HH:mm:ssxxx"
                            : call.option('I') ? "yyyy-MM-dd" : usual(call.shell());
            return call.line(time(pattern).format(shown)).status();
        }
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
            } else {
                text.append(field(format.charAt(++i), shown));
            }
        }
        return call.line(text.toString()).status();
    }

    private static String usual(ShellState shell) {
        if (shell.ash()) {
            return "EEE MMM ppd HH:mm:ss 'UTC' yyyy";
        }
        return shell.persona.os().versionId().equals("20.04")
                ? "EEE dd MMM yyyy hh:mm:ss a 'UTC'"
                : "EEE MMM ppd hh:mm:ss a 'UTC' yyyy";
    }

    private static String field(char letter, Instant at) {
        return switch (letter) {
            case 's' -> Long.toString(at.getEpochSecond());
            case 'N' -> String.format("%09d", at.getNano());
            case 'Y' -> time("yyyy").format(at);
            case 'y' -> time("yy").format(at);
            case 'm' -> time("MM").format(at);
            case 'd' -> time("dd").format(at);
            case 'e' -> time("ppd").format(at);
            case 'j' -> time("DDD").format(at);
            case 'H' -> time("HH").format(at);
            case 'I' -> time("hh").format(at);
            case 'M' -> time("mm").format(at);
            case 'S' -> time("ss").format(at);
            case 'p' -> time("a").format(at);
            case 'F' -> time("yyyy-MM-dd").format(at);
            case 'D' -> time("MM/dd/yy").format(at);
            case 'T' -> time("HH:mm:ss").format(at);
            case 'R' -> time("HH:mm").format(at);
            case 'Z' -> "UTC";
            case 'z' -> "+0000";
            case 'a' -> time("EEE").format(at);
            case 'A' -> time("EEEE").format(at);
            case 'b', 'h' -> time("MMM").format(at);
            case 'B' -> time("MMMM").format(at);
            case 'u' -> time("e").format(at);
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> "%" + letter;
        };
    }
}
