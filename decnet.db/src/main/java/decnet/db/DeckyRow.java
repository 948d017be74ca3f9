package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A fake machine as it is wanted, and how it stands with it.
 *
 * @param scope who deployed it: empty for a fleet file, else a topology
 * @param addresses the usual one first
 * @param services slugs, sorted
 * @param state {@code pending}, {@code running}, {@code degraded}, {@code failed}, {@code unknown} or {@code removed}
 * @param problems what is not as it should be, for a person
 * @param desiredVersion of the desired state since which it is wanted as it is
 * @param since when the state began
 * @param seenAt when somebody last told of it
 * @param removedAt empty as long as it is in the fleet
 */
public record DeckyRow(
        String name,
        String scope,
        String archetype,
        String hostname,
        List<InetAddress> addresses,
        String mac,
        List<String> services,
        String state,
        List<String> problems,
        long desiredVersion,
        Instant since,
        Optional<Instant> seenAt,
        Optional<Instant> removedAt) {
    public DeckyRow {
        addresses = List.copyOf(addresses);
        services = List.copyOf(services);
        problems = List.copyOf(problems);
    }

    public ObjectNode toJson() {
        ObjectNode json = Json.object().put("name", name).put("scope", scope).put("archetype", archetype);
        json.put("hostname", hostname).put("mac", mac);
        var all = json.putArray("addresses");
        addresses.forEach(address -> all.add(Sql.address(address)));
        services.forEach(json.putArray("services")::add);
        json.put("state", state).put("since", since.toString());
        problems.forEach(json.putArray("problems")::add);
        json.put("desired_version", desiredVersion);
        seenAt.ifPresent(time -> json.put("seen_at", time.toString()));
        removedAt.ifPresent(time -> json.put("removed_at", time.toString()));
        return json;
    }
}
