package decnet.formats;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A line of a log as it was found inside another one (docker, journald), and what the envelope says about it. Immutable. */
public final class EnvelopedLine {
    private final byte[] line;
    private final Optional<Instant> at;
    private final Optional<String> cursor;
    private final Map<String, String> claims;

    EnvelopedLine(byte[] line, Optional<Instant> at, Optional<String> cursor, Map<String, String> claims) {
        this.line = line.clone();
        this.at = at;
        this.cursor = cursor;
        this.claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
    }

    /** The line itself, without its end; a copy. */
    public byte[] line() {
        return line.clone();
    }

    /** When the envelope was closed: for lines that tell no time of their own. */
    public Optional<Instant> at() {
        return at;
    }

    /** Where to go on behind it, as its source names places (the journal's {@code __CURSOR}). */
    public Optional<String> cursor() {
        return cursor;
    }

    /** What the envelope tells about the sender, as fields of ours: {@code stream}, {@code claimed_host}, {@code unit}, {@code app} … */
    public Map<String, String> claims() {
        return claims;
    }

    /** {@code event} with what the envelope knows and it does not: the time, and the claims as far as there is room for fields. */
    public ForeignEvent complete(ForeignEvent event) {
        Map<String, String> fields = new LinkedHashMap<>(event.fields());
        claims.forEach((name, value) -> {
            if (fields.size() < decnet.core.Event.MAX_FIELDS && Fields.fits(fields, name, value)) {
                fields.putIfAbsent(name, value);
            }
        });
        return new ForeignEvent(
                event.at().or(this::at),
                event.type(),
                event.service(),
                event.session(),
                event.src(),
                event.dst(),
                fields);
    }
}
