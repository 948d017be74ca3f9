package decnet.workers.edge;

import decnet.core.Snippet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;

/** Posts to one server. The platform keeps connections open between requests. One owner thread. */
final class HttpTarget {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int READ_MILLIS = 60_000;
    private static final int MAX_ANSWER = 8 << 20;

    private final URI base;
    private final TlsSource tls;

    /**
     * What a server answered.
     *
     * @param text the body, cut at 8 MiB
     */
    record Answer(int status, String text) {
        /** @throws IOException unless it was 2xx: the server is busy, or refuses */
        Answer orThrow(URI from) throws IOException {
            if (status / 100 == 2) {
                return this;
            }
            String hint =
                    switch (status) {
                        case 401, 403 -> "; is the secret right?";
                        case 413 -> "; a smaller forwarder.batch helps";
                        case 429, 503 -> "; it is busy";
                        default -> "";
                    };
            throw new IOException(from.getHost() + " answers " + status + " " + Snippet.of(text) + hint);
        }
    }

    HttpTarget(URI base, TlsSource tls) {
        this.base = base;
        this.tls = tls;
    }

    URI base() {
        return base;
    }

    /** @param path below the base, beginning with a slash; used as it is if the base has no path of its own */
    Answer post(String path, Map<String, String> headers, byte[] body) throws IOException {
        String root = base.toString().replaceFirst("/+$", "");
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(root + path).toURL().openConnection();
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(tls.identity().context().getSocketFactory());
        }
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        headers.forEach(connection::setRequestProperty);
        connection.setFixedLengthStreamingMode(body.length);
        try {
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            int status = connection.getResponseCode();
            try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
                byte[] text = in == null ? new byte[0] : in.readNBytes(MAX_ANSWER);
                return new Answer(status, new String(text, java.nio.charset.StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            connection.disconnect();
            throw new IOException(base.getHost() + ": " + RelayLink.explain(e), e);
        }
    }
}
