package decnet.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The desired state as JSON; personas are files of their own. */
final class FleetJson {
    private FleetJson() {}

    /** Finds the persona of a decky. */
    @FunctionalInterface
    interface Personas {
        Persona of(DeckyName name, String archetype) throws IOException;
    }

    /** @throws IllegalArgumentException if it says something that cannot be */
    static Fleet read(ObjectNode json, Personas personas) throws IOException {
        List<Lan> lans = new ArrayList<>();
        for (JsonNode one : json.path("lans")) {
            lans.add(new Lan(
                    PersonaJson.text(one, "name"),
                    Subnet.parse(PersonaJson.text(one, "subnet")),
                    optional(one, "subnet6").map(Subnet::parse),
                    optional(one, "uplink"),
                    optional(one, "gateway").map(InetAddress::ofLiteral)));
        }
        List<Decky> deckies = new ArrayList<>();
        for (JsonNode one : json.path("deckies")) {
            deckies.add(decky(one, personas));
        }
        return new Fleet(json.path("version").asLong(), lans, deckies);
    }

    static ObjectNode write(Fleet fleet) {
        ObjectNode json = Json.object().put("version", fleet.version());
        if (!fleet.lans().isEmpty()) {
            ArrayNode lans = json.putArray("lans");
            fleet.lans().forEach(lan -> lans.add(write(lan)));
        }
        ArrayNode deckies = json.putArray("deckies");
        fleet.deckies().forEach(decky -> deckies.add(write(decky)));
        return json;
    }

    static ObjectNode write(Lan lan) {
        ObjectNode json =
                Json.object().put("name", lan.name()).put("subnet", lan.subnet().toString());
        lan.subnet6().ifPresent(subnet -> json.put("subnet6", subnet.toString()));
        lan.uplink().ifPresent(uplink -> json.put("uplink", uplink));
        lan.gateway().ifPresent(gateway -> json.put("gateway", gateway.getHostAddress()));
        return json;
    }

    private static ObjectNode write(Decky decky) {
        ObjectNode json = Json.object()
                .put("name", decky.name().text())
                .put("archetype", decky.persona().archetype())
                .put("address", decky.address().getHostAddress());
        ArrayNode services = json.putArray("services");
        for (DeckyService service : decky.services()) {
            ObjectNode each = services.addObject().put("slug", service.slug());
            ArrayNode ports = each.putArray("ports");
            service.ports().forEach(port -> ports.addObject()
                    .put("number", port.number())
                    .put("transport", port.transport().text())
                    .put("tls", port.tls()));
            each.set("options", PersonaJson.write(service.options()));
        }
        if (!decky.placement().equals(Placement.LOOPBACK)) {
            json.set("placement", write(decky.placement()));
        }
        if (!decky.rotation().equals(Rotation.NONE)) {
            ObjectNode rotation = json.putObject("rotation");
            decky.rotation().every().ifPresent(every -> rotation.put("every_seconds", every.toSeconds()));
            rotation.put("last", decky.rotation().last().toString());
        }
        return json;
    }

    private static ObjectNode write(Placement placement) {
        ObjectNode json = Json.object().put("scope", placement.scope()).put("forwards", placement.forwards());
        placement.stack().ifPresent(stack -> json.put("stack", stack.slug()));
        ArrayNode attachments = json.putArray("attachments");
        for (Attachment attachment : placement.attachments()) {
            ObjectNode one = attachments
                    .addObject()
                    .put("lan", attachment.lan())
                    .put("address", attachment.address().getHostAddress());
            attachment.address6().ifPresent(address -> one.put("address6", address.getHostAddress()));
            if (!attachment.link().perfect()) {
                one.put("latency_ms", attachment.link().latencyMillis());
                one.put("loss_per_mille", attachment.link().lossPerMille());
            }
        }
        return json;
    }

    private static Decky decky(JsonNode json, Personas personas) throws IOException {
        DeckyName name = new DeckyName(PersonaJson.text(json, "name"));
        List<DeckyService> services = new ArrayList<>();
        for (JsonNode one : json.path("services")) {
            services.add(
                    new DeckyService(PersonaJson.text(one, "slug"), ports(one), PersonaJson.map(one.path("options"))));
        }
        return new Decky(
                name,
                personas.of(name, PersonaJson.text(json, "archetype")),
                InetAddress.ofLiteral(PersonaJson.text(json, "address")),
                services,
                json.has("placement") ? placement(json.path("placement")) : Placement.LOOPBACK,
                json.has("rotation") ? rotation(json.path("rotation")) : Rotation.NONE);
    }

    private static Placement placement(JsonNode json) {
        List<Attachment> attachments = new ArrayList<>();
        for (JsonNode one : json.path("attachments")) {
            attachments.add(new Attachment(
                    PersonaJson.text(one, "lan"),
                    InetAddress.ofLiteral(PersonaJson.text(one, "address")),
                    optional(one, "address6").map(InetAddress::ofLiteral),
                    new Link(
                            one.path("latency_ms").asInt(),
                            one.path("loss_per_mille").asInt())));
        }
        return new Placement(
                PersonaJson.text(json, "scope"),
                attachments,
                json.path("forwards").asBoolean(),
                optional(json, "stack").map(OsFamily::parse));
    }

    private static Rotation rotation(JsonNode json) {
        return new Rotation(
                json.has("every_seconds")
                        ? Optional.of(
                                Duration.ofSeconds(json.path("every_seconds").asLong()))
                        : Optional.empty(),
                PersonaJson.time(json, "last"));
    }

    private static Optional<String> optional(JsonNode json, String name) {
        return json.has(name) ? Optional.of(PersonaJson.text(json, name)) : Optional.empty();
    }

    /** Files of the first version have one number instead of a list. */
    private static List<ServicePort> ports(JsonNode service) {
        if (service.has("port")) {
            return List.of(ServicePort.tcp(service.path("port").asInt()));
        }
        List<ServicePort> ports = new ArrayList<>();
        for (JsonNode one : service.path("ports")) {
            Transport transport = PersonaJson.text(one, "transport").equals("udp") ? Transport.UDP : Transport.TCP;
            ports.add(new ServicePort(
                    one.path("number").asInt(), transport, one.path("tls").asBoolean()));
        }
        return ports;
    }
}
