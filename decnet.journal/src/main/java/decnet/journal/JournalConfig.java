package decnet.journal;

import decnet.core.ByteSize;
import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.time.Duration;
import java.util.List;

/**
 * Settings of journals and blobs: keys below {@code journal}.
 *
 * @param segmentSize a segment of this size is closed
 * @param segmentAge a segment of this age is closed
 * @param maxSize most bytes of one journal; beyond it the oldest segment goes, read or not
 * @param queueLength events that may wait for the writer
 * @param blobQuota most bytes of all blobs together; beyond it the oldest go
 * @param blobAge how long a blob is kept after it was last stored
 */
public record JournalConfig(
        ByteSize segmentSize,
        Duration segmentAge,
        ByteSize maxSize,
        int queueLength,
        ByteSize blobQuota,
        Duration blobAge) {
    static final ConfigKey<ByteSize> SEGMENT_SIZE =
            ConfigKey.byteSize("journal.segment-size", "16m", "a journal segment of this size is closed");
    static final ConfigKey<Duration> SEGMENT_AGE =
            ConfigKey.duration("journal.segment-age", "1h", "a journal segment of this age is closed");
    static final ConfigKey<ByteSize> MAX_SIZE = ConfigKey.byteSize(
            "journal.max-size", "1g", "most bytes of one journal; beyond it the oldest segment goes, read or not");
    static final ConfigKey<Integer> QUEUE_LENGTH = ConfigKey.intValue(
            "journal.queue-length", 8192, 16, 1_000_000, "events that may wait for the journal's writer");
    static final ConfigKey<ByteSize> BLOB_QUOTA = ConfigKey.byteSize(
            "journal.blob-quota", "2g", "most bytes of all recordings and uploads together; beyond it the oldest go");
    static final ConfigKey<Duration> BLOB_AGE =
            ConfigKey.duration("retention.blobs", "90d", "how long recordings and uploads are kept");

    /** @throws IllegalArgumentException if a segment may be larger than the whole journal */
    public JournalConfig {
        if (segmentSize.bytes() < 4096 || segmentSize.bytes() > maxSize.bytes()) {
            throw new IllegalArgumentException("journal.segment-size: " + segmentSize
                    + " is not between 4k and journal.max-size (" + maxSize + ")");
        }
    }

    public static JournalConfig from(Config config) {
        return new JournalConfig(
                config.get(SEGMENT_SIZE),
                config.get(SEGMENT_AGE),
                config.get(MAX_SIZE),
                config.get(QUEUE_LENGTH),
                config.get(BLOB_QUOTA),
                config.get(BLOB_AGE));
    }

    /** The keys above. */
    public static final class Schema implements ConfigSchema {
        public Schema() {}

        @Override
        public List<ConfigKey<?>> keys() {
            return List.of(SEGMENT_SIZE, SEGMENT_AGE, MAX_SIZE, QUEUE_LENGTH, BLOB_QUOTA, BLOB_AGE);
        }
    }
}
