package decnet.workers.heavy;

/** A rule file is wrong; the message says what, for its author. */
final class MalformedRuleException extends RuntimeException {
    MalformedRuleException(String message) {
        super(message);
    }

    MalformedRuleException(String message, Throwable cause) {
        super(message, cause);
    }
}
