package decnet.formats;

import decnet.core.ByteSize;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
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

    private static final int MOST = 8 << 20;
    /** Members by which a kind is known, the surest first. */
    private static final Map<String, List<String>> SIGNS = signs();

    private LogReaders() {}

    private static Map<String, List<String>> signs() {
        Map<String, List<String>> signs = new LinkedHashMap<>();
        signs.put("cowrie", List.of("eventid", "timestamp"));
        signs.put("opencanary", List.of("logtype", "node_id"));
        signs.put("journald", List.of("__CURSOR"));
        signs.put("decnet", List.of("decky", "service", "type", "at"));
        signs.put("conpot", List.of("data_type", "sensorid"));
        signs.put("heralding", List.of("session_id", "auth_attempts"));
        signs.put("dionaea", List.of("connection", "src_ip", "timestamp"));
        signs.put("suricata", List.of("event_type", "timestamp"));
        signs.put("qeeqbox", List.of("server", "action"));
        signs.put("beelzebub", List.of("Protocol", "Status"));
        return signs;
    }

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
        int most = (int) Math.min(maxLine.bytes(), MOST);
        return Optional.ofNullable(ALL.get(name)).map(reader -> reader.apply(most));
    }

    /**
     * Which kind of log a line is of, judged by the members that only this kind has.
     *
     * @return a name of {@link #names}, or {@code decnet} for lines that {@link OwnLine} reads; empty if it could be anything
     */
    public static Optional<String> recognize(byte[] line) {
        if (JsonLine.isBlank(line)) {
            return Optional.empty();
        }
        if (line[0] == '<') {
            boolean ours = new String(line, StandardCharsets.UTF_8).contains("[" + SyslogReader.OUR_ELEMENT)
                    || new String(line, StandardCharsets.UTF_8).contains("[checkpoint@32473");
            return Optional.of(ours ? "decnet" : "syslog");
        }
        JsonLine json;
        try {
            json = JsonLine.parse(line, MOST);
        } catch (decnet.core.MalformedLineException e) {
            return Optional.empty();
        }
        return SIGNS.entrySet().stream()
                .filter(sign -> sign.getValue().stream().allMatch(name -> json.peek(name) != null))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
