package decnet.decoys;

import decnet.topology.Decky;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Somebody at a machine's terminal, who has come by telnet as root. */
final class Visitor implements AutoCloseable {
    private final Socket socket = new Socket();
    private final StringBuilder seen = new StringBuilder();

    Visitor(Decky decky) throws IOException {
        int port = decky.services().stream()
                .filter(one -> one.slug().equals("telnet"))
                .findFirst()
                .orElseThrow()
                .port();
        socket.connect(new InetSocketAddress(decky.address(), port), 5000);
        socket.setSoTimeout(100);
        await("login: ");
        type("root\r\n");
        await("assword: ");
        type(password(decky) + "\r\n");
        await("# ");
    }

    static String password(Decky decky) {
        return decky.persona()
                .account("root")
                .orElseThrow()
                .password()
                .orElseThrow()
                .text();
    }

    void type(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads until {@code end} has come. @return everything up to it */
    String await(String end) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        for (long until = System.nanoTime() + 15_000_000_000L; System.nanoTime() - until < 0; ) {
            int at = seen.indexOf(end);
            if (at >= 0) {
                String text = seen.substring(0, at + end.length());
                seen.delete(0, at + end.length());
                return text;
            }
            try {
                int length = in.read(buffer);
                if (length < 0) {
                    break;
                }
                seen.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
            } catch (SocketTimeoutException e) {
                // nothing yet
            }
        }
        throw new AssertionError("no " + end + " in: " + seen);
    }

    String run(String command) throws IOException {
        type(command + "\r\n");
        await(command + "\r\n");
        return await("# ");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
