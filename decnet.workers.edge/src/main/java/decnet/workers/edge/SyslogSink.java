package decnet.workers.edge;

import decnet.core.Event;
import decnet.core.EventLine;
import decnet.formats.EventFormat;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Syslog to a server over TLS (RFC 5425) or TCP (RFC 6587 section 3.4.1), octet-counted. The protocol knows no acknowledgement: after each
 * batch the connection is looked at, so that one which the server has closed is noticed, but what was under way then can be lost.
 */
final class SyslogSink implements Sink {
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final int LOOK_MILLIS = 5;

    private final Socket socket;
    private final FrameWriter out;
    private final EventFormat format;
    private final HostPort to;

    private SyslogSink(Socket socket, HostPort to, EventFormat format) throws IOException {
        this.socket = socket;
        this.to = to;
        this.format = format;
        this.out = new FrameWriter(socket.getOutputStream());
    }

    /** @param tls empty: TCP, unprotected */
    static SyslogSink connect(HostPort to, Optional<TlsSource> tls, EventFormat format) throws IOException {
        TlsIdentity identity = tls.isPresent() ? tls.get().identity() : null;
        Socket socket = RelayLink.connect(to);
        try {
            return new SyslogSink(
                    identity == null ? socket : RelayLink.secure(socket, to, identity, HANDSHAKE), to, format);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void deliver(List<Event> events) throws IOException {
        for (Event event : events) {
            out.write(line(event).getBytes(StandardCharsets.UTF_8));
        }
        out.flush();
        socket.setSoTimeout(LOOK_MILLIS);
        try {
            if (socket.getInputStream().read() < 0) {
                throw new IOException(to + " has closed the connection");
            }
        } catch (SocketTimeoutException stillOpen) {
            return;
        }
    }

    private String line(Event event) {
        if (format.name().equals("decnet")) {
            return format.format(event);
        }
        String own = EventLine.format(event.withFields(java.util.Map.of()));
        // header as ours, without structured data; the byte order mark says UTF-8 (RFC 5424 section 6.4)
        return own.substring(0, own.indexOf('[')) + "- \ufeff" + format.format(event);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
