package decnet.bus;

import decnet.core.Snippet;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a bus can be reached. */
sealed interface BusAddress {
    /** A socket of this host. */
    record Unix(Path socket) implements BusAddress {
        @Override
        public String toString() {
            return "unix:" + socket;
        }
    }

    /** A server of the network; the name is looked up at each connect. */
    record Tcp(String host, int port, boolean tls) implements BusAddress {
        @Override
        public String toString() {
            return (tls ? "tls://" : "nats://") + host + ":" + port;
        }
    }

    /** The port NATS servers use. */
    int NATS_PORT = 4222;

    /**
     * @param url as {@link BusKeys#URL} describes
     * @param local used if {@code url} is empty
     * @throws IllegalArgumentException if {@code url} is malformed
     */
    static List<BusAddress> parse(String url, Path local) {
        if (url.isEmpty()) {
            return List.of(new Unix(local));
        }
        if (url.startsWith("unix:")) {
            return List.of(new Unix(Path.of(url.substring("unix:".length()))));
        }
        boolean tls = url.startsWith("tls://");
        if (!tls && !url.startsWith("nats://")) {
            throw malformed(url);
        }
        List<BusAddress> addresses = new ArrayList<>();
        for (String part : url.substring(url.indexOf("//") + 2).split(",", -1)) {
            int scheme = part.indexOf("//");
            InetSocketAddress address = hostAndPort("bus.url", scheme < 0 ? part : part.substring(scheme + 2));
            addresses.add(new Tcp(address.getHostString(), address.getPort(), tls));
        }
        return List.copyOf(addresses);
    }

    /** Reads {@code HOST[:PORT]} or {@code [IPV6]:PORT}. */
    static InetSocketAddress hostAndPort(String key, String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > text.lastIndexOf(']');
        String host = hasPort ? text.substring(0, colon) : text;
        String port = hasPort ? text.substring(colon + 1) : Integer.toString(NATS_PORT);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new IllegalArgumentException(key + ": expected HOST:PORT, found " + Snippet.of(text));
        }
        return new InetSocketAddress(host, Integer.parseInt(port));
    }

    private static IllegalArgumentException malformed(String url) {
        return new IllegalArgumentException(
                "bus.url: expected unix:PATH, nats://HOST:PORT or tls://HOST:PORT, found " + Snippet.of(url));
    }
}
