package decnet.topology;

import java.util.Locale;

/**
 * Something that is wrong with a topology.
 *
 * @param code stable name of the rule, as {@code IP_COLLISION}: {@code docs/topologies.md} lists them
 * @param message for a person: what is wrong, and what to do
 * @param target what it is about: {@code lan office-01}, {@code decky lab-nas-01}, {@code topology}
 */
public record Issue(Severity severity, String code, String message, String target) {
    /** How bad it is. */
    public enum Severity {
        /** It cannot be deployed. */
        ERROR,
        /** It can be deployed, and is probably not what was meant. */
        WARNING;

        /** {@code error}. */
        public String slug() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean error() {
        return severity == Severity.ERROR;
    }

    /** In one line. */
    @Override
    public String toString() {
        return severity.slug() + " " + code + " " + target + ": " + message;
    }
}
