package decnet.decoys.ssh;

import decnet.core.WireText;
import decnet.decoys.Capture;
import decnet.decoys.DecoyContext;
import decnet.decoys.Disk;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import decnet.topology.Account;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The machine's files as one account sees them, for file transfer. What is changed stays for the sessions that follow. Paths are
 * text of bytes (Latin-1), absolute or relative to the home folder. Used in the turn of one connection.
 */
final class RemoteFiles {
    /** Why something cannot be done. */
    enum Refusal {
        NO_SUCH_FILE("No such file or directory"),
        PERMISSION_DENIED("Permission denied"),
        IS_FOLDER("Is a directory"),
        NOT_FOLDER("Not a directory"),
        NOT_EMPTY("Directory not empty"),
        EXISTS("File exists"),
        NO_SPACE("No space left on device");

        private final String text;

        Refusal(String text) {
            this.text = text;
        }

        /** As the C library words it. */
        String text() {
            return text;
        }
    }

    private static final int MAX_LINKS = 16;
    private static final int MAX_PATH = 4096;
    private static final int READ = 4;
    private static final int WRITE = 2;

    private final SshConnection connection;
    private final Account account;
    private final String via;
    private final Disk disk;

    /** @param via how files come, as events name it: {@code scp} or {@code sftp} */
    RemoteFiles(SshConnection connection, Account account, String via) {
        this.connection = connection;
        this.account = account;
        this.via = via;
        this.disk = context().disk().session();
    }

    private DecoyContext context() {
        return connection.profile().context();
    }

    Capture capture() {
        return new Capture(context().budget(), context().maxUpload());
    }

    String home() {
        return disk.find(account.home()).isPresent() ? account.home() : "/";
    }

    /** The path without links, dots and double slashes; what does not exist stays as it is. */
    String real(String path) {
        String whole = Disk.resolve(home(), path.length() > MAX_PATH ? path.substring(0, MAX_PATH) : path);
        int links = 0;
        String done = "";
        String left = whole;
        while (!left.isEmpty() && !left.equals("/")) {
            int end = left.indexOf('/', 1);
            String next = done + (end < 0 ? left : left.substring(0, end));
            left = end < 0 ? "" : left.substring(end);
            Optional<Disk.Node> node = disk.find(next);
            if (node.isPresent() && node.get().kind() == Disk.Kind.LINK && links++ < MAX_LINKS) {
                String target = new String(node.get().content().bytes(), StandardCharsets.ISO_8859_1);
                left = Disk.resolve(done.isEmpty() ? "/" : done, target) + left;
                done = "";
            } else {
                done = next;
            }
        }
        return done.isEmpty() ? "/" : done;
    }

    Optional<Disk.Node> stat(String path) {
        return disk.find(real(path));
    }

    /** As {@link #stat}, but a link is shown itself. */
    Optional<Disk.Node> lstat(String path) {
        return disk.find(inRealFolder(path));
    }

    private String inRealFolder(String path) {
        String whole = Disk.resolve(home(), path);
        String folder = real(folderOf(whole));
        return (folder.equals("/") ? "" : folder) + whole.substring(whole.lastIndexOf('/'));
    }

    List<String> names(String folder) {
        return disk.names(real(folder));
    }

    private static String folderOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** Name of a user; empty if there is none of that number. */
    String owner(int uid) {
        return context().persona().accounts().stream()
                .filter(one -> one.uid() == uid)
                .map(Account::name)
                .findFirst()
                .orElse("");
    }

    boolean readable(Disk.Node node) {
        return allowed(node, READ);
    }

    private boolean allowed(Disk.Node node, int right) {
        if (account.uid() == 0) {
            return true;
        }
        boolean owner = node.owner().equals(account.name());
        boolean group = node.group().equals(account.name());
        int shift = owner ? 6 : group ? 3 : 0;
        return (node.mode() >> shift & right) != 0;
    }

    /** Whether an entry in the path's folder may be made or removed. */
    private Optional<Refusal> changeable(String path) {
        Optional<Disk.Node> folder = disk.find(folderOf(path));
        if (folder.isEmpty()) {
            return Optional.of(Refusal.NO_SUCH_FILE);
        }
        if (!folder.get().folder()) {
            return Optional.of(Refusal.NOT_FOLDER);
        }
        return allowed(folder.get(), WRITE) ? Optional.empty() : Optional.of(Refusal.PERMISSION_DENIED);
    }

    /** Whether a file of this name can be written. */
    Optional<Refusal> writable(String path) {
        String real = real(path);
        Optional<Disk.Node> there = disk.find(real);
        if (there.isEmpty()) {
            return changeable(real);
        }
        if (there.get().folder()) {
            return Optional.of(Refusal.IS_FOLDER);
        }
        return allowed(there.get(), WRITE) ? Optional.empty() : Optional.of(Refusal.PERMISSION_DENIED);
    }

