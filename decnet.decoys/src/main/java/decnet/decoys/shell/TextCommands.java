package decnet.decoys.shell;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Commands that read text and write text. Stateless. Patterns of strangers are matched as plain text: none can run away. */
final class TextCommands {
    private TextCommands() {}

    static void addTo(Map<String, Command> map) {
        map.put("head", call -> lines(call, true));
        map.put("tail", call -> lines(call, false));
        map.put("grep", TextCommands::grep);
        map.put("egrep", TextCommands::grep);
        map.put("wc", TextCommands::wc);
        map.put("sort", TextCommands::sort);
        map.put("uniq", TextCommands::uniq);
        map.put("cut", TextCommands::cut);
        map.put("tr", TextCommands::tr);
        map.put("sed", TextCommands::sed);
        map.put("awk", TextCommands::awk);
        map.put("tee", call -> {
            String text = call.stdin().orElse("");
            call.operands().forEach(file -> call.shell().write(file, text, call.option('a')));
            call.out().append(text);
            return 0;
        });
        map.put("base64", TextCommands::base64);
        map.put("rev", call -> {
            call.input(call.operands())
                    .lines()
                    .forEach(line -> call.line(new StringBuilder(line).reverse().toString()));
            return 0;
        });
        map.put("od", call -> call.line("0000000").status());
        map.put("seq", TextCommands::seq);
        map.put("expr", call -> call.line(
                        Arithmetic.value(String.join("", call.args().subList(1, call.count())), call.shell()))
                .status());
        map.put("basename", call -> {
            String base = call.arg(1).substring(call.arg(1).lastIndexOf('/') + 1);
            return call.line(
                            !call.arg(2).isEmpty() && base.endsWith(call.arg(2))
                                    ? base.substring(
                                            0, base.length() - call.arg(2).length())
                                    : base)
                    .status();
        });
        map.put("dirname", call -> call.line(call.arg(1).indexOf('/') < 0 ? "." : ShellState.parent(call.arg(1)))
                .status());
        map.put("yes", call -> {
            call.out().append(((call.count() > 1 ? call.arg(1) : "y") + "\n").repeat(500));
            return 0;
        });
    }

    private static int lines(Call call, boolean head) {
        int count = 10;
        List<String> files = new ArrayList<>();
        for (int i = 1; i < call.count(); i++) {
            String arg = call.arg(i);
            if (arg.matches("-\\d{1,6}")) {
                count = Integer.parseInt(arg.substring(1));
            } else if (arg.matches("-[nc]\\+?\\d{1,6}")) {
                count = Integer.parseInt(arg.substring(2).replace("+", ""));
            } else if ((arg.equals("-n") || arg.equals("-c")) && call.arg(i + 1).matches("[+-]?\\d{1,6}")) {
                count = Math.abs(Integer.parseInt(call.arg(++i)));
            } else if (!arg.startsWith("-")) {
                files.add(arg);
            }
        }
        if (call.option('c')) {
            String text = call.input(files);
            call.out()
                    .append(
                            head
                                    ? text.substring(0, Math.min(count, text.length()))
                                    : text.substring(Math.max(0, text.length() - count)));
            return 0;
        }
        List<String> all = call.input(files).lines().toList();
        List<String> part = head
                ? all.subList(0, Math.min(count, all.size()))
                : all.subList(Math.max(0, all.size() - count), all.size());
        part.forEach(call::line);
        return 0;
    }

    private static int grep(Call call) {
        List<String> operands = new ArrayList<>(call.operands());
        if (operands.isEmpty()) {
            call.err().append("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n");
            return 2;
        }
        String pattern = operands.removeFirst();
        boolean ignore = call.option('i');
        SimplePattern wanted = new SimplePattern(ignore ? pattern.toLowerCase(Locale.ROOT) : pattern);
        int[] count = {0};
        List<String> sources = operands.isEmpty() ? List.of("-") : operands;
        for (String source : sources) {
            String text = source.equals("-") ? call.stdin().orElse("") : call.input(List.of(source));
            String prefix = sources.size() > 1 && !call.option('h') ? source + ":" : "";
            text.lines().forEach(line -> {
                if (wanted.foundIn(ignore ? line.toLowerCase(Locale.ROOT) : line) != call.option('v')) {
                    count[0]++;
                    if (!call.option('q') && !call.option('c')) {
                        call.line(prefix + (call.option('o') ? pattern : line));
                    }
                }
            });
        }
        if (call.option('c')) {
            call.line(Integer.toString(count[0]));
        }
        return count[0] > 0 ? 0 : 1;
    }

