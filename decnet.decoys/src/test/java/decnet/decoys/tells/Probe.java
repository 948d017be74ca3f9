package decnet.decoys.tells;

import decnet.topology.Decky;
import decnet.topology.DeckyService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What a scanner does to one service of one machine: connects, says something, reads. Text is Latin-1. */
final class Probe implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MOST = 256 << 10;

    private final Socket socket;

    Probe(Decky decky, DeckyService service) throws IOException {
        socket = new Socket();
        socket.connect(new InetSocketAddress(decky.address(), service.port()), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Says everything and reads until the other end closes. */
    static String whole(Decky decky, DeckyService service, String text) throws IOException {
        try (Probe probe = new Probe(decky, service)) {
            probe.say(text);
            return new String(probe.socket.getInputStream().readNBytes(MOST), StandardCharsets.ISO_8859_1);
        }
    }

    void say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads until {@code end} was read, or the other end closes. */
    String until(String end) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (out.size() < MOST) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            out.write(b);
            String text = out.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith(end)) {
                return text;
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads until {@code end} was read, as a telnet client does that refuses every option. */
    String refusing(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < MOST && text.lastIndexOf(end) != Math.max(0, text.length() - end.length())) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                break;
            }
            text.append((char) b);
            int at = text.length() - 3;
            if (at >= 0 && text.charAt(at) == 255 && (text.charAt(at + 1) == 251 || text.charAt(at + 1) == 253)) {
                say("\u00ff" + (text.charAt(at + 1) == 251 ? '\u00fe' : '\u00fc') + (char) b);
            }
        }
        return text.toString();
    }

    byte[] bytes(int count) throws IOException {
        return socket.getInputStream().readNBytes(count);
    }

    boolean hasMore() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