    /** Keeps a file that has arrived and tells of it; on the disk it has its length, and its bytes if there is room. */
    void store(String path, int mode, Capture data) {
        String real = real(path);
        long size = data.offered();
        Payload content = data.finish();
        byte[] name = real.getBytes(StandardCharsets.ISO_8859_1);
        connection.saw(Seen.of(
                        "file_upload",
                        "name",
                        WireText.of(name, 0, Math.min(name.length, MAX_PATH)),
                        "size",
                        Long.toString(size),
                        "via",
                        via,
                        "user",
                        account.name())
                .with(content));
        Instant now = now();
        int kept = disk.find(real).map(Disk.Node::mode).orElse(mode & 0777);
        Disk.Node node = new Disk.Node(Disk.Kind.FILE, kept, account.name(), account.name(), now, size, content);
        if (!disk.put(real, node)) {
            disk.put(
                    real,
                    new Disk.Node(Disk.Kind.FILE, kept, account.name(), account.name(), now, size, Payload.EMPTY));
        }
        disk.commit();
    }

    Optional<Refusal> makeFolder(String path, int mode) {
        String real = real(path);
        if (disk.find(real).isPresent()) {
            return Optional.of(Refusal.EXISTS);
        }
        return changeable(real).or(() -> put(real, Disk.Node.folder(mode & 0777, account.name(), now())));
    }

    private Optional<Refusal> put(String path, Disk.Node node) {
        boolean fits = disk.put(path, node);
        disk.commit();
        return fits ? Optional.empty() : Optional.of(Refusal.NO_SPACE);
    }

    Optional<Refusal> remove(String path) {
        String real = inRealFolder(path);
        Optional<Disk.Node> node = disk.find(real);
        if (node.isEmpty()) {
            return Optional.of(Refusal.NO_SUCH_FILE);
        }
        if (node.get().folder()) {
            return Optional.of(Refusal.IS_FOLDER);
        }
        Optional<Refusal> refusal = changeable(real);
        if (refusal.isEmpty()) {
            disk.remove(real);
            disk.commit();
        }
        return refusal;
    }

    Optional<Refusal> removeFolder(String path) {
        String real = real(path);
        Optional<Disk.Node> node = disk.find(real);
        if (node.isEmpty()) {
            return Optional.of(Refusal.NO_SUCH_FILE);
        }
        if (!node.get().folder()) {
            return Optional.of(Refusal.NOT_FOLDER);
        }
        if (!disk.names(real).isEmpty()) {
            return Optional.of(Refusal.NOT_EMPTY);
        }
        Optional<Refusal> refusal = changeable(real);
        if (refusal.isEmpty()) {
            disk.remove(real);
            disk.commit();
        }
        return refusal;
    }

    Optional<Refusal> rename(String from, String to) {
        String source = inRealFolder(from);
        String target = inRealFolder(to);
        Optional<Disk.Node> node = disk.find(source);
        if (node.isEmpty()) {
            return Optional.of(Refusal.NO_SUCH_FILE);
        }
        Optional<Refusal> refusal = changeable(source).or(() -> changeable(target));
        if (refusal.isPresent()) {
            return refusal;
        }
        if (node.get().folder() && !disk.names(source).isEmpty()) {
            return Optional.of(Refusal.PERMISSION_DENIED); // a tree is not moved
        }
        Optional<Refusal> full = put(target, node.get());
        if (full.isEmpty()) {
            disk.remove(source);
            disk.commit();
        }
        return full;
    }

    Optional<Refusal> link(String path, String target) {
        String real = inRealFolder(path);
        if (disk.find(real).isPresent()) {
            return Optional.of(Refusal.EXISTS);
        }
        Payload content = Payload.latin1(target);
        return changeable(real)
                .or(() -> put(
                        real,
                        new Disk.Node(
                                Disk.Kind.LINK,
                                0777,
                                account.name(),
                                account.name(),
                                now(),
                                content.length(),
                                content)));
    }

    Optional<Refusal> changeMode(String path, int mode) {
        String real = real(path);
        Optional<Disk.Node> node = disk.find(real);
        if (node.isEmpty()) {
            return Optional.of(Refusal.NO_SUCH_FILE);
        }
        if (account.uid() != 0 && !node.get().owner().equals(account.name())) {
            return Optional.of(Refusal.PERMISSION_DENIED);
        }
        return put(real, node.get().withMode(mode & 07777));
    }

    private Instant now() {
        return context().clock().instant();
    }

    Instant clock() {
        return now();
    }

    /** User and group number of an owner; unknown names are root's. */
    int uid(String owner) {
        return context().persona().account(owner).map(Account::uid).orElse(0);
    }
}
