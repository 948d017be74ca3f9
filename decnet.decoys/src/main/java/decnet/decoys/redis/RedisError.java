package decnet.decoys.redis;

/** A command that is answered with an error. Its message is the whole answer, with its code. */
final class RedisError extends RuntimeException {
    static final String SYNTAX = "ERR syntax error";
    static final String WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
    static final String NOT_INTEGER = "ERR value is not an integer or out of range";
    static final String NOT_FLOAT = "ERR value is not a valid float";
    static final String FULL = "OOM command not allowed when used memory > 'maxmemory'.";

    RedisError(String answer) {
        super(answer, null, false, false);
    }

    static RedisError syntax() {
        return new RedisError(SYNTAX);
    }

    static RedisError wrongArity(String command) {
        return new RedisError("ERR wrong number of arguments for '" + command + "' command");
    }

    String answer() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
