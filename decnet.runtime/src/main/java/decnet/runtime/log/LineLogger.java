package decnet.runtime.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * One line per event on standard error, at most {@value #MAX_LENGTH} characters: time, level, last part of the logger's name, text.
 * Control characters are escaped, so that a stack trace or an attacker's text stays one line. The level comes from
 * {@code DECNET_LOG_LEVEL} (default info); what is not ours speaks from WARN up. Thread-safe.
 */
final class LineLogger extends LegacyAbstractLogger {
    private static final int MAX_LENGTH = 8192;
    private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);
    private static final Level OURS = level(System.getenv("DECNET_LOG_LEVEL"));

    private final transient Level least;

    LineLogger(String name) {
        this.name = name;
        this.least = least(name);
    }

    /** The ssh library logs what strangers send: each of them could fill the log. */
    private static Level least(String name) {
        if (name.startsWith("org.apache.sshd.") || name.startsWith("decnet.decoys.ssh.")) {
            return Level.ERROR;
        }
        return name.startsWith("decnet.") ? OURS : Level.WARN;
    }

    private static Level level(@Nullable String text) {
        if (text == null) {
            return Level.INFO;
        }
        try {
            return Level.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Level.INFO;
        }
    }

    private boolean enabled(Level level) {
        return level.toInt() >= least.toInt();
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String message,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        StringBuilder line = new StringBuilder(160);
        line.append(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .append(' ')
                .append(level)
                .append(' ');
        line.append(name, name.lastIndexOf('.') + 1, name.length()).append(' ');
        escape(line, String.valueOf(MessageFormatter.basicArrayFormat(message, arguments)));
        if (failure != null) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            escape(line.append(" | "), trace.toString().stripTrailing());
        }
        if (line.length() > MAX_LENGTH) {
            line.setLength(MAX_LENGTH);
            line.append('…');
        }
        byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        try {
            ERR.write(bytes); // one write: lines of several threads do not mix
        } catch (IOException e) {
            return; // nobody reads our log any more; there is no other place to say so
        }
    }

    private static void escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length() && line.length() <= MAX_LENGTH; i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line.append("\\n");
            } else if (c == '\t') {
                line.append(' ');
            } else if (Character.isISOControl(c)) {
                line.append(String.format("\\x%02x", (int) c));
            } else {
                line.append(c);
            }
        }
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return enabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return enabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return enabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return enabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return enabled(Level.ERROR);
    }
}
