package decnet.decoys.shell;

import decnet.decoys.Line;
import decnet.decoys.Payload;
import java.util.Optional;

/**
 * What became of an attempt to connect.
 *
 * @param line present if it is open
 */
record Connected(Target.Outcome outcome, Optional<Line> line) implements AutoCloseable {
    boolean open() {
        return line.isPresent();
    }

    /** @param text Latin-1 of bytes */
    void send(String text) {
        line.ifPresent(one -> one.send(Payload.latin1(text)));
    }

    void end() {
        line.ifPresent(Line::end);
    }

    /** What the system says; empty if it is open. */
    String error() {
        return switch (outcome) {
            case OPEN -> "";
            case REFUSED -> "Connection refused";
            case TIMED_OUT -> "Connection timed out";
            case NO_ROUTE -> "No route to host";
        };
    }

    /** Ends the line, whatever is on its way. */
    void hangUp() {
        line.ifPresent(Line::close);
    }

    @Override
    public void close() {
        hangUp();
    }
}
