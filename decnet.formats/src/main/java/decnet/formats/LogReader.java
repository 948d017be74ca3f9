package decnet.formats;

import decnet.core.MalformedLineException;
import java.time.Instant;
import java.util.List;

/**
 * One kind of foreign log, read line by line. Stateless and thread-safe; no files, no clock.
 *
 * <p>A reader never decides which machine or sensor was touched: that is the channel's own knowledge. What the line claims about it is
 * kept in fields {@code claimed_…}. An event kind that the reader does not know is an event all the same.
 */
public interface LogReader {
    /** What it is called in settings, for example {@code cowrie}. */
    String name();

    /** The service of an event that names none, for example {@code ssh}. */
    String defaultService();

    /**
     * Reads one line.
     *
     * @param line without its end; a blank line and a lone line end give no events
     * @param receivedAt when the line came in, for forms that leave out the year
     * @return what it tells, in order; more than one if the line sums up a connection
     * @throws MalformedLineException if it is not a line of this kind or longer than the reader was told to accept
     */
    List<ForeignEvent> read(byte[] line, Instant receivedAt);
}
