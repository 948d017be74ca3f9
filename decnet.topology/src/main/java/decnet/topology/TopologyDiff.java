package decnet.topology;

import decnet.core.Snippet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** How two topologies differ. Stateless. */
public final class TopologyDiff {
    private static final int MAX_SHOWN = 200;

    private TopologyDiff() {}

    /**
     * One difference.
     *
     * @param target {@code lan office-01} or {@code decky lab-nas-01}
     * @param field what of it; empty if all of it is new or gone
     * @param before empty if it was not there
     * @param after empty if it is not there
     */
    public record Change(Kind kind, String target, String field, String before, String after) {
        /** In one line. */
        @Override
        public String toString() {
            return switch (kind) {
                case ADDED -> "+ " + target + field(field) + ": " + after;
                case REMOVED -> "- " + target + field(field) + ": " + before;
                case CHANGED -> "~ " + target + field(field) + ": " + before + " -> " + after;
            };
        }

        private static String field(String name) {
            return name.isEmpty() ? "" : " " + name;
        }
    }

    /** What happened. */
    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED;

        /** {@code added}. */
        public String slug() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What has to be done to the first to get the second. LANs first, each sorted by name. */
    public static List<Change> between(TopologyDesign before, TopologyDesign after) {
        List<Change> changes = new ArrayList<>();
        compare(lans(before), lans(after), changes);
        compare(members(before), members(after), changes);
        return changes;
    }

    /** What has to be done to the desired state to get the topology. What the desired state does not know is left out. */
    public static List<Change> toDeploy(Fleet fleet, Topology topology) {
        TopologyDesign present = deployed(fleet, topology);
        return between(present, comparable(topology.design()));
    }

    /** The part of the desired state that is of a topology; empty lists if it is not deployed. */
    public static TopologyDesign deployed(Fleet fleet, Topology topology) {
        String prefix = topology.lanName("");
        List<TopologyLan> lans = fleet.lans().stream()
                .filter(lan -> lan.name().startsWith(prefix))
                .map(lan -> new TopologyLan(
                        lan.name().substring(prefix.length()),
                        lan.subnet().toString(),
                        lan.subnet6().map(Subnet::toString),
                        false,
                        lan.uplink(),
                        lan.gateway().map(java.net.InetAddress::getHostAddress)))
                .toList();
        List<TopologyMember> members = fleet.scope(topology.name()).stream()
                .map(decky -> member(decky, prefix, topology.design()))
                .toList();
        return new TopologyDesign(lans, members);
    }

    private static TopologyMember member(Decky decky, String prefix, TopologyDesign design) {
        Map<String, Map<String, String>> options = new TreeMap<>();
        decky.services().stream()
                .filter(service -> !service.options().isEmpty())
                .forEach(service -> options.put(service.slug(), service.options()));
        boolean drawn = design.member(decky.name().text())
                .flatMap(TopologyMember::distribution)
                .isEmpty();
        return new TopologyMember(
                decky.name().text(),
                decky.persona().archetype(),
                drawn ? Optional.empty() : Optional.of(decky.persona().os().slug()),
                decky.services().stream().map(DeckyService::slug).toList(),
                options,
                decky.placement().attachments().stream()
                        .map(one -> new TopologyAttachment(
                                one.lan().startsWith(prefix) ? one.lan().substring(prefix.length()) : one.lan(),
                                one.address().getHostAddress(),
                                one.address6().map(java.net.InetAddress::getHostAddress),
                                one.link().latencyMillis(),
                                one.link().lossPerMille()))
                        .toList(),
                decky.placement().forwards());
    }

    /** Without flags that the desired state does not have, LANs without machines, and empty options; addresses as Java writes them. */
    private static TopologyDesign comparable(TopologyDesign design) {
        List<TopologyLan> lans = design.lans().stream()
                .filter(lan -> design.members().stream().anyMatch(member -> member.on(lan.name())))
                .map(lan -> new TopologyLan(
                        lan.name(),
                        lan.network().map(Subnet::toString).orElse(lan.subnet()),
                        lan.network6().map(Subnet::toString).or(lan::subnet6),
                        false,
                        lan.uplink(),
                        lan.gateway().map(TopologyDiff::canonical)))
                .toList();
        List<TopologyMember> members = design.members().stream()
                .map(member -> new TopologyMember(
                        member.name(),
                        member.archetype(),
                        member.distribution(),
                        member.services(),
                        nonEmpty(member.options()),
                        member.attachments().stream()
                                .map(one -> new TopologyAttachment(
                                        one.lan(),
                                        canonical(one.address()),
                                        one.address6().map(TopologyDiff::canonical),
                                        one.latencyMillis(),
                                        one.lossPerMille()))
                                .toList(),
                        member.forwards()))
                .toList();
        return new TopologyDesign(lans, members);
    }

