package decnet.decoys;

import decnet.decoys.Disk.Kind;
import decnet.decoys.Disk.Node;
import decnet.decoys.LogBook.Door;
import decnet.decoys.LogBook.What;
import decnet.topology.Persona;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * The stored form of what visitors left on one disk: files, and log-ins. Numbers are big endian, texts as in {@link DataOutputStream}.
 *
 * <pre>
 * file    = "DISK" version machine nodes accepted entries crc     ; version 8 bit, machine 32 bytes, crc 32 bit of all before it
 * nodes   = count { path kind [ mode owner group second nano size length bytes ] }     ; count 32 bit; no kind: removed
 * entries = count { second nano what door user host port pid number terminal }
 * </pre>
 *
 * {@code machine} is a hash of who the machine is: a file of another one is not read.
 */
record DiskFile(NavigableMap<String, Optional<Node>> changes, List<LogBook.Entry> entries, int accepted) {
    /** Longest file: the content, and names and dates beside it. */
    static final int MAX_LENGTH = Disk.MAX_BYTES + (2 << 20);

    private static final byte[] MAGIC = "DISK".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int CRC = 4;

    DiskFile {
        changes = java.util.Collections.unmodifiableNavigableMap(new TreeMap<>(changes));
        entries = List.copyOf(entries);
    }

    /** Not a file of this form, or torn. */
    static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }

        MalformedException(String message, Exception cause) {
            super(message, cause);
        }
    }

    static DiskFile of(Disk disk) {
        return new DiskFile(
                disk.changes(), disk.logBook().entries(), disk.logBook().accepted());
    }

    void restore(Disk disk) {
        disk.restore(changes);
        disk.logBook().restore(entries, accepted);
    }

    boolean isEmpty() {
        return changes.isEmpty() && entries.isEmpty();
    }

    byte[] encode(Persona persona) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(MAGIC);
            out.writeByte(VERSION);
            out.write(machine(persona));
            out.writeInt(changes.size());
            for (var change : changes.entrySet()) {
                text(out, change.getKey());
                node(out, change.getValue());
            }
            out.writeInt(accepted);
            out.writeInt(entries.size());
            for (LogBook.Entry entry : entries) {
                moment(out, entry.at());
                out.writeUTF(entry.what().name());
                out.writeUTF(entry.door().name());
                text(out, entry.user());
                text(out, entry.host());
                out.writeInt(entry.port());
                out.writeInt(entry.pid());
                out.writeInt(entry.number());
                text(out, entry.terminal());
            }
            CRC32 crc = new CRC32();
            crc.update(bytes.toByteArray());
            out.writeInt((int) crc.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void node(DataOutputStream out, Optional<Node> changed) throws IOException {
        if (changed.isEmpty()) {
            out.writeUTF("");
            return;
        }
        Node node = changed.get();
        out.writeUTF(node.kind().name());
        out.writeInt(node.mode());
        text(out, node.owner());
        text(out, node.group());
        moment(out, node.modified());
        out.writeLong(node.size());
        out.writeInt(node.content().length());
        out.write(node.content().bytes());
    }

    /** Texts of visitors may be longer than {@link DataOutputStream#writeUTF} takes. */
    private static void text(DataOutputStream out, String text) throws IOException {
        out.writeUTF(text.length() > 16_000 ? text.substring(0, 16_000) : text);
    }

    private static void moment(DataOutputStream out, Instant at) throws IOException {
        out.writeLong(at.getEpochSecond());
        out.writeInt(at.getNano());
    }

    /**
     * @param file at most {@link #MAX_LENGTH} bytes
     * @return empty if it is of another machine
     * @throws MalformedException if it is torn, or of another form
     */
    static Optional<DiskFile> decode(byte[] file, Persona persona) {
        if (file.length < MAGIC.length + CRC || file.length > MAX_LENGTH) {
            throw new MalformedException("a length of " + file.length + " bytes");
        }
        CRC32 crc = new CRC32();
        crc.update(file, 0, file.length - CRC);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(file))) {
            in.skipBytes(file.length - CRC);
            if (in.readInt() != (int) crc.getValue()) {
                throw new MalformedException("a wrong checksum");
            }
        } catch (IOException e) {
            throw new MalformedException("too short", e);
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(file, 0, file.length - CRC))) {
            if (!java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC) || in.readByte() != VERSION) {
                throw new MalformedException("another form or version");
            }
            if (!MessageDigest.isEqual(in.readNBytes(machine(persona).length), machine(persona))) {
                return Optional.empty();
            }
            NavigableMap<String, Optional<Node>> changes = new TreeMap<>();
            for (int left = count(in, 2 * Disk.MAX_NODES + 1); left > 0; left--) {
                changes.put(in.readUTF(), node(in));
            }
            int accepted = in.readInt();
            List<LogBook.Entry> entries = new ArrayList<>();
            for (int left = count(in, LogBook.MAX_REFUSED + LogBook.MAX_STAYS); left > 0; left--) {
                entries.add(new LogBook.Entry(
                        moment(in),
                        What.valueOf(in.readUTF()),
                        Door.valueOf(in.readUTF()),
                        in.readUTF(),
                        in.readUTF(),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readUTF()));
            }
            return Optional.of(new DiskFile(changes, entries, accepted));
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            throw new MalformedException("fields that do not fit", e);
        }
    }

    private static Optional<Node> node(DataInputStream in) throws IOException {
        String kind = in.readUTF();
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        int mode = in.readInt();
        String owner = in.readUTF();
        String group = in.readUTF();
        Instant modified = moment(in);
        long size = in.readLong();
        byte[] content = in.readNBytes(count(in, Disk.MAX_BYTES));
        return Optional.of(new Node(Kind.valueOf(kind), mode, owner, group, modified, size, Payload.of(content)));
    }

    private static int count(DataInputStream in, int most) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw new MalformedException("a count of " + count);
        }
        return count;
    }

    private static Instant moment(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    /** Who the machine is; its accounts may change. */
    private static byte[] machine(Persona persona) {
        String identity =
                persona.seed() + "\n" + persona.hostname() + "\n" + persona.mac() + "\n" + persona.installedAt();
        try {
            return MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
