package decnet.db;

import org.jdbi.v3.core.Handle;

/** The tables, within one transaction. Not to be kept or used by another thread. */
public final class Transaction {
    private final Handle handle;

    Transaction(Handle handle) {
        this.handle = handle;
    }

    public EventTable events() {
        return new EventTable(handle);
    }

    public EventPartitions partitions() {
        return new EventPartitions(handle);
    }

    public SessionTable sessions() {
        return new SessionTable(handle);
    }

    public CommandTable commands() {
        return new CommandTable(handle);
    }

    public CredentialTable credentials() {
        return new CredentialTable(handle);
    }

    public UploadTable uploads() {
        return new UploadTable(handle);
    }

    public AttackerTable attackers() {
        return new AttackerTable(handle);
    }

    public TagTable tags() {
        return new TagTable(handle);
    }

    public CursorTable cursors() {
        return new CursorTable(handle);
    }

    public DeadLetterTable deadLetters() {
        return new DeadLetterTable(handle);
    }

    public DeckyTable deckies() {
        return new DeckyTable(handle);
    }

    public DeckyChangeTable deckyChanges() {
        return new DeckyChangeTable(handle);
    }

    public Pruning pruning() {
        return new Pruning(handle);
    }

    /**
     * Lets this commit return before it is on disk: a crash of the machine may undo it, whole, together with all later ones. For
     * work that can be done again from elsewhere; the next ordinary commit makes it durable too.
     */
    public void commitLazily() {
        handle.execute("set local synchronous_commit = off");
    }

    /** Runs {@code action} once the transaction is committed, and not otherwise. */
    public void afterCommit(Runnable action) {
        handle.afterCommit(action);
    }
}
