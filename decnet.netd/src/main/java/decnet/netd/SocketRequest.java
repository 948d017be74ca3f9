package decnet.netd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Json;
import decnet.topology.ServicePort;
import decnet.topology.Transport;
import java.nio.charset.StandardCharsets;

/**
 * The one request there is: for the socket of a machine ({@code docs/netd-protocol.md}).
 *
 * @param port as the desired state has it
 */
record SocketRequest(DeckyName decky, ServicePort port) {
    /** @throws IllegalArgumentException if it is anything else, with the reason */
    static SocketRequest parse(String text) {
        ObjectNode json = Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
        if (!json.path("op").asText().equals("take")) {
            throw new IllegalArgumentException("unknown request; there is only take");
        }
        Transport transport =
                switch (json.path("transport").asText()) {
                    case "tcp" -> Transport.TCP;
                    case "udp" -> Transport.UDP;
                    default -> throw new IllegalArgumentException("transport: expected tcp or udp");
                };
        return new SocketRequest(
                new DeckyName(json.path("decky").asText()),
                new ServicePort(
                        json.path("port").asInt(), transport, json.path("tls").asBoolean()));
    }
}
