package decnet.decoys.telnet;

import decnet.topology.Distribution;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The program that asks for name and password, and its words. Stateless. */
enum LoginProgram {
    /** Debian and Ubuntu. */
    SHADOW(5, "\r\nLogin incorrect\r\n", "Maximum number of tries exceeded (5)\r\n", ".", 2600, 700),
    /** The relatives of Red Hat. */
    UTIL_LINUX(3, "Login incorrect\r\n\r\n", "", "", 1600, 900),
    BUSYBOX(3, "Login incorrect\r\n", "", "", 3000, 20);

    /** After it whoever has not logged in is sent away. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int tries;
    private final String incorrect;
    private final String farewell;
    private final String stop;
    private final int delayMillis;
    private final int spreadMillis;

    LoginProgram(int tries, String incorrect, String farewell, String stop, int delayMillis, int spreadMillis) {
        this.tries = tries;
        this.incorrect = incorrect;
        this.farewell = farewell;
        this.stop = stop;
        this.delayMillis = delayMillis;
        this.spreadMillis = spreadMillis;
    }

    static LoginProgram of(Distribution os) {
        if (os.shell().equals("ash")) {
            return BUSYBOX;
        }
        return os.id().equals("debian") || os.id().equals("ubuntu") ? SHADOW : UTIL_LINUX;
    }

    /** How often a visitor may be wrong. */
    int tries() {
        return tries;
    }

    String incorrect() {
        return incorrect;
    }

    /** What follows the last {@link #incorrect}. */
    String farewell() {
        return farewell;
    }

    String timedOut() {
        return "\r\nLogin timed out after " + PATIENCE.toSeconds() + " seconds" + stop + "\r\n";
    }

    Duration delay(RandomGenerator random) {
        return Duration.ofMillis(delayMillis + random.nextInt(spreadMillis));
    }

    /** Whether an empty name is asked for a password too. */
    boolean takesEmptyNames() {
        return this == SHADOW;
    }

    /** Whether the end of the file at the prompt is only one more wrong try. */
    boolean outlivesEndOfFile() {
        return this == SHADOW;
    }
}
