package decnet.bus;

import decnet.core.Snippet;

/**
 * The one catalogue of topics. Each says what its payload holds; the names of the fields are the constants of {@link Field}.
 * Renaming a topic or field breaks subscribers, adding one does not; a subscriber ignores fields it does not know.
 */
public final class Topics {
    /** Payload: {@code component, text} and what the sender adds. A line worth an operator's look. */
    public static final Topic SYSTEM_LOG = new Topic("system.log");

    /** Payload: {@code attacker_ip, decky, service, event_type, first_seen}. The first sight of an address. */
    public static final Topic ATTACKER_OBSERVED = new Topic("attacker.observed");

    /**
     * Payload: {@code attacker_uuid, attacker_ip, event_count, service_count, decky_count, bounty_count, credential_count,
     * is_traversal}. A profile has changed.
     */
    public static final Topic ATTACKER_SCORED = new Topic("attacker.scored");

    /**
     * Payload: {@code session_id, attacker_uuid, attacker_ip, decky_id, service, ended_at, duration_s, commands}; a command has
     * {@code id, command_text, ts, decky, service}.
     */
    public static final Topic ATTACKER_SESSION_ENDED = new Topic("attacker.session.ended");

    /** Payload: {@code secret_sha256, secret_kind, attacker_ip, decky, service}. */
    public static final Topic CREDENTIAL_CAPTURED = new Topic("credential.captured");

    /** Payload: {@code attacker_uuid, identity_uuid, session_id, tag_uuids, techniques_added}; at least one tag is new. */
    public static final Topic TTP_TAGGED = new Topic("ttp.tagged");

    /** Every worker's health. */
    public static final TopicFilter ALL_HEALTH = new TopicFilter("system.*.health");

    /** The state of every decky. */
    public static final TopicFilter ALL_DECKY_STATES = new TopicFilter("decky.*.state");

    /** Every request to change a decky. */
    public static final TopicFilter ALL_MUTATE_REQUESTS = new TopicFilter("decky.*.mutate_request");

    /** Every technique seen. */
    public static final TopicFilter ALL_RULES_FIRED = new TopicFilter("ttp.rule.fired.*");

    private Topics() {}

    /**
     * Payload: {@code worker, process, pid, state, ready, reason, ts}; at start, at each change, and every 10 s.
     *
     * @throws IllegalArgumentException if {@code worker} cannot be one token of a topic
     */
    public static Topic workerHealth(String worker) {
        return new Topic("system." + token("worker", worker) + ".health");
    }

    /**
     * Payload: {@code action, requested_by, ts}; the worker replies, if asked to, with {@code accepted, text}.
     *
     * @throws IllegalArgumentException if {@code worker} cannot be one token of a topic
     */
    public static Topic workerControl(String worker) {
        return new Topic("system." + token("worker", worker) + ".control");
    }

    /**
     * Payload: {@code name, state, previous_state, transition, source, problems, repair}; {@code transition} is {@code inserted},
     * {@code state_changed} or {@code deleted}.
     *
     * @param decky name, or {@code host_uuid:name}
     * @throws IllegalArgumentException if {@code decky} cannot be one token of a topic
     */
    public static Topic deckyState(String decky) {
        return new Topic("decky." + token("decky", decky) + ".state");
    }

    /**
     * Payload: {@code decky, old_services, new_services, trigger, persona}. A decky offers other services, or is another machine.
     *
     * @throws IllegalArgumentException if {@code decky} cannot be one token of a topic
     */
    public static Topic deckyMutation(String decky) {
        return new Topic("decky." + token("decky", decky) + ".mutation");
    }

    /**
     * Payload: empty. Asks worker {@code mutate} to draw other services for the decky.
     *
     * @throws IllegalArgumentException if {@code decky} cannot be one token of a topic
     */
    public static Topic deckyMutateRequest(String decky) {
        return new Topic("decky." + token("decky", decky) + ".mutate_request");
    }

    /**
     * Payload: {@code technique_id, tag_uuids, attacker_uuid, identity_uuid, session_id}.
     *
     * @param technique without sub-technique, for example {@code T1110}; that travels in the payload
     * @throws IllegalArgumentException if {@code technique} cannot be one token of a topic
     */
    public static Topic ruleFired(String technique) {
        return new Topic("ttp.rule.fired." + token("technique", technique));
    }

    private static String token(String what, String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '.' && c != '*' && c != '>')) {
            throw new IllegalArgumentException(
                    what + " must be one token of a topic, without dots, blanks and wildcards: " + Snippet.of(text));
        }
        return text;
    }

    /** Names of payload fields. */
    public static final class Field {
        public static final String ACCEPTED = "accepted";
        public static final String ACTION = "action";
        public static final String ATTACKER_IP = "attacker_ip";
        public static final String ATTACKER_UUID = "attacker_uuid";
        public static final String BOUNTY_COUNT = "bounty_count";
        public static final String COMMANDS = "commands";
        public static final String COMMAND_TEXT = "command_text";
        public static final String COMPONENT = "component";
        public static final String CREDENTIAL_COUNT = "credential_count";
        public static final String DECKY = "decky";
        public static final String DECKY_COUNT = "decky_count";
        public static final String DECKY_ID = "decky_id";
        public static final String DURATION_S = "duration_s";
        public static final String ENDED_AT = "ended_at";
        public static final String EVENT_COUNT = "event_count";
        public static final String EVENT_TYPE = "event_type";
        public static final String FIRST_SEEN = "first_seen";
        public static final String ID = "id";
        public static final String IDENTITY_UUID = "identity_uuid";
        public static final String IS_TRAVERSAL = "is_traversal";
        public static final String NAME = "name";
        public static final String NEW_SERVICES = "new_services";
        public static final String OLD_SERVICES = "old_services";
        public static final String PERSONA = "persona";
        public static final String PID = "pid";
        public static final String PREVIOUS_STATE = "previous_state";
        public static final String PROBLEMS = "problems";
        public static final String PROCESS = "process";
        public static final String READY = "ready";
        public static final String REASON = "reason";
        public static final String REPAIR = "repair";
        public static final String REQUESTED_BY = "requested_by";
        public static final String SECRET_KIND = "secret_kind";
        public static final String SECRET_SHA256 = "secret_sha256";
        public static final String SERVICE = "service";
        public static final String SERVICE_COUNT = "service_count";
        public static final String SESSION_ID = "session_id";
        public static final String SOURCE = "source";
        public static final String STATE = "state";
        public static final String TAG_UUIDS = "tag_uuids";
        public static final String TECHNIQUES_ADDED = "techniques_added";
        public static final String TECHNIQUE_ID = "technique_id";
        public static final String TEXT = "text";
        public static final String TRANSITION = "transition";
        public static final String TRIGGER = "trigger";
        public static final String TS = "ts";
        public static final String WORKER = "worker";

        private Field() {}
    }
}
