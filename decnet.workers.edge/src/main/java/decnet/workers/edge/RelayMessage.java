package decnet.workers.edge;

import decnet.core.Snippet;
import decnet.journal.Blob;
import decnet.journal.JournalPosition;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What forwarder and listener tell each other between events ({@code docs/relay.md}), as messages of RFC 5424 with severity debug.
 *
 * <pre>
 * message = "&lt;135&gt;1 " time " - decnet - " MSGID " [relay@32473" *( SP name "=" DQUOTE value DQUOTE ) "]" [ SP octets ]
 * MSGID   = "hello" / "batch" / "ack" / "blob-want" / "blob"
 * </pre>
 */
sealed interface RelayMessage {
    /** The name in ALPN (RFC 7301) of a connection on which these are spoken. */
    String PROTOCOL = "decnet-relay/1";

    /** Most bytes of a blob in one message. */
    int MAX_PART = 64 * 1024;

    /**
     * Forwarder: there is a journal of mine; where do you stand? The answer is an {@link Ack}. Listener: be welcome (journal 0), the first
     * message of a connection; a forwarder says nothing before.
     */
    record Hello(long journal, Instant sent) implements RelayMessage {}

    /**
     * Forwarder: the lines since the last such message are everything of the journal between two places.
     *
     * @param events how many lines these were
     */
    record Batch(long journal, JournalPosition from, JournalPosition to, int events, Instant sent)
            implements RelayMessage {}

    /** Listener: everything of the journal before {@code position} is on my disk. */
    record Ack(long journal, JournalPosition position, Instant sent) implements RelayMessage {}

    /** Listener: send me this. */
    record BlobWant(Blob blob, Instant sent) implements RelayMessage {}

    /**
     * Forwarder: a piece of what was asked for, in order.
     *
     * @param sha256 which blob
     * @param kind whether more comes
     * @param octets at most {@link #MAX_PART}; not to be changed
     */
    record BlobPart(String sha256, long offset, Kind kind, Octets octets, Instant sent) implements RelayMessage {}

    /** What a piece of a blob means. */
    enum Kind {
        /** More comes. */
        MORE,
        /** It is the last. */
        LAST,
        /** There is no such blob here any more. */
        GONE;

        private String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Bytes, compared by content. Nobody changes the array. */
    final class Octets {
        private final byte[] bytes;

        Octets(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return bytes.length + " octets";
        }
    }

    Instant sent();

    /** Whether a frame is one of these rather than an event or a line of somebody else. */
    static boolean isOne(byte[] frame) {
        return Codec.startsWith(frame, Codec.PREFIX);
    }

    /** @throws FrameException if {@code frame} is none of these */
    static RelayMessage parse(byte[] frame) {
        return Codec.parse(frame);
    }

    default byte[] encode() {
        return Codec.encode(this);
    }

    /** The grammar, both ways. Stateless. */
    final class Codec {
        private static final byte[] PREFIX = "<135>1 ".getBytes(StandardCharsets.US_ASCII);
        private static final int MAX_HEAD = 512;
        private static final Pattern HEAD =
                Pattern.compile("<135>1 (\\S{1,40}) - decnet - (hello|batch|ack|blob-want|blob) \\[relay@32473((?:"
                        + " [a-z0-9]{1,10}=\"[0-9A-Za-z:-]{1,64}\"){0,8})]");
        private static final Pattern PARAM = Pattern.compile(" ([a-z0-9]+)=\"([^\"]*)\"");

        private Codec() {}

        private static boolean startsWith(byte[] frame, byte[] prefix) {
            return frame.length >= prefix.length && Arrays.equals(frame, 0, prefix.length, prefix, 0, prefix.length);
        }

