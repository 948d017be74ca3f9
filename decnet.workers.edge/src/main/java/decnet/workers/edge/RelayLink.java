package decnet.workers.edge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Opens TLS connections to others, and says in plain words why one could not be. Stateless. */
final class RelayLink {
    private static final int CONNECT_MILLIS = 10_000;
    /** What a peer tells by an alert (RFC 8446 section 6.2), by a part of the platform's text. */
    private static final Map<String, String> ALERTS = Map.of(
            "certificate_unknown",
            "it has refused our certificate as revoked, expired or foreign; its log says which."
                    + " Get a new one: decnet swarm ca issue",
            "unknown_ca",
            "it has refused our certificate: it does not know who issued it",
            "bad_certificate",
            "it has refused our certificate",
            "certificate_required",
            "it has refused us: it wants a certificate that its own authority has issued",
            "no_application_protocol",
            "it does not speak our protocol; is it a listener of DECNET?");

    private RelayLink() {}

    static Socket connect(HostPort to) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(to.host(), to.port()), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new IOException("cannot reach " + to + " (" + e.getMessage() + ")", e);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Makes {@code socket} a TLS connection whose far end is checked against {@code to}.
     *
     * @param protocols offered by ALPN, in order
     * @param handshake longest time it may take
     * @throws IOException if it fails; {@code socket} is closed then
     */
    static SSLSocket secure(Socket socket, HostPort to, TlsIdentity identity, Duration handshake, String... protocols)
            throws IOException {
        try {
            socket.setSoTimeout((int) handshake.toMillis());
            SSLSocket tls =
                    (SSLSocket) identity.context().getSocketFactory().createSocket(socket, to.host(), to.port(), true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 5425 section 5.2: the name is checked
            if (protocols.length > 0) {
                parameters.setApplicationProtocols(protocols);
                parameters.setProtocols(new String[] {"TLSv1.3"});
            }
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            tls.setSoTimeout(0);
            return tls;
        } catch (IOException e) {
            socket.close();
            throw new IOException("no TLS connection to " + to + ": " + explain(e), e);
        }
    }

    /** What a failure means, for an operator. */
    static String explain(Throwable e) {
        String text = String.valueOf(e.getMessage());
        if (e instanceof SocketTimeoutException) {
            return "no answer in time";
        }
        if (e instanceof SSLException) {
            for (Map.Entry<String, String> alert : ALERTS.entrySet()) {
                if (text.contains("Received fatal alert: " + alert.getKey())) {
                    return alert.getValue();
                }
            }
            String reason = ListenerConnection.reason(e);
            return reason.contains("terminated the handshake")
                    ? reason + "; it is no TLS server, or takes no more connections (listener.connections)"
                    : reason;
        }
        return text;
    }
}
