package decnet.linux;

import java.io.IOException;

/** A system call that failed. */
public final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    /** @param what the call with what it was about, for a person */
    public SystemCallException(String what, int errno, String text) {
        super(what + ": " + text);
        this.errno = errno;
    }

    /** As {@code errno.h} numbers it. */
    public int errno() {
        return errno;
    }
}
