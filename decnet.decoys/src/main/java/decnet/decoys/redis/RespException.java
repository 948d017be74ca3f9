package decnet.decoys.redis;

/** Bytes that are no request. Its message is what the server says about them. */
final class RespException extends RuntimeException {
    RespException(String said) {
        super(said, null, false, false);
    }

    String said() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
