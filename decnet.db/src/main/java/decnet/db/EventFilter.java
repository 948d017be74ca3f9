package decnet.db;

import java.net.InetAddress;
import java.util.Optional;

/** Which events: those that agree with everything given. */
public record EventFilter(
        Optional<InetAddress> source, Optional<String> decky, Optional<String> service, Optional<String> type) {
    public static EventFilter all() {
        return new EventFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static EventFilter from(InetAddress source) {
        return new EventFilter(Optional.of(source), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public EventFilter ofType(String name) {
        return new EventFilter(source, decky, service, Optional.of(name));
    }
}
