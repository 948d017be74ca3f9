package decnet.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import javax.net.SocketFactory;

/** Lets the PostgreSQL driver speak over a Unix-domain socket. The driver makes it by name (option {@code socketFactory}). */
public final class UnixSocketFactory extends SocketFactory {
    private final Path socket;

    /** @param path of the socket file (option {@code socketFactoryArg}) */
    public UnixSocketFactory(String path) {
        this.socket = Path.of(path);
    }

    @Override
    public Socket createSocket() throws IOException {
        return new UnixSocket(socket);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return connected();
    }

    private Socket connected() throws IOException {
        UnixSocket made = new UnixSocket(socket);
        made.connectNow();
        return made;
    }
}
