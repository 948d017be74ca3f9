package decnet.decoys.ssh;

import decnet.decoys.Disk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** {@code scp -f}: gives files, one control line or content per acknowledgement. */
final class ScpSource implements Program {
    private static final int MAX_FILES = 1000;

    private final SshChannel channel;
    private final RemoteFiles files;
    private final boolean recursive;
    private final Deque<byte[]> steps = new ArrayDeque<>();
    private int planned;
    private boolean failed;

    ScpSource(SshChannel channel, RemoteFiles files, String path, boolean recursive) {
        this.channel = channel;
        this.files = files;
        this.recursive = recursive;
        plan(path);
    }

    private void plan(String path) {
        Optional<Disk.Node> node = files.stat(path);
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (node.isEmpty()) {
            refuse(path + ": No such file or directory");
        } else if (!files.readable(node.get())) {
            refuse(path + ": Permission denied");
        } else if (node.get().folder()) {
            if (!recursive) {
                refuse(path + ": not a regular file");
            } else {
                line("D" + octal(node.get()) + " 0 " + name + "\n");
                for (String child : files.names(path)) {
                    if (planned++ < MAX_FILES) {
                        plan(path + "/" + child);
                    }
                }
                line("E\n");
            }
        } else {
            byte[] content = node.get().content().bytes();
            line("C" + octal(node.get()) + " " + content.length + " " + name + "\n");
            byte[] ended = new byte[content.length + 1];
            System.arraycopy(content, 0, ended, 0, content.length);
            steps.add(ended);
        }
    }

    private static String octal(Disk.Node node) {
        return String.format("%04o", node.mode() & 07777);
    }

    private void refuse(String why) {
        failed = true;
        line("\u0001scp: " + why + "\n");
    }

    private void line(String text) {
        steps.add(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void start() {
        // the other side begins
    }

    @Override
    public void input(byte[] data) {
        for (byte b : data) {
            if (b != 0) {
                channel.exit(1);
                return;
            }
            next();
        }
    }

    /** An error line is not acknowledged. */
    private void next() {
        for (byte[] step = steps.poll(); step != null; step = steps.poll()) {
            channel.write(step);
            if (step[0] != 1) {
                return;
            }
        }
        channel.exit(failed ? 1 : 0);
    }

    @Override
    public void inputEnded() {
        channel.exit(failed ? 1 : 0);
    }
}
