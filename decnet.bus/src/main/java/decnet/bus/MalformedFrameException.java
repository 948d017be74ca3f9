package decnet.bus;

/** What came in does not follow the grammar of {@link FrameDecoder}, or exceeds a limit; the connection must end. */
public final class MalformedFrameException extends RuntimeException {
    MalformedFrameException(String message) {
        super(message);
    }
}
