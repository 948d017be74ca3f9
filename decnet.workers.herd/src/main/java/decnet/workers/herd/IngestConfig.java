package decnet.workers.herd;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.time.Duration;
import java.util.List;

/**
 * Settings of {@code ingest}: keys below {@code ingest}.
 *
 * @param batch most events of one transaction
 * @param futureBound an event that says it happened later than this after it was recorded counts as happened when recorded
 * @param pastBound likewise for one that says it happened longer than this before
 * @param sessionIdle events without a session id from one source to one target within this time are one session
 * @param sessionLost a session with an id that shows nothing for so long is taken for ended
 */
public record IngestConfig(
        int batch, Duration futureBound, Duration pastBound, Duration sessionIdle, Duration sessionLost) {
    static final ConfigKey<Integer> BATCH =
            ConfigKey.intValue("ingest.batch", 4000, 100, 10_000, "most events ingest stores in one transaction");
    static final ConfigKey<Duration> FUTURE_BOUND = ConfigKey.duration(
            "ingest.future-bound",
            "5m",
            "an event that claims a time later than this after it was recorded gets the time of its recording");
    static final ConfigKey<Duration> PAST_BOUND = ConfigKey.duration(
            "ingest.past-bound",
            "400d",
            "an event that claims a time earlier than this before it was recorded gets the time of its recording;"
                    + " imported ones keep theirs");
    static final ConfigKey<Duration> SESSION_IDLE = ConfigKey.duration(
            "ingest.session-idle",
            "10m",
            "events without a session id, from one source to one target, with less than this between them are one"
                    + " session");
    static final ConfigKey<Duration> SESSION_LOST = ConfigKey.duration(
            "ingest.session-lost", "24h", "a session that shows nothing for so long is taken for ended");

    public static IngestConfig from(Config config) {
        return new IngestConfig(
                config.get(BATCH),
                config.get(FUTURE_BOUND),
                config.get(PAST_BOUND),
                config.get(SESSION_IDLE),
                config.get(SESSION_LOST));
    }

    /** The keys above. */
    public static final class Schema implements ConfigSchema {
        public Schema() {}

        @Override
        public List<ConfigKey<?>> keys() {
            return List.of(BATCH, FUTURE_BOUND, PAST_BOUND, SESSION_IDLE, SESSION_LOST);
        }
    }
}
