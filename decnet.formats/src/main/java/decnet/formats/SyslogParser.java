package decnet.formats;

import decnet.core.WireText;
import decnet.formats.SyslogMessage.Element;
import decnet.formats.SyslogMessage.Form;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two grammars of syslog.
 *
 * <pre>
 * rfc5424 = pri "1" SP time SP host SP app SP procid SP msgid SP data [ SP [ BOM ] text ]          ; "-" for what is absent
 * data    = "-" / 1*( "[" id *( SP name "=" DQUOTE value DQUOTE ) "]" )          ; in value  \" \\ \]  stand for the second
 * rfc3164 = pri [ Mmm SP dd SP hh:mm:ss / iso8601 ] SP [ host SP ] [ tag [ "[" pid "]" ] ":" ] text
 * pri     = "&lt;" 0 to 191 without leading zeros "&gt;"
 * </pre>
 *
 * Where a header breaks off, the rest is text: nothing is dropped. One use.
 */
final class SyslogParser {
    private static final int USER_NOTICE = 13;
    private static final int MAX_PRIORITY = 191;
    private static final int MAX_HEADER_TOKEN = 255;
    private static final int MAX_TAG = 64;
    private static final int MAX_ELEMENTS = 32;
    private static final int MAX_PARAMS = 128;
    private static final int MAX_SD_NAME = 64;
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private final byte[] bytes;
    private final Instant receivedAt;
    private int end;
    private int at;

    SyslogParser(byte[] bytes, Instant receivedAt) {
        this.bytes = bytes;
        this.receivedAt = receivedAt;
        this.end = bytes.length;
    }

    SyslogMessage message() {
        trimEnd();
        int priority = priority();
        if (priority < 0) {
            return bare(USER_NOTICE, 0);
        }
        int afterPriority = at;
        SyslogMessage message = rfc5424(priority);
        if (message == null) {
            at = afterPriority;
            message = rfc3164(priority);
        }
        return message;
    }

