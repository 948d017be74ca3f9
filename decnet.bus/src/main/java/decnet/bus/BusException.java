package decnet.bus;

/** The broker cannot work where it was told to: socket taken, folder missing, address in use. The message says what to do. */
public final class BusException extends RuntimeException {
    public BusException(String message) {
        super(message);
    }

    public BusException(String message, Throwable cause) {
        super(message, cause);
    }
}
