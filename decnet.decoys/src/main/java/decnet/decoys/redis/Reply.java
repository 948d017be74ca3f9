package decnet.decoys.redis;

import decnet.decoys.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes replies in RESP 2 or, after {@code HELLO 3}, RESP 3. Not thread-safe. */
final class Reply {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final boolean three;

    Reply(boolean three) {
        this.three = three;
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

    Reply bulk(byte[] bytes) {
        raw("$" + bytes.length + "\r\n");
        out.writeBytes(bytes);
        return raw("\r\n");
    }

    Reply bulk(String text) {
        return bulk(text.getBytes(StandardCharsets.ISO_8859_1));
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

    Reply array(int count) {
        return raw("*" + count + "\r\n");
    }

    /** @param pairs number of keys; as many values follow */
    Reply map(int pairs) {
        return three ? raw("%" + pairs + "\r\n") : array(2 * pairs);
    }

    Reply bulks(List<byte[]> items) {
        array(items.size());
        items.forEach(this::bulk);
        return this;
    }

    Reply raw(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    Payload payload() {
        return Payload.of(out.toByteArray());
    }
}
