package decnet.bus;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A stream of bytes to the bus and back. One thread may read while another writes; closing ends both. */
sealed interface Link extends AutoCloseable {
    /** Waits for bytes; negative at the end. */
    int read(byte[] into) throws IOException;

    /** Writes all of it, waiting as long as the peer does not read. */
    void write(byte[] bytes, int length) throws IOException;

    @Override
    void close() throws IOException;

    /** Over a socket of this host. */
    final class UnixLink implements Link {
        private static final int BUFFER_BYTES = 16 * 1024;

        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

        UnixLink(BusAddress.Unix address) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(address.socket()));
        }

        @Override
        public int read(byte[] into) throws IOException {
            in.clear().limit(Math.min(into.length, in.capacity()));
            int length = channel.read(in);
            if (length > 0) {
                in.flip().get(into, 0, length);
            }
            return length;
        }

        @Override
        public void write(byte[] bytes, int length) throws IOException {
            for (int from = 0; from < length; from += out.capacity()) {
                out.clear()
                        .put(bytes, from, Math.min(out.capacity(), length - from))
                        .flip();
                while (out.hasRemaining()) {
                    channel.write(out);
                }
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Over TCP, in the clear or with TLS. */
    final class TcpLink implements Link {
        private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

        private final Socket socket;

        TcpLink(BusAddress.Tcp address) throws IOException {
            Socket made = new Socket();
            try {
                made.setTcpNoDelay(true);
                made.setKeepAlive(true);
                made.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_TIMEOUT_MILLIS);
            } catch (IOException e) {
                made.close();
                throw e;
            }
            socket = made;
        }

        private TcpLink(Socket socket) {
            this.socket = socket;
        }

        /** The same connection with TLS on it; the server must prove that it is {@code host}. */
        TcpLink withTls(SSLSocketFactory factory, BusAddress.Tcp address) throws IOException {
            SSLSocket secured = (SSLSocket) factory.createSocket(socket, address.host(), address.port(), true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            return new TcpLink(secured);
        }

        @Override
        public int read(byte[] into) throws IOException {
            InputStream in = socket.getInputStream();
            return in.read(into);
        }

        @Override
        public void write(byte[] bytes, int length) throws IOException {
            socket.getOutputStream().write(bytes, 0, length);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    static Link open(BusAddress address) throws IOException {
        // not a switch over types: that would spin classes in every process
        return address instanceof BusAddress.Tcp tcp ? new TcpLink(tcp) : new UnixLink((BusAddress.Unix) address);
    }
}
