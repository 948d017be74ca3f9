package decnet.decoys.ssh;

import decnet.core.WireText;
import decnet.decoys.Disk;
import decnet.decoys.Seen;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * The subsystem {@code sftp}: version 3 of the protocol (draft-ietf-secsh-filexfer-02) with the extensions and messages of OpenSSH's
 * {@code sftp-server}, over the machine's files. Messages are bounded by 256 KiB, handles by {@link SftpHandles#MAX}.
 */
final class SftpServer implements Program {
    private static final int MAX_MESSAGE = 256 * 1024;
    private static final int MAX_DATA = 255 * 1024;
    private static final int MAX_NAMES = 100;
    private static final int MAX_EVENTS = 500;

    private static final int INIT = 1;
    private static final int VERSION = 2;
    private static final int OPEN = 3;
    private static final int CLOSE = 4;
    private static final int READ = 5;
    private static final int WRITE = 6;
    private static final int LSTAT = 7;
    private static final int FSTAT = 8;
    private static final int SETSTAT = 9;
    private static final int FSETSTAT = 10;
    private static final int OPENDIR = 11;
    private static final int READDIR = 12;
    private static final int REMOVE = 13;
    private static final int MKDIR = 14;
    private static final int RMDIR = 15;
    private static final int REALPATH = 16;
    private static final int STAT = 17;
    private static final int RENAME = 18;
    private static final int READLINK = 19;
    private static final int SYMLINK = 20;
    private static final int STATUS = 101;
    private static final int HANDLE = 102;
    private static final int DATA = 103;
    private static final int NAME = 104;
    private static final int ATTRS = 105;
    private static final int EXTENDED = 200;
    private static final int EXTENDED_REPLY = 201;

    private static final int OK = 0;
    private static final int EOF = 1;
    private static final int NO_SUCH_FILE = 2;
    private static final int PERMISSION_DENIED = 3;
    private static final int FAILURE = 4;
    private static final int BAD_MESSAGE = 5;
    private static final int UNSUPPORTED = 8;
    private static final List<String> STATUS_TEXTS = List.of(
            "Success",
            "End of file",
            "No such file",
            "Permission denied",
            "Failure",
            "Bad message",
            "No connection",
            "Connection lost",
            "Operation unsupported");

    private static final int FLAG_WRITE = 2;
    private static final int FLAG_CREATE = 8;
    private static final int FLAG_EXCLUSIVE = 0x20;

    private final SshConnection connection;
    private final SshChannel channel;
    private final RemoteFiles files;
    private final SftpHandles handles;
    private ByteBuffer partial = ByteBuffer.allocate(1024);
    private boolean greeted;
    private int events;

    SftpServer(SshConnection connection, SshChannel channel, RemoteFiles files) {
        this.connection = connection;
        this.channel = channel;
        this.files = files;
        this.handles = new SftpHandles(files);
    }

    @Override
    public void start() {
        // the client begins
    }

    @Override
    public void input(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        while (in.hasRemaining()) {
            int wanted = partial.position() < Integer.BYTES ? Integer.BYTES : Integer.BYTES + partial.getInt(0);
            if (wanted > partial.capacity()) {
                partial = ByteBuffer.allocate(wanted).put(partial.flip());
            }
            int part = Math.min(in.remaining(), wanted - partial.position());
            partial.put(in.slice(in.position(), part));
            in.position(in.position() + part);
            if (partial.position() == Integer.BYTES) {
                int length = partial.getInt(0);
                if (length < 1 || length > MAX_MESSAGE) {
                    channel.exit(11); // what sftp-server ends with
                    return;
                }
            } else if (partial.position() == wanted) {
                byte[] message = Arrays.copyOfRange(partial.array(), Integer.BYTES, wanted);
                partial = partial.capacity() > 64 * 1024 ? ByteBuffer.allocate(1024) : partial.clear();
                message(new ByteArrayBuffer(message));
            }
        }
    }

