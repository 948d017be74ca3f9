package decnet.topology;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a topology consists of: segments, and machines on them. A machine on several that forwards is a router between them. Immutable.
 *
 * @param lans sorted by name
 * @param members sorted by name
 */
public record TopologyDesign(List<TopologyLan> lans, List<TopologyMember> members) {
    public static final int MAX_LANS = 64;
    public static final int MAX_MEMBERS = 500;

    public TopologyDesign {
        lans = lans.stream().sorted(Comparator.comparing(TopologyLan::name)).toList();
        members = members.stream()
                .sorted(Comparator.comparing(TopologyMember::name))
                .toList();
    }

    /** The first of that name. */
    public Optional<TopologyLan> lan(String name) {
        return lans.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The first of that name. */
    public Optional<TopologyMember> member(String name) {
        return members.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** Where strangers come in, if that is drawn. */
    public Optional<TopologyLan> dmz() {
        return lans.stream().filter(TopologyLan::dmz).findFirst();
    }

    /** The same with the DMZ at another interface of the host. */
    public TopologyDesign withUplink(String device) {
        return new TopologyDesign(
                lans.stream()
                        .map(lan -> lan.dmz() ? lan.withUplink(device) : lan)
                        .toList(),
                members);
    }
}