    /** Senders end a message with a line end or, from C, with a NUL. */
    private void trimEnd() {
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r' || bytes[end - 1] == 0)) {
            end--;
        }
    }

    private int priority() {
        if (end < 3 || bytes[0] != '<') {
            return -1;
        }
        int value = 0;
        int i = 1;
        for (; i < end && i < 5 && isDigit(bytes[i]); i++) {
            value = value * 10 + bytes[i] - '0';
        }
        boolean leadingZero = bytes[1] == '0' && i > 2;
        if (i == 1 || i > 4 || i >= end || bytes[i] != '>' || value > MAX_PRIORITY || leadingZero) {
            return -1;
        }
        at = i + 1;
        return value;
    }

    private SyslogMessage bare(int priority, int from) {
        return new SyslogMessage(
                Form.BARE,
                priority >> 3,
                priority & 7,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                WireText.of(bytes, from, end));
    }

    // RFC 5424

    private @Nullable SyslogMessage rfc5424(int priority) {
        if (!skip('1') || !skip(' ')) {
            return null;
        }
        String[] head = new String[5];
        for (int i = 0; i < head.length; i++) {
            String token = token();
            if (token == null || (at < end && !skip(' '))) {
                return null;
            }
            head[i] = token;
        }
        Optional<Instant> time = JsonLine.parseTime(head[0]);
        if (time.isEmpty() && !head[0].equals("-")) {
            return null;
        }
        int dataAt = at;
        List<Element> data = data();
        if (data == null) {
            at = dataAt;
            data = List.of();
        }
        skip(' ');
        if (end - at >= 3 && bytes[at] == (byte) 0xef && bytes[at + 1] == (byte) 0xbb && bytes[at + 2] == (byte) 0xbf) {
            at += 3;
        }
        return new SyslogMessage(
                Form.RFC5424,
                priority >> 3,
                priority & 7,
                time,
                unlessNil(head[1]),
                unlessNil(head[2]),
                unlessNil(head[3]),
                unlessNil(head[4]),
                data,
                WireText.of(bytes, at, end));
    }

    private static Optional<String> unlessNil(String token) {
        return token.equals("-") ? Optional.empty() : Optional.of(token);
    }

    /** Up to a blank or the end; null if empty or too long to be one. */
    private @Nullable String token() {
        int start = at;
        while (at < end && bytes[at] != ' ' && at - start <= MAX_HEADER_TOKEN) {
            at++;
        }
        return at == start || at - start > MAX_HEADER_TOKEN ? null : WireText.of(bytes, start, at);
    }

    /** Null if it is not structured data. */
    private @Nullable List<Element> data() {
        if (at == end || skip('-')) {
            return List.of();
        }
        List<Element> elements = new ArrayList<>();
        int params = 0;
        while (skip('[')) {
            Element element = element();
            params += element == null ? 0 : element.params().size();
            if (element == null || elements.size() == MAX_ELEMENTS || params > MAX_PARAMS) {
                return null;
            }
            elements.add(element);
        }
        return elements.isEmpty() || (at < end && bytes[at] != ' ') ? null : elements;
    }

    private @Nullable Element element() {
        String id = name();
        if (id == null) {
            return null;
        }
        Map<String, String> params = new LinkedHashMap<>();
        while (skip(' ')) {
            if (at < end && bytes[at] == ']') {
                break; // a blank before the end: RFC 5424 section 6.3.5 calls it malformed, receivers read it
            }
            String name = name();
            if (name == null || !skip('=') || !skip('"')) {
                return null;
            }
            String value = value();
            if (value == null) {
                return null;
            }
            params.putIfAbsent(name, value);
        }
        return skip(']') ? new Element(id, params) : null;
    }

    private @Nullable String name() {
        int start = at;
        while (at < end && at - start <= MAX_SD_NAME && isNameByte(bytes[at])) {
            at++;
        }
        return at == start || at - start > MAX_SD_NAME
                ? null
                : new String(bytes, start, at - start, StandardCharsets.US_ASCII);
    }

    private static boolean isNameByte(byte b) {
        return b > ' ' && b < 0x7f && b != '=' && b != ']' && b != '"';
    }

    /** A lone backslash stands for itself (section 6.3.3); so does a bracket that should have been escaped. */
    private @Nullable String value() {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        while (at < end) {
            byte b = bytes[at++];
            if (b == '"') {
                return WireText.of(value.toByteArray());
            }
            boolean escape = b == '\\' && at < end && (bytes[at] == '"' || bytes[at] == '\\' || bytes[at] == ']');
            value.write(escape ? bytes[at++] : b);
        }
        return null;
    }

    // RFC 3164

    private SyslogMessage rfc3164(int priority) {
        int start = at;
        Optional<Instant> time = time();
        Optional<String> host = Optional.empty();
        if (time.isEmpty()) {
            at = start;
        } else {
            skip(' ');
            host = hostBeforeTag();
        }
        Tag tag = tag();
        if (time.isEmpty() && tag.name().isEmpty()) {
            return bare(priority, start);
        }
        skip(' ');
        return new SyslogMessage(
                Form.RFC3164,
                priority >> 3,
                priority & 7,
                time,
                host,
                tag.name(),
                tag.pid(),
                Optional.empty(),
                List.of(),
                WireText.of(bytes, at, end));
    }

    /** {@code Oct 11 22:14:15}, or ISO 8601 as many send it. */
    private Optional<Instant> time() {
        if (end - at >= 15 && isBsdTime()) {
            try {
                int month = month();
                int day = number(at + 4, 2);
                LocalDateTime near = nearest(month, day, number(at + 7, 2), number(at + 10, 2), number(at + 13, 2));
                at += 15;
                return Optional.of(near.toInstant(ZoneOffset.UTC));
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }
        if (at < end && isDigit(bytes[at])) {
            String token = token();
            return token == null || token.indexOf('T') != 10 ? Optional.empty() : JsonLine.parseTime(token);
        }
        return Optional.empty();
    }

    private boolean isBsdTime() {
        return month() > 0
                && bytes[at + 3] == ' '
                && (isDigit(bytes[at + 4]) || bytes[at + 4] == ' ')
                && isDigit(bytes[at + 5])
                && bytes[at + 6] == ' '
                && isDigit(bytes[at + 7])
                && isDigit(bytes[at + 8])
                && bytes[at + 9] == ':'
                && isDigit(bytes[at + 10])
                && isDigit(bytes[at + 11])
                && bytes[at + 12] == ':'
                && isDigit(bytes[at + 13])
                && isDigit(bytes[at + 14])
                && (at + 15 == end || bytes[at + 15] == ' ' || bytes[at + 15] == ':');
    }

    private int month() {
        String name = new String(bytes, at, 3, StandardCharsets.ISO_8859_1);
        int index = MONTHS.indexOf(name);
        return index % 3 == 0 ? index / 3 + 1 : 0;
    }

    private int number(int from, int length) {
        int value = 0;
        for (int i = from; i < from + length; i++) {
            value = bytes[i] == ' ' ? 0 : value * 10 + bytes[i] - '0';
        }
        return value;
    }

    /** Of the years around the receipt the one that makes it nearest: on 1 January a line of December is of last year. */
    private LocalDateTime nearest(int month, int day, int hour, int minute, int second) {
        LocalDateTime received = LocalDateTime.ofInstant(receivedAt, ZoneOffset.UTC);
        LocalDateTime best = null;
        for (int year = received.getYear() - 1; year <= received.getYear() + 1; year++) {
            if (month == 2 && day == 29 && !java.time.Year.isLeap(year)) {
                continue;
            }
            LocalDateTime candidate = LocalDateTime.of(year, month, day, hour, minute, second);
            if (best == null
                    || Duration.between(candidate, received)
                                    .abs()
                                    .compareTo(Duration.between(best, received).abs())
                            < 0) {
                best = candidate;
            }
        }
        if (best == null) {
            throw new DateTimeException("29 February in none of the years around");
        }
        return best;
    }

    /** A word that is not itself a tag: lines of the local socket have no host. */
    private Optional<String> hostBeforeTag() {
        int start = at;
        String token = token();
        if (token == null || token.endsWith(":") || token.indexOf('[') > 0) {
            at = start;
            return Optional.empty();
        }
        if (at == end) { // one word: that is text
            at = start;
            return Optional.empty();
        }
        skip(' ');
        return Optional.of(token);
    }

    private record Tag(Optional<String> name, Optional<String> pid) {}

    private Tag tag() {
        int start = at;
        int i = at;
        while (i < end && i - start <= MAX_TAG && isTagByte(bytes[i])) {
            i++;
        }
        int nameEnd = i;
        int pidStart = -1;
        int pidEnd = -1;
        if (i < end && bytes[i] == '[') {
            pidStart = ++i;
            while (i < end && i - pidStart <= MAX_TAG && bytes[i] != ']' && bytes[i] > ' ') {
                i++;
            }
            pidEnd = i;
            if (i >= end || bytes[i] != ']') {
                return new Tag(Optional.empty(), Optional.empty());
            }
            i++;
        }
        if (nameEnd == start || nameEnd - start > MAX_TAG || i >= end || bytes[i] != ':') {
            return new Tag(Optional.empty(), Optional.empty());
        }
        at = i + 1;
        return new Tag(
                Optional.of(WireText.of(bytes, start, nameEnd)),
                pidStart < 0 ? Optional.empty() : Optional.of(WireText.of(bytes, pidStart, pidEnd)));
    }

    private static boolean isTagByte(byte b) {
        return isDigit(b)
                || (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || b == '_'
                || b == '-'
                || b == '.'
                || b == '/'
                || b == '('
                || b == ')'
                || b == '@';
    }

    private boolean skip(char c) {
        if (at < end && bytes[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
