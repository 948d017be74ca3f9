package decnet.netd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Json;
import decnet.topology.ServicePort;
import decnet.topology.Transport;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the decoys may ask for, and nothing else ({@code docs/netd-protocol.md}).
 *
 * @param port as the desired state has it; empty: any free one, for one conversation over TCP
 */
record SocketRequest(DeckyName decky, Optional<ServicePort> port) {
    /** @throws IllegalArgumentException if it is anything else, with the reason */
    static SocketRequest parse(String text) {
        ObjectNode json = Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
        DeckyName decky = new DeckyName(json.path("decky").asText());
        return switch (json.path("op").asText()) {
            case "take" -> new SocketRequest(decky, Optional.of(port(json)));
            case "data" -> new SocketRequest(decky, Optional.empty());
            default -> throw new IllegalArgumentException("op: expected take or data");
        };
    }

    private static ServicePort port(ObjectNode json) {
        Transport transport =
                switch (json.path("transport").asText()) {
                    case "tcp" -> Transport.TCP;
                    case "udp" -> Transport.UDP;
                    default -> throw new IllegalArgumentException("transport: expected tcp or udp");
                };
        return new ServicePort(
                json.path("port").asInt(), transport, json.path("tls").asBoolean());
    }
}