    private void message(Buffer in) {
        int type = in.getUByte();
        try {
            if (type == INIT) {
                greet();
            } else if (!greeted) {
                channel.exit(11);
            } else {
                int id = in.getInt();
                try {
                    request(type, id, in);
                } catch (BufferException | IllegalArgumentException e) {
                    status(id, BAD_MESSAGE);
                }
            }
        } catch (BufferException e) {
            channel.exit(11);
        }
    }

    private void greet() {
        greeted = true;
        Buffer out = new ByteArrayBuffer();
        out.putByte((byte) VERSION);
        out.putInt(3);
        SftpExtensions.offered(connection.profile().defaults()).forEach((name, version) -> {
            out.putString(name);
            out.putString(version);
        });
        send(out);
    }

    private void request(int type, int id, Buffer in) {
        switch (type) {
            case OPEN -> open(id, path(in), in.getInt(), SftpAttributes.read(in));
            case CLOSE -> status(id, handles.close(in.getBytes()) ? OK : FAILURE);
            case READ -> read(id, in.getBytes(), in.getLong(), in.getInt());
            case WRITE -> {
                byte[] handle = in.getBytes();
                long offset = in.getLong();
                status(id, handles.write(handle, offset, in.getBytes()) ? OK : FAILURE);
            }
            case STAT -> attributes(id, files.stat(path(in)));
            case LSTAT -> attributes(id, files.lstat(path(in)));
            case FSTAT -> attributes(id, handles.node(in.getBytes()));
            case SETSTAT -> change(id, path(in), SftpAttributes.read(in));
            case FSETSTAT ->
                handles.path(in.getBytes())
                        .ifPresentOrElse(path -> change(id, path, SftpAttributes.read(in)), () -> status(id, FAILURE));
            case OPENDIR -> openFolder(id, path(in));
            case READDIR -> names(id, in.getBytes());
            case REMOVE -> answer(id, saw("rm", path(in)), files::remove);
            case RMDIR -> answer(id, saw("rmdir", path(in)), files::removeFolder);
            case MKDIR -> {
                String path = saw("mkdir", path(in));
                int mode = SftpAttributes.read(in).mode().orElse(0777);
                answer(id, path, one -> files.makeFolder(one, mode & 0755));
            }
            case REALPATH -> name(id, files.real(path(in)));
            case RENAME -> rename(id, path(in), path(in));
            case READLINK -> readLink(id, path(in));
            case SYMLINK -> { // OpenSSH has the two the other way round than the draft
                String target = path(in);
                String link = saw("ln -s", path(in));
                answer(id, link, one -> files.link(one, target));
            }
            case EXTENDED -> extended(id, new String(in.getBytes(), StandardCharsets.ISO_8859_1), in);
            default -> status(id, UNSUPPORTED);
        }
    }

    private void extended(int id, String name, Buffer in) {
        if (!SftpExtensions.offered(connection.profile().defaults()).containsKey(name)) {
            status(id, UNSUPPORTED);
            return;
        }
        switch (name) {
            case "posix-rename@openssh.com" -> {
                String from = path(in);
                String to = path(in);
                saw("rename " + from, to);
                answer(id, from, one -> files.rename(one, to));
            }
            case "statvfs@openssh.com", "fstatvfs@openssh.com" -> reply(id, SftpExtensions.volume());
            case "hardlink@openssh.com", "copy-data" -> status(id, FAILURE);
            case "fsync@openssh.com" -> status(id, handles.path(in.getBytes()).isPresent() ? OK : FAILURE);
            case "lsetstat@openssh.com" -> change(id, path(in), SftpAttributes.read(in));
            case "limits@openssh.com" -> reply(id, SftpExtensions.limits());
            case "expand-path@openssh.com" -> {
                String path = path(in);
                name(id, path.startsWith("~") ? files.real(files.home() + path.substring(1)) : files.real(path));
            }
            case "home-directory" -> name(id, files.home());
            default -> owners(id, in.getBytes(), in.getBytes());
        }
    }

