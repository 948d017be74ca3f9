package decnet.journal;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.ByteSize;
import decnet.core.Counters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlobStoreTest {
    @TempDir
    private Path folder = Path.of("replaced");

    private final Counters counters = new Counters();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T12:00:00Z"));

    private BlobStore open(long quota) {
        return BlobStore.open(folder, new ByteSize(quota), Duration.ofDays(90), now::get, counters);
    }

    private String store(BlobStore store, String content) {
        try (BlobWriter writer = store.create(new ByteSize(1000))) {
            writer.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII)));
            now.updateAndGet(at -> at.plusSeconds(1));
            return writer.commit().orElseThrow().sha256();
        }
    }

    private boolean there(String sha256) {
        return BlobStore.find(folder, sha256).isPresent();
    }

    @Test
    void aNewBlobTakesTheRoomOfTheOldestAndWhatCameAgainIsYoung() {
        BlobStore store = open(130);
        String first = store(store, "a".repeat(40));
        String second = store(store, "b".repeat(40));
        store(store, "a".repeat(20) + "a".repeat(20));

        String third = store(store, "c".repeat(60));

        assertThat(there(first)).isTrue();
        assertThat(there(second)).isFalse();
        assertThat(there(third)).isTrue();
        assertThat(counters.value(JournalCounter.BLOBS_EVICTED)).isEqualTo(1);
        assertThat(counters.value(JournalCounter.BLOBS_REFUSED)).isZero();
    }

    @Test
    void whatIsBeingWrittenIsNeverEvicted() {
        BlobStore store = open(100);
        try (BlobWriter draft = store.create(new ByteSize(1000))) {
            draft.write(ByteBuffer.wrap(new byte[80]));
            String old = store(store, "a".repeat(15));
            try (BlobWriter large = store.create(new ByteSize(1000))) {
                large.write(ByteBuffer.wrap(new byte[50]));
                assertThat(large.commit()).isEmpty();
            }
            assertThat(there(old)).isTrue();
            assertThat(draft.commit()).isPresent();
        }
        assertThat(counters.value(JournalCounter.BLOBS_REFUSED)).isEqualTo(1);
    }

    @Test
    void anOldBlobGoesWithinTheHourAndAtTheNextStart() {
        BlobStore store = open(100);
        String old = store(store, "old");
        now.updateAndGet(at -> at.plus(Duration.ofDays(89)));
        String young = store(store, "young");
        assertThat(there(old)).isTrue();

        now.updateAndGet(at -> at.plus(Duration.ofDays(2)));
        String newest = store(store, "new");

        assertThat(there(old)).isFalse();
        assertThat(there(young)).isTrue();
        now.updateAndGet(at -> at.plus(Duration.ofDays(88)));
        BlobStore again = open(100);
        assertThat(there(young)).isFalse();
        assertThat(there(newest)).isTrue();
        assertThat(counters.value(JournalCounter.BLOBS_EXPIRED)).isEqualTo(2);
        store(again, "d".repeat(98));
        assertThat(there(newest)).isFalse();
    }
}