    private static int wc(Call call) {
        String text = call.input(call.operands());
        long lines = text.chars().filter(c -> c == '\n').count();
        long words = text.isBlank() ? 0 : text.strip().split("\\s+").length;
        String name = call.operands().isEmpty() ? "" : " " + call.operands().getFirst();
        if (call.option('l') || call.option('w') || call.option('c')) {
            call.line((call.option('l') ? lines : call.option('w') ? words : text.length()) + name);
        } else {
            call.line(String.format("%7d %7d %7d%s", lines, words, text.length(), name));
        }
        return 0;
    }

    private static int sort(Call call) {
        List<String> lines = new ArrayList<>(call.input(call.operands()).lines().toList());
        if (call.option('n')) {
            lines.sort(java.util.Comparator.comparingDouble(TextCommands::leading));
        } else {
            Collections.sort(lines);
        }
        if (call.option('r')) {
            Collections.reverse(lines);
        }
        (call.option('u') ? lines.stream().distinct().toList() : lines).forEach(call::line);
        return 0;
    }

    private static double leading(String line) {
        String text = line.strip();
        int end = 0;
        while (end < text.length()
                && end < 15
                && (Character.isDigit(text.charAt(end)) || end == 0 && text.charAt(0) == '-')) {
            end++;
        }
        return end == 0 || text.substring(0, end).equals("-") ? 0 : Double.parseDouble(text.substring(0, end));
    }

    private static int uniq(Call call) {
        String last = "";
        int count = 0;
        for (String line : call.input(call.operands()).lines().toList()) {
            if (count > 0 && !line.equals(last)) {
                call.line(call.option('c') ? String.format("%7d %s", count, last) : last);
                count = 0;
            }
            last = line;
            count++;
        }
        if (count > 0) {
            call.line(call.option('c') ? String.format("%7d %s", count, last) : last);
        }
        return 0;
    }

    private static int cut(Call call) {
        String delimiter = "\t";
        int field = 1;
        List<String> files = new ArrayList<>();
        for (int i = 1; i < call.count(); i++) {
            String arg = call.arg(i);
            if (arg.startsWith("-d")) {
                delimiter = arg.length() > 2 ? arg.substring(2) : call.arg(++i);
            } else if (arg.startsWith("-f")) {
                String value = (arg.length() > 2 ? arg.substring(2) : call.arg(++i)).replaceAll("\\D.*", "");
                field = value.matches("\\d{1,4}") ? Math.max(1, Integer.parseInt(value)) : 1;
            } else if (!arg.startsWith("-")) {
                files.add(arg);
            }
        }
        String quoted = java.util.regex.Pattern.quote(delimiter.isEmpty() ? "\t" : delimiter.substring(0, 1));
        for (String line : call.input(files).lines().toList()) {
            String[] parts = line.split(quoted, -1);
            call.line(parts.length == 1 ? line : field <= parts.length ? parts[field - 1] : "");
        }
        return 0;
    }

    private static int tr(Call call) {
        List<String> sets = call.operands();
        String text = call.stdin().orElse("");
        String from = sets.isEmpty() ? "" : range(Escapes.of(sets.getFirst()));
        if (call.option('d')) {
            StringBuilder kept = new StringBuilder();
            text.chars().filter(c -> from.indexOf(c) < 0).forEach(c -> kept.append((char) c));
            call.out().append(kept);
            return 0;
        }
        String to = sets.size() < 2 ? "" : range(Escapes.of(sets.get(1)));
        for (int i = 0; i < text.length(); i++) {
            int at = from.indexOf(text.charAt(i));
            call.out().append(at < 0 || to.isEmpty() ? text.charAt(i) : to.charAt(Math.min(at, to.length() - 1)));
        }
        return 0;
    }