        private static byte[] encode(RelayMessage message) {
            StringBuilder head = new StringBuilder(160);
            head.append("<135>1 ").append(message.sent()).append(" - decnet - ");
            switch (message) {
                case Hello hello ->
                    params(head, "hello", "journal", HexFormat.of().toHexDigits(hello.journal()));
                case Batch batch ->
                    params(
                            head,
                            "batch",
                            "journal",
                            HexFormat.of().toHexDigits(batch.journal()),
                            "from",
                            batch.from().toString(),
                            "to",
                            batch.to().toString(),
                            "events",
                            Integer.toString(batch.events()));
                case Ack ack ->
                    params(
                            head,
                            "ack",
                            "journal",
                            HexFormat.of().toHexDigits(ack.journal()),
                            "position",
                            ack.position().toString());
                case BlobWant want ->
                    params(
                            head,
                            "blob-want",
                            "sha256",
                            want.blob().sha256(),
                            "size",
                            Long.toString(want.blob().size()));
                case BlobPart part -> {
                    params(
                            head,
                            "blob",
                            "sha256",
                            part.sha256(),
                            "offset",
                            Long.toString(part.offset()),
                            "is",
                            part.kind().text());
                    head.append(' ');
                    byte[] first = head.toString().getBytes(StandardCharsets.US_ASCII);
                    byte[] octets = part.octets().bytes();
                    byte[] all = Arrays.copyOf(first, first.length + octets.length);
                    System.arraycopy(octets, 0, all, first.length, octets.length);
                    return all;
                }
            }
            return head.toString().getBytes(StandardCharsets.US_ASCII);
        }

        private static void params(StringBuilder head, String id, String... params) {
            head.append(id).append(" [relay@32473");
            for (int i = 0; i < params.length; i += 2) {
                head.append(' ')
                        .append(params[i])
                        .append("=\"")
                        .append(params[i + 1])
                        .append('"');
            }
            head.append(']');
        }

        private static RelayMessage parse(byte[] frame) {
            int end = 0;
            int most = Math.min(frame.length, MAX_HEAD);
            while (end < most && frame[end] != ']') {
                end++;
            }
            Matcher head = HEAD.matcher(new String(frame, 0, Math.min(most, end + 1), StandardCharsets.ISO_8859_1));
            if (!head.matches()) {
                throw new FrameException("not a message of the relay: " + Snippet.of(Arrays.copyOf(frame, most)));
            }
            Map<String, String> params = new HashMap<>();
            Matcher param = PARAM.matcher(head.group(3));
            while (param.find()) {
                params.put(param.group(1), param.group(2));
            }
            boolean blob = head.group(2).equals("blob");
            if (!blob && frame.length > end + 1) {
                throw new FrameException("text behind a message " + head.group(2));
            }
            try {
                Instant sent = Instant.parse(head.group(1));
                return switch (head.group(2)) {
                    case "hello" -> new Hello(journal(params), sent);
                    case "batch" ->
                        new Batch(
                                journal(params),
                                JournalPosition.parse(need(params, "from")),
                                JournalPosition.parse(need(params, "to")),
                                Integer.parseInt(need(params, "events")),
                                sent);
                    case "ack" -> new Ack(journal(params), JournalPosition.parse(need(params, "position")), sent);
                    case "blob-want" ->
                        new BlobWant(new Blob(need(params, "sha256"), Long.parseLong(need(params, "size"))), sent);
                    default -> part(frame, end + 1, params, sent);
                };
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new FrameException("a message " + head.group(2) + " with " + e.getMessage(), e);
            }
        }

        private static BlobPart part(byte[] frame, int at, Map<String, String> params, Instant sent) {
            if (at >= frame.length || frame[at] != ' ' || frame.length - at - 1 > MAX_PART) {
                throw new FrameException("a piece of a blob without or with too many octets");
            }
            Kind kind = Arrays.stream(Kind.values())
                    .filter(one -> one.text().equals(params.get("is")))
                    .findFirst()
                    .orElseThrow(() -> new FrameException("a piece of a blob of no known kind"));
            String sha256 = new Blob(need(params, "sha256"), 0).sha256();
            return new BlobPart(
                    sha256,
                    Long.parseLong(need(params, "offset")),
                    kind,
                    new Octets(Arrays.copyOfRange(frame, at + 1, frame.length)),
                    sent);
        }

        private static long journal(Map<String, String> params) {
            return HexFormat.fromHexDigitsToLong(need(params, "journal"));
        }

        private static String need(Map<String, String> params, String name) {
            return Optional.ofNullable(params.get(name)).orElseThrow(() -> new IllegalArgumentException("no " + name));
        }
    }
}
