package decnet.workers.herd;

import decnet.core.Event;
import decnet.db.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which session of the database an event of one journal belongs to.
 *
 * <ul>
 *   <li>An id counts within its journal: one from another site becomes {@code @SENSOR/ID}, so that no site writes into a session of
 *       another.
 *   <li>Events without an id share a session if sensor, decky, service and both ends are the same and no gap is longer than the idle
 *       time; it is called {@code flow:HASH:MILLISECONDS} of its first event.
 *   <li>Ids of our decoys begin with their run; with the first event of a new run all sessions of earlier ones are over.
 * </ul>
 *
 * One owner thread.
 */
final class SessionNames {
    static final String FLOW = "flow:";
    private static final Pattern OF_DECOYS = Pattern.compile("[0-9a-f]{20}");
    private static final int RUN_LENGTH = 12;
    private static final int MOST_FLOWS = 10_000;
    private static final HexFormat HEX = HexFormat.of();

    private final String prefix;
    private final boolean runs;
    private final Duration idle;
    private final Map<String, Flow> flows = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Flow> eldest) {
            return size() > MOST_FLOWS;
        }
    };
    private @Nullable String run;

    private record Flow(String id, Instant last) {}

    /**
     * @param site whose journal it is; empty for this host's
     * @param runs whether the journal is in the order in which things happened, so that a new run ends the old ones
     */
    SessionNames(Optional<String> site, boolean runs, Duration idle) {
        this.prefix = site.map(name -> "@" + name + "/").orElse("");
        this.runs = runs;
        this.idle = idle;
    }

    /**
     * The events with their sessions.
     *
     * @param newRun the run that the last of them is of, if that is a new one
     */
    record Named(List<Event> events, Optional<String> newRun) {}

    Named name(Transaction tx, List<Event> events) {
        String[] hashes = new String[events.size()];
        TreeSet<String> unknown = new TreeSet<>();
        for (int i = 0; i < hashes.length; i++) {
            Event event = events.get(i);
            if (event.session().isEmpty() && event.src().isPresent()) {
                hashes[i] = hash(event);
                if (!flows.containsKey(hashes[i])) {
                    unknown.add(FLOW + hashes[i] + ":");
                }
            }
        }
        tx.sessions()
                .latest(unknown)
                .forEach((start, found) -> flows.put(
                        start.substring(FLOW.length(), start.length() - 1), new Flow(found.id(), found.lastSeen())));
        List<Event> named = new ArrayList<>(hashes.length);
        String seen = run;
        for (int i = 0; i < hashes.length; i++) {
            Event event = events.get(i);
            if (event.session().isPresent()) {
                String id = event.session().get();
                if (runs && OF_DECOYS.matcher(id).matches()) {
                    seen = id.substring(0, RUN_LENGTH);
                }
                named.add(prefix.isEmpty() ? event : event.withSession(prefix + id));
            } else {
                named.add(hashes[i] == null ? event : event.withSession(flow(hashes[i], event.at())));
            }
        }
        return new Named(named, seen == null || seen.equals(run) ? Optional.empty() : Optional.of(seen));
    }

    private String flow(String hash, Instant at) {
        Flow known = flows.get(hash);
        Flow now;
        if (known != null && Duration.between(known.last(), at).abs().compareTo(idle) <= 0) {
            now = new Flow(known.id(), known.last().isAfter(at) ? known.last() : at);
        } else {
            now = new Flow(String.format(Locale.ROOT, "%s%s:%013d", FLOW, hash, Math.max(0, at.toEpochMilli())), at);
        }
        flows.put(hash, now);
        return now.id();
    }

    /** Ends the sessions of all runs but {@code newRun}. */
    void endOthers(Transaction tx, String newRun) {
        tx.sessions().endOtherRuns(prefix, newRun, "lost");
    }

    /** Told once that is committed. */
    void committed(String newRun) {
        run = newRun;
    }

    private String hash(Event event) {
        String key = String.join(
                "|",
                prefix,
                event.sensor().orElse(""),
                event.decky().text(),
                event.service(),
                event.src().map(Object::toString).orElse(""),
                event.dst().map(Object::toString).orElse(""));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HEX.formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
