/**
 * Append-only event files with cursors, and the store of blobs: how events travel from process to process without being lost.
 *
 * <p>Start at {@link decnet.journal.JournalWriter} and {@link decnet.journal.JournalReader}. A journal is a folder of plain text,
 * one RFC 5424 line per event, written by one process and read by any number.
 */
@org.jspecify.annotations.NullMarked
module decnet.journal {
    requires static transitive org.jspecify;
    requires transitive decnet.core;

    exports decnet.journal;
    provides decnet.core.ConfigSchema with decnet.journal.JournalConfig.Schema;
}
