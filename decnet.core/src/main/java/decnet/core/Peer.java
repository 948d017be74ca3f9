package decnet.core;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** One end of a connection: an address and a port from 0 (not known) to 65535. */
public record Peer(InetAddress address, int port) {
    /** @throws IllegalArgumentException if the port is out of range */
    public Peer {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not from 0 to 65535");
        }
    }

    public static Peer of(InetSocketAddress socket) {
        return new Peer(socket.getAddress(), socket.getPort());
    }

    /** Parses literal text, never asking a name server. @throws IllegalArgumentException if the address is not a literal */
    public static Peer of(String literal, int port) {
        return new Peer(InetAddress.ofLiteral(literal), port);
    }

    @Override
    public String toString() {
        String host = address.getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]:" : host + ":") + port;
    }
}
