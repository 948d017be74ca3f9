package decnet.topology;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A topology as JSON: in the state folder, and for people ({@code docs/topologies.md}). Stateless. */
public final class TopologyJson {
    private TopologyJson() {}

    public static ObjectNode write(Topology topology) {
        ObjectNode json = Json.object()
                .put("name", topology.name())
                .put("version", topology.version())
                .put("status", topology.status().slug());
        if (!topology.history().isEmpty()) {
            ArrayNode history = json.putArray("history");
            topology.history().forEach(one -> history.addObject()
                    .put("at", one.at().toString())
                    .put("from", one.from().slug())
                    .put("to", one.to().slug())
                    .put("reason", one.reason()));
        }
        topology.origin().ifPresent(origin -> json.set("generated", write(origin)));
        write(topology.design(), json);
        return json;
    }

    /** Adds {@code lans} and {@code deckies}. */
    static void write(TopologyDesign design, ObjectNode json) {
        ArrayNode lans = json.putArray("lans");
        for (TopologyLan lan : design.lans()) {
            ObjectNode one = lans.addObject().put("name", lan.name()).put("subnet", lan.subnet());
            lan.subnet6().ifPresent(subnet -> one.put("subnet6", subnet));
            if (lan.dmz()) {
                one.put("dmz", true);
            }
            lan.uplink().ifPresent(uplink -> one.put("uplink", uplink));
            lan.gateway().ifPresent(gateway -> one.put("gateway", gateway));
        }
        ArrayNode deckies = json.putArray("deckies");
        design.members().forEach(member -> deckies.add(write(member)));
    }

    private static ObjectNode write(TopologyMember member) {
        ObjectNode json = Json.object().put("name", member.name()).put("archetype", member.archetype());
        member.distribution().ifPresent(slug -> json.put("distro", slug));
        member.services().forEach(json.putArray("services")::add);
        if (!member.options().isEmpty()) {
            ObjectNode options = json.putObject("options");
            member.options().forEach((slug, map) -> options.set(slug, PersonaJson.write(map)));
        }
        if (member.forwards()) {
            json.put("forwards", true);
        }
        ArrayNode attachments = json.putArray("attachments");
        for (TopologyAttachment attachment : member.attachments()) {
            ObjectNode one =
                    attachments.addObject().put("lan", attachment.lan()).put("address", attachment.address());
            attachment.address6().ifPresent(address -> one.put("address6", address));
            if (attachment.latencyMillis() != 0) {
                one.put("latency_ms", attachment.latencyMillis());
            }
            if (attachment.lossPerMille() != 0) {
                one.put("loss_per_mille", attachment.lossPerMille());
            }
        }
        return json;
    }

    private static ObjectNode write(TopologyParameters origin) {
        ObjectNode json = Json.object()
                .put("seed", origin.seed())
                .put("depth", origin.depth())
                .put("branching", origin.branching())
                .put("least_deckies", origin.leastDeckies())
                .put("most_deckies", origin.mostDeckies())
                .put("forwarding", origin.forwarding())
                .put("crossing", origin.crossing())
                .put("base", origin.base().toString());
        origin.base6().ifPresent(base -> json.put("base6", base.toString()));
        if (!origin.archetypes().isEmpty()) {
            origin.archetypes().forEach(json.putArray("archetypes")::add);
        }
        if (!origin.services().isEmpty()) {
            origin.services().forEach(json.putArray("services")::add);
        }
        if (origin.mostLatencyMillis() > 0) {
            json.put("latency_ms", origin.mostLatencyMillis());
        }
        if (!origin.dmz().equals(TopologyParameters.Dmz.INNER)) {
            ObjectNode dmz = json.putObject("dmz");
            origin.dmz().subnet().ifPresent(subnet -> dmz.put("subnet", subnet.toString()));
            origin.dmz().uplink().ifPresent(uplink -> dmz.put("uplink", uplink));
            origin.dmz().gateway().ifPresent(gateway -> dmz.put("gateway", gateway));
            origin.dmz().first().ifPresent(first -> dmz.put("first", first));
        }
        return json;
    }

