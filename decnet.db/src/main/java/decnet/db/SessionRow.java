package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * One connection or shell of somebody, as far as it is known by now.
 *
 * @param endReason empty while it goes on
 * @param sensor whose collector recorded it
 * @param endedAt empty while it goes on
 * @param updatedAt when the row was last written
 */
public record SessionRow(
        String id,
        Instant firstSeen,
        Instant lastSeen,
        String decky,
        String service,
        Optional<InetAddress> source,
        Optional<Long> sourcePort,
        Optional<InetAddress> target,
        Optional<Long> targetPort,
        Optional<String> principal,
        long events,
        long commands,
        long credentials,
        long uploads,
        Optional<Long> bytesIn,
        Optional<Long> bytesOut,
        Optional<Long> durationMillis,
        Optional<String> endReason,
        Optional<String> recordingSha256,
        Optional<Long> recordingSize,
        Optional<String> sensor,
        Optional<Instant> endedAt,
        Instant updatedAt) {

    /** Whether it goes on, as far as is known. */
    public boolean open() {
        return endReason.isEmpty();
    }

    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("id", id).put("first_seen", firstSeen.toString()).put("last_seen", lastSeen.toString());
        json.put("decky", decky).put("service", service);
        source.ifPresent(value -> json.put("src_ip", Sql.address(value)));
        sourcePort.ifPresent(value -> json.put("src_port", value));
        target.ifPresent(value -> json.put("dst_ip", Sql.address(value)));
        targetPort.ifPresent(value -> json.put("dst_port", value));
        principal.ifPresent(value -> json.put("principal", value));
        json.put("event_count", events).put("command_count", commands);
        json.put("credential_count", credentials).put("upload_count", uploads);
        bytesIn.ifPresent(value -> json.put("bytes_in", value));
        bytesOut.ifPresent(value -> json.put("bytes_out", value));
        durationMillis.ifPresent(value -> json.put("duration_ms", value));
        endReason.ifPresent(value -> json.put("end_reason", value));
        recordingSha256.ifPresent(value -> json.put("recording_sha256", value));
        recordingSize.ifPresent(value -> json.put("recording_size", value));
        sensor.ifPresent(value -> json.put("sensor", value));
        endedAt.ifPresent(value -> json.put("ended_at", value.toString()));
        json.put("open", open()).put("updated_at", updatedAt.toString());
        return json;
    }
}
