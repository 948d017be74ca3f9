package decnet.decoys.http;

/** Bytes that are no request, or one that the server refuses before it looks for a page. */
final class HttpSyntaxException extends RuntimeException {
    private final int status;

    /** @param note what the server adds to its page, or why it is refused */
    HttpSyntaxException(int status, String note) {
        super(note, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String note() {
        String note = getMessage();
        return note == null ? "" : note;
    }
}
