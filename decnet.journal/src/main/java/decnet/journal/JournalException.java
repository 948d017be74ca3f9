package decnet.journal;

/** A journal or blob cannot be read or written: the disk is full, rights are missing, a file is damaged. */
public final class JournalException extends RuntimeException {
    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }

    public JournalException(String message) {
        super(message);
    }
}
