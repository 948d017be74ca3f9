package decnet.decoys;

import decnet.core.Counters;
import decnet.core.Event;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes fields fit an event and its line. Stateless. */
final class EventFields {
    private static final int MAX_VALUE = 8192;
    /** Each character may need two in the line, and the envelope needs some. */
    private static final int MAX_ALL = 30_000;

    private EventFields() {}

    static Map<String, String> fit(Map<String, String> fields, Counters counters) {
        Map<String, String> fitting = new LinkedHashMap<>();
        int left = MAX_ALL;
        for (Map.Entry<String, String> field : fields.entrySet()) {
            String value = field.getValue();
            int room = Math.min(MAX_VALUE, left);
            if (fitting.size() == Event.MAX_FIELDS - 2) { // two are kept for what the engine adds
                counters.increment(DecoysCounter.FIELDS_CUT);
                break;
            }
            if (value.length() > room) {
                counters.increment(DecoysCounter.FIELDS_CUT);
                value = cut(value, room);
            }
            left -= value.length();
            fitting.put(field.getKey(), value);
        }
        return fitting;
    }

    /** Cuts without leaving half an escape or half a character. */
    private static String cut(String value, int room) {
        int end = room;
        if (end > 0 && Character.isHighSurrogate(value.charAt(end - 1))) {
            end--;
        }
        int backslash = value.lastIndexOf('\\', end - 1);
        if (backslash >= 0 && end - backslash < 4) {
            int start = backslash;
            while (start > 0 && value.charAt(start - 1) == '\\') {
                start--;
            }
            boolean opens = (backslash - start) % 2 == 0; // an odd one out begins an escape
            boolean hex = opens && backslash + 1 < value.length() && value.charAt(backslash + 1) == 'x';
            if (opens && (hex || backslash == end - 1)) {
                end = backslash;
            }
        }
        return value.substring(0, Math.max(0, end));
    }
}