    private static String range(String set) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < set.length(); i++) {
            if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
                for (char c = set.charAt(i); c <= set.charAt(i + 2) && c < 256; c++) {
                    all.append(c);
                }
                i += 2;
            } else {
                all.append(set.charAt(i));
            }
        }
        return all.toString();
    }

    private static int sed(Call call) {
        List<String> operands = new ArrayList<>(call.operands());
        String script = operands.isEmpty() ? "" : operands.removeFirst();
        for (String line : call.input(operands).lines().toList()) {
            String result = line;
            if (script.length() > 2 && script.charAt(0) == 's') {
                String[] parts = script.substring(2).split(java.util.regex.Pattern.quote(script.substring(1, 2)), -1);
                if (parts.length >= 2 && !parts[0].isEmpty()) {
                    result = parts.length > 2 && parts[2].contains("g")
                            ? line.replace(parts[0], parts[1])
                            : replaceFirst(line, parts[0], parts[1]);
                }
            } else if (script.matches("/[^/]+/d")) {
                if (line.contains(script.substring(1, script.length() - 2))) {
                    continue;
                }
            }
            call.line(result);
        }
        return 0;
    }

    private static String replaceFirst(String line, String from, String to) {
        int at = line.indexOf(from);
        return at < 0 ? line : line.substring(0, at) + to + line.substring(at + from.length());
    }

    /** {@code {print $n, $m}} with an optional plain {@code /text/} before it. */
    private static int awk(Call call) {
        String separator = "\\s+";
        List<String> operands = new ArrayList<>();
        for (int i = 1; i < call.count(); i++) {
            if (call.arg(i).startsWith("-F")) {
                String value = call.arg(i).length() > 2 ? call.arg(i).substring(2) : call.arg(++i);
                separator = java.util.regex.Pattern.quote(value);
            } else {
                operands.add(call.arg(i));
            }
        }
        String program = operands.isEmpty() ? "" : operands.removeFirst();
        int slash = program.startsWith("/") ? program.indexOf('/', 1) : -1;
        String filter = slash > 0 ? program.substring(1, slash) : "";
        int print = program.indexOf("print");
        int end = program.indexOf('}', Math.max(print, 0));
        String what = print < 0
                ? ""
                : program.substring(print + 5, end < 0 ? program.length() : end).strip();
        for (String line : call.input(operands).lines().toList()) {
            if (!filter.isEmpty() && !new SimplePattern(filter).foundIn(line)) {
                continue;
            }
            String[] fields = line.strip().split(separator, -1);
            StringBuilder out = new StringBuilder();
            for (String part : what.split(",")) {
                String item = part.strip();
                out.append(out.isEmpty() ? "" : " ");
                if (item.isEmpty() || item.equals("$0")) {
                    out.append(line);
                } else if (item.matches("\\$\\d{1,3}")) {
                    int field = Integer.parseInt(item.substring(1));
                    out.append(field <= fields.length ? fields[field - 1] : "");
                } else if (item.equals("$NF")) {
                    out.append(fields[fields.length - 1]);
                } else {
                    out.append(item.replace("\"", ""));
                }
            }
            call.line(out.toString());
        }
        return 0;
    }

    private static int base64(Call call) {
        byte[] bytes = call.input(call.operands()).getBytes(StandardCharsets.ISO_8859_1);
        if (!call.option('d') && !call.args().contains("--decode")) {
            return call.line(Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(bytes))
                    .status();
        }
        try {
            call.out().append(new String(Base64.getMimeDecoder().decode(bytes), StandardCharsets.ISO_8859_1));
            return 0;
        } catch (IllegalArgumentException e) {
            return call.fail("invalid input");
        }
    }

    private static int seq(Call call) {
        List<Long> numbers = call.args().stream()
                .skip(1)
                .filter(arg -> arg.matches("-?\\d{1,9}"))
                .map(Long::parseLong)
                .toList();
        if (numbers.isEmpty()) {
            return call.fail("missing operand");
        }
        long first = numbers.size() > 1 ? numbers.getFirst() : 1;
        long step = numbers.size() > 2 ? numbers.get(1) : 1;
        for (long i = first, n = 0;
                n < 5000 && step != 0 && (step > 0 ? i <= numbers.getLast() : i >= numbers.getLast());
                i += step, n++) {
            call.line(Long.toString(i));
        }
        return 0;
    }
}
