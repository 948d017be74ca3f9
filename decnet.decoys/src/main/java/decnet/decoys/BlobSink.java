package decnet.decoys;

import java.util.Optional;

/** Where uploads and recordings go. Thread-safe; may block, so the engine calls it from its work threads only. */
@FunctionalInterface
public interface BlobSink {
    /** @return SHA-256 in hex; empty if it could not be kept */
    Optional<String> store(Payload content);
}
