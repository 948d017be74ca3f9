package decnet.formats;

import decnet.core.Event;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every way to write an event for somebody else, by name. */
public final class EventFormats {
    private static final Map<String, EventFormat> ALL = List.of(
                    new JsonFormat("json", Event::toJson),
                    new CefFormat(),
                    new LeefFormat(),
                    new JsonFormat("ecs", EcsTree::of),
                    new JsonFormat("ocsf", OcsfTree::of))
            .stream()
            .collect(Collectors.toMap(EventFormat::name, Function.identity(), (one, other) -> one, TreeMap::new));

    private EventFormats() {}

    /** All names, in order. */
    public static SortedSet<String> names() {
        return new TreeSet<>(ALL.keySet());
    }

    /** The format of that name; empty if there is none. */
    public static Optional<EventFormat> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }
}
