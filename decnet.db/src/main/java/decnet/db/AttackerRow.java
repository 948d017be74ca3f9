package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;

/**
 * Somebody, by address.
 *
 * @param services sorted
 * @param deckies sorted
 * @param score 0 to 100
 */
public record AttackerRow(
        InetAddress ip,
        Instant firstSeen,
        Instant lastSeen,
        long events,
        long sessions,
        long credentials,
        long commands,
        long uploads,
        List<String> services,
        List<String> deckies,
        int score) {
    public AttackerRow {
        services = List.copyOf(services);
        deckies = List.copyOf(deckies);
    }

    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("ip", Sql.address(ip)).put("score", score);
        json.put("first_seen", firstSeen.toString()).put("last_seen", lastSeen.toString());
        json.put("event_count", events).put("session_count", sessions).put("credential_count", credentials);
        json.put("command_count", commands).put("upload_count", uploads);
        json.put("service_count", services.size()).put("decky_count", deckies.size());
        services.forEach(json.putArray("services")::add);
        deckies.forEach(json.putArray("deckies")::add);
        return json;
    }
}
