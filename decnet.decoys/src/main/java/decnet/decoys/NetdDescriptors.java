package decnet.decoys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.linux.HandoverChannel;
import decnet.linux.SystemCallException;
import decnet.topology.Decky;
import decnet.topology.ServicePort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Asks the privileged helper for sockets ({@code docs/netd-protocol.md}), one connection for each. Thread-safe; calls block. */
final class NetdDescriptors implements Descriptors {
    private static final int PATIENCE_MILLIS = 10_000;
    /** How long nobody asks again after the helper did not answer. */
    private static final long REST_NANOS = 1_000_000_000;

    private final Path socket;
    private volatile Rest rest = new Rest(System.nanoTime() - REST_NANOS, "");

    private record Rest(long begin, String why) {}

    NetdDescriptors(Path socket) {
        this.socket = socket;
    }

    @Override
    public Offer take(Decky decky, ServicePort port) {
        return ask(Json.object()
                .put("op", "take")
                .put("decky", decky.name().text())
                .put("port", port.number())
                .put("transport", port.transport().text())
                .put("tls", port.tls()));
    }

    @Override
    public Offer takeData(Decky decky) {
        return ask(Json.object().put("op", "data").put("decky", decky.name().text()));
    }

    private Offer ask(ObjectNode question) {
        Rest now = rest;
        if (System.nanoTime() - now.begin() < REST_NANOS) {
            return new Missing(now.why());
        }
        try (HandoverChannel channel = HandoverChannel.connect(socket, PATIENCE_MILLIS)) {
            channel.send(question.toString(), OptionalInt.empty());
            HandoverChannel.Message answer = channel.receive();
            if (answer == null) {
                return lost("netd has closed the connection");
            }
            if (answer.descriptor().isPresent()) {
                return new Taken(answer.descriptor().getAsInt());
            }
            ObjectNode json = Json.parseObject(answer.text().getBytes(StandardCharsets.UTF_8));
            return new Missing(json.path("problem").asText("netd gives no socket"));
        } catch (SystemCallException | IllegalArgumentException e) {
            return lost("netd does not answer: " + e.getMessage());
        }
    }

    private Missing lost(String why) {
        rest = new Rest(System.nanoTime(), why);
        return new Missing(why);
    }
}
