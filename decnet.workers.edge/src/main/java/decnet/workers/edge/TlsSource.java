package decnet.workers.edge;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link TlsIdentity} as new as its files. Nothing of TLS is loaded before the first question. Files that become unusable leave
 * the former identity in force, with a warning. Thread-safe.
 */
final class TlsSource {
    private static final System.Logger LOG = System.getLogger(TlsSource.class.getName());

    private final TlsFiles files;
    private List<String> stamp = List.of();
    private @Nullable TlsIdentity identity;

    TlsSource(TlsFiles files) {
        this.files = files;
    }

    /** @throws IOException if the files have never been usable so far */
    synchronized TlsIdentity identity() throws IOException {
        List<String> now = files.stamp();
        TlsIdentity known = identity;
        if (known != null && now.equals(stamp)) {
            return known;
        }
        try {
            TlsIdentity loaded = TlsIdentity.load(files);
            if (known != null) {
                LOG.log(INFO, () -> "certificates read again");
            }
            identity = loaded;
            stamp = now;
            return loaded;
        } catch (IOException e) {
            if (known == null) {
                throw e;
            }
            stamp = now;
            LOG.log(WARNING, () -> "changed certificates are not used: " + e.getMessage());
            return known;
        }
    }
}
