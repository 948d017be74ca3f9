package decnet.decoys;

import decnet.topology.Persona;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The files of a decky: an image made from its persona, what changes in it by itself ({@link LiveFiles}), and the changes its visitors
 * leave behind, bounded. Each session works on a copy of its own ({@link #session}) that writes only what changes. Paths are absolute
 * and normalised. Thread-safe; locks are taken from a session's disk to the one below it.
 */
public final class Disk {
    static final int MAX_NODES = 1000;
    static final int MAX_BYTES = 1 << 20;

    /** What a path names. */
    public enum Kind {
        FOLDER,
        FILE,
        LINK,
        DEVICE
    }

    /**
     * A file.
     *
     * @param mode the nine permission bits and the three above them
     * @param content bytes of a file; target of a link
     */
    public record Node(Kind kind, int mode, String owner, String group, Instant modified, long size, Payload content) {
        public static Node file(int mode, String owner, Instant modified, Payload content) {
            return new Node(Kind.FILE, mode, owner, owner, modified, content.length(), content);
        }

        public static Node folder(int mode, String owner, Instant modified) {
            return new Node(Kind.FOLDER, mode, owner, owner, modified, 4096, Payload.EMPTY);
        }

        public Node withMode(int newMode) {
            return new Node(kind, newMode, owner, group, modified, size, content);
        }

        public Node withOwner(String newOwner, String newGroup) {
            return new Node(kind, mode, newOwner, newGroup, modified, size, content);
        }

        public Node touched(Instant now) {
            return new Node(kind, mode, owner, group, now, size, content);
        }

        public boolean folder() {
            return kind == Kind.FOLDER;
        }
    }

    private final @Nullable Disk below;
    private final Persona persona;
    private final InstantSource clock;
    private final LogBook book;
    private @Nullable NavigableMap<String, Node> image;
    private @Nullable Chronicle chronicle;
    private @Nullable LiveFiles live;
    private final TreeMap<String, Optional<Node>> changes = new TreeMap<>();
    private long bytes;
    private Runnable changed = () -> {};

    /** The disk of a machine that nobody has visited. */
    public Disk(Persona persona, InstantSource clock) {
        this(null, persona, clock, new LogBook(clock, new Vitals(persona)));
    }

    private Disk(@Nullable Disk below, Persona persona, InstantSource clock, LogBook book) {
        this.below = below;
        this.persona = persona;
        this.clock = clock;
        this.book = book;
    }

    Persona persona() {
        return persona;
    }

    /** Who came from outside; part of what the machine's logs tell. */
    public LogBook logBook() {
        return book;
    }

    /** What the machine remembers. */
    public synchronized Chronicle chronicle() {
        if (below != null) {
            return below.chronicle();
        }
        if (chronicle == null) {
            chronicle = new Chronicle(persona, book, new Vitals(persona));
        }
        return chronicle;
    }

    private LiveFiles live() {
        if (below != null) {
            return below.lockedLive();
        }
        if (live == null) {
            live = new LiveFiles(persona, chronicle());
        }
        return live;
    }

    private synchronized LiveFiles lockedLive() {
        return live();
    }

    /** A copy for one session. */
    public Disk session() {
        return new Disk(this, persona, clock, book);
    }

    /** @param listener called when files that would survive a restart have changed, on any thread; must not block */
    void onChange(Runnable listener) {
        changed = listener;
    }

    /** Leaves what this session made for the next one. Of what it deleted only visitors' files stay away; the machine's come back. */
    public void commit() {
        if (below == null) {
            return;
        }
        boolean some;
        synchronized (this) {
            some = !changes.isEmpty();
            changes.forEach(
                    (path, node) -> node.ifPresentOrElse(kept -> below.keep(path, kept), () -> below.forget(path)));
        }
        if (some) {
            below.changed.run();
        }
    }

    private synchronized boolean keep(String path, Node node) {
        Optional<Node> old = changes.getOrDefault(path, Optional.empty());
        long after = bytes
                + node.content().length()
                - old.map(one -> one.content().length()).orElse(0);
        if (after > MAX_BYTES || changes.size() >= MAX_NODES && !changes.containsKey(path)) {
            return false;
        }
        bytes = after;
        changes.put(path, Optional.of(node));
        return true;
    }

    private synchronized void forget(String path) {
        Optional<Node> old = changes.remove(path);
        if (old != null) {
            bytes -= old.map(node -> node.content().length()).orElse(0);
        }
    }

    /** The path itself; links are not followed. */
    public synchronized Optional<Node> find(String path) {
        Optional<Node> written = changes.get(path);
        if (written != null) {
            return written.flatMap(node -> live().grown(path, node, clock.instant()));
        }
        if (below != null) {
            return below.find(path);
        }
        Instant now = clock.instant();
        return live().find(path, now)
                .or(() -> Optional.ofNullable(image().get(path)).map(node -> live().touched(path, node, now)));
    }

    /** Names in a folder, sorted. */
    public synchronized List<String> names(String folder) {
        String prefix = folder.equals("/") ? "/" : folder + "/";
        SortedSet<String> names = below == null
                ? direct(image().subMap(prefix, false, prefix + '\uffff', false).keySet(), prefix)
                : new TreeSet<>(below.names(folder));
        if (below == null) {
            names.addAll(live().names(folder, clock.instant()));
        }
        changes.subMap(prefix, false, prefix + '\uffff', false).forEach((path, node) -> {
            String name = path.substring(prefix.length());
            if (name.indexOf('/') < 0) {
                if (node.isPresent()) {
                    names.add(name);
                } else {
                    names.remove(name);
                }
            }
        });
        return new ArrayList<>(names);
    }

    private static SortedSet<String> direct(Iterable<String> paths, String prefix) {
        SortedSet<String> names = new TreeSet<>();
        for (String path : paths) {
            if (path.indexOf('/', prefix.length()) < 0) {
                names.add(path.substring(prefix.length()));
            }
        }
        return names;
    }

    /** @return false if there is no room, as on a full disk */
    public boolean put(String path, Node node) {
        boolean kept = keep(path, node);
        changed.run();
        return kept;
    }

    /** Removes a path and all below it. */
    public void remove(String path) {
        gone(path);
        changed.run();
    }

    private synchronized void gone(String path) {
        for (String name : names(path)) {
            gone(path.equals("/") ? "/" + name : path + "/" + name);
        }
        if (changes.size() < 2 * MAX_NODES) {
            bytes -= changes.getOrDefault(path, Optional.empty())
                    .map(one -> one.content().length())
                    .orElse(0);
            changes.put(path, Optional.empty());
        }
    }

    /** What visitors changed: files they left, and empty what they removed. */
    synchronized NavigableMap<String, Optional<Node>> changes() {
        return new TreeMap<>(changes);
    }

    /** Takes over what an earlier run of this process kept, within the same limits. */
    synchronized void restore(NavigableMap<String, Optional<Node>> kept) {
        kept.forEach((path, node) -> node.ifPresentOrElse(one -> keep(path, one), () -> gone(path)));
    }

    private NavigableMap<String, Node> image() {
        if (image == null) {
            image = DiskImage.of(persona);
        }
        return image;
    }

    /** Joins and normalises: {@code .} and {@code ..} and double slashes go. */
    public static String resolve(String folder, String path) {
        String whole = path.startsWith("/") ? path : folder + "/" + path;
        List<String> parts = new ArrayList<>();
        for (String part : whole.split("/")) {
            if (part.equals("..")) {
                if (!parts.isEmpty()) {
                    parts.removeLast();
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return "/" + String.join("/", parts);
    }
}
