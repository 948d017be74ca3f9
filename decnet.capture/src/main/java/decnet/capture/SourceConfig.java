package decnet.capture;

import decnet.core.ByteSize;
import decnet.core.DeckyName;
import decnet.core.OptionLine;
import decnet.formats.LogReader;
import decnet.formats.LogReaders;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One channel of {@code collect}: key {@code collect.source.NAME}, whose value is the format of the lines and options.
 *
 * <pre>
 * collect.source.honey  = cowrie file=/srv/cowrie/log/cowrie.json decky=web-07 backfill=yes
 * collect.source.canary = opencanary journald=opencanary.service decky=files-02
 * collect.source.ids    = suricata file=/var/log/suricata/eve.json decky=wire
 * collect.source.lab    = cowrie container=cowrie decky=lab-01
 * collect.source.router = syslog udp=192.0.2.1:5140 decky=router
 * collect.source.rack   = syslog tls=0.0.0.0:6514 cert=… key=… ca=… decky=rack
 * </pre>
 *
 * @param name the last part of the key
 * @param decky the machine whose events they are, whatever the lines claim
 * @param service of events that name none
 * @param reader of the lines
 * @param channel how they come
 * @param place file, unit, container or address
 * @param rate most events a second
 * @param maxLine longest line in bytes
 * @param queueBytes most bytes that wait, of channels that cannot be asked to wait
 * @param backfill whether older files of the same name are read first
 * @param fromEnd whether only what is new is read of a file that is there at the first start
 * @param tls files for {@link Channel#TLS}; empty for all others
 */
public record SourceConfig(
        String name,
        DeckyName decky,
        String service,
        LogReader reader,
        Channel channel,
        String place,
        int rate,
        int maxLine,
        long queueBytes,
        boolean backfill,
        boolean fromEnd,
        Optional<Tls> tls) {
    private static final Set<String> COMMON = Set.of("decky", "service", "rate", "max-line");
    private static final int DEFAULT_RATE = 5000;
    private static final int MOST_LINE = 1 << 20;
    private static final long LEAST_QUEUE = 1 << 10;
    private static final long MOST_QUEUE = 1 << 30;

    /** How lines come. */
    public enum Channel {
        FILE,
        CONTAINER,
        JOURNALD,
        UNIX,
        UDP,
        TCP,
        TLS;

        String option() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Files in PEM. @param ca whose clients are accepted; empty: anybody's */
    public record Tls(Path cert, Path key, Optional<Path> ca) {}

    /** @throws IllegalArgumentException saying what is expected */
    static SourceConfig of(String name, OptionLine line) {
        List<Channel> channels = List.of(Channel.values()).stream()
                .filter(channel -> line.option(channel.option()).isPresent())
                .toList();
        if (channels.size() != 1) {
            throw new IllegalArgumentException(line.kind()
                    + " needs one of file=, container=, journald=, unix=, udp=, tcp= and tls= to say where lines come"
                    + " from");
        }
        Channel channel = channels.getFirst();
        Set<String> allowed = new HashSet<>(COMMON);
        allowed.add(channel.option());
        switch (channel) {
            case FILE, CONTAINER -> allowed.addAll(Set.of("backfill", "from", "docker-root"));
            case JOURNALD -> allowed.add("queue");
            case TLS -> allowed.addAll(Set.of("cert", "key", "ca", "queue"));
            default -> allowed.add("queue");
        }
        line.allow(allowed);
        int maxLine = (int) line.byteSize("max-line", ByteSize.kib(64)).bytes();
        if (maxLine < 128 || maxLine > MOST_LINE) {
            throw new IllegalArgumentException("option max-line: expected 128 to 1m");
        }
        long queue = line.byteSize("queue", ByteSize.mib(4)).bytes();
        if (queue < LEAST_QUEUE || queue > MOST_QUEUE) {
            throw new IllegalArgumentException("option queue: expected 1k to 1g");
        }
        LogReader reader = LogReaders.named(line.kind(), new ByteSize(maxLine))
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown format " + line.kind() + "; known: " + String.join(", ", LogReaders.names())));
        String place = line.required(channel.option());
        return new SourceConfig(
                name,
                new DeckyName(line.required("decky")),
                line.option("service").orElse(reader.defaultService()),
                reader,
                channel,
                channel == Channel.CONTAINER
                        ? line.option("docker-root").orElse("/var/lib/docker") + "\n" + place
                        : place,
                line.number("rate", DEFAULT_RATE, 1, 1_000_000),
                maxLine,
                queue,
                oneOf(line, "backfill", "no", "yes"),
                oneOf(line, "from", "start", "end"),
                channel == Channel.TLS
                        ? Optional.of(new Tls(
                                Path.of(line.required("cert")),
                                Path.of(line.required("key")),
                                line.option("ca").map(Path::of)))
                        : Optional.empty());
    }

    /** Whether it is {@code other} and not {@code usual}. */
    private static boolean oneOf(OptionLine line, String option, String usual, String other) {
        String value = line.option(option).orElse(usual);
        if (!value.equals(usual) && !value.equals(other)) {
            throw new IllegalArgumentException("option " + option + ": expected " + usual + " or " + other);
        }
        return value.equals(other);
    }

    /** The name of its checkpoints. */
    String checkpoint() {
        return "source." + name;
    }
}
