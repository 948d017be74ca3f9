package decnet.db;

/**
 * How far a follower has come.
 *
 * @param seq the last event it has dealt with, 0 for none
 * @param position a place outside the database, in the follower's own form; may be empty
 */
public record Cursor(long seq, String position) {
    public static final Cursor START = new Cursor(0, "");
}
