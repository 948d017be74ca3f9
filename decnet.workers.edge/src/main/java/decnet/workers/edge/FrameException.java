package decnet.workers.edge;

/** What a peer sent is not what was agreed; its connection ends. The text is for our log, safe to be shown. */
final class FrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FrameException(String message) {
        super(message);
    }

    FrameException(String message, Throwable cause) {
        super(message, cause);
    }
}
