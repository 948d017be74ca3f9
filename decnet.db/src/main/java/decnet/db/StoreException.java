package decnet.db;

import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The database is away, refuses, or is not what this program expects. Its message never shows bound values. */
public final class StoreException extends RuntimeException {
    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The five characters by which PostgreSQL names the error; empty if the server did not answer. */
    public Optional<String> sqlState() {
        return Optional.ofNullable(sqlState(this));
    }

    /** Whether the data sent is at fault, not the server: a malformed value (class 22), a violated constraint (23), or one too large (54). */
    public boolean isAboutData() {
        return sqlState()
                .filter(state -> state.startsWith("22") || state.startsWith("23") || state.startsWith("54"))
                .isPresent();
    }

    static @Nullable String sqlState(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return null;
    }

    /** The message of the server or driver itself, without what wrappers put around it. */
    static String reason(Throwable thrown) {
        Throwable last = thrown;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            last = cause;
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                break;
            }
        }
        String message = last.getMessage();
        return message == null ? last.toString() : message;
    }
}
