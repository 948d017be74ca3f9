package decnet.core;

/** A line is not in the form it should have; {@link #offset} tells where it stopped making sense (characters from its start). */
public final class MalformedLineException extends RuntimeException {
    private final int offset;

    /** @param what what is wrong, without the place */
    public MalformedLineException(String what, int offset) {
        super(what + " at character " + offset);
        this.offset = offset;
    }

    /** @param what what is wrong, without the place */
    public MalformedLineException(String what, int offset, Throwable cause) {
        super(what + " at character " + offset, cause);
        this.offset = offset;
    }

    public int offset() {
        return offset;
    }
}
