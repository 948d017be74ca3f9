package decnet.workers.herd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the reconciler must not forget: the machines as they were told last, and what is still to be told, numbered. It is kept in a file
 * that is written before anything of it is told, so what is told follows from the file and is told once. One owner thread.
 */
final class ReconcilerMemory {
    /** Most notices that wait, for the database if it is away for long; beyond it the oldest go. */
    static final int MOST_NOTICES = 2000;

    private final long origin;
    private long number;
    private final Map<DeckyName, KnownDecky> machines = new TreeMap<>();
    private final Deque<Notice> notices = new ArrayDeque<>();
    private boolean changed;

    ReconcilerMemory(long origin, long number, Collection<KnownDecky> machines, Collection<Notice> notices) {
        this.origin = origin;
        this.number = number;
        machines.forEach(known -> this.machines.put(known.wanted().name(), known));
        this.notices.addAll(notices);
    }

    /** One that knows nothing. */
    static ReconcilerMemory empty() {
        return new ReconcilerMemory(new SecureRandom().nextLong(), 0, List.of(), List.of());
    }

    /** The same machines, with nothing to be told and numbers of its own. */
    ReconcilerMemory renumbered() {
        return new ReconcilerMemory(new SecureRandom().nextLong(), 0, machines.values(), List.of());
    }

    /** Drawn when the numbers were begun. */
    long origin() {
        return origin;
    }

    /** Of the last notice there ever was. */
    long number() {
        return number;
    }

    Optional<KnownDecky> machine(DeckyName name) {
        return Optional.ofNullable(machines.get(name));
    }

    /** By name. */
    List<KnownDecky> machines() {
        return List.copyOf(machines.values());
    }

    /** Those that wait, in order. */
    List<Notice> notices() {
        return List.copyOf(notices);
    }

    /** Those behind {@code last}. */
    List<Notice> after(long last) {
        return notices.stream().filter(notice -> notice.number() > last).toList();
    }

    void put(KnownDecky known) {
        if (!known.equals(machines.put(known.wanted().name(), known))) {
            changed = true;
        }
    }

    void remove(DeckyName name) {
        changed |= machines.remove(name) != null;
    }

    /** @return how many older ones were given up for it */
    int notice(Instant at, DeckyName decky, Notice.Kind kind, ObjectNode before, ObjectNode after, String trigger) {
        notices.add(new Notice(++number, at, decky, kind, before, after, trigger));
        changed = true;
        int dropped = 0;
        while (notices.size() > MOST_NOTICES) {
            notices.remove();
            dropped++;
        }
        return dropped;
    }

    /** Forgets the notices up to {@code last}, which everybody has. */
    void forget(long last) {
        notices.removeIf(notice -> notice.number() <= last);
    }

    /** Whether there is something that is not in the file. */
    boolean changed() {
        return changed;
    }

    void written() {
        changed = false;
    }
}
