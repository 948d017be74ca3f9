package decnet.topology;

import static decnet.topology.IssueList.decky;
import static decnet.topology.IssueList.lan;

import decnet.core.DeckyName;
import decnet.core.Snippet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Rules about names, and about what is connected with what. One instance for one topology; not thread-safe. */
final class GraphRules {
    private final TopologyDesign design;
    private final Surroundings around;
    private final IssueList issues;

    GraphRules(TopologyDesign design, Surroundings around, IssueList issues) {
        this.design = design;
        this.around = around;
        this.issues = issues;
    }

    void check() {
        limits();
        dmz();
        lanNames();
        deckyNames();
        takenNames();
        orphanLans();
        emptyLans();
        orphanDeckies();
        routers();
        doubleAttachments();
    }

    private void limits() {
        if (design.lans().size() > TopologyDesign.MAX_LANS) {
            issues.error(
                    "LIMIT_EXCEEDED",
                    "topology",
                    design.lans().size() + " LANs; at most " + TopologyDesign.MAX_LANS + " are possible");
        }
        if (design.members().size() > TopologyDesign.MAX_MEMBERS) {
            issues.error(
                    "LIMIT_EXCEEDED",
                    "topology",
                    design.members().size() + " deckies; at most " + TopologyDesign.MAX_MEMBERS + " are possible");
        }
        for (TopologyMember member : design.members()) {
            if (member.attachments().size() > TopologyMember.MAX_ATTACHMENTS) {
                issues.error(
                        "LIMIT_EXCEEDED",
                        decky(member.name()),
                        "on " + member.attachments().size() + " LANs; at most " + TopologyMember.MAX_ATTACHMENTS
                                + " are possible");
            }
        }
    }

    private void dmz() {
        List<String> names = design.lans().stream()
                .filter(TopologyLan::dmz)
                .map(TopologyLan::name)
                .toList();
        if (names.isEmpty()) {
            issues.error("DMZ_MISSING", "topology", "no LAN is the DMZ; set dmz of the one that strangers come in by");
        } else if (names.size() > 1) {
            issues.error(
                    "DMZ_MULTIPLE",
                    "topology",
                    "more than one LAN is the DMZ: " + String.join(", ", names) + "; keep one");
        }
    }

    private void lanNames() {
        Set<String> seen = new HashSet<>();
        for (TopologyLan lan : design.lans()) {
            if (!TopologyLan.validName(lan.name())) {
                issues.error(
                        "LAN_NAME_MALFORMED",
                        lan(lan.name()),
                        "a LAN is called 1 to " + TopologyLan.MAX_NAME
                                + " of a-z, 0-9 and -, not beginning or ending with -");
            }
            if (!seen.add(lan.name())) {
                issues.error("LAN_NAME_DUP", lan(lan.name()), "two LANs have this name; rename one");
            }
        }
    }

    private void deckyNames() {
        Set<String> seen = new HashSet<>();
        for (TopologyMember member : design.members()) {
            try {
                new DeckyName(member.name());
            } catch (IllegalArgumentException e) {
                issues.error(
                        "DECKY_NAME_MALFORMED",
                        decky(member.name()),
                        "a decky is called 1 to 63 of a-z, 0-9 and -, not beginning or ending with -");
            }
            if (!seen.add(member.name())) {
                issues.error("DECKY_NAME_DUP", decky(member.name()), "two deckies have this name; rename one");
            }
        }
    }

    private void takenNames() {
        Set<String> deployed =
                around.fleet().deckies().stream().map(one -> one.name().text()).collect(Collectors.toSet());
        for (TopologyMember member : design.members()) {
            if (deployed.contains(member.name())) {
                issues.error(
                        "DECKY_NAME_TAKEN",
                        decky(member.name()),
                        "a decky of this name is deployed already; rename this one");
            }
        }
        for (Topology other : around.others()) {
            if (other.status() != TopologyStatus.TORN_DOWN) {
                design.members().stream()
                        .filter(member -> !deployed.contains(member.name())
                                && other.design().member(member.name()).isPresent())
                        .forEach(member -> taken(member, other));
            }
        }
    }

    private void taken(TopologyMember member, Topology other) {
        String message = "topology " + other.name() + " has a decky of this name; only one of them can be deployed";
        if (other.status().present()) {
            issues.error("DECKY_NAME_TAKEN", decky(member.name()), message);
        } else {
            issues.warning("DECKY_NAME_TAKEN", decky(member.name()), message);
        }
    }

    private void orphanLans() {
        if (design.dmz().isEmpty()) {
            return; // said already
        }
        LanDepths routed = LanDepths.routed(design);
        LanDepths walked = LanDepths.walked(design);
        for (TopologyLan lan : design.lans()) {
            if (routed.depth(lan.name()).isPresent()) {
                continue;
            }
            if (walked.depth(lan.name()).isPresent()) {
                issues.warning(
                        "DMZ_ORPHAN",
                        lan(lan.name()),
                        "no packet gets here from the DMZ, as no machine between them forwards; only somebody with a"
                                + " shell on such a machine does");
            } else {
                issues.error(
                        "DMZ_ORPHAN",
                        lan(lan.name()),
                        "nothing leads here from the DMZ; put a decky that forwards on this LAN and on one that is"
                                + " reached");
            }
        }
    }

    private void emptyLans() {
        for (TopologyLan lan : design.lans()) {
            if (design.members().stream().noneMatch(member -> member.on(lan.name()))) {
                issues.warning("LAN_EMPTY", lan(lan.name()), "no decky is on this LAN; it will not be made");
            }
        }
    }

    private void orphanDeckies() {
        for (TopologyMember member : design.members()) {
            if (member.attachments().isEmpty()) {
                issues.error("DECKY_ORPHAN", decky(member.name()), "on no LAN; give it an attachment");
            }
        }
    }

    private void routers() {
        for (TopologyMember member : design.members()) {
            if (member.forwards() && member.attachments().size() == 1) {
                issues.warning(
                        "ROUTER_SINGLE",
                        decky(member.name()),
                        "forwards, but is on one LAN only; put it on another one, or let it not forward");
            }
        }
    }

    private void doubleAttachments() {
        for (TopologyMember member : design.members()) {
            Set<String> seen = new HashSet<>();
            for (TopologyAttachment attachment : member.attachments()) {
                if (!seen.add(attachment.lan())) {
                    issues.error(
                            "ATTACHMENT_DUP",
                            decky(member.name()),
                            "twice on LAN " + Snippet.of(attachment.lan()) + "; keep one attachment");
                }
            }
        }
    }
}
