package decnet.journal;

import decnet.core.CounterName;

/** Counters of journals and blobs. */
public enum JournalCounter implements CounterName {
    /** Events appended and synced. */
    EVENTS_WRITTEN("journal_events_written_total"),
    /** Writes that failed, mostly for want of disk space; they are retried. Rising: make room. */
    WRITE_FAILURES("journal_write_failures_total"),
    /** Events refused as the queue in front of the writer was full; the producer slows down. */
    QUEUE_REFUSALS("journal_queue_refusals_total"),
    /** Segments deleted at the size cap although a reader had not passed them: events lost. Raise {@code journal.max-size}. */
    SEGMENTS_DROPPED_UNREAD("journal_segments_dropped_unread_total"),
    /** Lines that are not events. Rising: somebody else writes into the folder. */
    BAD_LINES("journal_bad_lines_total"),
    /** Times a writer found bytes in its segment that it had not written, and stepped over them. Rising: find out who writes there. */
    FOREIGN_WRITES("journal_foreign_writes_total"),
    /** Segments a reader found missing and stepped over. */
    GAPS("journal_gaps_total"),
    /** Blobs deleted as {@code retention.blobs} had passed. */
    BLOBS_EXPIRED("journal_blobs_expired_total"),
    /** Blobs deleted early, the oldest first, as a new one needed room. Rising: raise {@code journal.blob-quota}. */
    BLOBS_EVICTED("journal_blobs_evicted_total"),
    /** Blobs refused as even without all others they did not fit. Raise {@code journal.blob-quota}. */
    BLOBS_REFUSED("journal_blobs_refused_total"),
    /** Bytes cut off from blobs that were longer than a blob may be. */
    BLOB_BYTES_CUT("journal_blob_bytes_cut_total");

    private final String label;

    JournalCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
