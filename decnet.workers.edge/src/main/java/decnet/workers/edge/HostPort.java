package decnet.workers.edge;

import decnet.core.Snippet;

/** A host name or address, and a port. Text form {@code host:port}, {@code [v6]:port}. */
record HostPort(String host, int port) {
    /** @throws IllegalArgumentException if it is not of the text form, or the port not 0 to 65535 */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon > 0 && text.length() < 300) {
            String host = text.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (port >= 0 && port <= 65_535 && !host.isEmpty()) {
                    return new HostPort(host, port);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("expected host:port, found " + Snippet.of(text), e);
            }
        }
        throw new IllegalArgumentException("expected host:port, found " + Snippet.of(text));
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
