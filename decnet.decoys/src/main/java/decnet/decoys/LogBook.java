package decnet.decoys;

import decnet.core.Peer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who came to a machine from outside and tried to get in, so that its logs can tell it as a real machine's would. Keeps the last
 * {@value #MAX_REFUSED} refusals and the last {@value #MAX_STAYS} entries of those who got in. Thread-safe.
 */
public final class LogBook {
    static final int MAX_REFUSED = 300;
    static final int MAX_STAYS = 300;
    private static final int MAX_USER = 64;

    /** The service he came through. */
    public enum Door {
        SSH,
        TELNET,
        FTP
    }

    /** What happened. */
    enum What {
        REFUSED,
        ACCEPTED,
        ENDED,
        TERMINAL_OPENED,
        TERMINAL_CLOSED
    }

    /**
     * One thing that happened.
     *
     * @param user as he typed it: control characters and bytes beyond ASCII are written {@code \ooo}, as sshd does; cut
     * @param number how many had got in before; tells sessions apart
     * @param terminal empty if it is not about one
     */
    record Entry(
            Instant at,
            What what,
            Door door,
            String user,
            String host,
            int port,
            int pid,
            int number,
            String terminal) {}

    /** Somebody who got in, until he leaves. */
    public final class Stay {
        private final Entry start;
        private final What end;
        private boolean over;

        private Stay(Entry start, What end) {
            this.start = start;
            this.end = end;
        }

        /** The terminal, for example {@code pts/0}; empty if he has none. */
        public String terminal() {
            return start.terminal();
        }

        /** Of the program that let him in. */
        public int pid() {
            return start.pid();
        }

        /** He leaves. Idempotent. */
        public void end() {
            synchronized (LogBook.this) {
                if (!over) {
                    over = true;
                    LogBook.this.end(start, end, clock.instant());
                }
            }
            changed.run();
        }
    }

    private final InstantSource clock;
    private final Vitals vitals;
    private final Deque<Entry> refused = new ArrayDeque<>();
    private final Deque<Entry> stays = new ArrayDeque<>();
    private int accepted;
    private Runnable changed = () -> {};

    LogBook(InstantSource clock, Vitals vitals) {
        this.clock = clock;
        this.vitals = vitals;
    }

    /** @param listener called after each entry, on the thread that made it; must not block */
    void onChange(Runnable listener) {
        changed = listener;
    }

    /** A wrong name or password. @param user text of bytes (Latin-1) or of UTF-8 */
    public void refused(Door door, String user, Peer from) {
        synchronized (this) {
            add(refused, MAX_REFUSED, entry(What.REFUSED, door, user, from, pid(from), ""));
        }
        changed.run();
    }

    /** A log-in. */
    public Stay accepted(Door door, String user, Peer from) {
        Stay stay;
        synchronized (this) {
            Entry entry = entry(What.ACCEPTED, door, user, from, pid(from), "");
            accepted += door == Door.FTP ? 0 : 1; // those are no sessions of the log-in manager
            add(stays, MAX_STAYS, entry);
            stay = new Stay(entry, What.ENDED);
        }
        changed.run();
        return stay;
    }

    /**
     * A terminal for somebody who got in.
     *
     * @param taken terminals of others
     */
    Stay terminal(String user, Peer from, Set<String> taken) {
        Stay stay;
        synchronized (this) {
            Door door = stays.stream()
                    .filter(one -> one.what() == What.ACCEPTED && same(one, from))
                    .map(Entry::door)
                    .reduce((first, last) -> last)
                    .orElse(Door.SSH);
            Entry entry = entry(What.TERMINAL_OPENED, door, user, from, pid(from), free(taken));
            add(stays, MAX_STAYS, entry);
            stay = new Stay(entry, What.TERMINAL_CLOSED);
        }
        changed.run();
        return stay;
    }

    private String free(Set<String> taken) {
        Set<String> used = new java.util.HashSet<>(taken);
        open().forEach(one -> used.add(one.terminal()));
        int number = 0;
        while (used.contains("pts/" + number)) {
            number++;
        }
        return "pts/" + number;
    }

    /** Those who are at a terminal now. */
    private List<Entry> open() {
        Map<String, Entry> open = new HashMap<>();
        for (Entry one : stays) {
            switch (one.what()) {
                case TERMINAL_OPENED -> open.put(one.terminal(), one);
                case TERMINAL_CLOSED -> open.remove(one.terminal());
                case REFUSED, ACCEPTED, ENDED -> {}
            }
        }
        return List.copyOf(open.values());
    }

    private Entry entry(What what, Door door, String user, Peer from, int pid, String terminal) {
        return new Entry(
                clock.instant(),
                what,
                door,
                visible(user),
                from.address().getHostAddress(),
                from.port(),
                pid,
                accepted,
                terminal);
    }

    /** Number of the program that serves a connection: the same as long as the connection is known, else the next. */
    public synchronized int pid(Peer from) {
        return java.util.stream.Stream.concat(refused.stream(), stays.stream())
                .filter(one -> same(one, from))
                .max(Comparator.comparing(Entry::at))
                .map(Entry::pid)
                .orElseGet(() -> {
                    int next = vitals.pid(clock.instant());
                    int last = Math.max(
                            refused.isEmpty() ? 0 : refused.getLast().pid(),
                            stays.isEmpty() ? 0 : stays.getLast().pid());
                    return last >= next && last - next < 2000 ? last + 3 : next;
                });
    }

    private static boolean same(Entry entry, Peer from) {
        return entry.port() == from.port() && entry.host().equals(from.address().getHostAddress());
    }

    private static String visible(String user) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < user.length() && text.length() < MAX_USER; i++) {
            char c = user.charAt(i);
            text.append(c > ' ' && c < 127 && c != '\\' ? Character.toString(c) : String.format("\\%03o", c & 255));
        }
        return text.toString();
    }

    private void end(Entry start, What how, Instant at) {
        add(
                stays,
                MAX_STAYS,
                new Entry(
                        at,
                        how,
                        start.door(),
                        start.user(),
                        start.host(),
                        start.port(),
                        start.pid(),
                        start.number(),
                        start.terminal()));
    }

    private static void add(Deque<Entry> entries, int most, Entry entry) {
        entries.addLast(entry);
        if (entries.size() > most) {
            entries.removeFirst();
        }
    }

    /** Everything that is known, in the order of time. */
    synchronized List<Entry> entries() {
        List<Entry> all = new ArrayList<>(refused);
        all.addAll(stays);
        all.sort(Comparator.comparing(Entry::at));
        return all;
    }

    /** How many had got in before {@code at}. */
    synchronized int acceptedBefore(Instant at) {
        int later = (int) stays.stream()
                .filter(one -> one.what() == What.ACCEPTED
                        && one.door() != Door.FTP
                        && !one.at().isBefore(at))
                .count();
        return accepted - later;
    }

    synchronized int accepted() {
        return accepted;
    }

    /**
     * Takes over what was kept of an earlier run of this process. Whoever was in then is not in any more.
     *
     * @param kept in the order of time
     */
    synchronized void restore(List<Entry> kept, int acceptedThen) {
        accepted = Math.max(0, acceptedThen);
        for (Entry one : kept) {
            add(
                    one.what() == What.REFUSED ? refused : stays,
                    one.what() == What.REFUSED ? MAX_REFUSED : MAX_STAYS,
                    one);
        }
        Instant last = kept.isEmpty() ? clock.instant() : kept.getLast().at();
        Map<String, Entry> in = new HashMap<>();
        for (Entry one : stays) {
            String who = one.number() + " " + one.host() + " " + one.port() + " ";
            switch (one.what()) {
                case ACCEPTED -> in.put(who, one);
                case ENDED -> in.remove(who);
                case TERMINAL_OPENED -> in.put(who + one.terminal(), one);
                case TERMINAL_CLOSED -> in.remove(who + one.terminal());
                case REFUSED -> {}
            }
        }
        for (Entry one : in.values()) {
            end(one, one.what() == What.ACCEPTED ? What.ENDED : What.TERMINAL_CLOSED, last);
        }
    }
}