    private static String canonical(String address) {
        return TopologyLan.address(address)
                .map(java.net.InetAddress::getHostAddress)
                .orElse(address);
    }

    private static Map<String, Map<String, String>> nonEmpty(Map<String, Map<String, String>> options) {
        Map<String, Map<String, String>> result = new TreeMap<>(options);
        result.values().removeIf(Map::isEmpty);
        return result;
    }

    private static void compare(
            Map<String, Map<String, String>> before, Map<String, Map<String, String>> after, List<Change> changes) {
        TreeSet<String> all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        for (String target : all) {
            Map<String, String> one = before.get(target);
            Map<String, String> two = after.get(target);
            if (one == null && two != null) {
                changes.add(new Change(Kind.ADDED, target, "", "", summary(two)));
            } else if (two == null && one != null) {
                changes.add(new Change(Kind.REMOVED, target, "", summary(one), ""));
            } else if (one != null && two != null) {
                fields(target, one, two, changes);
            }
        }
    }

    private static void fields(
            String target, Map<String, String> before, Map<String, String> after, List<Change> changes) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String one = before.getOrDefault(name, "");
            String two = after.getOrDefault(name, "");
            if (!one.equals(two)) {
                Kind kind = one.isEmpty() ? Kind.ADDED : two.isEmpty() ? Kind.REMOVED : Kind.CHANGED;
                changes.add(new Change(kind, target, name, shown(name, one), shown(name, two)));
            }
        }
    }

    /** A value for a person: no passwords, and of a long text the beginning. */
    private static String shown(String name, String value) {
        if (name.endsWith(".password") && !value.isEmpty()) {
            return "[redacted]";
        }
        return value.length() > MAX_SHOWN || value.indexOf('\n') >= 0 ? Snippet.of(value) : value;
    }

    /** What a new or lost thing is: its first field of those that are there. */
    private static String summary(Map<String, String> fields) {
        return fields.values().stream()
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static Map<String, Map<String, String>> lans(TopologyDesign design) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        design.lans().forEach(lan -> all.putIfAbsent("lan " + lan.name(), fields(lan)));
        return all;
    }

    private static Map<String, Map<String, String>> members(TopologyDesign design) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        design.members().forEach(member -> all.putIfAbsent("decky " + member.name(), fields(member)));
        return all;
    }

    private static Map<String, String> fields(TopologyLan lan) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("subnet", lan.subnet());
        lan.subnet6().ifPresent(text -> fields.put("subnet6", text));
        if (lan.dmz()) {
            fields.put("dmz", "yes");
        }
        lan.uplink().ifPresent(text -> fields.put("uplink", text));
        lan.gateway().ifPresent(text -> fields.put("gateway", text));
        return fields;
    }

    private static Map<String, String> fields(TopologyMember member) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("archetype", member.archetype());
        member.distribution().ifPresent(text -> fields.put("distro", text));
        fields.put("services", String.join(", ", member.services()));
        member.options()
                .forEach((slug, options) ->
                        options.forEach((key, value) -> fields.put("option " + slug + "." + key, value)));
        int number = 0;
        for (TopologyAttachment one : member.attachments()) {
            fields.put(
                    "interface " + number++,
                    one.lan() + " " + one.address()
                            + one.address6().map(text -> " " + text).orElse("")
                            + (one.latencyMillis() > 0 ? " " + one.latencyMillis() + " ms" : "")
                            + (one.lossPerMille() > 0 ? " " + one.lossPerMille() + " per mille lost" : ""));
        }
        if (member.forwards()) {
            fields.put("forwards", "yes");
        }
        return fields;
    }
}
