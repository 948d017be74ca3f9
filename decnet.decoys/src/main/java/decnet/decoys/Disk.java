package decnet.decoys;

import decnet.topology.Persona;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The files of a decky: an image made from its persona, and the changes its visitors leave behind, bounded. Each session works on a
 * copy of its own ({@link #session}) that writes only what changes. Paths are absolute and normalised. Thread-safe.
 */
public final class Disk {
    private static final int MAX_NODES = 1000;
    private static final int MAX_BYTES = 1 << 20;

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
    private final Function<Persona, NavigableMap<String, Node>> maker;
    private final Persona persona;
    private @Nullable NavigableMap<String, Node> image;
    private final TreeMap<String, Optional<Node>> changes = new TreeMap<>();
    private long bytes;

    /** @param maker makes the image when it is first needed */
    public Disk(Persona persona, Function<Persona, NavigableMap<String, Node>> maker) {
        this(null, persona, maker);
    }

    private Disk(@Nullable Disk below, Persona persona, Function<Persona, NavigableMap<String, Node>> maker) {
        this.below = below;
        this.persona = persona;
        this.maker = maker;
    }

    Persona persona() {
        return persona;
    }

    /** A copy for one session. */
    public Disk session() {
        return new Disk(this, persona, maker);
    }

    /** Leaves what this session made for the next one. Of what it deleted only visitors' files stay away; the machine's come back. */
    public synchronized void commit() {
        if (below != null) {
            changes.forEach(
                    (path, node) -> node.ifPresentOrElse(kept -> below.put(path, kept), () -> below.forget(path)));
        }
    }

    private synchronized void forget(String path) {
        Optional<Node> old = changes.remove(path);
        if (old != null) {
            bytes -= old.map(node -> node.content().length()).orElse(0);
        }
    }

    /** The path itself; links are not followed. */
    public synchronized Optional<Node> find(String path) {
        Optional<Node> changed = changes.get(path);
        if (changed != null) {
            return changed;
        }
        if (below != null) {
            return below.find(path);
        }
        return Optional.ofNullable(image().get(path));
    }

    /** Names in a folder, sorted. */
    public synchronized List<String> names(String folder) {
        String prefix = folder.equals("/") ? "/" : folder + "/";
        SortedSet<String> names = below == null
                ? direct(image().subMap(prefix, false, prefix + '\uffff', false).keySet(), prefix)
                : new TreeSet<>(below.names(folder));
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
    public synchronized boolean put(String path, Node node) {
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

    /** Removes a path and all below it. */
    public synchronized void remove(String path) {
        for (String name : names(path)) {
            remove(path.equals("/") ? "/" + name : path + "/" + name);
        }
        if (changes.size() < 2 * MAX_NODES) {
            bytes -= changes.getOrDefault(path, Optional.empty())
                    .map(one -> one.content().length())
                    .orElse(0);
            changes.put(path, Optional.empty());
        }
    }

    private NavigableMap<String, Node> image() {
        if (image == null) {
            image = maker.apply(persona);
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