    /** Names of users and groups; empty ones for numbers nobody has. */
    private void owners(int id, byte[] users, byte[] groups) {
        Buffer out = begin(EXTENDED_REPLY, id);
        for (byte[] numbers : List.of(users, groups)) {
            Buffer names = new ByteArrayBuffer();
            ByteBuffer in = ByteBuffer.wrap(numbers);
            while (in.remaining() >= Integer.BYTES) {
                names.putString(files.owner(in.getInt()));
            }
            out.putBytes(names.getCompactData());
        }
        send(out);
    }

    private void open(int id, String path, int flags, SftpAttributes attributes) {
        if ((flags & FLAG_WRITE) == 0) {
            saw("get", path);
            Optional<Disk.Node> node = files.stat(path);
            if (node.isEmpty()) {
                status(id, NO_SUCH_FILE);
            } else if (!files.readable(node.get())) {
                status(id, PERMISSION_DENIED);
            } else {
                handle(id, handles.reading(files.real(path), node.get()));
            }
            return;
        }
        saw("put", path);
        Optional<Disk.Node> node = files.stat(path);
        Optional<RemoteFiles.Refusal> refusal = files.writable(path);
        boolean missing = node.isEmpty() && (flags & FLAG_CREATE) == 0;
        boolean exists = node.isPresent() && (flags & FLAG_EXCLUSIVE) != 0;
        if (refusal.isPresent() || missing || exists) {
            status(id, refusal.map(SftpServer::code).orElse(missing ? NO_SUCH_FILE : FAILURE));
        } else {
            handle(id, handles.writing(files.real(path), attributes.mode().orElse(0666) & ~022));
        }
    }

    private void openFolder(int id, String path) {
        saw("ls", path);
        Optional<Disk.Node> node = files.stat(path);
        if (node.isEmpty()) {
            status(id, NO_SUCH_FILE);
        } else if (!node.get().folder()) {
            status(id, FAILURE);
        } else if (!files.readable(node.get())) {
            status(id, PERMISSION_DENIED);
        } else {
            handle(id, handles.listing(files.real(path)));
        }
    }

    private void handle(int id, Optional<byte[]> handle) {
        if (handle.isEmpty()) {
            status(id, FAILURE);
            return;
        }
        Buffer out = begin(HANDLE, id);
        out.putBytes(handle.get());
        send(out);
    }

    private void read(int id, byte[] handle, long offset, int length) {
        Optional<byte[]> data = handles.read(handle, offset, Math.min(length, MAX_DATA));
        if (data.isEmpty()) {
            status(id, FAILURE);
        } else if (data.get().length == 0) {
            status(id, EOF);
        } else {
            Buffer out = begin(DATA, id);
            out.putBytes(data.get());
            send(out);
        }
    }

    private void names(int id, byte[] handle) {
        Optional<List<String>> names = handles.names(handle, MAX_NAMES);
        if (names.isEmpty()) {
            status(id, FAILURE);
        } else if (names.get().isEmpty()) {
            status(id, EOF);
        } else {
            String folder = handles.path(handle).orElse("/");
            Buffer out = begin(NAME, id);
            int at = out.wpos();
            out.putInt(0);
            int count = 0;
            for (String name : names.get()) {
                Optional<Disk.Node> node = files.lstat(folder.equals("/") ? "/" + name : folder + "/" + name);
                if (node.isPresent()) {
                    out.putBytes(name.getBytes(StandardCharsets.ISO_8859_1));
                    out.putBytes(
                            SftpAttributes.longName(name, node.get(), files).getBytes(StandardCharsets.ISO_8859_1));
                    SftpAttributes.write(out, node.get(), files);
                    count++;
                }
            }
            int end = out.wpos();
            out.wpos(at);
            out.putInt(count);
            out.wpos(end);
            send(out);
        }
    }

