package decnet.journal;

import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.core.MalformedLineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line that says up to where a source was read when the lines before it were written; of severity debug (135). */
record Checkpoint(String source, String position) {
    static final String PREFIX = "<135>1 ";
    private static final String POSITION = "[0-9A-Za-z:;._,/=+-]{1,256}";
    private static final Pattern LINE =
            Pattern.compile("<135>1 \\S+ - decnet - checkpoint \\[checkpoint@32473 source=\"([a-z0-9.-]{1,64})\""
                    + " position=\"(" + POSITION + ")\"]");

    Checkpoint {
        if (!source.matches("[a-z0-9.-]{1,64}")) {
            throw new IllegalArgumentException("not a source name: " + source);
        }
        if (!position.matches(POSITION)) {
            throw new IllegalArgumentException("not a position: " + decnet.core.Snippet.of(position));
        }
    }

    String line(Instant now) {
        return PREFIX + now + " - decnet - checkpoint [checkpoint@32473 source=\"" + source + "\" position=\""
                + position + "\"]";
    }

    /**
     * What a segment holds behind its last checkpoint. Checkpoints at its very start do not count: every segment begins by repeating
     * what was known.
     *
     * @param settled whether there is a checkpoint behind an event, so that nothing of an earlier segment is open
     */
    record Behind(Set<EventId> events, boolean settled) {}

    /**
     * The events of a segment behind its last checkpoint: a writer that was killed had not yet said which source they came from.
     * Only lines that end count, as for every reader.
     */
    static Behind eventsBehindLast(Path segment) throws IOException {
        Set<EventId> ids = new HashSet<>();
        boolean any = false;
        boolean settled = false;
        byte[] bytes = Files.readAllBytes(segment);
        int start = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] != '\n') {
                continue;
            }
            String line = new String(bytes, start, end - start, StandardCharsets.UTF_8);
            start = end + 1;
            if (!line.startsWith(PREFIX)) {
                any = true;
                eventId(line).ifPresent(ids::add);
            } else if (any) {
                settled = true;
                ids.clear();
            }
        }
        String rest = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
        return any && LINE.matcher(rest).matches() ? new Behind(Set.of(), true) : new Behind(ids, settled);
    }

    private static Optional<EventId> eventId(String line) {
        try {
            return EventLine.parse(line).id();
        } catch (MalformedLineException e) {
            return Optional.empty(); // whoever reads the journal reports it
        }
    }

    /** The last checkpoint of each source in a segment; lines without end and foreign lines do not count. */
    static Map<String, String> scan(Path segment) throws IOException {
        Map<String, String> found = new TreeMap<>();
        var decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE);
        try (var lines = new BufferedReader(new InputStreamReader(Files.newInputStream(segment), decoder))) {
            // a last line without its end matches only if it is whole, and then it is true
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = line.startsWith(PREFIX) ? LINE.matcher(line) : null;
                if (matcher != null && matcher.matches()) {
                    found.put(matcher.group(1), matcher.group(2));
                }
            }
        }
        return found;
    }
}
