package decnet.workers.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where key and certificates of one end lie, in PEM.
 *
 * @param certificate own certificate and key; empty: none is shown
 * @param authorities whom to trust; empty: the platform's list
 * @param revocations who is trusted no longer; a file that does not exist revokes nobody
 */
record TlsFiles(Optional<Own> certificate, Optional<Path> authorities, Optional<Path> revocations) {
    /** A certificate (with what lies between it and the authority) and its key. */
    record Own(Path certificate, Path key) {}

    /** When each file was last changed: another value means that something is to be read again. */
    List<String> stamp() {
        List<Path> files = new ArrayList<>();
        certificate.ifPresent(own -> {
            files.add(own.certificate());
            files.add(own.key());
        });
        authorities.ifPresent(files::add);
        revocations.ifPresent(files::add);
        return files.stream().map(TlsFiles::stamp).toList();
    }

    private static String stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file);
        } catch (IOException e) {
            return "none";
        }
    }
}
