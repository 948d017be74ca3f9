package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.EventId;
import decnet.core.Json;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One ATT&amp;CK technique seen in one event.
 *
 * @param id made from event, rule, its version and technique, so that tagging again changes nothing
 * @param at when the event happened
 * @param technique for example {@code T1105} or {@code T1059.004}
 * @param confidence 0 to 1
 * @param command what matched, cut
 */
public record TagRow(
        UUID id,
        EventId event,
        Instant at,
        Optional<InetAddress> attacker,
        Optional<String> session,
        String decky,
        String service,
        String technique,
        String tactic,
        String ruleId,
        int ruleVersion,
        double confidence,
        String command) {
    /** @throws IllegalArgumentException if the confidence is out of range */
    public TagRow {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("confidence " + confidence + " is not from 0 to 1");
        }
    }

    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("id", id.toString()).put("event", event.toString()).put("at", at.toString());
        attacker.ifPresent(value -> json.put("attacker_ip", Sql.address(value)));
        session.ifPresent(value -> json.put("session", value));
        json.put("decky", decky).put("service", service);
        json.put("technique", technique).put("tactic", tactic);
        json.put("rule_id", ruleId).put("rule_version", ruleVersion).put("confidence", confidence);
        return json.put("command", command);
    }
}
