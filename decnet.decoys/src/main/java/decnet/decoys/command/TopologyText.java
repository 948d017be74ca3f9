package decnet.decoys.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Json;
import decnet.topology.Issue;
import decnet.topology.Topology;
import decnet.topology.TopologyAttachment;
import decnet.topology.TopologyDeployment;
import decnet.topology.TopologyDiff;
import decnet.topology.TopologyHash;
import decnet.topology.TopologyJson;
import decnet.topology.TopologyLan;
import decnet.topology.TopologyMember;
import decnet.topology.TopologyPlan;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** Topologies for people and for machines. Stateless. */
final class TopologyText {
    private static final int LAST_TRANSITIONS = 5;

    private TopologyText() {}

    static void list(List<Topology> topologies, PrintWriter out) {
        Table table = new Table("TOPOLOGY", "STATUS", "SINCE", "LANS", "DECKIES", "VERSION");
        for (Topology one : topologies) {
            table.row(
                    one.name(),
                    one.status().slug(),
                    one.history().isEmpty() ? "" : one.history().getLast().at().toString(),
                    Integer.toString(one.design().lans().size()),
                    Integer.toString(one.design().members().size()),
                    Long.toString(one.version()));
        }
        table.print(out);
    }

    static ArrayNode list(List<Topology> topologies) {
        ArrayNode array = Json.array();
        topologies.forEach(one -> array.addObject()
                .put("name", one.name())
                .put("status", one.status().slug())
                .put("lans", one.design().lans().size())
                .put("deckies", one.design().members().size())
                .put("version", one.version())
                .put("hash", TopologyHash.of(one.design())));
        return array;
    }

    /** The whole, with its hash. */
    static ObjectNode json(Topology topology) {
        return TopologyJson.write(topology).put("hash", TopologyHash.of(topology.design()));
    }

    static void show(Topology topology, PrintWriter out) {
        out.println(topology.name() + ": " + topology.status().slug() + ", version " + topology.version()
                + topology.origin().map(origin -> ", seed " + origin.seed()).orElse(""));
        topology.history().stream()
                .skip(Math.max(0, topology.history().size() - LAST_TRANSITIONS))
                .forEach(one -> out.println("  " + one.at() + "  " + one.to().slug() + ": " + one.reason()));
        out.println();
        Table lans = new Table("LAN", "NETWORK", "GATEWAY", "UPLINK", "DECKIES");
        for (TopologyLan lan : topology.design().lans()) {
            lans.row(
                    lan.name() + (lan.dmz() ? " (DMZ)" : ""),
                    lan.subnet() + lan.subnet6().map(net -> " " + net).orElse(""),
                    lan.gateway().orElse(""),
                    lan.uplink().orElse(""),
                    Long.toString(topology.design().members().stream()
                            .filter(member -> member.on(lan.name()))
                            .count()));
        }
        lans.print(out);
        out.println();
        Table deckies = new Table("DECKY", "ARCHETYPE", "INTERFACES", "SERVICES", "");
        for (TopologyMember member : topology.design().members()) {
            deckies.row(
                    member.name(),
                    member.archetype(),
                    member.attachments().stream().map(TopologyText::place).collect(Collectors.joining(", ")),
                    String.join(" ", member.services()),
                    member.router() ? "router" : "");
        }
        deckies.print(out);
    }

    private static String place(TopologyAttachment attachment) {
        return attachment.lan() + " " + attachment.address()
                + (attachment.latencyMillis() > 0 ? " +" + attachment.latencyMillis() + "ms" : "")
                + (attachment.lossPerMille() > 0 ? " -" + attachment.lossPerMille() + "/1000" : "");
    }

    /** One line each, and how many there are. */
    static void issues(List<Issue> issues, PrintWriter out) {
        issues.forEach(out::println);
        long errors = issues.stream().filter(Issue::error).count();
        out.println(count(errors, "error") + ", " + count(issues.size() - errors, "warning"));
        out.flush();
    }

    static ArrayNode issues(List<Issue> issues) {
        ArrayNode array = Json.array();
        issues.forEach(one -> array.addObject()
                .put("severity", one.severity().slug())
                .put("code", one.code())
                .put("target", one.target())
                .put("message", one.message()));
        return array;
    }

    static ArrayNode changes(List<TopologyDiff.Change> changes) {
        ArrayNode array = Json.array();
        changes.forEach(one -> array.addObject()
                .put("kind", one.kind().slug())
                .put("target", one.target())
                .put("field", one.field())
                .put("before", one.before())
                .put("after", one.after()));
        return array;
    }

    static void plan(TopologyPlan plan, PrintWriter out) {
        plan.changedLans().forEach(lan -> out.println("~ lan " + lan));
        plan.added().forEach(name -> out.println("+ decky " + name));
        plan.changed().forEach(name -> out.println("~ decky " + name));
        plan.removed().forEach(name -> out.println("- decky " + name));
        out.println(
                plan.changesNothing()
                        ? "The desired state is what is drawn; nothing changes."
                        : count(plan.added().size(), "decky") + " added, "
                                + plan.changed().size() + " changed, "
                                + plan.removed().size() + " removed");
        out.flush();
    }

    static ObjectNode outcome(TopologyDeployment.Outcome outcome, boolean dryRun) {
        ObjectNode json = Json.object()
                .put("name", outcome.topology().name())
                .put("status", outcome.topology().status().slug())
                .put("version", outcome.topology().version())
                .put("dry_run", dryRun);
        json.set("issues", issues(outcome.issues()));
        outcome.plan().ifPresent(plan -> {
            plan.changedLans().forEach(json.putArray("lans")::add);
            names(json.putArray("added"), plan.added());
            names(json.putArray("changed"), plan.changed());
            names(json.putArray("removed"), plan.removed());
        });
        return json;
    }

    private static void names(ArrayNode array, List<DeckyName> names) {
        names.forEach(name -> array.add(name.text()));
    }

    /** {@code 1 error}, {@code 2 errors}, {@code 2 deckies}. */
    static String count(long count, String what) {
        if (count == 1) {
            return "1 " + what;
        }
        return count + " " + (what.endsWith("y") ? what.substring(0, what.length() - 1) + "ies" : what + "s");
    }
}
