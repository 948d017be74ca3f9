package decnet.db;

/** A search that cannot be read; the message says where, what was found and what is expected. */
public final class QuerySyntaxException extends IllegalArgumentException {
    private final int position;

    QuerySyntaxException(int position, String message) {
        super("query, character " + (position + 1) + ": " + message);
        this.position = position;
    }

    /** Index of the character at fault, from 0. */
    public int position() {
        return position;
    }
}
