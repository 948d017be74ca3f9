package decnet.capture;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.ByteSize;
import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.Json;
import decnet.core.MalformedLineException;
import decnet.formats.DockerLog;
import decnet.runtime.WorkerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens what the settings name. */
final class Sources {
    private static final int MOST_CONTAINERS = 1000;
    private static final long MOST_CONFIG_BYTES = 1 << 20;

    private Sources() {}

    /** Our decoys, and every channel that is set up. @param checkpoints what was last said of each */
    static List<Source> open(CollectConfig config, Map<String, String> checkpoints, WorkerContext context) {
        List<Source> sources = new ArrayList<>();
        for (String own : DecoysSource.NAMES) {
            sources.add(new DecoysSource(
                    own, context.places(), Optional.ofNullable(checkpoints.get(own)), context.counters()));
        }
        for (SourceConfig channel : config.sources()) {
            sources.add(open(channel, Optional.ofNullable(checkpoints.get(channel.checkpoint())), context));
        }
        return sources;
    }

    private static Source open(SourceConfig config, Optional<String> position, WorkerContext context) {
        Counters counters = context.counters();
        var events = new LineEvents(config.name(), config.decky(), config.service(), config.reader(), counters);
        return switch (config.channel()) {
            case FILE -> new FileSource(config, () -> Path.of(config.place()), plain(events), position, counters);
            case CONTAINER ->
                new FileSource(config, () -> containerLog(config.place()), docker(config, events), position, counters);
            case JOURNALD -> new JournaldSource(config, "journalctl", events, position, context::wake, counters);
            case UNIX, UDP, TCP, TLS ->
                new SyslogSource(
                        config,
                        events,
                        (channel, queue) -> LogListener.open(channel, queue, counters),
                        context::wake,
                        counters);
        };
    }

    static FileSource.Lines plain(LineEvents events) {
        return (line, now) ->
                line.cut() ? List.of(events.tooLong(line.bytes(), now)) : events.of(line.bytes(), now, event -> event);
    }

    static FileSource.Lines docker(SourceConfig config, LineEvents events) {
        return new FileSource.Lines() {
            private DockerLog log = new DockerLog(new ByteSize(config.maxLine()));

            @Override
            public List<Event> events(LineSplitter.Line line, Instant now) {
                if (line.cut()) {
                    return List.of(events.tooLong(line.bytes(), now));
                }
                try {
                    return log.read(line.bytes())
                            .map(inner -> events.of(inner.line(), now, inner::complete))
                            .orElse(List.of());
                } catch (MalformedLineException e) {
                    return List.of(events.bad(line.bytes(), String.valueOf(e.getMessage()), now));
                }
            }

            @Override
            public boolean pending() {
                return log.pending();
            }

            @Override
            public void reset() {
                log = new DockerLog(new ByteSize(config.maxLine()));
            }
        };
    }

    /**
     * Where Docker logs a container, by its name or the beginning of its id; if there is none yet, a file that does not exist.
     *
     * @param place folder of Docker, line end, name
     */
    static Path containerLog(String place) {
        int end = place.indexOf('\n');
        Path containers = Path.of(place.substring(0, end), "containers");
        String name = place.substring(end + 1);
        try (Stream<Path> folders = Files.list(containers)) {
            for (Path folder : folders.limit(MOST_CONTAINERS).toList()) {
                String id = String.valueOf(folder.getFileName());
                if (id.startsWith(name) && name.length() >= 12 || name.equals(containerName(folder))) {
                    return folder.resolve(id + "-json.log");
                }
            }
        } catch (IOException e) {
            return containers.resolve(name); // the source says that it is not there
        }
        return containers.resolve(name);
    }

    private static String containerName(Path folder) {
        Path config = folder.resolve("config.v2.json");
        try {
            if (Files.size(config) > MOST_CONFIG_BYTES) {
                return "";
            }
            JsonNode name = Json.parseObject(Files.readAllBytes(config)).path("Name");
            return name.asText().startsWith("/") ? name.asText().substring(1) : name.asText();
        } catch (IOException | IllegalArgumentException e) {
            return ""; // being made or removed
        }
    }
}
