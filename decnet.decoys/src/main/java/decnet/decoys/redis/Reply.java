package decnet.decoys.redis;

import decnet.decoys.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Writes replies in RESP 2 or, after {@code HELLO 3}, RESP 3. Text has a character for each byte. Of one reply at most
 * {@value #MAX_BYTES} bytes are kept. Not thread-safe.
 */
final class Reply {
    static final int MAX_BYTES = 4 << 20;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final boolean three;
    private boolean cut;

    Reply(boolean three) {
        this.three = three;
    }

    boolean three() {
        return three;
    }

    Reply ok() {
        return simple("OK");
    }

    Reply simple(String text) {
        return raw("+" + text + "\r\n");
    }

    /** @param text with its code, for example {@code ERR syntax error} */
    Reply error(String text) {
        return raw("-" + text.replace('\r', ' ').replace('\n', ' ') + "\r\n");
    }

    Reply number(long value) {
        return raw(":" + value + "\r\n");
    }

    /** A number with a fraction. */
    Reply real(double value) {
        return three ? raw("," + Numbers.shown(value) + "\r\n") : bulk(Numbers.shown(value));
    }

    Reply bulk(String text) {
        raw("$" + text.length() + "\r\n");
        raw(text);
        return raw("\r\n");
    }

    /** Text that clients show as it is. */
    Reply verbatim(String text) {
        return three ? raw("=" + (text.length() + 4) + "\r\ntxt:" + text + "\r\n") : bulk(text);
    }

    Reply nil() {
        return raw(three ? "_\r\n" : "$-1\r\n");
    }

    Reply nilArray() {
        return raw(three ? "_\r\n" : "*-1\r\n");
    }

    /** Nothing, where newer versions tell a missing text and older ones a missing array. */
    Reply nilArrayOrNil(boolean newer) {
        return newer ? nil() : nilArray();
    }

    Reply bool(boolean value) {
        return three ? raw(value ? "#t\r\n" : "#f\r\n") : number(value ? 1 : 0);
    }

    Reply array(int count) {
        return raw("*" + count + "\r\n");
    }

    Reply set(int count) {
        return raw((three ? "~" : "*") + count + "\r\n");
    }

    /** Something the client has not asked for, or not now. */
    Reply push(int count) {
        return raw((three ? ">" : "*") + count + "\r\n");
    }

    /** @param pairs number of keys; as many values follow */
    Reply map(int pairs) {
        return three ? raw("%" + pairs + "\r\n") : array(2 * pairs);
    }

    Reply bulks(Collection<String> items) {
        array(items.size());
        items.forEach(this::bulk);
        return this;
    }

    Reply simples(Collection<String> items) {
        array(items.size());
        items.forEach(this::simple);
        return this;
    }

    Reply raw(String text) {
        if (out.size() + text.length() > MAX_BYTES) {
            cut = true;
        }
        if (!cut) {
            out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return this;
    }

    /** The first word of an answer that is an error. */
    java.util.Optional<String> errorCode() {
        String text = out.size() == 0 || out.size() > 1000 ? "" : out.toString(StandardCharsets.ISO_8859_1);
        int blank = text.indexOf(' ');
        return text.startsWith("-") && blank > 1
                ? java.util.Optional.of(text.substring(1, blank))
                : java.util.Optional.empty();
    }

    /** Bytes so far. */
    int length() {
        return out.size();
    }

    /** Takes back what was written since it was so long. */
    void truncate(int length) {
        if (length < out.size()) {
            byte[] kept = java.util.Arrays.copyOf(out.toByteArray(), length);
            out.reset();
            out.writeBytes(kept);
        }
    }

    /** Whether it became too long: then the connection cannot go on. */
    boolean cut() {
        return cut;
    }

    Payload payload() {
        return Payload.of(out.toByteArray());
    }
}
