package decnet.db;

/**
 * The version of the schema, beside the one this program was built for.
 *
 * @param found 0 if there is none yet
 * @param expected the newest migration of this build
 */
public record SchemaState(int found, int expected) {
    public boolean current() {
        return found == expected;
    }

    /** A sentence for the operator. */
    @Override
    public String toString() {
        if (current()) {
            return "the database has schema " + found;
        }
        return found < expected
                ? "the database has schema " + found + ", this program needs " + expected + ": run decnet db migrate"
                : "the database has schema " + found + ", this program knows only " + expected
                        + ": it is older than the database, update it";
    }
}
