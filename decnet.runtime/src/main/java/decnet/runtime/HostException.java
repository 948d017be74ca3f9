package decnet.runtime;

/** The host cannot start or go on; the message tells the operator what to do. */
public final class HostException extends RuntimeException {
    HostException(String message) {
        super(message);
    }

    HostException(String message, Throwable cause) {
        super(message, cause);
    }
}