    private void rename(int id, String from, String to) {
        saw("rename " + from, to);
        if (files.lstat(to).isPresent()) {
            status(id, FAILURE);
        } else {
            answer(id, from, one -> files.rename(one, to));
        }
    }

    private void readLink(int id, String path) {
        Optional<Disk.Node> node = files.lstat(path);
        if (node.isPresent() && node.get().kind() == Disk.Kind.LINK) {
            name(id, new String(node.get().content().bytes(), StandardCharsets.ISO_8859_1));
        } else {
            status(id, node.isPresent() ? FAILURE : NO_SUCH_FILE);
        }
    }

    private void change(int id, String path, SftpAttributes attributes) {
        if (files.stat(path).isEmpty() && handles.writingTo(path)) {
            status(id, OK); // it will exist when it is closed
        } else if (attributes.mode().isPresent()) {
            answer(id, path, one -> files.changeMode(one, attributes.mode().get()));
        } else {
            status(id, files.stat(path).isPresent() ? OK : NO_SUCH_FILE);
        }
    }

    /** Does something to a path and says how it went. */
    @FunctionalInterface
    private interface Deed {
        Optional<RemoteFiles.Refusal> on(String path);
    }

    private void answer(int id, String path, Deed deed) {
        status(id, deed.on(path).map(SftpServer::code).orElse(OK));
    }

    private static int code(RemoteFiles.Refusal refusal) {
        return switch (refusal) {
            case NO_SUCH_FILE, NOT_FOLDER -> NO_SUCH_FILE;
            case PERMISSION_DENIED -> PERMISSION_DENIED;
            case IS_FOLDER, NOT_EMPTY, EXISTS, NO_SPACE -> FAILURE;
        };
    }

    private void attributes(int id, Optional<Disk.Node> node) {
        if (node.isEmpty()) {
            status(id, NO_SUCH_FILE);
            return;
        }
        Buffer out = begin(ATTRS, id);
        SftpAttributes.write(out, node.get(), files);
        send(out);
    }

    private void name(int id, String path) {
        Buffer out = begin(NAME, id);
        out.putInt(1);
        out.putBytes(path.getBytes(StandardCharsets.ISO_8859_1));
        out.putBytes(path.getBytes(StandardCharsets.ISO_8859_1));
        out.putInt(0); // no attributes
        send(out);
    }

    private void reply(int id, long[] numbers) {
        Buffer out = begin(EXTENDED_REPLY, id);
        for (long number : numbers) {
            out.putLong(number);
        }
        send(out);
    }

    private void status(int id, int code) {
        Buffer out = begin(STATUS, id);
        out.putInt(code);
        out.putString(STATUS_TEXTS.get(code));
        out.putString("");
        send(out);
    }

    private static Buffer begin(int type, int id) {
        Buffer out = new ByteArrayBuffer();
        out.putByte((byte) type);
        out.putInt(id);
        return out;
    }

    private void send(Buffer message) {
        byte[] body = message.getCompactData();
        channel.write(ByteBuffer.allocate(Integer.BYTES + body.length)
                .putInt(body.length)
                .put(body)
                .array());
    }

    private static String path(Buffer in) {
        return new String(in.getBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Tells what was asked for. @return {@code path} */
    private String saw(String what, String path) {
        if (events++ < MAX_EVENTS) {
            byte[] line = (what + " " + path).getBytes(StandardCharsets.ISO_8859_1);
            connection.saw(
                    Seen.of("command", "command", WireText.of(line, 0, Math.min(line.length, 4096)), "mode", "sftp"));
        }
        return path;
    }

    @Override
    public void inputEnded() {
        handles.closeAll();
        channel.exit(0);
    }

    @Override
    public void closed() {
        handles.closeAll();
    }
}
