package decnet.decoys.http;

/** A request that the server refuses to understand. */
final class HttpSyntaxException extends RuntimeException {
    private final int status;

    HttpSyntaxException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
