package decnet.decoys;

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
}
