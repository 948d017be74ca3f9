package decnet.decoys.shell;

import decnet.core.Peer;
import decnet.decoys.DecoyContext;
import decnet.decoys.Disk;
import decnet.decoys.LogBook;
import decnet.decoys.Seen;
import decnet.topology.Account;
import decnet.topology.Persona;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a shell remembers. Text is Latin-1 of bytes throughout. Not thread-safe. */
final class ShellState {
    /** Takes what is typed while a command waits for it. */
    interface Pending {
        /** @param line without its end; empty if the input has ended. @return whether it goes on waiting */
        boolean line(Optional<String> line, StringBuilder out);

        /** Whether what is typed is shown. */
        default boolean echo() {
            return true;
        }

        /** Ctrl-C. */
        default void interrupted(StringBuilder out) {}
    }

    private static final int MAX_HISTORY = 500;
    private static final int MAX_VARIABLES = 256;
    private static final int MAX_VALUE = 16 << 10;
    private static final int MAX_EVENTS = 200;

    final DecoyContext context;
    final Persona persona;
    final Disk disk;
    final Peer source;
    final Instant loginAt;
    final boolean interactive;
    final Map<String, String> variables = new LinkedHashMap<>();
    final List<String> history = new ArrayList<>();
    final Deque<Account> below = new ArrayDeque<>();
    final int pid;

    Account account;
    String cwd;
    String oldCwd;
    int status;
    boolean exited;
    int columns = 80;
    int rows = 24;
    Duration delay = Duration.ZERO;
    Optional<Pending> pending = Optional.empty();
    /** Where he sits, as long as he does. */
    Optional<LogBook.Stay> terminal = Optional.empty();

    /** What runs now, if it may wait and reach other machines. */
    Optional<Foreground> front = Optional.empty();

    private List<Seen> events = new ArrayList<>();

    ShellState(DecoyContext context, Account account, Peer source, boolean interactive) {
        this.context = context;
        this.persona = context.persona();
        this.disk = context.disk().session();
        this.account = account;
        this.source = source;
        this.interactive = interactive;
        this.loginAt = context.clock().instant();
        this.pid = disk.logBook().pid(source) + 8;
        this.cwd = disk.find(account.home()).isPresent() ? account.home() : "/";
        this.oldCwd = cwd;
        become(account);
        disk.find(account.home() + "/.bash_history")
                .ifPresent(node -> history.addAll(new String(node.content().bytes(), StandardCharsets.ISO_8859_1)
                        .lines()
                        .toList()));
    }

    void become(Account other) {
        account = other;
        variables.put("USER", other.name());
        variables.put("LOGNAME", other.name());
        variables.put("HOME", other.home());
        variables.put("SHELL", other.shell());
        variables.put(
                "PATH",
                other.uid() == 0
                        ? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
                        : "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games");
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TERM", "xterm-256color");
        variables.put("PWD", cwd);
        variables.put("SHLVL", Integer.toString(1 + below.size()));
    }

    /** For example {@code pts/0}; empty text without one. */
    String terminalName() {
        return terminal.map(LogBook.Stay::terminal).orElse("");
    }

    Duration uptime() {
        return disk.chronicle().vitals().uptime(context.clock().instant());
    }

    boolean ash() {
        return persona.os().shell().equals("ash");
    }

    boolean root() {
        return account.uid() == 0;
    }

    /** Name of the shell in front of its errors. */
    String name() {
        String base = ash() ? "sh" : "bash";
        return interactive
                ? "-" + base
                : ash() || persona.os().product("bash").startsWith("5.0") ? base : base + ": line 1";
    }

    String prompt() {
        String sign = root() ? "# " : "$ ";
        if (ash()) {
            return sign;
        }
        String home = account.home();
        boolean below = cwd.equals(home) || cwd.startsWith(home + "/");
        String place = below ? "~" + cwd.substring(home.length()) : cwd;
        if (persona.os().id().equals("rocky")) {
            String last = place.equals("/") || place.equals("~") ? place : place.substring(place.lastIndexOf('/') + 1);
            return "[" + account.name() + "@" + persona.hostname() + " " + last + "]" + sign;
        }
        return account.name() + "@" + persona.hostname() + ":" + place + sign;
    }

    void remember(String line) {
        if (!line.isBlank() && (history.isEmpty() || !history.getLast().equals(line))) {
            history.add(line);
            if (history.size() > MAX_HISTORY) {
                history.removeFirst();
            }
        }
    }

    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    void set(String name, String value) {
        if (variables.size() < MAX_VARIABLES || variables.containsKey(name)) {
            variables.put(name, value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) : value);
        }
    }

    String absolute(String path) {
        return Disk.resolve(cwd, path);
    }

    /** The file a path leads to; links are followed, eight of them at most. */
    Optional<Disk.Node> follow(String path) {
        String at = absolute(path);
        for (int i = 0; i < 8; i++) {
            Optional<Disk.Node> node = disk.find(at);
            if (node.isEmpty() || node.get().kind() != Disk.Kind.LINK) {
                return node;
            }
            int slash = at.lastIndexOf('/');
            at = Disk.resolve(at.substring(0, Math.max(1, slash)), text(node.get()));
        }
        return Optional.empty();
    }

    static String text(Disk.Node node) {
        return new String(node.content().bytes(), StandardCharsets.ISO_8859_1);
    }

    boolean mayRead(Disk.Node node) {
        return root() || node.owner().equals(account.name())
                ? root() || (node.mode() & 0400) != 0
                : (node.mode() & 4) != 0;
    }

    boolean mayWrite(Disk.Node node) {
        return root() || (node.owner().equals(account.name()) ? (node.mode() & 0200) != 0 : (node.mode() & 2) != 0);
    }

    /** Folder of an absolute path. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** Writes a file. @return empty, or what the system says against it */
    Optional<String> write(String path, String text, boolean append) {
        String file = absolute(path);
        Optional<Disk.Node> node = follow(file);
        if (file.startsWith("/dev/") && !file.startsWith("/dev/shm/")) {
            return node.isPresent() || root() ? Optional.empty() : Optional.of("Permission denied");
        }
        if (node.isPresent() && node.get().folder()) {
            return Optional.of("Is a directory");
        }
        Optional<Disk.Node> folder = disk.find(parent(file)).filter(Disk.Node::folder);
        if (folder.isEmpty()) {
            return Optional.of("No such file or directory");
        }
        boolean allowed = node.map(this::mayWrite).orElseGet(() -> mayWrite(folder.get()));
        if (!allowed || file.startsWith("/proc/") || file.startsWith("/sys/")) {
            return Optional.of("Permission denied");
        }
        String all = append && node.isPresent() ? text(node.get()) + text : text;
        int mode = node.map(Disk.Node::mode).orElse(0644);
        String owner = node.map(Disk.Node::owner).orElse(account.name());
        Disk.Node fresh = Disk.Node.file(mode, owner, context.clock().instant(), decnet.decoys.Payload.latin1(all));
        return disk.put(file, fresh) ? Optional.empty() : Optional.of("No space left on device");
    }

    void saw(Seen seen) {
        if (events.size() < MAX_EVENTS) {
            events.add(seen);
        }
    }

    List<Seen> takeEvents() {
        List<Seen> taken = events;
        events = new ArrayList<>();
        return taken;
    }

    Duration takeDelay() {
        Duration taken = delay;
        delay = Duration.ZERO;
        return taken;
    }

    void take(Duration time) {
        Duration most = Duration.ofSeconds(30);
        Duration sum = delay.plus(time);
        delay = sum.compareTo(most) > 0 ? most : sum;
    }
}
