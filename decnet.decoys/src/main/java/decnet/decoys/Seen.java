package decnet.decoys;

import decnet.core.WireText;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a dialogue saw. The engine adds decky, service, session, both ends and the time.
 *
 * @param type as {@link decnet.core.Event#type}
 * @param fields values are text as {@link decnet.core.WireText} writes it; the engine cuts what is too long
 * @param content kept outside the event: the engine stores it and adds the fields {@code sha256} and {@code size}
 */
public record Seen(String type, Map<String, String> fields, Optional<Payload> content) {
    private static final int MAX_TEXT = 2048;

    public Seen {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** @param fields name, value, name, value … */
    public static Seen of(String type, String... fields) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < fields.length; i += 2) {
            map.put(fields[i], fields[i + 1]);
        }
        return new Seen(type, map, Optional.empty());
    }

    public Seen with(Payload stored) {
        return new Seen(type, fields, Optional.of(stored));
    }

    public Seen with(String name, String value) {
        Map<String, String> map = new LinkedHashMap<>(fields);
        map.put(name, value);
        return new Seen(type, map, content);
    }

    /** What remains in {@code bytes} as text for a field, at most 2 KiB of it; {@code bytes} is not moved. */
    public static String text(ByteBuffer bytes) {
        byte[] head = new byte[Math.min(MAX_TEXT, bytes.remaining())];
        bytes.duplicate().get(head);
        return WireText.of(head);
    }
}
