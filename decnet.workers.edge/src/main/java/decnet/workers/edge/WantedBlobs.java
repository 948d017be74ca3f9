package decnet.workers.edge;

import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.WholeFile;
import decnet.journal.Blob;
import decnet.journal.BlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The blobs that events of one sensor have named and that are not here yet. Kept in a file, as a list of what came and went, which is
 * written anew when it has grown; at most {@value #MAX} at a time, more are given up and counted. Thread-safe.
 *
 * <pre>
 * file = *( ( "+" / "-" ) sha256 SP size LF )
 * </pre>
 */
final class WantedBlobs {
    static final int MAX = 10_000;
    private static final int MOST_TRIES = 3;
    private static final Set<String> TYPES = Set.of("file_upload", "session_recorded");
    private static final System.Logger LOG = System.getLogger(WantedBlobs.class.getName());

    private final Path file;
    private final Path store;
    private final long maxBytes;
    private final Counters counters;
    private final Map<String, Want> wanted = new LinkedHashMap<>();
    private int lines;

    private static final class Want {
        private final long size;
        private int tries;
        private boolean asked;

        Want(long size) {
            this.size = size;
        }
    }

    /** @param store folder of the blobs that are here */
    WantedBlobs(Path file, Path store, long maxBytes, Counters counters) {
        this.file = file;
        this.store = store;
        this.maxBytes = maxBytes;
        this.counters = counters;
        load();
    }

    private void load() {
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                    lines++;
                    if (line.matches("[+-][0-9a-f]{64} \\d{1,15}")) {
                        String sha256 = line.substring(1, 65);
                        if (line.charAt(0) == '+' && wanted.size() < MAX) {
                            wanted.put(sha256, new Want(Long.parseLong(line.substring(66))));
                        } else {
                            wanted.remove(sha256);
                        }
                    }
                }
            }
        } catch (IOException e) {
            LOG.log(WARNING, () -> "blobs wanted before cannot be read file=" + file + " (" + e + ")");
        }
    }

    /** Notes what {@code events} name and what is not here. Before they are acknowledged, or a crash would forget it. */
    synchronized void note(List<Received> received) {
        StringBuilder added = new StringBuilder();
        for (Received one : received) {
            Event event = one.event();
            if (!TYPES.contains(event.type())) {
                continue;
            }
            blob(event).ifPresent(blob -> {
                if (wanted.containsKey(blob.sha256())
                        || BlobStore.find(store, blob.sha256()).isPresent()) {
                    return;
                }
                if (blob.size() > maxBytes || wanted.size() >= MAX) {
                    counters.increment(ListenerCounter.BLOBS_GIVEN_UP);
                    return;
                }
                wanted.put(blob.sha256(), new Want(blob.size()));
                added.append('+')
                        .append(blob.sha256())
                        .append(' ')
                        .append(blob.size())
                        .append('\n');
                lines++;
            });
        }
        append(added.toString());
    }

    private static Optional<Blob> blob(Event event) {
        try {
            return event.field("sha256")
                    .flatMap(sha256 -> event.field("size").map(size -> new Blob(sha256, Long.parseLong(size))))
                    .filter(blob -> blob.size() >= 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a field of an attacker's that only looks like ours
        }
    }

    /** Up to {@code most} that nobody has asked for yet; they count as asked. */
    synchronized List<Blob> ask(int most) {
        List<Blob> next = new ArrayList<>();
        for (Map.Entry<String, Want> entry : wanted.entrySet()) {
            if (next.size() >= most) {
                break;
            }
            Want want = entry.getValue();
            if (!want.asked && want.tries < MOST_TRIES) {
                want.asked = true;
                want.tries++;
                next.add(new Blob(entry.getKey(), want.size));
            }
        }
        return next;
    }

    /** It is here, or will never be. */
    synchronized void settled(Blob blob) {
        Want want = wanted.remove(blob.sha256());
        if (want != null) {
            lines++;
            append("-" + blob.sha256() + " " + want.size + "\n");
        }
    }

    /** It did not come this time. @return whether it will be asked for again */
    synchronized boolean failed(Blob blob) {
        Want want = wanted.get(blob.sha256());
        if (want == null) {
            return false;
        }
        want.asked = false;
        if (want.tries < MOST_TRIES) {
            return true;
        }
        settled(blob);
        return false;
    }

    /** The connection on which it was asked for has ended: that was nobody's fault. */
    synchronized void interrupted(Blob blob) {
        Want want = wanted.get(blob.sha256());
        if (want != null) {
            want.asked = false;
            want.tries--;
        }
    }

    synchronized int size() {
        return wanted.size();
    }

    private void append(String text) {
        if (text.isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            if (lines > 2 * wanted.size() + 1000) {
                StringBuilder all = new StringBuilder();
                wanted.forEach((sha256, want) -> all.append('+')
                        .append(sha256)
                        .append(' ')
                        .append(want.size)
                        .append('\n'));
                WholeFile.replace(file, all.toString().getBytes(StandardCharsets.US_ASCII));
                lines = wanted.size();
            } else {
                Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            LOG.log(WARNING, () -> "blobs wanted cannot be noted file=" + file + " (" + e + ")");
        }
    }
}
