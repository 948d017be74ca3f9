package decnet.decoys.ssh;

import decnet.decoys.Capture;
import decnet.decoys.Disk;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code scp -t}: takes files. The protocol has no document but its source: control lines {@code C} file, {@code D} folder,
 * {@code E} its end, {@code T} times; each is answered by a zero byte, or by 1 and a message.
 */
final class ScpSink implements Program {
    private static final Pattern FILE = Pattern.compile("([CD])([0-7]{4}) (\\d{1,15}) ([^/]+)");
    private static final byte[] OK = {0};
    private static final int MAX_LINE = 4096;
    private static final int MAX_DEPTH = 64;

    private final SshChannel channel;
    private final RemoteFiles files;
    private final String target;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Deque<String> folders = new ArrayDeque<>();
    private Optional<Capture> data = Optional.empty();
    private String path = "";
    private int mode;
    private long left;
    private boolean failed;

    ScpSink(SshChannel channel, RemoteFiles files, String target) {
        this.channel = channel;
        this.files = files;
        this.target = target.isEmpty() ? "." : target;
    }

    @Override
    public void start() {
        channel.write(OK);
    }

    @Override
    public void input(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            if (data.isPresent()) {
                content(in, data.get());
            } else {
                byte b = in.get();
                if (b != '\n') {
                    line.write(b);
                    if (line.size() > MAX_LINE) {
                        fail("protocol error: line too long");
                        channel.exit(1);
                        return;
                    }
                } else {
                    String text = line.toString(StandardCharsets.ISO_8859_1);
                    line.reset();
                    control(text);
                }
            }
        }
    }

    private void content(ByteBuffer in, Capture capture) {
        int part = (int) Math.min(left, in.remaining());
        capture.append(in.slice(in.position(), part));
        in.position(in.position() + part);
        left -= part;
        if (left == 0 && in.hasRemaining()) {
            in.get(); // the sender's verdict
            data = Optional.empty();
            files.store(path, mode, capture);
            channel.write(OK);
        }
    }

    private void control(String text) {
        Matcher matcher = FILE.matcher(text);
        if (text.startsWith("T")) {
            channel.write(OK);
        } else if (text.equals("E")) {
            folders.poll();
            channel.write(OK);
        } else if (matcher.matches()) {
            mode = Integer.parseInt(matcher.group(2), 8);
            left = Long.parseLong(matcher.group(3));
            path = place(matcher.group(4));
            if (matcher.group(1).equals("D")) {
                folder();
            } else {
                file();
            }
        } else if (!text.isEmpty() && (text.charAt(0) == 1 || text.charAt(0) == 2)) {
            failed = true; // the other side's trouble
        } else {
            fail("protocol error: expected control record");
            channel.exit(1);
        }
    }

    private String place(String name) {
        String base = folders.isEmpty() ? target : folders.getFirst();
        boolean inside = files.stat(base).map(Disk.Node::folder).orElse(false);
        return inside ? base + "/" + name : base;
    }

    private void folder() {
        Optional<RemoteFiles.Refusal> refusal =
                files.stat(path).map(Disk.Node::folder).orElse(false) ? Optional.empty() : files.makeFolder(path, mode);
        if (refusal.isPresent() || folders.size() >= MAX_DEPTH) {
            fail(path + ": " + refusal.map(RemoteFiles.Refusal::text).orElse("Too many levels"));
        } else {
            folders.addFirst(path);
            channel.write(OK);
        }
    }

    private void file() {
        Optional<RemoteFiles.Refusal> refusal = files.writable(path);
        if (refusal.isPresent()) {
            fail(path + ": " + refusal.get().text());
        } else {
            data = Optional.of(files.capture());
            channel.write(OK);
        }
    }

    private void fail(String why) {
        failed = true;
        channel.write(("\u0001scp: " + why + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void inputEnded() {
        channel.exit(failed ? 1 : 0);
    }

    /** What has arrived of a file that will not be whole is kept too. */
    @Override
    public void closed() {
        data.filter(capture -> capture.offered() > 0).ifPresent(capture -> files.store(path, mode, capture));
        data = Optional.empty();
    }
}
