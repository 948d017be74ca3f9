package decnet.core;

/** A line is not an event line; {@link #offset} tells where it stopped making sense (characters from its start). */
public final class MalformedLineException extends RuntimeException {
    private final int offset;

    MalformedLineException(String what, int offset) {
        super(what + " at character " + offset);
        this.offset = offset;
    }

    MalformedLineException(String what, int offset, Throwable cause) {
        super(what + " at character " + offset, cause);
        this.offset = offset;
    }

    public int offset() {
        return offset;
    }
}
