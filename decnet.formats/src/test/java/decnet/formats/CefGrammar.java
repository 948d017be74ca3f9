package decnet.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A strict reader of CEF:0, written from the implementation standard (header, extension, dictionary), for tests. */
final class CefGrammar {
    private static final Pattern KEY = Pattern.compile("(?:^| )([A-Za-z0-9_]+)=");
    /** The keys used, with their form and greatest length in the dictionary; empty: any text. */
    private static final Map<String, String> DICTIONARY = Map.ofEntries(
            Map.entry("rt", "\\d{1,16}"),
            Map.entry("start", "\\d{1,16}"),
            Map.entry("externalId", "[0-9a-f]{16}-\\d+-\\d+"),
            Map.entry("src", "\\d{1,3}(\\.\\d{1,3}){3}"),
            Map.entry("dst", "\\d{1,3}(\\.\\d{1,3}){3}"),
            Map.entry("spt", "[1-9]\\d{0,4}"),
            Map.entry("dpt", "[1-9]\\d{0,4}"),
            Map.entry("c6a2", "[0-9a-f:]{2,39}"),
            Map.entry("c6a2Label", ".{1,1023}"),
            Map.entry("c6a3", "[0-9a-f:]{2,39}"),
            Map.entry("c6a3Label", ".{1,1023}"),
            Map.entry("proto", "TCP|UDP|ICMP|SCTP"),
            Map.entry("app", ".{1,31}"),
            Map.entry("dhost", "[a-z0-9-]{1,63}"),
            Map.entry("cat", "[a-z]{1,1023}"),
            Map.entry("deviceExternalId", ".{0,255}"),
            Map.entry("duser", ".{0,1023}"),
            Map.entry("outcome", "success|failure"),
            Map.entry("fname", ".{0,1023}"),
            Map.entry("filePath", ".{0,1023}"),
            Map.entry("fileHash", "[0-9a-f]{64}"),
            Map.entry("fsize", "\\d{1,19}"),
            Map.entry("in", "\\d{1,19}"),
            Map.entry("out", "\\d{1,19}"),
            Map.entry("request", ".{0,1023}"),
            Map.entry("requestMethod", ".{0,1023}"),
            Map.entry("requestClientApplication", ".{0,1023}"),
            Map.entry("msg", ".{0,1023}"),
            Map.entry("cs1", ".{0,4000}"),
            Map.entry("cs2", ".{0,4000}"),
            Map.entry("cs3", ".{0,4000}"),
            Map.entry("cs4", ".{0,4000}"),
            Map.entry("cs5", ".{0,4000}"),
            Map.entry("cs6", ".{0,4000}"),
            Map.entry("cs1Label", "Session"),
            Map.entry("cs2Label", "Command"),
            Map.entry("cs3Label", "Secret"),
            Map.entry("cs4Label", "SecretKind"),
            Map.entry("cs5Label", "Fingerprint"),
            Map.entry("cs6Label", "Fields"));

    /** The seven parts of the head, and the extension. */
    record Message(List<String> head, Map<String, String> extension) {}

    private CefGrammar() {}

    static Message parse(String line) {
        List<String> head = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int at = 0;
        while (head.size() < 7) {
            assertThat(at).as("head ends early: %s", line).isLessThan(line.length());
            char c = line.charAt(at++);
            if (c == '|') {
                head.add(part.toString());
                part.setLength(0);
            } else if (c == '\\') {
                char escaped = line.charAt(at++);
                assertThat(escaped).isIn('\\', '|');
                part.append(escaped);
            } else {
                part.append(c);
            }
        }
        assertThat(head.getFirst()).isEqualTo("CEF:0");
        assertThat(Integer.parseInt(head.get(6))).isBetween(0, 10);
        return new Message(head, extension(line.substring(at)));
    }

    private static Map<String, String> extension(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        List<int[]> spans = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        Matcher key = KEY.matcher(text);
        while (key.find()) {
            keys.add(key.group(1));
            spans.add(new int[] {key.start(), key.end()});
        }
        assertThat(spans).isNotEmpty();
        assertThat(spans.getFirst()[0]).isZero();
        for (int i = 0; i < keys.size(); i++) {
            int end = i + 1 < spans.size() ? spans.get(i + 1)[0] : text.length();
            String value = unescape(text.substring(spans.get(i)[1], end));
            assertThat(DICTIONARY).as("keys").containsKey(keys.get(i));
            assertThat(value).as(keys.get(i)).matches(DICTIONARY.get(keys.get(i)));
            assertThat(values.put(keys.get(i), value))
                    .as("twice: %s", keys.get(i))
                    .isNull();
        }
        return values;
    }

    private static String unescape(String raw) {
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '\\') {
                char escaped = raw.charAt(++i);
                assertThat(escaped).isIn('\\', '=', 'n', 'r');
                value.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
            } else {
                assertThat(c).as("unescaped in %s", raw).isNotEqualTo('=');
                value.append(c);
            }
        }
        return value.toString();
    }
}
