package decnet.decoys.shell;

import decnet.decoys.BootMessages;
import decnet.decoys.LogLine;
import decnet.topology.Distribution;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Commands that read the machine's logs. Stateless. */
final class LogCommands {
    private static final int MAX_UNPACKED = 1 << 20;
    /** What the journal keeps at most. */
    private static final Duration KEPT = Duration.ofDays(28);

    private static final Pattern AGO =
            Pattern.compile("-?(\\d{1,6}) ?(s|min|h|hour|hours|day|days|d|minute|minutes)(?: ago)?");
    private static final Set<String> LONG_OPTIONS = Set.of("since", "until", "unit", "lines", "output", "priority");

    private LogCommands() {}

    static void addTo(Map<String, Command> map) {
        map.put("dmesg", LogCommands::dmesg);
        map.put("journalctl", LogCommands::journal);
        map.put("zcat", LogCommands::unpacked);
        map.put("zless", LogCommands::unpacked);
        map.put("zmore", LogCommands::unpacked);
        map.put("zgrep", LogCommands::search);
    }

    private static DateTimeFormatter time(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    private static int dmesg(Call call) {
        ShellState shell = call.shell();
        if (!shell.root() && shell.persona.os().id().equals("debian")) {
            return call.fail("read kernel buffer failed: Operation not permitted");
        }
        Instant boot = shell.persona.bootedAt();
        for (BootMessages.Message message : BootMessages.of(shell.persona)) {
            call.line(
                    call.option('T')
                            ? "[" + time("EEE MMM ppd HH:mm:ss yyyy").format(boot.plusNanos(message.micros() * 1000))
                                    + "] " + message.text()
                            : message.stamped());
        }
        return 0;
    }

    private static int journal(Call call) {
        ShellState shell = call.shell();
        Distribution os = shell.persona.os();
        if (!shell.root()) {
            call.err()
                    .append("Hint: You are currently not seeing messages from other users and the system.\n"
                            + "      Users in groups 'adm', 'systemd-journal' can see all messages.\n"
                            + "      Pass -q to turn off this notice.\n");
            call.err().append("No journal files were opened due to insufficient permissions.\n");
            return 1;
        }
        Instant now = shell.context.clock().instant();
        Instant first = latest(now.minus(KEPT), shell.persona.installedAt());
        Instant from = call.option('b') ? latest(first, shell.persona.bootedAt()) : first;
        try {
            from = latest(
                    from,
                    value(call, "-S", "--since").map(text -> moment(text, now)).orElse(from));
        } catch (DateTimeException e) {
            call.err()
                    .append("Failed to parse timestamp: ")
                    .append(value(call, "-S", "--since").orElse(""))
                    .append('\n');
            return 1;
        }
        String unit = value(call, "-u", "--unit").orElse("").replace(".service", "");
        List<LogLine> lines = shell.disk.chronicle().between(from, now).stream()
                .filter(line -> unit.isEmpty() || of(line, unit))
                .filter(line -> !call.option('k') || line.facility() == LogLine.Facility.KERN)
                .toList();
        int most = number(
                value(call, "-n", "--lines").orElse(call.option('f') ? "10" : ""),
                call.option('e') ? 1000 : lines.size());
        lines = lines.subList(Math.max(0, lines.size() - most), lines.size());
        if (os.versionId().equals("20.04") || os.versionId().equals("22.04")) {
            String begin = time("EEE yyyy-MM-dd HH:mm:ss 'UTC'").format(first);
            String end = time("EEE yyyy-MM-dd HH:mm:ss 'UTC'").format(now);
            call.line(
                    os.versionId().equals("20.04")
                            ? "-- Logs begin at " + begin + ", end at " + end + ". --"
                            : "-- Journal begins at " + begin + ", ends at " + end + ". --");
        }
        if (lines.isEmpty()) {
            return call.line("-- No entries --").status();
        }
        for (LogLine line : call.option('r') ? lines.reversed() : lines) {
            call.line(shell.disk.chronicle().inJournal(line));
            if (call.out().length() > Interpreter.MAX_OUTPUT) {
                break;
            }
        }
        return 0;
    }

    private static boolean of(LogLine line, String unit) {
        String name = unit.equals("ssh") ? "sshd" : unit;
        return line.tag().equalsIgnoreCase(name)
                || line.tag().equals("systemd") && line.text().contains(unit);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Optional<String> value(Call call, String letter, String word) {
        for (int i = 1; i < call.count(); i++) {
            String arg = call.arg(i);
            if (arg.equals(letter) || arg.equals(word)) {
                return Optional.of(call.arg(i + 1));
            }
            if (arg.startsWith(word + "=")) {
                return Optional.of(arg.substring(word.length() + 1));
            }
            if (arg.startsWith(letter) && !arg.startsWith("--") && arg.length() > 2) {
                return Optional.of(arg.substring(2));
            }
        }
        return Optional.empty();
    }

    private static int number(String text, int otherwise) {
        return text.matches("\\d{1,7}") ? Integer.parseInt(text) : otherwise;
    }

    /** @throws DateTimeException if it is no time that systemd.time(7) knows */
    private static Instant moment(String text, Instant now) {
        LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long count = Long.parseLong(ago.group(1));
            return now.minus(
                    switch (ago.group(2).charAt(0)) {
                        case 's' -> Duration.ofSeconds(count);
                        case 'm' -> Duration.ofMinutes(count);
                        case 'h' -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    });
        }
        return switch (text) {
            case "today" -> today.atStartOfDay().toInstant(ZoneOffset.UTC);
            case "yesterday" -> today.minusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
            case "now" -> now;
            default ->
                text.length() <= 10
                        ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                        : LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
        };
    }

    private static int unpacked(Call call) {
        String text = text(call, call.operands("", LONG_OPTIONS));
        call.out().append(text);
        return 0;
    }

    private static int search(Call call) {
        List<String> operands = call.operands();
        if (operands.isEmpty()) {
            return call.fail("missing pattern; try `zgrep --help' for help");
        }
        String text = text(call, operands.subList(1, operands.size()));
        List<String> grep = new java.util.ArrayList<>(List.of("grep"));
        call.args().stream().skip(1).filter(arg -> arg.startsWith("-")).forEach(grep::add);
        grep.add(operands.getFirst());
        return call.interpreter().call(grep, Optional.of(text), call.out(), call.err());
    }

    private static String text(Call call, List<String> files) {
        StringBuilder all = new StringBuilder();
        for (String file : files) {
            call.read(file).ifPresent(content -> {
                byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
                try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                    all.append(new String(in.readNBytes(MAX_UNPACKED), StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    if (call.name().equals("zcat")) {
                        call.err().append("\ngzip: ").append(file).append(": not in gzip format\n");
                    } else {
                        all.append(content);
                    }
                }
            });
        }
        return all.toString();
    }
}
