package decnet.formats;

import decnet.core.ByteSize;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Every kind of foreign log that can be read, by name. */
public final class LogReaders {
    /** Longest line a reader accepts unless told otherwise. */
    public static final ByteSize DEFAULT_MAX_LINE = ByteSize.mib(1);

    private static final Map<String, IntFunction<LogReader>> ALL = Map.of(
            "cowrie", CowrieReader::new,
            "opencanary", OpenCanaryReader::new,
            "dionaea", DionaeaReader::new,
            "suricata", SuricataReader::new,
            "syslog", SyslogReader::new,
            "journald", JournaldReader::new,
            "conpot", ConpotReader::new,
            "heralding", HeraldingReader::new,
            "qeeqbox", QeeqBoxReader::new,
            "beelzebub", BeelzebubReader::new);

    private LogReaders() {}

    /** All names, in order. */
    public static SortedSet<String> names() {
        return new TreeSet<>(ALL.keySet());
    }

    /** The reader of that name for lines of at most {@link #DEFAULT_MAX_LINE}; empty if there is none. */
    public static Optional<LogReader> named(String name) {
        return named(name, DEFAULT_MAX_LINE);
    }

    /** @param maxLine longest line it accepts, at most 8 MiB */
    public static Optional<LogReader> named(String name, ByteSize maxLine) {
        int most = (int) Math.min(maxLine.bytes(), 8 << 20);
        return Optional.ofNullable(ALL.get(name)).map(reader -> reader.apply(most));
    }
}
