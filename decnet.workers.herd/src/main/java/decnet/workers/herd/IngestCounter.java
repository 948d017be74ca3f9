package decnet.workers.herd;

import decnet.core.CounterName;

/** What ingest counts. */
public enum IngestCounter implements CounterName {
    /** Events that are in the database now. */
    EVENTS("ingest_events_total"),
    /** Transactions that brought them there. */
    BATCHES("ingest_batches_total"),
    /** Events that were there already: normal after a restored backup or a copied journal, else a sign of two ingests. */
    DUPLICATES("ingest_duplicates_total"),
    /** Lines that became dead letters: {@code select * from dead_letter} says why. */
    DEAD_LETTERS("ingest_dead_letters_total"),
    /** Events that claimed a time out of all bounds and were given that of their recording. Rising: a source's clock is wrong. */
    TIMES_HELD("ingest_times_held_total"),
    /** Sessions that were ended here, as nobody else did: idle, or lost with their process. */
    SESSIONS_ENDED("ingest_sessions_ended_total"),
    /** Dead letters that became events when tried again. */
    LETTERS_REVIVED("ingest_letters_revived_total"),
    /** Times a journal could not be read; the others go on and it is tried again. Rising: look at its folder and its disk. */
    JOURNAL_FAILURES("ingest_journal_failures_total"),
    /** Batches that were refused and tried again in smaller parts. */
    RETRIES("ingest_retries_total"),
    /** Times the database was away or refused: the journal keeps what waits. */
    STORE_FAILURES("ingest_store_failures_total"),
    /** Events that the bus heard of only as a number, since many came at once. */
    NEWS_SUMMARISED("ingest_news_summarised_total");

    private final String label;

    IngestCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
