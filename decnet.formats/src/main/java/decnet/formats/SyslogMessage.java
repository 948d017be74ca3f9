package decnet.formats;

import decnet.core.ByteSize;
import decnet.core.MalformedLineException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A syslog message of either form (RFC 5424 section 6, RFC 3164 section 4) or of none: whatever arrives is a message, as RFC 3164 section
 * 4.3.3 asks of a relay. All text is wire text ({@link decnet.core.WireText}). Nothing in it is to be believed.
 *
 * @param form how it was written
 * @param facility 0 to 23; 1 (user) if it has no valid priority
 * @param severity 0 (emergency) to 7 (debug); 5 (notice) if it has no valid priority
 * @param at what it says of its time; RFC 3164 names no year, so the one nearest to the time of receipt, and no zone, so UTC
 * @param host as it claims
 * @param data structured data in order
 * @param message the text, without byte order mark and line end
 */
public record SyslogMessage(
        Form form,
        int facility,
        int severity,
        Optional<Instant> at,
        Optional<String> host,
        Optional<String> app,
        Optional<String> procId,
        Optional<String> msgId,
        List<Element> data,
        String message) {
    private static final List<String> FACILITIES = List.of(
            "kern",
            "user",
            "mail",
            "daemon",
            "auth",
            "syslog",
            "lpr",
            "news",
            "uucp",
            "cron",
            "authpriv",
            "ftp",
            "ntp",
            "audit",
            "alert",
            "clock",
            "local0",
            "local1",
            "local2",
            "local3",
            "local4",
            "local5",
            "local6",
            "local7");
    private static final List<String> SEVERITIES =
            List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");

    /** How a message was written. */
    public enum Form {
        RFC5424,
        RFC3164,
        /** No header that any of the two knows; all of it is the text. */
        BARE
    }

    /** One element of structured data: its id and its parameters; of a name given twice the first counts. */
    public record Element(String id, Map<String, String> params) {
        public Element {
            params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        }
    }

    public SyslogMessage {
        data = List.copyOf(data);
    }

    /** As {@link #parse(byte[], Instant, ByteSize)} with {@link LogReaders#DEFAULT_MAX_LINE}. */
    public static SyslogMessage parse(byte[] message, Instant receivedAt) {
        return parse(message, receivedAt, LogReaders.DEFAULT_MAX_LINE);
    }

    /**
     * Reads one message: a datagram, a line, or a frame of RFC 6587.
     *
     * @throws MalformedLineException if it is longer than {@code maxLine}; for nothing else
     */
    public static SyslogMessage parse(byte[] message, Instant receivedAt, ByteSize maxLine) {
        JsonLine.checkLength(message, (int) Math.min(maxLine.bytes(), Integer.MAX_VALUE));
        return new SyslogParser(message, receivedAt).message();
    }

    /** For example {@code authpriv}. */
    public String facilityName() {
        return FACILITIES.get(facility);
    }

    /** For example {@code warning}. */
    public String severityName() {
        return SEVERITIES.get(severity);
    }

    public Optional<Element> element(String id) {
        return data.stream().filter(element -> element.id().equals(id)).findFirst();
    }
}
