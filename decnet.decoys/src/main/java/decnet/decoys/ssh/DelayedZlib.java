package decnet.decoys.ssh;

import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.apache.sshd.common.compression.Compression;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Compression that begins after log-in, {@code zlib@openssh.com}. A packet that grows beyond what a packet may be is refused. */
final class DelayedZlib implements Compression {
    static final String NAME = "zlib@openssh.com";

    private static final int MAX_PACKET = 256 * 1024;
    private static final int CHUNK = 4096;

    private @Nullable Deflater deflater;
    private @Nullable Inflater inflater;

    @Override
    public void init(Type type, int level) {
        // made when first used: the native memory is large, and most clients never come to that
    }

    @Override
    public void compress(Buffer buffer) {
        Deflater out = deflater == null ? new Deflater() : deflater;
        deflater = out;
        byte[] plain = new byte[buffer.available()];
        int start = buffer.rpos();
        buffer.getRawBytes(plain);
        buffer.rpos(start);
        buffer.wpos(start);
        out.setInput(plain);
        byte[] chunk = new byte[CHUNK];
        for (int length = out.deflate(chunk, 0, CHUNK, Deflater.SYNC_FLUSH);
                length > 0;
                length = out.deflate(chunk, 0, CHUNK, Deflater.SYNC_FLUSH)) {
            buffer.putRawBytes(chunk, 0, length);
        }
    }

    @Override
    public void uncompress(Buffer from, Buffer to) throws IOException {
        Inflater in = inflater == null ? new Inflater() : inflater;
        inflater = in;
        in.setInput(from.array(), from.rpos(), from.available());
        byte[] chunk = new byte[CHUNK];
        try {
            int total = 0;
            for (int length = in.inflate(chunk); length > 0; length = in.inflate(chunk)) {
                total += length;
                if (total > MAX_PACKET) {
                    throw new IOException("compressed packet is too long");
                }
                to.putRawBytes(chunk, 0, length);
            }
        } catch (DataFormatException e) {
            throw new IOException("compressed packet cannot be read", e);
        }
    }

    /** Gives the native memory back. */
    void end() {
        if (deflater != null) {
            deflater.end();
        }
        if (inflater != null) {
            inflater.end();
        }
    }

    @Override
    public boolean isDelayed() {
        return true;
    }

    @Override
    public boolean isCompressionExecuted() {
        return true;
    }

    @Override
    public String getName() {
        return NAME;
    }
}