    /**
     * Reads what {@link #write(Topology)} writes, or a person. What is drawn wrongly is read as it is: {@link TopologyValidation} says
     * what.
     *
     * @throws FleetException with everything that has no form
     */
    public static Topology read(ObjectNode json) {
        List<String> problems = new ArrayList<>();
        JsonFields fields = new JsonFields(json, "", problems);
        fields.known(
                "name", "version", "status", "history", "generated", "hash", "lans", "deckies"); // show prints a hash
        String name = fields.text("name");
        try {
            TopologyLan.checkedName("topology", name);
        } catch (IllegalArgumentException e) {
            fields.problem("" + e.getMessage());
        }
        TopologyStatus status = status(fields, fields.optionalText("status").orElse(TopologyStatus.PENDING.slug()));
        List<Topology.Transition> history =
                fields.objects("history").stream().map(TopologyJson::transition).toList();
        Optional<TopologyParameters> origin = fields.object("generated").flatMap(TopologyJson::origin);
        List<TopologyLan> lans =
                fields.objects("lans").stream().map(TopologyJson::lan).toList();
        List<TopologyMember> members =
                fields.objects("deckies").stream().map(TopologyJson::member).toList();
        long version = fields.longNumber("version");
        if (!problems.isEmpty()) {
            throw new FleetException(problems);
        }
        return new Topology(name, version, status, history, new TopologyDesign(lans, members), origin);
    }

    private static TopologyStatus status(JsonFields fields, String slug) {
        try {
            return TopologyStatus.parse(slug);
        } catch (IllegalArgumentException e) {
            fields.problem("" + e.getMessage());
            return TopologyStatus.PENDING;
        }
    }

    private static Topology.Transition transition(JsonFields fields) {
        fields.known("at", "from", "to", "reason");
        Instant at = Instant.EPOCH;
        try {
            at = Instant.parse(fields.text("at"));
        } catch (DateTimeException e) {
            fields.problem("at: expected a time");
        }
        return new Topology.Transition(
                at, status(fields, fields.text("from")), status(fields, fields.text("to")), fields.text("reason"));
    }

    private static TopologyLan lan(JsonFields fields) {
        fields.known("name", "subnet", "subnet6", "dmz", "uplink", "gateway");
        return new TopologyLan(
                fields.text("name"),
                fields.text("subnet"),
                fields.optionalText("subnet6"),
                fields.flag("dmz"),
                fields.optionalText("uplink"),
                fields.optionalText("gateway"));
    }

    private static TopologyMember member(JsonFields fields) {
        fields.known("name", "archetype", "distro", "services", "options", "forwards", "attachments");
        return new TopologyMember(
                fields.text("name"),
                fields.text("archetype"),
                fields.optionalText("distro"),
                fields.texts("services"),
                fields.maps("options"),
                fields.objects("attachments").stream()
                        .map(TopologyJson::attachment)
                        .toList(),
                fields.flag("forwards"));
    }

    private static TopologyAttachment attachment(JsonFields fields) {
        fields.known("lan", "address", "address6", "latency_ms", "loss_per_mille");
        return new TopologyAttachment(
                fields.text("lan"),
                fields.optionalText("address").orElse(""),
                fields.optionalText("address6"),
                fields.number("latency_ms"),
                fields.number("loss_per_mille"));
    }

    private static Optional<TopologyParameters> origin(JsonFields fields) {
        fields.known(
                "seed",
                "depth",
                "branching",
                "least_deckies",
                "most_deckies",
                "forwarding",
                "crossing",
                "base",
                "base6",
                "archetypes",
                "services",
                "latency_ms",
                "dmz");
        Optional<JsonFields> dmz = fields.object("dmz");
        dmz.ifPresent(one -> one.known("subnet", "uplink", "gateway", "first"));
        try {
            return Optional.of(new TopologyParameters(
                    fields.longNumber("seed"),
                    fields.number("depth"),
                    fields.number("branching"),
                    fields.number("least_deckies"),
                    fields.number("most_deckies"),
                    fields.fraction("forwarding"),
                    fields.fraction("crossing"),
                    Subnet.parse(fields.text("base")),
                    fields.optionalText("base6").map(Subnet::parse),
                    fields.texts("archetypes"),
                    fields.texts("services"),
                    fields.number("latency_ms"),
                    new TopologyParameters.Dmz(
                            dmz.flatMap(one -> one.optionalText("subnet")).map(Subnet::parse),
                            dmz.flatMap(one -> one.optionalText("uplink")),
                            dmz.flatMap(one -> one.optionalText("gateway")),
                            dmz.flatMap(one -> one.optionalText("first")))));
        } catch (IllegalArgumentException | FleetException e) {
            fields.problem("" + e.getMessage());
            return Optional.empty();
        }
    }
}
